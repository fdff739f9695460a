import type { Envelope, Press, Rule } from '../../machines/guardMessages.ts'
import { LIMITS } from '../../machines/limits.ts'
import { FAULTS, faultsIn } from '../../protocol/faults.ts'
import type { Telemetry } from '../../protocol/unitFrames.ts'
import { type Millis, type MmHg, type MonoMs, VENTED_MMHG } from '../../protocol/units.ts'
import { TIMING } from '../../protocol/wire.ts'
import type { Seen } from './sight.ts'

/** A press in force: from the command that passed the envelope to the vent or release that ends it. */
export interface PressInForce {
  readonly press: Press
  readonly since: MonoMs
  /** Numbers of the lines that it has sent and whose acknowledgements it waits for: the first lease, then the targets. */
  awaited: readonly number[]
  readonly targets: ReadonlyMap<number, MmHg>
  /** Channels that have come within 5 mmHg of their target. */
  readonly reached: Set<number>
  /** Since when a channel has been outside its band. */
  readonly outside: Map<number, MonoMs>
  /** Reports in a row with a channel more than 30 mmHg above its target. */
  farAbove: number
  /** The unit's clock when a channel was first seen at 15 mmHg or more. */
  inflatedSince_unit_ms: Millis | undefined
  /** Numbers of the last leases sent, newest last. */
  leases: readonly number[]
}

/** A press as it begins. */
export const beginPress = (press: Press, now: MonoMs): PressInForce => ({
  press,
  since: now,
  awaited: [],
  targets: new Map(press.targets.map(t => [t.channel, t.target_mmHg])),
  reached: new Set(),
  outside: new Map(),
  farAbove: 0,
  inflatedSince_unit_ms: undefined,
  leases: [],
})

/** A vent or a release under way. */
export interface Venting {
  readonly since: MonoMs
  /** Highest pressure of each channel when it began. */
  readonly from: readonly MmHg[]
}

export interface MonitorFacts {
  readonly seen: Seen
  readonly envelope: Envelope | undefined
  readonly press: PressInForce | undefined
  readonly venting: Venting | undefined
  readonly firstPress: MonoMs | undefined
  /** When the unit acknowledged that it is armed; undefined before, and after a release. */
  readonly armedAt: MonoMs | undefined
  /** The unit's clock before it acknowledged what its pump should do now; undefined while its answer is missing. */
  readonly heardAt_unit_ms: Millis | undefined
  /** A release went out: whether it vents is all that is left to be judged. */
  readonly released: boolean
}

/** The limb at a channel, for people; the channel where no envelope says. */
const limbAt = (envelope: Envelope | undefined, channel: number): string => {
  const limb = envelope?.cuffs.find(cuff => cuff.channel === channel)?.limb
  return limb ? `the ${limb.replace('-', ' ')}` : `channel ${channel}`
}

/** By the unit's clock: at 10 Hz the first report after an acknowledgement, and one more. */
const OBEYED_MS = 200

/** By its own clock the unit sent this report after it acknowledged the last command, however late it came. */
const isSinceTheAnswer = ({ seen, heardAt_unit_ms }: MonitorFacts): boolean =>
  heardAt_unit_ms !== undefined && seen.unit_ms - heardAt_unit_ms > OBEYED_MS

type RuleCheck = (facts: MonitorFacts, now: MonoMs) => string | undefined

/** While a press is in force the guard must see the unit: telemetry not older than T_STALE. */
const stale: RuleCheck = ({ seen, press }, now) =>
  press && now - seen.at > TIMING.stale ? 'no telemetry for 0.5 s under pressure' : undefined

/** The unit's control loop advances, whatever its telemetry task says. */
const loop: RuleCheck = ({ seen, press }, now) =>
  press && now - seen.loopAt > TIMING.lost ? "the unit's control loop stands still" : undefined

/** The unit has not restarted since the hello. */
const boot: RuleCheck = ({ seen }) =>
  seen.boot !== undefined && seen.last && seen.last.boot !== seen.boot ? 'the unit has restarted' : undefined

/** No gauge reads far below 0: one that does would let too much into the cuff. */
const zero: RuleCheck = ({ seen, envelope }) => {
  if (!envelope || !seen.last) return undefined
  for (const [i, { pressure_mmHg }] of seen.last.channels.entries())
    if (pressure_mmHg < -LIMITS.zeroMax.value) return `${limbAt(envelope, i + 1)} reads ${pressure_mmHg} mmHg`
  return undefined
}

/** Somebody let go at the unit itself: no fault of anybody's. */
const button: RuleCheck = ({ seen, armedAt }) =>
  armedAt !== undefined && seen.at > armedAt && seen.last && faultsIn(seen.last.faults).includes('BUTTON')
    ? FAULTS.BUTTON.text
    : undefined

/** The unit is still doing what it was told; a unit that latched has a fault of its own. */
const unit: RuleCheck = facts => {
  const { seen, press } = facts
  return press && seen.last && isSinceTheAnswer(facts) && (seen.last.mode !== 'active' || seen.last.faults !== 0)
    ? [
        `the unit is ${seen.last.mode} instead of active`,
        ...faultsIn(seen.last.faults).map(one => FAULTS[one].text),
      ].join(', ')
    : undefined
}

/** A pump runs only towards a target that we set and that is within its limit. */
const pump: RuleCheck = facts => {
  const { seen, press, envelope } = facts
  if (!seen.last || !isSinceTheAnswer(facts)) return undefined
  for (const [i, c] of seen.last.channels.entries()) {
    if (!c.pumpOn && c.target_mmHg === 0) continue
    const cuff = envelope?.cuffs.find(one => one.channel === i + 1)
    const wanted = press?.targets.get(i + 1)
    if (wanted === undefined || !cuff) return `${limbAt(envelope, i + 1)} works without having been told to`
    if (c.target_mmHg !== wanted || c.target_mmHg > cuff.max_mmHg)
      return `${limbAt(envelope, i + 1)} goes for ${c.target_mmHg} mmHg instead of ${wanted}`
  }
  return undefined
}

