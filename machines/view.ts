import type { Millis, MmHg, MonoMs } from '../protocol/units.ts'
import { TIMING } from '../protocol/wire.ts'
import { type Alarm, alarms } from './alarms.ts'
import type { Cause } from './cause.ts'
import type { ChecklistItem } from './checklist.ts'
import { LIMITS, type Limb } from './limits.ts'
import { capEndsAt, currentStep, type SessionContext, seesVented } from './sessionContext.ts'

/** What each state of the session is called on a screen. */
export const PHASES = {
  connecting: 'connecting to the unit',
  selfTesting: 'the unit tests itself',
  gate: 'checking the verdict',
  fitting: 'fitting the cuffs: checklist',
  readyToArm: 'ready to arm',
  arming: 'arming the unit',
  pressurizing: 'pressurizing',
  holding: 'holding',
  depressurizing: 'depressurizing',
  resting: 'resting',
  releasing: 'RELEASING',
  stuck: 'STUCK: open the coupling by hand',
  settled: 'released',
  finished: 'finished',
  refused: 'refused',
  stopped: 'stopped',
  faulted: 'ended by a fault',
} as const
export type Phase = keyof typeof PHASES

export interface LimbView {
  readonly limb: Limb
  readonly width_cm: number
  /** Highest target of the plan. */
  readonly max_mmHg: MmHg
  /** What the unit measured, undefined when the last report is older than 1 s. */
  readonly measured_mmHg: MmHg | undefined
  /** What it was told, 0 for vented. */
  readonly commanded_mmHg: MmHg
}

/** Everything that a screen shows of a session, at one moment. */
export interface View {
  readonly phase: Phase
  readonly words: string
  readonly limbs: readonly LimbView[]
  /** The press that is under way or comes next, of all presses, and among those of its kind. */
  readonly press: {
    readonly number: number
    readonly of: number
    readonly kind: 'warm-up' | 'training'
    readonly numberOfKind: number
    readonly ofKind: number
  }
  /** Within a hold of several parts: which one. */
  readonly segment: string | undefined
  /** The session ends so long after its first press at the latest. */
  readonly cap_ms: Millis
  readonly phaseLeft_ms: Millis | undefined
  /** Until the cap that began with the first press. */
  readonly sessionLeft_ms: Millis | undefined
  readonly alarms: readonly Alarm[]
  readonly unconfirmed: readonly ChecklistItem[]
  /** How many items the checklist has. */
  readonly checklistOf: number
  /** START would count now. */
  readonly mayStart: boolean
  readonly refusals: readonly { readonly id: string; readonly text: string; readonly action: string }[]
  /** The operator is asked whether they are there. */
  readonly presenceAsked: boolean
  /** The operator is asked to look at the capillary refill. */
  readonly refillAsked: boolean
  /** A press has begun in this session. */
  readonly pressed: boolean
  readonly cause: Cause | undefined
  /** What the person felt or showed. */
  readonly symptoms: readonly string[]
  /** Who is on the line; undefined until it has said so. */
  readonly unit: { readonly name: string; readonly simulated: boolean } | undefined
}

/** The part of an XState snapshot that the view needs. */
interface SnapshotLike {
  readonly value: unknown
  readonly context: SessionContext
}

export function viewOf({ value, context }: SnapshotLike, now: MonoMs): View {
  const phase = phaseOf(value)
  const step = currentStep(context)
  const pressing = context.pressing !== undefined
  const end = capEndsAt(context)
  return {
    phase,
    words: PHASES[phase],
    limbs: context.plan.cuffs.map((cuff, i) => ({
      limb: cuff.limb,
      width_cm: cuff.width_cm,
      max_mmHg: context.plan.max_mmHg[i]!,
      measured_mmHg:
        now - context.watch.at <= TIMING.lost
          ? context.watch.last?.channels[cuff.channel - 1]?.pressure_mmHg
          : undefined,
      commanded_mmHg: pressing ? step.targets_mmHg[i]! : 0,
    })),
    press: pressOfPlan(context),
    segment: segmentOf(context, now),
    cap_ms: context.plan.cap_ms,
    phaseLeft_ms: left(phaseEnd(context, phase), now),
    sessionLeft_ms: left(end, now),
    alarms: alarms(context, phase, now),
    unconfirmed: context.unconfirmed,
    checklistOf: context.checklist.length,
    mayStart: phase === 'fitting' && context.unconfirmed.length === 0 && seesVented(context, now),
    refusals: context.refusals,
    presenceAsked: isPresenceAsked(value),
    refillAsked: phase === 'holding' && context.refillAskedAt !== undefined,
    pressed: context.firstPressAt !== undefined,
    cause: context.cause,
    symptoms: context.symptoms,
    unit: unitOf(context),
  }
}

function pressOfPlan(context: SessionContext): View['press'] {
  const { steps } = context.plan
  const { kind } = currentStep(context)
  let [numberOfKind, ofKind] = [0, 0]
  steps.forEach((step, i) => {
    if (step.kind !== kind) return
    ofKind++
    if (i <= context.step) numberOfKind++
  })
  return { number: context.step + 1, of: steps.length, kind, numberOfKind, ofKind }
}

function unitOf({ unit }: SessionContext): View['unit'] {
  if (!unit) return undefined
  const { model, serial, firmware } = unit.identity
  return { name: `${model} ${serial}, firmware ${firmware}`, simulated: unit.profile.simulated }
}

/** The innermost state of the session's flow. */
export function phaseOf(value: unknown): Phase {
  const flow = (value as { flow: unknown }).flow
  if (typeof flow === 'string') return flow as Phase
  const cycles = (flow as { running: { cycles: Record<string, unknown> } }).running.cycles
  const inner = Object.values(cycles)[0]
  return (typeof inner === 'string' ? inner : Object.values(inner as Record<string, string>)[0]) as Phase
}

const isPresenceAsked = (value: unknown): boolean =>
  (value as { flow: { running?: { presence?: string } } }).flow.running?.presence === 'asked'

function phaseEnd(context: SessionContext, phase: Phase): MonoMs | undefined {
  if (context.pressing) return context.pressing.since + context.pressing.hold_ms
  if (phase === 'resting') return context.phaseAt + currentStep(context).rest_ms
  if (phase === 'depressurizing' || phase === 'releasing') return context.phaseAt + LIMITS.ventDone.value
  return undefined
}

const left = (end: MonoMs | undefined, now: MonoMs): Millis | undefined =>
  end === undefined ? undefined : Math.max(0, end - now)

function segmentOf(context: SessionContext, now: MonoMs): string | undefined {
  if (!context.pressing) return undefined
  let until = context.pressing.since
  return currentStep(context).segments.find(segment => {
    until += segment.duration_ms
    return now < until
  })?.name
}
