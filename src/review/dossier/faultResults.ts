import { z } from 'zod'
import { table } from '../markdown.ts'
import { plain } from './markdown.ts'

const text = z.string().max(2_000)
const ms = z.number().optional()
const Row = z.object({
  ...{ id: text, title: text, result: text, runs: z.number() },
  ...{ fault: text.optional(), to: text.optional(), state: text.optional(), missing: text.optional() },
  ...{ bound_ms: ms, worst_ms: ms, empty_ms: ms, problems: z.array(text).max(1_000) },
})
type Row = z.infer<typeof Row>

/** Largest file of results. Unit bytes. */
export const RESULTS_MAX_BYTES = 4_194_304

/** What `npm run faults -- --json` wrote. @throws RangeError that names the line that is not such */
export function faultRowsFrom(file: string): readonly Row[] {
  const lines = file.split('\n').filter(line => line.trim() !== '')
  if (lines.length === 0) throw new RangeError('there is no line in it')
  return lines.map((line, i) => {
    const row = Row.safeParse(jsonOr(line))
    if (!row.success) throw new RangeError(`line ${i + 1} is no row of npm run faults -- --json`)
    return row.data
  })
}

function jsonOr(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const time = (value: number | undefined): string => (value === undefined ? '' : `${Math.round(value)} ms`)

/** The rows as Markdown; what failed and what is not built first. */
export function faultResultsText(rows: readonly Row[]): string {
  const counts = [...new Set(rows.map(row => row.result))].map(
    result => `${rows.filter(row => row.result === result).length} ${result}`,
  )
  return [
    `${rows.length} rows: ${plain(counts.join(', '))}. Bound and worst time run from the fault to what is measured; then, to an empty cuff.`,
    '',
    ...rows.flatMap(({ id, problems }) => problems.map(problem => `- **FAIL** ${plain(`${id}: ${problem}`)}`)),
    ...rows.flatMap(({ id, missing }) =>
      missing === undefined ? [] : [`- **Not built** ${plain(`${id}: ${missing}`)}`],
    ),
    '',
    ...table(
      ['row', 'what', 'measured', 'bound', 'worst', 'margin', 'while', 'then empty', 'runs', 'result'],
      rows.map(row => [
        ...[row.id, row.title, row.fault === undefined ? '' : `${row.fault} to ${row.to ?? ''}`].map(plain),
        ...[time(row.bound_ms), time(row.worst_ms), time(margin(row)), plain(row.state ?? ''), time(row.empty_ms)],
        ...[String(row.runs), row.result === 'fail' ? '**fail**' : plain(row.result)],
      ]),
    ),
  ].join('\n')
}

const margin = ({ bound_ms, worst_ms }: Row): number | undefined =>
  bound_ms === undefined || worst_ms === undefined ? undefined : bound_ms - worst_ms