/** No press lasts longer than the plan's longest, by our clock or by the unit's. */
const hold: RuleCheck = ({ press, envelope, seen }, now) => {
  if (!press || !envelope) return undefined
  const inflated = seen.unit_ms - (press.inflatedSince_unit_ms ?? seen.unit_ms)
  return Math.max(now - press.since, inflated) > envelope.press_ms + TIMING.silence
    ? 'pressed for longer than the plan allows'
    : undefined
}

/** The time from the first press runs on through rests, and ends everything. */
const cum: RuleCheck = ({ envelope, firstPress, press }, now) =>
  press && envelope && firstPress !== undefined && now - firstPress > envelope.cum_ms
    ? 'the time from the first press is used up'
    : undefined

/** Pressure stays near its target: 15 mmHg for 1.5 s, or 30 above it in two reports. */
const band: RuleCheck = ({ press, envelope }, now) => {
  if (!press) return undefined
  if (press.farAbove >= 2) return 'pressure far above the target'
  for (const [channel, since] of press.outside)
    if (now - since > LIMITS.bandDelay.value) return `${limbAt(envelope, channel)} is away from its target`
  return undefined
}

/** The unit knows our leases: what it echoes is one of the last three. */
const echo: RuleCheck = ({ press, seen }, now) => {
  if (!press || !seen.last || now - press.since < TIMING.lost) return undefined
  return press.leases.some(seq => (seq & 0xffff) === seen.last!.lease) ? undefined : 'the unit does not take the lease'
}

/**
 * After a vent or a release the pressure falls by a fifth within 1 s and is below 15 mmHg within 10 s. What was vented
 * before has nothing to fall by: there a pressure has to stand.
 */
const vent: RuleCheck = ({ venting, seen, envelope }, now) => {
  if (!venting || !seen.last || seen.at < venting.since) return undefined
  for (const [i, c] of seen.last.channels.entries()) {
    if (c.pressure_mmHg < VENTED_MMHG) continue
    const elapsed = now - venting.since
    const from = venting.from[i] ?? 0
    const stands = seen.fullSince !== undefined && now - seen.fullSince > LIMITS.bandDelay.value
    if (elapsed > LIMITS.ventFall.value && c.pressure_mmHg > 0.8 * from && (from >= VENTED_MMHG || stands))
      return `${limbAt(envelope, i + 1)} does not vent`
    if (elapsed > LIMITS.ventDone.value) return `${limbAt(envelope, i + 1)} is not below 15 mmHg after 10 s`
  }
  return undefined
}

/** With nothing pressed and no vent under way every line is vented; a pressure that stands is nobody's. */
const standing: RuleCheck = ({ press, venting, seen, armedAt }, now) =>
  armedAt !== undefined &&
  !press &&
  !venting &&
  seen.fullSince !== undefined &&
  now - seen.fullSince > LIMITS.bandDelay.value
    ? 'a pressure of 15 mmHg or more stands although nothing is pressed'
    : undefined

/** Once armed, a unit that latches has let go by itself, in a rest too. */
const latched: RuleCheck = ({ armedAt, seen }) =>
  armedAt !== undefined && seen.at > armedAt && seen.last?.mode === 'latched'
    ? ['the unit let go by itself', ...faultsIn(seen.last.faults).map(one => FAULTS[one].text)].join(': ')
    : undefined

const RULES: readonly (readonly [Rule, RuleCheck])[] = [
  ['BOOT', boot],
  ['BUTTON', button],
  ['UNIT', unit],
  ['UNIT', latched],
  ['STANDING', standing],
  ['STALE', stale],
  ['LOOP', loop],
  ['ZERO', zero],
  ['PUMP', pump],
  ['BAND', band],
  ['HOLD', hold],
  ['CUM', cum],
  ['ECHO', echo],
  ['VENT', vent],
]
const AFTER_RELEASE: typeof RULES = [['VENT', vent]]

/** The first rule that does not hold, in order of what tells the operator most. */
export function brokenRule(facts: MonitorFacts, now: MonoMs): { rule: Rule; text: string } | undefined {
  for (const [rule, check] of facts.released ? AFTER_RELEASE : RULES) {
    const text = check(facts, now)
    if (text !== undefined) return { rule, text }
  }
  return undefined
}

/** Notes what one report says about a press in force. A channel without a target has its valve open, and is vented. */
export function notePress(press: PressInForce, report: Telemetry, unit_ms: Millis, now: MonoMs): void {
  let far = false
  for (const [channel, target] of press.targets) {
    const p = report.channels[channel - 1]?.pressure_mmHg ?? 0
    if (p >= target - 5) press.reached.add(channel)
    if (p >= VENTED_MMHG) press.inflatedSince_unit_ms ??= unit_ms
    far ||= p > target + LIMITS.bandAtOnce.value
    const above = p > target + LIMITS.band.value
    const below = press.reached.has(channel) && p < target - LIMITS.band.value
    if (!above && !below) press.outside.delete(channel)
    else if (!press.outside.has(channel)) press.outside.set(channel, now)
  }
  for (const [i, c] of report.channels.entries()) {
    if (press.targets.has(i + 1)) continue
    if (c.pressure_mmHg < VENTED_MMHG) press.outside.delete(i + 1)
    else if (!press.outside.has(i + 1)) press.outside.set(i + 1, now)
  }
  press.farAbove = far ? press.farAbove + 1 : 0
}
