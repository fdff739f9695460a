import type { Millis } from '../../protocol/units.ts'
import type { Stack } from '../support/stack.ts'

/** What a session is doing when a fault comes, in the order in which it does so. */
export const MOMENTS = [
  'connecting',
  'self test',
  'fitting',
  'arming',
  'pressurizing',
  'holding',
  'depressurizing',
  'resting',
  'releasing',
  'ended',
] as const
export type Moment = (typeof MOMENTS)[number]

export const but = (...without: readonly Moment[]): readonly Moment[] => MOMENTS.filter(one => !without.includes(one))
/** Before the first press. */
export const BEFORE: readonly Moment[] = ['connecting', 'self test', 'fitting', 'arming']
export const PRESSED: readonly Moment[] = ['pressurizing', 'holding']

export const HAZARDS = ['H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'H7', 'H8'] as const
export type Hazard = (typeof HAZARDS)[number]

/** Something that happens on the host's side; it may take its time. */
export interface Deed {
  readonly name: string
  readonly act: (stack: Stack) => void
  /** What it does is meant to be thrown over. */
  readonly throws?: true
}
/** Behaviours of the simulated unit, separated by blanks, or something on the host's side. */
export type Fault = string | Deed
export const nameOf = (fault: Fault): string => (typeof fault === 'string' ? fault : fault.name)

/**
 * What a case measures, and to when:
 * `open` the unit has opened its valves, `release` the release byte is on the line, `stuck` the session says STUCK, `over` the
 * session has left for its end, `no press` no press begins any more, `one press` one at most, `planned` nothing has to
 * come: the session is made as planned.
 */
export type Measure = 'open' | 'release' | 'stuck' | 'over' | 'no press' | 'one press' | 'planned'

/** A time, and where it comes from. */
export interface Bound {
  readonly bound_ms: Millis
  readonly why: string
}

/** One fault in some moments of a session, run in virtual time. */
export interface Case {
  readonly fault: Fault
  readonly moments: readonly Moment[]
  readonly to: Measure
  /**
   * To `open` from the fault, or from the unit's next target when nothing is pressed as it comes; to `stuck` from the vent or
   * release under way, or the first behind the fault; else from the fault. Undefined where nothing is measured.
   */
  readonly bound: Bound | undefined
  /** The line shows nothing of what stays in the cuff, so that nobody can say STUCK. */
  readonly hidden?: true
  /** The training presses are held for 30 s instead of 10. */
  readonly long?: true
}

/** One row of FAULTS.md. */
export interface Row {
  readonly id: string
  readonly title: string
  readonly hazards: readonly Hazard[]
  readonly cases: readonly Case[]
  /** Titles of tests that show the row, or what the cases do not, in real processes or otherwise. */
  readonly tests: readonly string[]
  /** What the row asks for and the product does not do. */
  readonly missing?: string
}

const to =
  (measure: 'open' | 'release' | 'stuck' | 'over') =>
  (fault: Fault, bound: Bound, moments: readonly Moment[] = MOMENTS): Case => ({ fault, moments, to: measure, bound })
export const opens = to('open')
export const releases = to('release')
export const saysStuck = to('stuck')
export const ends = to('over')
const unmeasured =
  (measure: 'no press' | 'one press' | 'planned') =>
  (fault: Fault, moments: readonly Moment[] = MOMENTS): Case => ({ fault, moments, to: measure, bound: undefined })
export const noPress = unmeasured('no press')
export const onePress = unmeasured('one press')
export const planned = unmeasured('planned')
/** The same, in long presses. */
export const long = (one: Case): Case => ({ ...one, long: true })
/** The same, where the line shows nothing of what stays in the cuff. */
export const hidden = (one: Case): Case => ({ ...one, hidden: true })
