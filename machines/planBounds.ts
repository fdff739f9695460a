import type { Profile } from '../protocol/unitFrames.ts'
import type { Millis, MmHg } from '../protocol/units.ts'
import {
  type Bound,
  compiledMax,
  dayLimit,
  firstMax,
  kindOf,
  LIMITS,
  type LimbKind,
  type Limit,
  lowest,
  widthCeiling,
} from './limits.ts'
import { dayLeft, type Past } from './past.ts'
import type { CuffOnLimb, Plan, Step } from './plan.ts'
import type { Verdict } from './verdict.ts'

/** What a plan is held against besides the compiled limits. Without a profile, a verdict or a past, theirs are not asked. */
export interface PlanContext {
  readonly profile?: Profile | undefined
  readonly verdict?: Verdict | undefined
  readonly past?: Past | undefined
}

/** A bound with its identifier and where its number comes from. */
export interface CitedBound extends Bound {
  readonly id: string
  readonly source: string
}

const UNIT = "the unit's profile"
const POLICY = 'project policy'
const VERDICT = 'the verdict'

const of = (limit: Limit, name: string): CitedBound => ({
  id: limit.id,
  name,
  value: limit.value,
  source: limit.source,
})

/** What is not known binds nothing. */
const UNKNOWN = Number.POSITIVE_INFINITY

const known = (value: number | undefined, id: string, name: string, source: string): CitedBound => ({
  id,
  name,
  value: value ?? UNKNOWN,
  source,
})

/** Highest target for a cuff. Unit mmHg. A width without a known ceiling is refused elsewhere, as no cuff for a session. */
export function targetBound(cuff: CuffOnLimb, { profile, verdict, past }: PlanContext): CitedBound {
  const kind = kindOf(cuff.limb)
  const screened = kind === 'arm' ? verdict?.arm_max_mmHg : verdict?.leg_max_mmHg
  // A channel that the unit has not is refused elsewhere.
  const ceiling = (profile?.ceilings_mmHg[cuff.channel - 1] ?? UNKNOWN) - LIMITS.ceilingMargin.value
  const bound = lowest([
    of(compiledMax(kind), `the compiled maximum for ${kind}s`),
    known(
      widthCeiling(kind, cuff.width_cm),
      'LIM-CUFF-WIDTH',
      `the ceiling for a cuff ${cuff.width_cm} cm wide`,
      POLICY,
    ),
    known(screened, 'LIM-VERDICT-MAX', `the verdict's maximum for ${kind}s`, VERDICT),
    known(ceiling, 'LIM-UNIT-CEILING', `the unit's ceiling less ${LIMITS.ceilingMargin.value} mmHg`, UNIT),
  ])
  return past ? lowest([bound, progressBound(kind, past, verdict)]) : bound
}

/**
 * How far a session may go beyond those before it: never too eager. However many sessions a day has, they take one step
 * up together, and those of a first day stay a first session. Unit mmHg.
 */
function progressBound(kind: LimbKind, past: Past, verdict: Verdict | undefined): CitedBound {
  const last = past.lastMax_mmHg[kind] ?? UNKNOWN
  const beforeDay = past.dayBase_mmHg[kind]
  const from = Math.min(last, beforeDay ?? UNKNOWN)
  const next = past.lastWentBadly[kind] ? noStepFrom(from) : stepFrom(from, from < last, verdict)
  if (beforeDay !== undefined) return next
  return lowest([of(firstMax(kind), `the maximum of a first day with ${kind}s`), next])
}

const noStepFrom = (from: MmHg): CitedBound => ({
  id: 'LIM-NO-STEP-UP',
  name: 'no step up after a session that went badly',
  value: from,
  source: POLICY,
})

function stepFrom(from: MmHg, isOfDayBefore: boolean, verdict: Verdict | undefined): CitedBound {
  const step = lowest([
    of(LIMITS.stepUp, 'the step up'),
    known(verdict?.step_up_max_mmHg, 'LIM-VERDICT-STEP-UP', "the verdict's step up", VERDICT),
  ])
  const where = isOfDayBefore ? 'of the last session before this day' : 'of the session before'
  return { ...step, name: `${step.name} of ${step.value} from the ${from} mmHg ${where}`, value: from + step.value }
}

/** Fastest rise. Unit mmHg/s. */
export const slewBound = ({ profile }: PlanContext): CitedBound =>
  lowest([
    of(LIMITS.slewMax, 'the fastest rise allowed'),
    known(profile?.slewMax_mmHg_per_s, 'LIM-UNIT-SLEW', "the unit's fastest rise", UNIT),
  ])

/**
 * Time from the first inflation, rests included, after which the session ends. Unit ms. A verdict can only lower it,
 * and so can the program.
 */
export function capBound(cuffs: readonly CuffOnLimb[], { profile, verdict, past }: PlanContext): CitedBound {
  const kind = cuffs.some(cuff => kindOf(cuff.limb) === 'arm') ? 'arm' : 'leg'
  const day = dayLimit(kind)
  const left = past && dayLeft(kind, past)
  const hour = profile && profile.inflatedHour_s * 1000
  return lowest([
    of(kind === 'arm' ? LIMITS.armCum : LIMITS.legCum, `the session limit for ${kind}s`),
    known(verdict?.session_max_ms, 'LIM-VERDICT-SESSION', "the verdict's session limit", VERDICT),
    known(left, day.id, 'the time left of the rolling day', day.source),
    known(hour, 'LIM-UNIT-HOUR', "the unit's inflated time per hour", UNIT),
  ])
}

/** Longest press, rise included. Unit ms. A warm-up press is short in every mode. */
export function holdBound(plan: Plan, step: Step, context: PlanContext): CitedBound {
  const without = context.profile && context.profile.inflatedContinuous_s * 1000 - LIMITS.ventNominal.value
  const unit = known(without, 'LIM-UNIT-CONTINUOUS', "the unit's unbroken inflated time less a vent", UNIT)
  const cap = capBound(plan.cuffs, context)
  if (plan.mode === 'cycle' || step.kind === 'warm-up')
    return lowest([of(LIMITS.holdCycle, 'the longest hold of a cycle or warm-up press'), unit, cap])
  if (plan.mode === 'constant') return lowest([of(LIMITS.constantMax, 'the longest constant hold'), unit, cap])
  return lowest([cap, unit])
}

/**
 * Time from the first inflation to the end of the last rest. Unit ms. A hold counts from the press command, the rise
 * included; a rest counts vented; the vent between them is counted as LIM-VENT-NOMINAL.
 */
export const plannedMs = (steps: readonly Pick<Step, 'hold_ms' | 'rest_ms'>[]): Millis =>
  steps.reduce((sum, step) => sum + step.hold_ms + LIMITS.ventNominal.value + step.rest_ms, 0)
