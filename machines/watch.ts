import { isFull, type Telemetry } from '../protocol/unitFrames.ts'
import { type Millis, type MmHg, type MonoMs, VENTED_MMHG, type WallMs } from '../protocol/units.ts'
import { TIMING } from '../protocol/wire.ts'
import type { Cause } from './cause.ts'
import { LIMITS, type Limb } from './limits.ts'

/** A press as the session machine sees it: from the command on. */
export interface Pressing {
  readonly since: MonoMs
  /** The longest that it may last. */
  readonly hold_ms: Millis
  /** A report has shown every target reached. */
  readonly reached?: boolean
  readonly targets: readonly { readonly channel: number; readonly limb?: Limb; readonly target_mmHg: MmHg }[]
}

/** What the machine remembers of the reports, to judge the next one. One entry per channel where it is a list. */
export interface Watch {
  readonly last: Telemetry | undefined
  readonly at: MonoMs
  /** Difference of the wall clock and ours at the first report. */
  readonly wallOffset_ms: Millis | undefined
  readonly wallWentBack: boolean
  /** Since when, with nothing pressed, every report has shown every line below 15 mmHg, and no gauge far below 0. */
  readonly ventedSince: MonoMs | undefined
  /** Since when every report has shown some line at 15 mmHg or more. */
  readonly fullSince: MonoMs | undefined
  /** The unit's own clock, carried on across its wrap. */
  readonly unit_ms: Millis
  /** Smallest difference between our clock and the unit's: a report that comes with a much larger one is old. */
  readonly clockDelta_ms: Millis
  /** Since when each channel's raw count has been what it is. */
  readonly rawSince: readonly MonoMs[]
  /** The last report in which the unit pressed: its clock and its pressures. Its valve has opened since, not before. */
  readonly active: { readonly at_unit_ms: Millis; readonly from_mmHg: readonly MmHg[] } | undefined
  /** Where the present progress window began. */
  readonly windowAt: MonoMs
  readonly windowFrom: readonly MmHg[]
  /** Since when each pump has run without a break at a target that had been reached. */
  readonly toppingSince: readonly (MonoMs | undefined)[]
}

/** No channel has reported yet. */
const NONE: readonly never[] = []

export const NOTHING_WATCHED: Watch = {
  last: undefined,
  at: Number.NEGATIVE_INFINITY,
  wallOffset_ms: undefined,
  wallWentBack: false,
  ventedSince: undefined,
  fullSince: undefined,
  unit_ms: 0,
  clockDelta_ms: Number.POSITIVE_INFINITY,
  rawSince: NONE,
  active: undefined,
  windowAt: Number.NEGATIVE_INFINITY,
  windowFrom: NONE,
  toppingSince: NONE,
}

/** How near to its target a channel counts as there. Unit mmHg; project policy. */
export const REACHED_MMHG: MmHg = 5

/** A line that counts as having reached the lowest target from which LIM-VENT-FASTEST is asked. */
const WELL_FILLED_MMHG: MmHg = LIMITS.ventFastestFrom.value - REACHED_MMHG

export const isAtTargets = (report: Telemetry, pressing: Pressing): boolean =>
  pressing.targets.every(t => pressureOf(report, t.channel) >= t.target_mmHg - REACHED_MMHG)

const pressureOf = (report: Telemetry, channel: number): MmHg => report.channels[channel - 1]?.pressure_mmHg ?? 0

/** Takes one report in. */
export function watched(watch: Watch, report: Telemetry, at: MonoMs, wall: WallMs, pressing?: Pressing): Watch {
  const wallOffset_ms = watch.wallOffset_ms ?? wall - at
  const clock = unitClock(watch, report, at)
  const newWindow = watch.windowAt < (pressing?.since ?? at) || at - watch.windowAt >= LIMITS.progressWindow.value
  const reached = pressing && isAtTargets(report, pressing)
  return {
    last: report,
    at,
    wallOffset_ms,
    wallWentBack: wentBack(watch, at, wall),
    ventedSince: !pressing && isVented(report) ? seenSince(watch, watch.ventedSince, at) : undefined,
    fullSince: isFull(report) ? seenSince(watch, watch.fullSince, at) : undefined,
    ...clock,
    active: lastActive(watch, report, clock.unit_ms),
    rawSince: report.channels.map((c, i) => (c.raw === watch.last?.channels[i]?.raw ? (watch.rawSince[i] ?? at) : at)),
    windowAt: newWindow ? at : watch.windowAt,
    windowFrom: newWindow ? report.channels.map(c => c.pressure_mmHg) : watch.windowFrom,
    toppingSince: report.channels.map((c, i) => (reached && c.pumpOn ? (watch.toppingSince[i] ?? at) : undefined)),
  }
}

