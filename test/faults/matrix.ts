import type { Millis } from '../../protocol/units.ts'
import { type Case, type Moment, nameOf, PRESSED, type Row } from './row.ts'
import { type Outcome, strike } from './strike.ts'

/** What came of a case in all its moments. */
export interface CaseResult {
  readonly one: Case
  readonly outcomes: readonly Outcome[]
  /** The longest time that was seen, and when; undefined when nothing was measured. */
  readonly worst: Outcome | undefined
}

export type Verdict = 'pass' | 'fail' | 'not built' | 'elsewhere'

export interface RowResult {
  readonly row: Row
  readonly cases: readonly CaseResult[]
  readonly verdict: Verdict
}

/**
 * Under pressure a fault comes at several times: leases go out every 250 ms, reports come every 100 ms, and the control loop
 * passes every 20 ms. Unit ms.
 */
const LATER = [0, 67, 134, 201]
const momentsLater = (moment: Moment, offsets: readonly number[]): readonly number[] =>
  PRESSED.includes(moment) ? offsets : [0]

export function runCase(one: Case, moments: readonly Moment[] = one.moments, offsets = LATER): CaseResult {
  const outcomes = moments.flatMap(moment => momentsLater(moment, offsets).map(later => strike(one, moment, later)))
  const measured = outcomes.filter(({ took_ms }) => took_ms !== undefined)
  const worst = measured.reduce<Outcome | undefined>(
    (most, next) => (most && most.took_ms! >= next.took_ms! ? most : next),
    undefined,
  )
  return { one, outcomes, worst }
}

export function runRow(row: Row, run: (one: Case) => CaseResult = one => runCase(one)): RowResult {
  const cases = row.cases.map(run)
  return { row, cases, verdict: verdictOf(row, cases) }
}

export const problemsOf = (cases: readonly CaseResult[]): string[] =>
  cases.flatMap(({ one, outcomes }) =>
    outcomes.flatMap(({ moment, problems }) =>
      problems.map(problem => `${nameOf(one.fault)}, ${moment}, to ${one.to}: ${problem}`),
    ),
  )

function verdictOf(row: Row, cases: readonly CaseResult[]): Verdict {
  if (problemsOf(cases).length > 0) return 'fail'
  if (row.missing !== undefined) return 'not built'
  return cases.length > 0 ? 'pass' : 'elsewhere'
}

/** How much of a bound was left. */
export const marginOf = ({ one, worst }: CaseResult): Millis | undefined =>
  one.bound && worst ? one.bound.bound_ms - worst.took_ms! : undefined

/** The case that came nearest to its bound. */
export const nearest = (cases: readonly CaseResult[]): CaseResult | undefined =>
  cases.reduce<CaseResult | undefined>((least, next) => {
    const [a, b] = [least && marginOf(least), marginOf(next)]
    return b !== undefined && (a === undefined || b < a) ? next : least
  }, undefined)
