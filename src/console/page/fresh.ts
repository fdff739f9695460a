import type { Millis, MonoMs } from '../../../protocol/units.ts'

/** A pressure is never shown for longer than this without a newer one. Unit ms. */
export const SHOWN_MAX_MS: Millis = 1_000

/**
 * How old something is that another program dated by a clock of its own: the fastest message says how far the clocks are
 * apart, and what comes later than that has been on its way, or has waited, for so long.
 */
export class Age {
  private apart_ms = Number.POSITIVE_INFINITY
  private newest: MonoMs = Number.NEGATIVE_INFINITY

  /** Something came that is of `at` by the other clock. */
  take(at: MonoMs, now: MonoMs): void {
    this.apart_ms = Math.min(this.apart_ms, now - at)
    this.newest = Math.max(this.newest, at)
  }

  isFresh(now: MonoMs): boolean {
    return now - this.newest - this.apart_ms <= SHOWN_MAX_MS
  }

  /** Another program may be there now, with another clock. */
  forget(): void {
    this.apart_ms = Number.POSITIVE_INFINITY
    this.newest = Number.NEGATIVE_INFINITY
  }
}
