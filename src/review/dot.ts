import type { Chart, ChartEdge, ChartState } from './chart.ts'
import { entryWords, folded, isRelease, words } from './words.ts'

/** Laid out by the widths of a monospaced font: whatever font a viewer has then, the text stays in its box. */
export const LAYOUT_FONT = 'Courier'
const RED = '#b03028'
const COLOURS = { energised: '#fdd9a0', releasing: '#f4b6b0', ended: '#dcdcdc', safe: '#d4ebd2' }
const NOTATION = ['[asked first]   / done then', 'dashed arrow: a time limit']
const MEANINGS: readonly (readonly [string, string])[] = [
  [COLOURS.energised, 'energised: pressure may be on'],
  [COLOURS.safe, 'no press: vented, or on the way there'],
]
const SESSION_MEANINGS: typeof MEANINGS = [
  [COLOURS.releasing, 'the release is out, and the line not seen vented'],
  [COLOURS.ended, 'ended: no way leads from here to a press'],
  ['white', '⇒ release: at once to the state "releasing"'],
]

/** What the colours mean, where the machine has to do with pressure, and what the signs mean. */
function legend({ states }: Chart): string {
  const pressure = states.some(state => state.energised) ? MEANINGS : []
  const session = states.some(state => isRelease(state.id)) ? SESSION_MEANINGS : []
  const rows = [...pressure, ...session, ...NOTATION.map(text => ['white', text] as const)]
  return box(
    'legend',
    rows.map(([colour, text]) => `<tr><td bgcolor="${colour}"> </td>${cell(text)}</tr>`).join(''),
    'solid',
  )
}

/**
 * A machine as text for Graphviz. What a state takes in without leaving it, and every way to the release, stands in the
 * state's own box; arrows are the ways from state to state.
 */
export function dotOf(chart: Chart): string {
  const leaves = new Set(chart.states.filter(state => state.kind === 'atomic').map(state => state.id))
  const anywhere = anyState(chart)
  return [
    `digraph "${chart.id}" {`,
    `graph [compound=true, fontname="${LAYOUT_FONT}", fontsize=11, nodesep=0.3, ranksep=0.45, pad=0.1]`,
    `node [shape=plain, fontname="${LAYOUT_FONT}", fontsize=11]`,
    `edge [fontname="${LAYOUT_FONT}", fontsize=8, arrowsize=0.7]`,
    ...chart.root.children.flatMap(state => drawn(state, chart, anywhere)),
    ...(chart.root.initial ? [begin(chart.root.id, chart.root.initial, leaves)] : []),
    ...anywhere.flatMap(id => anyNode(id, chart)),
    ...chart.edges.filter(edge => isArrow(edge) && !anywhere.includes(edge.from)).map(edge => arrow(edge, leaves)),
    legend(chart),
    '}',
  ].join('\n')
}

/** Not: what stays, what leads to the release, and what a state does within itself. */
const isArrow = ({ from, to }: ChartEdge): boolean => to !== undefined && !isRelease(to) && !to.startsWith(`${from}.`)

/** States that stand for all states within them: the root, and the regions of a root that has several. */
function anyState({ root, edges }: Chart): readonly string[] {
  const outermost = root.kind === 'parallel' ? root.children.filter(child => child.kind !== 'atomic') : [root]
  return outermost.map(state => state.id).filter(id => edges.some(edge => edge.from === id))
}

function anyNode(id: string, { edges, states }: Chart): string[] {
  const own = edges.filter(edge => edge.from === id)
  const node = `any in ${id}`
  const targets = [...new Set(own.flatMap(edge => (edge.to === undefined ? [] : [edge.to])))]
  const title = states[0]?.id === id ? 'any state' : `any state of ${id.split('.').at(-1)}`
  const table = `<tr><td><b>${title}</b></td></tr>${own.map(row).join('')}`
  return [box(node, table, 'dashed'), ...targets.map(to => `"${node}" -> "${to}" [color="${RED}"]`)]
}

function drawn(state: ChartState, chart: Chart, anywhere: readonly string[]): string[] {
  const stays = anywhere.includes(state.id) ? [] : chart.edges.filter(one => one.from === state.id && !isArrow(one))
  const rows = [...entryWords(state).map(text => `<tr>${cell(text)}</tr>`), ...stays.map(row)].join('')
  const title = `<tr><td><b>${state.name}</b></td></tr>`
  if (state.kind === 'atomic') return [box(state.id, title + rows, 'rounded', colourOf(state, chart))]
  const leaves = new Set(chart.states.filter(one => one.kind === 'atomic').map(one => one.id))
  return [
    `subgraph "cluster_${state.id}" {`,
    `label=<<table border="0" cellborder="0" cellspacing="0">${title}${rows}</table>>; ${clusterLook(state)}`,
    ...state.children.flatMap(child => drawn(child, chart, anywhere)),
    state.initial ? begin(state.id, state.initial, leaves) : `"${state.id}" [shape=point, width=0.05, color="#888888"]`,
    '}',
  ]
}

const clusterLook = ({ kind, energised }: ChartState): string =>
  `style="${kind === 'parallel' ? 'dashed' : 'rounded'}${energised ? ',filled' : ''}"; color="#777777"; fillcolor="${COLOURS.energised}"`

const begin = (id: string, initial: string, leaves: ReadonlySet<string>): string =>
  `"${id}" [shape=circle, style=filled, fillcolor=black, width=0.12, label=""]\n"${id}" -> "${initial}" [${into(initial, leaves)}]`

/** An arrow to or from a state that holds others ends at its edge. */
function arrow(edge: ChartEdge, leaves: ReadonlySet<string>): string {
  const to = edge.to!
  const tail = leaves.has(edge.from) ? '' : `ltail="cluster_${edge.from}", `
  const style = edge.kind === 'after' ? 'style=dashed, ' : ''
  const label = words(edge).flatMap(part => folded(part, 30))
  const text = label.map(line => line.replaceAll('"', '\\"')).join('\\n')
  return `"${edge.from}" -> "${to}" [${tail}${style}${into(to, leaves)}label="${text}"]`
}

const into = (to: string, leaves: ReadonlySet<string>): string => (leaves.has(to) ? '' : `lhead="cluster_${to}", `)

function colourOf({ id, energised, ended }: ChartState, { states }: Chart): string {
  if (!states.some(state => state.energised)) return 'white'
  if (energised) return COLOURS.energised
  if (isRelease(id) || id.endsWith('.stuck')) return COLOURS.releasing
  return ended ? COLOURS.ended : COLOURS.safe
}

const row = (edge: ChartEdge): string => `<tr>${cell(words(edge).join(' '), isRelease(edge.to) ? RED : '#000000')}</tr>`

function cell(text: string, colour = '#000000'): string {
  const lines = folded(text, 56).map(marked)
  return `<td align="left"><font point-size="8" color="${colour}">${lines.join('<br align="left"/>  ')}<br align="left"/></font></td>`
}

const box = (id: string, rows: string, style = 'rounded', colour = 'white'): string =>
  `"${id}" [label=<<table border="1" cellborder="0" cellspacing="0" cellpadding="2" style="${style}" bgcolor="${colour}">${rows}</table>>]`

const marked = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
