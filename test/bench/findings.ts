/** What many measurements of one thing come to. */
export interface Spread {
  readonly n: number
  readonly min: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** @throws RangeError without a value */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('nothing was measured')
  const sorted = [...values].sort((a, b) => a - b)
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!
  return { n: sorted.length, min: sorted[0]!, p50: at(0.5), p99: at(0.99), max: sorted.at(-1)! }
}

export interface Measured {
  readonly part: string
  readonly what: string
  /** Ours, or what it is held against. */
  readonly who: string
  readonly unit: 'ms' | 'µs' | 'B'
  readonly spread: Spread
}

export interface Goal {
  readonly part: string
  readonly what: string
  readonly figure: number
  readonly sense: 'at most' | 'at least'
  readonly bound: number
  /** '×' for a ratio of two things measured side by side. */
  readonly unit: 'ms' | 'µs' | '×'
}

export const isMet = ({ figure, sense, bound }: Goal): boolean =>
  sense === 'at most' ? figure <= bound : figure >= bound

/** What one part of the bench found. */
export interface Findings {
  readonly measured: readonly Measured[]
  readonly goals: readonly Goal[]
}

export interface Part {
  readonly name: string
  readonly about: string
  /** `rounds` scales how much is measured; `progress` tells a person that it goes on. */
  readonly run: (rounds: number, progress: (text: string) => void) => Promise<Findings>
}
