import type { Millis, MmHg, MonoMs } from '../../protocol/units.ts'
import { VENTED_MMHG } from '../../protocol/units.ts'

const HOUR_MS: Millis = 3_600_000

/** What someone sees who looks at the limbs, and not at what the unit counts. */
export class InflatedLedger {
  /** Longest time without a break. */
  longest_ms: Millis = 0
  /** Most inflated time in any 3,600 s. */
  hour_ms: Millis = 0
  /** Highest pressure less its channel's ceiling: negative is below. */
  overCeiling_mmHg: MmHg = Number.NEGATIVE_INFINITY
  inflations = 0
  private readonly ceilings: readonly MmHg[]
  private past: { readonly from: MonoMs; readonly to: MonoMs }[] = []
  private since: MonoMs | undefined

  constructor(ceilings: readonly MmHg[]) {
    this.ceilings = ceilings
  }

  look(pressures: readonly MmHg[], now: MonoMs): void {
    const over = pressures.map((pressure, i) => pressure - this.ceilings[i]!)
    this.overCeiling_mmHg = Math.max(this.overCeiling_mmHg, ...over)
    if (pressures.some(pressure => pressure >= VENTED_MMHG)) this.since ??= now
    else this.end(now)
  }

  /** Of all hours, the one that ends with an inflation holds the most. */
  end(now: MonoMs): void {
    if (this.since === undefined) return
    this.inflations++
    this.longest_ms = Math.max(this.longest_ms, now - this.since)
    this.past = [...this.past, { from: this.since, to: now }].filter(one => one.to > now - HOUR_MS)
    this.since = undefined
    const hour = this.past.reduce((sum, { from, to }) => sum + to - Math.max(from, now - HOUR_MS), 0)
    this.hour_ms = Math.max(this.hour_ms, hour)
  }
}
