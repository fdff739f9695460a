/** How a series goes on, per step: the median of the slopes of all pairs (Theil and Sen), which a few steps up do not move. */
export interface Slope {
  readonly middle: number
  /** The true one is in between with 95 % confidence (Kendall's rank statistic). */
  readonly from: number
  readonly to: number
}

const Z = 1.96

export function slopeOf(values: readonly number[]): Slope {
  const slopes = values
    .flatMap((value, i) => values.slice(i + 1).map((later, j) => (later - value) / (j + 1)))
    .sort((a, b) => a - b)
  const n = values.length
  const reach = Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)
  const at = (rank: number) => slopes[Math.max(0, Math.min(slopes.length - 1, Math.round(rank)))] ?? Number.NaN
  const last = slopes.length - 1
  return { middle: at(last / 2), from: at((last - reach) / 2), to: at((last + reach) / 2) }
}
