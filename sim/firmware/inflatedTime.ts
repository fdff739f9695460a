import type { Millis } from '../../protocol/units.ts'

const SECOND = 1_000
/** One more than an hour's seconds: the second that is being filled counts besides 3,600 whole ones. */
const BUCKETS = 3_601

/**
 * Time under pressure: without a break, and in the last 3,600 s. The hour's part is the memory that outlives every
 * restart. The time during which the unit is without power does not count as elapsed, which errs towards refusing.
 */
export class InflatedTime {
  continuous_ms: Millis = 0
  /** Inflated time in the last 3,600 s, up to 1 s more. */
  hour_ms: Millis = 0
  private readonly buckets = new Uint16Array(BUCKETS)
  private at = 0
  private into_ms: Millis = 0

  add(ms: Millis, inflated: boolean): void {
    this.continuous_ms = inflated ? this.continuous_ms + ms : 0
    if (inflated) {
      this.hour_ms += ms
      this.buckets[this.at]! += ms
    }
    this.into_ms += ms
    if (this.into_ms >= SECOND) this.turn()
  }

  private turn(): void {
    this.into_ms -= SECOND
    this.at = (this.at + 1) % BUCKETS
    this.hour_ms -= this.buckets[this.at]!
    this.buckets[this.at] = 0
  }
}
