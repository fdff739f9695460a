import type { Ignored } from '../../machines/ignored.ts'
import type { Chart, ChartEdge, ChartState } from './chart.ts'

export const leavesOf = (chart: Chart): readonly ChartState[] => chart.states.filter(state => state.kind === 'atomic')

/** What a state takes in of an event, itself or by a state that it is in; the innermost first. */
export const taken = ({ edges }: Chart, state: ChartState, on: string): readonly ChartEdge[] =>
  edges.filter(edge => edge.on === on && isIn(state.id, edge.from)).sort((a, b) => b.from.length - a.from.length)

const isIn = (id: string, outer: string): boolean => id === outer || id.startsWith(`${outer}.`)

/** A state and an event that it takes nothing in of, and why. */
export interface Blank {
  readonly state: string
  readonly event: string
  /** None is a gap; more than one, or one for what is no blank, is a reason that does not hold. */
  readonly reasons: readonly string[]
}

/** Every blank of the matrix with its reasons. */
export const blanksOf = (chart: Chart, ignored: readonly Ignored[]): readonly Blank[] =>
  leavesOf(chart).flatMap(state =>
    chart.events
      .filter(event => taken(chart, state, event).length === 0)
      .map(event => ({ state: state.id, event, reasons: reasonsFor(state.name, event, ignored) })),
  )

/** Reasons for what is taken in all the same, or for what is not there. */
export function idleReasons(chart: Chart, ignored: readonly Ignored[]): readonly string[] {
  const blank = new Set(blanksOf(chart, []).map(({ state, event }) => `${state.split('.').at(-1)} ${event}`))
  const said = ignored.flatMap(one => one.in.flatMap(state => one.events.map(event => `${state} ${event}`)))
  return said.filter(one => !blank.has(one))
}

const reasonsFor = (state: string, event: string, ignored: readonly Ignored[]): readonly string[] =>
  ignored.filter(one => one.in.includes(state) && one.events.includes(event)).map(one => one.because)
