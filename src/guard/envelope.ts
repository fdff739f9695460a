import type { Envelope, Press } from '../../machines/guardMessages.ts'
import { compiledMax, kindOf, LIMB_NAMES, LIMITS, type Limb } from '../../machines/limits.ts'
import type { Identity, Profile } from '../../protocol/unitFrames.ts'
import { type MonoMs, within } from '../../protocol/units.ts'
import {
  CEILING_MAX,
  CHANNELS_MAX,
  FW_REQUIRED,
  INFLATED_MAX_S,
  PROTOCOL_VERSION,
  SLEW_WIRE_MAX,
  TIMING,
} from '../../protocol/wire.ts'
import type { Seen } from './sight.ts'

/** Why no session is opened with this unit, or undefined. `scaled`: our clock runs faster than life. */
export function helloProblem(identity: Identity | undefined, unit: Profile | undefined, scaled: boolean) {
  if (!identity || !unit) return 'the unit has not said what it is'
  if (identity.version !== PROTOCOL_VERSION) return `the unit speaks protocol version ${identity.version}`
  return scaled && !unit.simulated ? 'a real unit runs at speed 1' : profileProblem(unit)
}

/** A profile beyond what the protocol allows is not that of a unit that lets go by itself in time. */
function profileProblem(unit: Profile): string | undefined {
  const most = (name: string, value: number, max: number) =>
    value <= max ? undefined : `its profile has ${name} ${value}, and the protocol allows ${max}`
  const least = (name: string, value: number, min: number) =>
    value >= min ? undefined : `its profile has ${name} ${value}, and the protocol asks for ${min}`
  return (
    most('T_SILENCE in ms', unit.silence_ms, TIMING.silence) ??
    least('T_SILENCE in ms', unit.silence_ms, TIMING.silenceLeast) ??
    most('unbroken inflated time in s', unit.inflatedContinuous_s, INFLATED_MAX_S) ??
    most('inflated time per hour in s', unit.inflatedHour_s, INFLATED_MAX_S) ??
    most('slew in mmHg/s', unit.slewMax_mmHg_per_s, SLEW_WIRE_MAX) ??
    most('ceiling in mmHg', Math.max(...unit.ceilings_mmHg), CEILING_MAX)
  )
}

/** What is wrong with an envelope, or undefined. No envelope is wider than what the program was compiled with. */
export function envelopeProblem(envelope: Envelope, unit: Profile | undefined): string | undefined {
  if (!unit) return 'the unit has not said what it is'
  if (!unit.simulated && (unit.declared & FW_REQUIRED) !== FW_REQUIRED) return 'the unit does not protect by itself'
  const [kind, another] = new Set(envelope.cuffs.map(cuff => kindOf(`${cuff.limb}` as Limb)))
  if (!kind || another) return 'arms or legs, never both'
  if (!envelope.cuffs.every(cuff => LIMB_NAMES.includes(cuff.limb))) return 'no such limb'
  if (new Set(envelope.cuffs.map(cuff => cuff.channel)).size !== envelope.cuffs.length) return 'a channel twice'
  if (new Set(envelope.cuffs.map(cuff => cuff.limb)).size !== envelope.cuffs.length) return 'a limb twice'
  try {
    for (const cuff of envelope.cuffs) checkCuff(cuff.channel, cuff.limb, cuff.max_mmHg, unit)
    const cum = kind === 'arm' ? LIMITS.armCumHard : LIMITS.legCumHard
    within('slew', envelope.slew_mmHg_per_s, 1, Math.min(LIMITS.slewMax.value, unit.slewMax_mmHg_per_s))
    within('press', envelope.press_ms, 1, Math.min(cum.value, envelope.cum_ms, unit.inflatedContinuous_s * 1000))
    within('rest', envelope.rest_ms, LIMITS.restMin.value, cum.value)
    within('cumulative time', envelope.cum_ms, 1, Math.min(cum.value, unit.inflatedHour_s * 1000))
  } catch (error) {
    return (error as RangeError).message
  }
  return undefined
}

function checkCuff(channel: number, limb: Limb, max_mmHg: number, unit: Profile): void {
  within('channel', channel, 1, Math.min(CHANNELS_MAX, unit.ceilings_mmHg.length))
  if (!Number.isInteger(channel)) throw new RangeError(`there is no channel ${channel}`)
  const ceiling = (unit.ceilings_mmHg[channel - 1] ?? 0) - LIMITS.ceilingMargin.value
  within('target', max_mmHg, LIMITS.targetMin.value, Math.min(compiledMax(kindOf(limb)).value, ceiling))
}

/** Times and pressures that the guard remembers to judge the next press. */
export interface PressFacts {
  readonly envelope: Envelope | undefined
  readonly seen: Seen
  readonly controllerWell: boolean
  readonly pressing: boolean
  /** When the first press of the session was commanded. */
  readonly firstPress: MonoMs | undefined
  /** When the last press was ended by a vent. */
  readonly pressEnded: MonoMs
}

/** Why a press does not pass, or undefined. */
export function pressProblem(press: Press, facts: PressFacts, now: MonoMs): string | undefined {
  const { envelope, seen } = facts
  if (!envelope) return 'no envelope has been set'
  if (facts.pressing) return 'the last press has not ended'
  if (!facts.controllerWell) return 'the controller does not answer'
  if (!seen.last || now - seen.at > TIMING.stale) return 'telemetry is stale'
  if (seen.last.mode !== 'armed') return `the unit is ${seen.last.mode}, not armed`
  if (seen.ventedSince === undefined) return 'a channel is not below 15 mmHg'
  if (seen.last.channels.some(c => Math.abs(c.pressure_mmHg) > LIMITS.zeroMax.value)) return 'a sensor is off zero'
  if (facts.firstPress !== undefined) {
    // To the nearest ms: our clock has fractions, and a rest that the controller timed would miss its end by a hair.
    const rested_ms = Math.round(now - Math.max(seen.ventedSince, facts.pressEnded))
    if (!(rested_ms >= envelope.rest_ms)) return 'the rest is not over'
    if (now - facts.firstPress >= envelope.cum_ms) return 'the time is used up'
  }
  return targetsProblem(press, envelope)
}

function targetsProblem(press: Press, envelope: Envelope): string | undefined {
  try {
    within('slew', press.slew_mmHg_per_s, 1, envelope.slew_mmHg_per_s)
    if (!Number.isInteger(press.slew_mmHg_per_s)) return 'a slew is a whole number of mmHg/s'
    if (press.targets.length === 0 || press.targets.length > envelope.cuffs.length) return 'not the session’s cuffs'
    for (const target of press.targets) {
      const cuff = envelope.cuffs.find(one => one.channel === target.channel)
      if (!cuff) return `channel ${target.channel} has no cuff in this session`
      within('target', target.target_mmHg, LIMITS.targetMin.value, cuff.max_mmHg)
      if (!Number.isInteger(target.target_mmHg)) return 'a target is a whole number of mmHg'
    }
  } catch (error) {
    return (error as RangeError).message
  }
  return new Set(press.targets.map(t => t.channel)).size === press.targets.length ? undefined : 'a channel twice'
}
