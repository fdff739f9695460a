import { type Identity, isFull, type Profile } from '../protocol/unitFrames.ts'
import type { Millis, MmHg, MonoMs, WallMs } from '../protocol/units.ts'
import { TIMING } from '../protocol/wire.ts'
import type { Cause } from './cause.ts'
import type { ChecklistItem } from './checklist.ts'
import { gateRefusals, type Refusal } from './gate.ts'
import type { Envelope, Press } from './guardMessages.ts'
import { LIMITS } from './limits.ts'
import type { Past } from './past.ts'
import { longestHold, type Plan, type Step, shortestRest } from './plan.ts'
import { type PlanProblem, planProblems } from './planCheck.ts'
import type { BloodPressure, Verdict } from './verdict.ts'
import { type Pressing, type Watch, wentBack } from './watch.ts'

/** What a session is about, fixed before it begins. */
export interface SessionInput {
  readonly plan: Plan
  readonly verdict: Verdict | undefined
  /** Pseudonym of the person whom the operator named. */
  readonly person: string
  /** The highest serial of a verdict ever seen for this person. */
  readonly newestSerialSeen: number
  /** Their earlier sessions; undefined when the verdict is about nobody. */
  readonly past: Past | undefined
  /** What the operator has to confirm before START. */
  readonly checklist: readonly ChecklistItem[]
  /** Who runs the session: name and qualification, as given. */
  readonly operator: string
  /** Nobody sits there: a stand-in answers, on simulated units only. */
  readonly unattended: boolean
  /** A blood pressure that the operator took after the screening. */
  readonly reading?: BloodPressure | undefined
}

export interface SessionContext extends SessionInput {
  /** Items of the checklist that nobody has confirmed yet. */
  readonly unconfirmed: readonly ChecklistItem[]
  readonly unit: { readonly identity: Identity; readonly profile: Profile } | undefined
  /** What the self test found each sensor to be off by at zero. */
  readonly offsets_mmHg: readonly MmHg[]
  /** The press that is under way or comes next, from 0. */
  readonly step: number
  readonly watch: Watch
  readonly pressing: Pressing | undefined
  /** The highest target that the cuffs reached in this session, 0 for none. */
  readonly reached_mmHg: MmHg
  /** When the first press was commanded: the cap runs from here, and nothing resets it. */
  readonly firstPressAt: MonoMs | undefined
  /** When the present state was entered, for the time left on the screen. */
  readonly phaseAt: MonoMs
  /** When the operator was last known to be there. */
  readonly presentAt: MonoMs
  /** The highest target of each cuff at which the capillary refill was found good. */
  readonly refilled_mmHg: readonly MmHg[]
  /** Since when the operator has been asked to look at the capillary refill. */
  readonly refillAskedAt: MonoMs | undefined
  /** When the person was last reminded to drink. */
  readonly fluidsAt: MonoMs | undefined
  readonly symptoms: readonly string[]
  readonly refusals: readonly (Refusal | PlanProblem)[]
  readonly cause: Cause | undefined
}

export const currentStep = (context: SessionContext): Step =>
  context.plan.steps[Math.min(context.step, context.plan.steps.length - 1)]!

/** What the program and the verdict may not do on this unit. */
export const planRefusals = ({ plan, verdict, past }: SessionContext, profile: Profile): readonly PlanProblem[] =>
  planProblems(plan, { profile, verdict, past })

/** Why the gate is shut now. A wall clock that went back by more than a minute cannot date a verdict. */
export function gateRefusalsNow(context: SessionContext, at: MonoMs, wall: WallMs): readonly Refusal[] {
  const { verdict, person, plan, newestSerialSeen, past, unit, watch, unattended, reading } = context
  if (wentBack(watch, at, wall)) return [CLOCK_WENT_BACK]
  const limbs = plan.cuffs.map(cuff => cuff.limb)
  const simulatedUnit = unit?.profile.simulated === true
  const nobody = unattended && unit !== undefined && !simulatedUnit
  const facts = { person, limbs, simulatedUnit, now_wall: wall, newestSerialSeen, reading, past }
  return [...(nobody ? [NOBODY_THERE] : []), ...gateRefusals(verdict, facts)]
}

const CLOCK_WENT_BACK: Refusal = {
  id: 'GATE-CLOCK',
  text: 'the clock of this computer was set back during the session.',
  action: 'Set the clock, and begin a new session.',
}

const NOBODY_THERE: Refusal = {
  id: 'GATE-UNATTENDED',
  text: 'the unit is real, and nobody sits at a terminal.',
  action: 'Run it without --unattended at a terminal, with an operator who stays.',
}

const REFILL_UNSEEN: Refusal = {
  id: 'GATE-REFILL',
  text: 'nobody has looked at the capillary refill at the new pressure.',
  action: 'Begin a new session, and answer when it is asked.',
}