/** The wall clock was set back by more than a minute since the first report, or is so now. */
export const wentBack = ({ wallOffset_ms, wallWentBack }: Watch, at: MonoMs, wall: WallMs): boolean =>
  wallWentBack || wall - at < (wallOffset_ms ?? wall - at) - LIMITS.wallBack.value

/** Since when something has been seen in every report; what was not seen for 1 s begins anew. */
const seenSince = (watch: Watch, since: MonoMs | undefined, at: MonoMs): MonoMs =>
  at - watch.at > TIMING.lost ? at : (since ?? at)

/** The two clocks may run apart by so much before a report counts as late; the protocol asks the unit for 1 %. */
const CLOCK_DRIFT = 0.02

function unitClock(watch: Watch, { uptime_ms, boot }: Telemetry, at: MonoMs): Pick<Watch, 'unit_ms' | 'clockDelta_ms'> {
  if (!watch.last || watch.last.boot !== boot) return { unit_ms: uptime_ms, clockDelta_ms: at - uptime_ms }
  const unit_ms = watch.unit_ms + ((uptime_ms - watch.last.uptime_ms) >>> 0)
  return { unit_ms, clockDelta_ms: Math.min(at - unit_ms, watch.clockDelta_ms + CLOCK_DRIFT * (at - watch.at)) }
}

/** A unit that has restarted has a clock of its own. */
function lastActive({ last, active }: Watch, { mode, boot, channels }: Telemetry, at_unit_ms: Millis): Watch['active'] {
  if (mode === 'active') return { at_unit_ms, from_mmHg: channels.map(c => c.pressure_mmHg) }
  return last?.boot === boot ? active : undefined
}

/**
 * A line that was well filled while the unit pressed, and vented so soon after its valve opened: a cuff takes longer, and is
 * still full. What moves the limb while a cuff empties does not count, for it comes later.
 */
export function fellTooFast(watch: Watch, report: Telemetry, at: MonoMs): boolean {
  const { unit_ms } = unitClock(watch, report, at)
  const active = lastActive(watch, report, unit_ms)
  if (!active || unit_ms - active.at_unit_ms >= LIMITS.ventFastest.value) return false
  return report.channels.some(
    (c, i) => c.pressure_mmHg < VENTED_MMHG && !isBelowZero(c) && (active.from_mmHg[i] ?? 0) >= WELL_FILLED_MMHG,
  )
}

type Check = (watch: Watch, report: Telemetry, at: MonoMs) => Cause | undefined
type PressCheck = (watch: Watch, report: Telemetry, at: MonoMs, pressing: Pressing) => string | undefined

/** Reports come without a gap, or this program or the unit slept: a session does not go on behind that. */
const gap: Check = (watch, _report, at) =>
  watch.last && at - watch.at > TIMING.lost
    ? { kind: 'link', text: 'there was no report for more than 1 s' }
    : undefined

/** Both clocks went on alike since the last report, or one side slept. Of a unit that has not restarted. */
const clocks: Check = (watch, report, at) => {
  if (!watch.last) return undefined
  const unit = (report.uptime_ms - watch.last.uptime_ms) >>> 0
  return Math.abs(at - watch.at - unit) > LIMITS.clockGap.value
    ? { kind: 'safety', text: 'the clocks of the unit and of this computer disagree' }
    : undefined
}

/** A unit that has restarted has forgotten what it was told. */
const restarted: Check = (watch, report) =>
  watch.last && watch.last.boot !== report.boot ? { kind: 'unit', text: 'the unit has restarted' } : undefined

/** Reports are taken in as they come, or what is shown and decided is about the past. */
const late: Check = (watch, report, at) => {
  const { unit_ms, clockDelta_ms } = unitClock(watch, report, at)
  return at - unit_ms - clockDelta_ms > LIMITS.clockGap.value
    ? { kind: 'internal', text: 'this program is more than 1 s behind the reports' }
    : undefined
}

