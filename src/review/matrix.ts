import { blanksOf, leavesOf, taken } from './blanks.ts'
import type { Chart, ChartEdge, ChartState } from './chart.ts'
import type { Reviewed } from './machines.ts'
import { table } from './markdown.ts'
import { controlledBy, hazardsOf } from './trace/controls.ts'

/** The state × event matrix of a machine as Markdown: once at a glance, then state by state with guards, actions and reasons. */
export function matrixOf({ title, about, chart, ignored }: Reviewed): string {
  const blanks = blanksOf(chart, ignored)
  return [
    `# ${title}: states and events`,
    '',
    'Made by `cuffpilot diagrams` from the machine itself; a test compares. Do not edit it by hand.',
    '',
    about,
    '',
    'The last column of a state names the ways in which a hazard can come about ([HAZARDS.md](../../HAZARDS.md)) that the row stands against.',
    '',
    '## At a glance',
    '',
    'Where an event leads; "stays" where the state takes it in and stays; "—" where it takes nothing in, for the reason below.',
    '',
    ...glance(chart),
    ...leavesOf(chart).flatMap(state => section(chart, state, blanks)),
    '',
  ].join('\n')
}

const AT_ONCE = 'at once'
const AFTER = 'time limit'

function glance(chart: Chart): string[] {
  const columns = [...chart.events, AFTER, AT_ONCE]
  const rows = leavesOf(chart).map(state => [
    pathOf(chart, state),
    ...columns.map(column => ways(chart, state, column).map(goal).join(', ') || (isEvent(chart, column) ? '—' : '')),
  ])
  return table(['state', ...columns], rows)
}

const isEvent = (chart: Chart, column: string): boolean => chart.events.includes(column)

/** In a glance every target stands once. */
const ways = (chart: Chart, state: ChartState, column: string): ChartEdge[] => {
  const all = isEvent(chart, column) ? taken(chart, state, column) : timed(chart, state, column)
  return all.filter((edge, i) => all.findIndex(other => goal(other) === goal(edge)) === i)
}

const timed = (chart: Chart, state: ChartState, column: string): readonly ChartEdge[] =>
  chart.edges.filter(
    ({ kind, from }) =>
      kind === (column === AFTER ? 'after' : 'always') && (from === state.id || state.id.startsWith(`${from}.`)),
  )

const goal = ({ to }: ChartEdge): string => to?.split('.').at(-1) ?? 'stays'

function section(chart: Chart, state: ChartState, blanks: ReturnType<typeof blanksOf>): string[] {
  const all = [
    ...timed(chart, state, AT_ONCE),
    ...timed(chart, state, AFTER),
    ...chart.events.flatMap(event => taken(chart, state, event)),
  ]
  const rows = all.map(edge => [
    edge.on,
    edge.from === state.id ? '' : `\`${edge.from.split('.').at(-1)}\``,
    edge.guard === undefined ? '' : `\`${edge.guard}\``,
    [edge.note ?? '', ...edge.actions.map(name => `\`${name}\``)].filter(text => text !== '').join(', '),
    goal(edge),
    edge.limits.join(', '),
    hazardsOf(edge).join(', '),
  ])
  return [
    '',
    `## ${pathOf(chart, state)}`,
    '',
    ...(state.entry.length > 0 ? [`On entry: ${state.entry.map(name => `\`${name}\``).join(', ')}.`, ''] : []),
    ...controls(state),
    ...table(['on', 'of', 'if', 'then', 'to', 'limits', 'against'], rows),
    ...reasons(state, blanks),
  ]
}

/** The hazards that the state itself stands against. */
function controls({ name }: ChartState): string[] {
  const ids = controlledBy([`state ${name}`])
  return ids.length > 0 ? [`Stands against ${ids.join(', ')}.`, ''] : []
}

/** Events that a state takes nothing in of, together where the reason is the same. */
function reasons(state: ChartState, blanks: ReturnType<typeof blanksOf>): string[] {
  const own = blanks.filter(blank => blank.state === state.id)
  const texts = [...new Set(own.map(blank => blank.reasons.join('; ') || 'NO REASON IS WRITTEN'))]
  const line = (text: string): string => {
    const events = own.filter(one => (one.reasons.join('; ') || 'NO REASON IS WRITTEN') === text).map(one => one.event)
    return `- ${events.join(', ')}: nothing. ${text[0]!.toUpperCase()}${text.slice(1)}.`
  }
  return texts.length > 0 ? ['', ...texts.map(line)] : []
}

const pathOf = (chart: Chart, state: ChartState): string => state.id.slice(chart.id.length + 1)