const TIME_IS_UP: Refusal = {
  id: 'GATE-TIME',
  text: 'the time that is left is shorter than the next press.',
  action: 'End the session here.',
}

const ZERO_IS_OFF: Refusal = {
  id: 'GATE-ZERO',
  text: `a sensor is off by more than ${LIMITS.zeroMax.value} mmHg at a vented line.`,
  action: 'Begin a new session, which tests the sensors again; have the unit serviced.',
}

/** Why the next press may not begin now. */
export function pressRefusals(context: SessionContext, at: MonoMs, wall: WallMs): readonly Refusal[] {
  const spent_ms = context.firstPressAt === undefined ? 0 : at - context.firstPressAt
  const timeIsUp = spent_ms + currentStep(context).hold_ms > context.plan.cap_ms
  return [
    ...gateRefusalsNow(context, at, wall),
    ...(timeIsUp ? [TIME_IS_UP] : []),
    ...(zeroIsOff(context) ? [ZERO_IS_OFF] : []),
    ...(context.refillAskedAt !== undefined ? [REFILL_UNSEEN] : []),
  ]
}

/** A vented line reads about 0, or its sensor has drifted. One that reads too low would give the cuff too much. */
const zeroIsOff = ({ watch: { last } }: SessionContext): boolean =>
  last !== undefined && !isFull(last) && last.channels.some(c => Math.abs(c.pressure_mmHg) > LIMITS.zeroMax.value)

/** Reports, none older than T_STALE now, have shown every line below 15 mmHg for 3 s. */
export const seesVented = ({ watch }: SessionContext, at: MonoMs): boolean =>
  watch.ventedSince !== undefined &&
  at - watch.at <= TIMING.stale &&
  at - watch.ventedSince >= LIMITS.ventedBeforeStart.value

/** Nobody sees the unit latched and its line vented now: the last report shows something else, or is old. */
export const releaseIsUnseen = ({ watch }: SessionContext, at: MonoMs): boolean =>
  watch.last?.mode !== 'latched' || watch.ventedSince === undefined || at - watch.at > TIMING.stale

/** How often the operator is asked whether they are there; a verdict can ask for a closer watch. */
export const presenceAskMs = ({ verdict }: SessionContext): Millis =>
  Math.min(LIMITS.presenceAsk.value, verdict?.presence_max_ms ?? LIMITS.presenceAsk.value)

/** A press at a higher pressure than any at which the capillary refill was found good. */
export const isNewPressure = ({ refilled_mmHg }: SessionContext, targets: readonly MmHg[]): boolean =>
  targets.some((target, i) => target > (refilled_mmHg[i] ?? 0))

/** What is known to be good once the refill was good in this hold. */
export const refilledNow = (context: SessionContext): readonly MmHg[] =>
  currentStep(context).targets_mmHg.map((target, i) => Math.max(target, context.refilled_mmHg[i] ?? 0))

/** The reminder to drink is due. */
export const fluidsAreDue = ({ fluidsAt, firstPressAt }: SessionContext, at: MonoMs): boolean =>
  at - (fluidsAt ?? firstPressAt ?? at) >= LIMITS.fluidsEvery.value

/** Something that has its time limit, and a second more, is still going on: the limit itself was lost. */
export const isOverdue = (since: MonoMs, limit_ms: Millis, at: MonoMs): boolean => at - since > limit_ms + TIMING.lost

/** What the guard is told to let pass: no more than the plan. */
export const envelopeOf = ({ plan }: SessionContext): Envelope => ({
  cuffs: plan.cuffs.map((cuff, i) => ({ channel: cuff.channel, limb: cuff.limb, max_mmHg: plan.max_mmHg[i]! })),
  slew_mmHg_per_s: Math.max(...plan.steps.map(step => step.slew_mmHg_per_s)),
  press_ms: longestHold(plan),
  rest_ms: shortestRest(plan),
  cum_ms: plan.cap_ms,
})

export const pressOf = (context: SessionContext): Press => {
  const step = currentStep(context)
  const targets = context.plan.cuffs.map((cuff, i) => ({
    channel: cuff.channel,
    target_mmHg: step.targets_mmHg[i]!,
  }))
  return { targets, slew_mmHg_per_s: step.slew_mmHg_per_s }
}

export const pressingOf = (context: SessionContext, at: MonoMs): Pressing => ({
  since: at,
  hold_ms: currentStep(context).hold_ms,
  targets: pressOf(context).targets.map((target, i) => ({ ...target, limb: context.plan.cuffs[i]!.limb })),
})

/** When the cap is over, or undefined before the first press. */
export const capEndsAt = ({ firstPressAt, plan }: SessionContext): MonoMs | undefined =>
  firstPressAt === undefined ? undefined : firstPressAt + plan.cap_ms
