import { type Identity, isVented, type Profile } from '../protocol/unitFrames.ts'
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
import type { Verdict } from './verdict.ts'
import type { Pressing, Watch } from './watch.ts'

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
  /** When the first press was commanded: the cap runs from here, and nothing resets it. */
  readonly firstPressAt: MonoMs | undefined
  /** When the present state was entered, for the time left on the screen. */
  readonly phaseAt: MonoMs
  /** When the operator was last known to be there. */
  readonly presentAt: MonoMs
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
export function gateRefusalsNow(context: SessionContext, wall: WallMs): readonly Refusal[] {
  const { verdict, person, plan, newestSerialSeen, past, unit, watch } = context
  if (watch.wallWentBack) return [CLOCK_WENT_BACK]
  const limbs = plan.cuffs.map(cuff => cuff.limb)
  const simulatedUnit = unit?.profile.simulated === true
  const lockedUntil_wall = past?.lockedUntil_wall
  return gateRefusals(verdict, { person, limbs, simulatedUnit, now_wall: wall, newestSerialSeen, lockedUntil_wall })
}

const CLOCK_WENT_BACK: Refusal = {
  id: 'GATE-CLOCK',
  text: 'the clock of this computer was set back during the session.',
  action: 'Set the clock, and begin a new session.',
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
    ...gateRefusalsNow(context, wall),
    ...(timeIsUp ? [TIME_IS_UP] : []),
    ...(zeroIsOff(context) ? [ZERO_IS_OFF] : []),
  ]
}

/** A vented line reads about 0, or its sensor has drifted. One that reads too low would give the cuff too much. */
const zeroIsOff = ({ watch: { last } }: SessionContext): boolean =>
  last !== undefined && isVented(last) && last.channels.some(c => Math.abs(c.pressure_mmHg) > LIMITS.zeroMax.value)

/** Reports, none older than T_STALE now, have shown every line below 15 mmHg for 3 s. */
export const seesVented = ({ watch }: SessionContext, at: MonoMs): boolean =>
  watch.ventedSince !== undefined &&
  at - watch.at <= TIMING.stale &&
  at - watch.ventedSince >= LIMITS.ventedBeforeStart.value

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
  targets: pressOf(context).targets,
})

/** When the cap is over, or undefined before the first press. */
export const capEndsAt = ({ firstPressAt, plan }: SessionContext): MonoMs | undefined =>
  firstPressAt === undefined ? undefined : firstPressAt + plan.cap_ms
