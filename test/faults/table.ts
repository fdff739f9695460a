import { marginOf, nearest, problemsOf, type RowResult } from './matrix.ts'
import type { PairResult } from './pairs.ts'
import { nameOf } from './row.ts'

export const failed = (rows: readonly RowResult[], pairs: readonly PairResult[]): boolean =>
  rows.some(({ verdict }) => verdict === 'fail') || pairs.some(({ problems }) => problems.length > 0)

/** One row as an object: the case that came nearest to its bound, and where all of it is shown. */
export function asJson({ row, cases, verdict }: RowResult) {
  const near = nearest(cases)
  return {
    id: row.id,
    title: row.title,
    hazards: row.hazards,
    fault: near && nameOf(near.one.fault),
    to: near?.one.to,
    bound_ms: near?.one.bound?.bound_ms,
    why: near?.one.bound?.why,
    worst_ms: near?.worst?.took_ms,
    state: near?.worst?.moment,
    empty_ms: longestEmpty(cases),
    runs: cases.reduce((sum, { outcomes }) => sum + outcomes.length, 0),
    result: verdict,
    problems: problemsOf(cases),
    missing: row.missing,
    tests: row.tests,
  }
}

/** Once let go: the longest time to a true pressure below 15 mmHg, where a cuff could empty and the line shows it. */
function longestEmpty(cases: RowResult['cases']): number | undefined {
  const all = cases.filter(({ one }) => one.bound && one.to !== 'stuck' && !one.hidden)
  const times = all.flatMap(({ outcomes }) => outcomes.flatMap(({ empty_ms, stuck }) => (stuck ? [] : [empty_ms])))
  return times.reduce<number | undefined>((most, next) => ((next ?? 0) >= (most ?? 0) ? next : most), undefined)
}

const ms = (value: number | undefined): string => (value === undefined ? '' : `${Math.round(value)} ms`)

const line = (result: RowResult): string[] => {
  const { id, title, fault, to, bound_ms, worst_ms, empty_ms, state, runs, result: verdict } = asJson(result)
  const near = nearest(result.cases)
  const unmeasured = [...new Set(result.cases.map(({ one }) => one.to))].join(', ')
  const times = [bound_ms, worst_ms, near && marginOf(near)].map(time => ms(time))
  const measured = fault === undefined ? unmeasured : `${fault} to ${to}`
  return [id, title, measured, ...times, state ?? '', ms(empty_ms), String(runs), verdict]
}

const HEAD = ['row', 'what', 'measured', 'bound', 'worst', 'margin', 'while', 'then empty', 'runs', 'result']

/** The rows with their worst times, and below them what failed and what is not built. */
export function table(rows: readonly RowResult[]): string {
  const count = (verdict: RowResult['verdict']): string =>
    `${rows.filter(one => one.verdict === verdict).length} ${verdict}`
  const failures = rows.flatMap(({ row, cases }) => problemsOf(cases).map(problem => `FAIL ${row.id}: ${problem}`))
  const missing = rows.flatMap(({ row }) => (row.missing ? [`NOT BUILT ${row.id}: ${row.missing}`] : []))
  const sum = `${rows.length} rows: ${(['pass', 'elsewhere', 'not built', 'fail'] as const).map(count).join(', ')}.`
  return `${[columns([HEAD, ...rows.map(line)]), '', ...failures, ...missing, sum].join('\n')}\n`
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map(row => row[i]!.length)))
  return rows
    .map(row =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const nameOfPair = ({ pair: { first, second } }: PairResult): string =>
  `${first.id} ${nameOf(first.fault)} + ${second.id} ${nameOf(second.fault)}`

const margin = ({ bound_ms, took_ms }: PairResult): number => bound_ms - took_ms

export function pairsAsJson(pairs: readonly PairResult[]) {
  const bad = pairs.filter(({ problems }) => problems.length > 0)
  const good = pairs.filter(({ problems }) => problems.length === 0)
  const near = good.reduce<PairResult | undefined>(
    (least, next) => (least && margin(least) <= margin(next) ? least : next),
    undefined,
  )
  return {
    id: 'PAIRS',
    title: 'all pairs of the thirty worst faults in a hold',
    runs: pairs.length,
    bound_ms: near?.bound_ms,
    worst_ms: near?.took_ms,
    fault: near && nameOfPair(near),
    result: bad.length > 0 ? 'fail' : 'pass',
    problems: bad.map(one => `${nameOfPair(one)}: ${one.problems.join('; ')}`),
  }
}

/** What the pairs came to. */
export function pairTable(pairs: readonly PairResult[]): string {
  const { runs, bound_ms, worst_ms, fault, problems } = pairsAsJson(pairs)
  const how = [...new Set(pairs.map(({ by }) => by))].map(by => `${pairs.filter(one => one.by === by).length} ${by}`)
  const near = `nearest to its bound: ${fault}, ${ms(worst_ms)} of ${ms(bound_ms)}`
  return `${['', ...problems.map(one => `FAIL pair ${one}`), `${runs} pairs: ${how.join(', ')}; ${near}; ${problems.length} fail.`].join('\n')}\n`
}
