import { type Findings, type Goal, isMet, type Measured } from './findings.ts'

/** Both tables: what was measured, and how it stands against the goals. */
export function tables({ measured, goals }: Findings): string {
  const figures = [['part', 'what', 'who', 'n', 'min', 'p50', 'p99', 'max', ''], ...measured.map(figureRow)]
  const verdicts = [['part', 'goal', 'measured', 'bound', ''], ...goals.map(goalRow)]
  const met = goals.filter(isMet).length
  return `${columns(figures, 3)}\n\n${columns(verdicts, 2)}\n\n${met} of ${goals.length} goals met.\n`
}

const figureRow = ({ part, what, who, unit, spread }: Measured): string[] => {
  const { n, min, p50, p99, max } = spread
  return [part, what, who, String(n), ...[min, p50, p99, max].map(short), unit]
}

const goalRow = (goal: Goal): string[] => {
  const { part, what, figure, sense, bound, unit } = goal
  return [part, what, `${short(figure)} ${unit}`, `${sense} ${bound} ${unit}`, isMet(goal) ? 'met' : 'missed']
}

/** Three digits that count. */
const short = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3))

/** Columns from `right` on stand to the right. */
function columns(rows: readonly (readonly string[])[], right: number): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map(row => row[i]!.length)))
  const cell = (text: string, i: number): string => (i < right ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))
  return rows.map(row => row.map(cell).join('  ').trimEnd()).join('\n')
}
