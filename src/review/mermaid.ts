import type { Chart, ChartState } from './chart.ts'
import { entryWords, words } from './words.ts'

/** A machine as Mermaid text, for pull requests: what the diagram shows, in a form that a difference can be read in. */
export function mermaidOf(chart: Chart): string {
  const moves = chart.edges.filter(edge => edge.to !== undefined)
  return [
    '%% Made by `cuffpilot diagrams` from the machine itself; a test compares.',
    'stateDiagram-v2',
    // Mermaid knows regions side by side within a state only.
    ...(chart.root.kind === 'parallel' ? drawn : inside)(chart.root, chart).map(line => `  ${line}`),
    ...moves.map(edge => `  ${nameOf(edge.from)} --> ${nameOf(edge.to!)}: ${plain(words(edge).join(' '))}`),
    '',
  ].join('\n')
}

function inside(state: ChartState, chart: Chart): string[] {
  const begin = state.initial ? [`[*] --> ${nameOf(state.initial)}`] : []
  const children = state.children.flatMap((child, i) => [
    ...(state.kind === 'parallel' && i > 0 ? ['--'] : []),
    ...drawn(child, chart),
  ])
  return [...begin, ...children]
}

function drawn(state: ChartState, chart: Chart): string[] {
  const name = nameOf(state.id)
  const stays = chart.edges.filter(edge => edge.from === state.id && edge.to === undefined)
  const rows = [...entryWords(state), ...stays.map(edge => words(edge).join(' '))].map(plain)
  if (state.kind === 'atomic') return [`state "${state.name}" as ${name}`, ...rows.map(row => `${name}: ${row}`)]
  const note = rows.map(row => `%% ${state.name}: ${row}`)
  return [`state "${state.name}" as ${name} {`, ...[...note, ...inside(state, chart)].map(line => `  ${line}`), '}']
}

const nameOf = (id: string): string => id.replaceAll('.', '_')

/** Without the signs that end a label in Mermaid. */
const plain = (text: string): string => text.replaceAll(':', ' –').replaceAll(';', ',').replaceAll('"', "'")
