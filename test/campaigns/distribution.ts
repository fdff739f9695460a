const WIDTH = 40
const BINS = 10

/** The value below which that share of them lies; `sorted` rises. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN

/** What there is to say of a series of measurements: a line of quantiles and a small histogram. */
export function distribution(name: string, values: readonly number[]): string[] {
  if (values.length === 0) return [`${name}: none`]
  const sorted = values.toSorted((a, b) => a - b)
  const show = (value: number) => value.toFixed(1)
  const [min, max] = [sorted[0]!, sorted.at(-1)!]
  const middle = [0.5, 0.9, 0.99].map(share => `p${share * 100} ${show(quantile(sorted, share))}`)
  const line = `${name}: n ${values.length}, min ${show(min)}, ${middle.join(', ')}, max ${show(max)}`
  return [line, ...histogram(sorted, min, max, show)]
}

function histogram(sorted: readonly number[], min: number, max: number, show: (value: number) => string): string[] {
  const step = (max - min) / BINS || 1
  const counts = Array.from({ length: BINS }, () => 0)
  for (const value of sorted) counts[Math.min(BINS - 1, Math.floor((value - min) / step))]! += 1
  const most = Math.max(...counts)
  return counts.map((count, i) => {
    const bar = '#'.repeat(Math.ceil((count / most) * WIDTH))
    return `  ${show(min + i * step).padStart(8)} ${String(count).padStart(5)} ${bar}`.trimEnd()
  })
}
