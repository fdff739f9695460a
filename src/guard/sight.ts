import { isVented } from '../../machines/watch.ts'
import { isFull, type Profile, type Telemetry } from '../../protocol/unitFrames.ts'
import type { Millis, MonoMs } from '../../protocol/units.ts'
import { TIMING } from '../../protocol/wire.ts'

/** What the guard has seen of the unit. */
export interface Seen {
  readonly last: Telemetry | undefined
  /** When the last telemetry came. */
  readonly at: MonoMs
  /** The unit's own clock at the last telemetry, carried on across its wrap at 2^32 ms. */
  readonly unit_ms: Millis
  /** When the unit's control loop was last seen to advance. */
  readonly loopAt: MonoMs
  /** Since when every report has shown every channel below 15 mmHg, and none far below 0. */
  readonly ventedSince: MonoMs | undefined
  /** Since when every report has shown some channel at 15 mmHg or more. */
  readonly fullSince: MonoMs | undefined
  /** Boot count at the hello. */
  readonly boot: number | undefined
  readonly profile: Profile | undefined
  /** Smallest difference between our clock and the unit's: a report that comes with a much larger one is old. */
  readonly clockDelta_ms: Millis
}

export const NOTHING_SEEN: Seen = {
  last: undefined,
  at: Number.NEGATIVE_INFINITY,
  unit_ms: 0,
  loopAt: Number.NEGATIVE_INFINITY,
  ventedSince: undefined,
  fullSince: undefined,
  boot: undefined,
  profile: undefined,
  clockDelta_ms: 0,
}

/** The two clocks may run apart by so much before reports count as late; the protocol asks the unit for 1 %. */
const CLOCK_DRIFT = 0.02

/**
 * Takes a report in, or returns undefined for one that is repeated, out of order or older than T_STALE: such a report
 * changes nothing. A report of another boot count is never old; it is what a restart looks like.
 */
export function look(seen: Seen, report: Telemetry, now: MonoMs): Seen | undefined {
  const { last } = seen
  const looked = { ...seen, last: report, at: now }
  const [vented, full] = [isVented(report), isFull(report)]
  if (!last || last.boot !== report.boot) {
    const unit_ms = report.uptime_ms
    const [ventedSince, fullSince] = [vented ? now : undefined, full ? now : undefined]
    return { ...looked, unit_ms, loopAt: now, ventedSince, fullSince, clockDelta_ms: now - unit_ms }
  }
  const unit_ms = seen.unit_ms + forward(last.uptime_ms, report.uptime_ms, 32)
  const clockDelta_ms = Math.min(now - unit_ms, seen.clockDelta_ms + CLOCK_DRIFT * (now - seen.at))
  const isNext = forward(last.seq, report.seq, 16) > 0 && unit_ms >= seen.unit_ms
  if (!isNext || now - unit_ms - clockDelta_ms > TIMING.stale) return undefined
  const loopAt = report.loop === last.loop ? seen.loopAt : now
  // What was not seen for 1 s begins anew.
  const since = (was: MonoMs | undefined) => (now - seen.at > TIMING.lost ? now : (was ?? now))
  const ventedSince = vented ? since(seen.ventedSince) : undefined
  const fullSince = full ? since(seen.fullSince) : undefined
  return { ...looked, unit_ms, loopAt, ventedSince, fullSince, clockDelta_ms }
}

/** How far a counter of that many bits went on, wrapping or not; negative for back. */
function forward(from: number, to: number, bits: number): number {
  const range = 2 ** bits
  const ahead = (to - from + range) % range
  return ahead < range / 2 ? ahead : ahead - range
}

/** Bad lines within a second that end a session. */
const BAD_LINES_MAX = 10

/** When the newest bad lines came, with one more. */
export const newest = (times: readonly MonoMs[], now: MonoMs): readonly MonoMs[] =>
  [...times, now].slice(-BAD_LINES_MAX)

export const areTooMany = (times: readonly MonoMs[]): boolean =>
  times.length === BAD_LINES_MAX && times.at(-1)! - times[0]! <= 1_000