/** The timer that ends the hold was lost: the next report catches it. */
const overdue: PressCheck = (_watch, _report, at, pressing) =>
  at - pressing.since > pressing.hold_ms + TIMING.lost ? 'the hold was not ended in time' : undefined

const where = ({ channel, limb }: Pressing['targets'][number]): string =>
  limb ? `the ${limb.replace('-', ' ')}` : `channel ${channel}`

/** A sensor that measures a cuff on a living limb never stands still. */
const frozen: PressCheck = (watch, report, at, pressing) => {
  const stands = pressing.targets.find(({ channel }) => {
    const same = report.channels[channel - 1]?.raw === watch.last?.channels[channel - 1]?.raw
    const since = Math.max(watch.rawSince[channel - 1] ?? at, pressing.since)
    return same && at - since > LIMITS.frozen.value && pressureOf(report, channel) >= VENTED_MMHG
  })
  return stands && `the sensor of ${where(stands)} does not move`
}

/** Below its target a channel gains 5 mmHg in every 2 s, or the pump, the hose or the cuff is not what we think. */
const progress: PressCheck = (watch, report, at, pressing) => {
  if (watch.windowAt < pressing.since || at - watch.windowAt < LIMITS.progressWindow.value) return undefined
  const stuck = pressing.targets.find(({ channel, target_mmHg }) => {
    const now = pressureOf(report, channel)
    const gained = now - (watch.windowFrom[channel - 1] ?? 0)
    return now < target_mmHg - LIMITS.band.value && gained < LIMITS.progressStep.value
  })
  return stuck && `${where(stuck)} does not rise`
}

/** A cuff that has to be topped up without a break leaks. */
const leak: PressCheck = (watch, _report, at) =>
  watch.toppingSince.some((since = at) => at - since > LIMITS.leak.value) ? 'the pump makes up for a leak' : undefined

const isBelowZero = ({ pressure_mmHg }: { readonly pressure_mmHg: MmHg }): boolean =>
  pressure_mmHg < -LIMITS.zeroMax.value

/** A gauge that reads far below 0 does not measure: whatever it shows, it does not show a vented line. */
export const readsBelowZero = (report: Telemetry): boolean => report.channels.some(isBelowZero)

/** Every line below 15 mmHg. It does not say that a cuff is empty: a hose kinked while venting reads 0 as well. */
export const isVented = (report: Telemetry): boolean => !isFull(report) && !readsBelowZero(report)

/** No gauge reads far below 0. One that does measures too little, and the cuff would get too much. */
const belowZero: Check = (_watch, report) => {
  const low = report.channels.findIndex(isBelowZero)
  const reads = report.channels[low]?.pressure_mmHg
  return low < 0 ? undefined : { kind: 'safety', text: `the sensor of channel ${low + 1} reads ${reads} mmHg` }
}

/** From the first report on: time passed on both sides, and nobody slept. The clock of a restarted unit began anew. */
const CLOCK_CHECKS: readonly Check[] = [restarted, clocks, gap, late]
const PRESS_CHECKS: readonly PressCheck[] = [overdue, frozen, progress, leak]

/** What a report says of time: somebody slept, or is behind. From the moment on that a unit is there. */
export const clockProblem = (watch: Watch, report: Telemetry, at: MonoMs): Cause | undefined =>
  firstOf(CLOCK_CHECKS, watch, report, at)

/** What a report says is wrong with the session since its first press, or undefined. */
export function watchProblem(watch: Watch, report: Telemetry, at: MonoMs, pressing?: Pressing): Cause | undefined {
  const cause = firstOf([belowZero], watch, report, at)
  if (cause || !pressing) return cause
  for (const check of PRESS_CHECKS) {
    const text = check(watch, report, at, pressing)
    if (text !== undefined) return { kind: 'safety', text }
  }
  return undefined
}

function firstOf(checks: readonly Check[], watch: Watch, report: Telemetry, at: MonoMs): Cause | undefined {
  for (const check of checks) {
    const cause = check(watch, report, at)
    if (cause) return cause
  }
  return undefined
}
