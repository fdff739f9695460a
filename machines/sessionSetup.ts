import { assign, raise, setup } from 'xstate'
import { FAULTS, type Fault, faultsIn } from '../protocol/faults.ts'
import { isFull, type SelfTest } from '../protocol/unitFrames.ts'
import type { MonoMs } from '../protocol/units.ts'
import { TIMING } from '../protocol/wire.ts'
import { type Cause, causeOfRelease, worst } from './cause.ts'
import type { SessionEvent } from './events.ts'
import type { GuardCommand } from './guardMessages.ts'
import { SESSION_OVER } from './leaving.ts'
import { LIMITS } from './limits.ts'
import {
  currentStep,
  fluidsAreDue,
  gateRefusalsNow,
  isNewPressure,
  isOverdue,
  planRefusals,
  presenceAskMs,
  pressingOf,
  pressRefusals,
  refilledNow,
  releaseIsUnseen,
  type SessionContext,
  type SessionInput,
  seesVented,
} from './sessionContext.ts'
import { clockProblem, fellTooFast, isAtTargets, isVented, watched, watchProblem } from './watch.ts'

/**
 * The words of the session machine: its time limits, the questions that it asks (guards) and what it does (actions).
 * Whoever runs it carries out `command`, `release`, `syncJournal` and `say`, in the order in which they come; every
 * other action only notes something.
 */

/** The context as it will be when the rest is over. */
const next = (context: SessionContext): SessionContext => ({ ...context, step: context.step + 1 })
const isLast = ({ step, plan }: SessionContext): boolean => step + 1 >= plan.steps.length

type EventOf<Type> = Extract<SessionEvent, { readonly type: Type }>
type Asked<Event> = { readonly context: SessionContext; readonly event: Event }

/** A question about an event of one type. Of any other the answer is no; no state asks it then. */
const about =
  <Type extends SessionEvent['type']>(type: Type, holds: (asked: Asked<EventOf<Type>>) => boolean) =>
  ({ context, event }: Asked<SessionEvent>): boolean =>
    event.type === type && holds({ context, event: event as EventOf<Type> })

export const sessionSetup = setup({
  types: {
    context: {} as SessionContext,
    events: {} as SessionEvent,
    input: {} as SessionInput,
    tags: {} as 'energised' | 'ended',
  },
  delays: {
    selfTestTime: TIMING.selfTest + TIMING.ack,
    armTime: TIMING.lost,
    holdTime: ({ context }) => currentStep(context).hold_ms,
    restTime: ({ context }) => currentStep(context).rest_ms,
    capTime: ({ context }) => context.plan.cap_ms,
    inflateTime: LIMITS.inflateMax.value,
    ventTime: LIMITS.ventDone.value,
    releaseTime: LIMITS.ventDone.value + LIMITS.ventedBeforeStart.value + TIMING.lost,
    presenceTime: ({ context }) => presenceAskMs(context),
    refillTime: LIMITS.refillAnswer.value,
    graceTime: LIMITS.presenceGrace.value,
  },
  guards: {
    planFits: about('LINK_UP', ({ context, event }) => planRefusals(context, event.profile).length === 0),
    selfTestPassed: about(
      'SELF_TEST',
      ({ event: { frame } }) =>
        frame.failures === 0 && frame.offsets_mmHg.every(offset => Math.abs(offset) <= LIMITS.zeroMax.value),
    ),
    gateIsOpen: ({ context, event }) => gateRefusalsNow(context, event.at, event.wall).length === 0,
    checklistIsDone: ({ context }) => context.unconfirmed.length === 0,
    lineIsVented: ({ context, event }) => seesVented(context, event.at),
    firstPressIsRefused: ({ context, event }) => pressRefusals(context, event.at, event.wall).length > 0,
    nextPressIsRefused: ({ context, event }) => pressRefusals(next(context), event.at, event.wall).length > 0,
    nextIsTraining: ({ context }) => currentStep(next(context)).kind === 'training',
    fluidsAreDue: ({ context, event }) => fluidsAreDue(context, event.at),
    refillIsOpen: ({ context }) => context.refillAskedAt !== undefined,
    refillIsSlow: about('REFILL', ({ event }) => event.slow),
    selfTestFailed: about('SELF_TEST', ({ event }) => event.frame.failures !== 0),
    /** The guard's 10 s, which run beside ours, were over first. */
    guardSawSlowVent: about(
      'GUARD_RELEASED',
      ({ context, event }) =>
        event.rule === 'VENT' && event.at - context.phaseAt >= LIMITS.ventDone.value - TIMING.stale,
    ),
    /** The guard has carried out what was asked of it when nothing was wrong. */
    guardWasAsked: about('GUARD_RELEASED', ({ event }) => !event.rule && event.why === SESSION_OVER),
    /** Some line is at 15 mmHg or more, or was in the report before: the guard counts from the first one that is not. */
    lineWasFull: about(
      'TELEMETRY',
      ({ context: { watch }, event }) => isFull(event.frame) || (watch.last !== undefined && isFull(watch.last)),
    ),
    guardHadAReason: about('GUARD_RELEASED', ({ event }) => event.rule !== undefined),
    riseIsOverdue: about('TELEMETRY', ({ context, event }) =>
      isOverdue(context.phaseAt, LIMITS.inflateMax.value, event.at),
    ),
    ventIsOverdue: about('TELEMETRY', ({ context, event }) =>
      isOverdue(context.phaseAt, LIMITS.ventDone.value, event.at),
    ),
    reportShowsKink: about('TELEMETRY', ({ context, event }) => fellTooFast(context.watch, event.frame, event.at)),
    reportShowsArmed: about('TELEMETRY', ({ event }) => event.frame.mode === 'armed'),
    reportShowsTargets: about(
      'TELEMETRY',
      ({ context, event }) => context.pressing !== undefined && isAtTargets(event.frame, context.pressing),
    ),
    reportShowsVented: about('TELEMETRY', ({ event }) => event.frame.mode === 'armed' && isVented(event.frame)),
    reportShowsVentedAndLast: about(
      'TELEMETRY',
      ({ context, event }) => event.frame.mode === 'armed' && isVented(event.frame) && isLast(context),
    ),
    /** One report below 15 mmHg can be noise, or the swing of a limb that moves; one with something wrong shows nothing. */
    reportShowsReleased: about(
      'TELEMETRY',
      ({ context, event }) =>
        event.frame.mode === 'latched' &&
        isVented(event.frame) &&
        seesVented(context, event.at) &&
        alarming(context, event) === undefined,
    ),
    /** The unit itself has waited for 10 s, from whenever it opened its valve. */
    reportShowsStuckValve: about(
      'TELEMETRY',
      ({ event }) => faultsIn(event.frame.faults).includes('VALVE') && !isVented(event.frame),
    ),
    /** Once more 1 s later, should the time limit have been lost. */
    releaseIsOverdue: about(
      'TELEMETRY',
      ({ context, event }) =>
        !(isVented(event.frame) && event.frame.mode === 'latched') &&
        isOverdue(context.phaseAt, LIMITS.ventDone.value, event.at),
    ),
    releaseIsUnseen: ({ context, event }) => releaseIsUnseen(context, event.at),
    targetWasReached: ({ context }) => context.pressing?.reached === true,
    reportIsAlarming: ({ context, event }) => alarming(context, event) !== undefined,
    /** A pressure stands although nothing is pressed. */
    lineStandsFull: about(
      'TELEMETRY',
      ({ context: { watch }, event }) =>
        event.at - (watch.fullSince ?? event.at) > LIMITS.bandDelay.value && isFull(event.frame),
    ),
    reportShowsLatched: about('TELEMETRY', ({ event }) => event.frame.mode === 'latched'),
    /** No unit opened a session, and none was found under pressure. */
    unitWasNeverThere: ({ context }) =>
      context.unit === undefined && (context.watch.last === undefined || !isFull(context.watch.last)),
    endedByRefusal: ({ context }) => context.cause === undefined && context.refusals.length > 0,
    endedByPlan: ({ context }) => context.cause === undefined && isLast(context),
    endedByPerson: ({ context }) => isOfPerson(context.cause),
    failed: ({ context, event }, { of }: { of: string }) =>
      about('OUTCOME', ({ event: { of: what, outcome } }) => what === of && outcome !== 'done')({ context, event }),
    succeeded: ({ context, event }, { of }: { of: string }) =>
      about('OUTCOME', ({ event: { of: what, outcome } }) => what === of && outcome === 'done')({ context, event }),
  },
  actions: {
    command: (_, _command: GuardCommand) => {},
    release: (_, _why: { why: string }) => {},
    /** What was decided is on the disk before anything inflates. */
    syncJournal: () => {},
    /** What was recorded is made durable; behind a release, and nothing waits for it. */
    saveJournal: () => {},
    say: (_, _text: { text: string }) => {},
    blame: assign(({ context }, cause: Cause) => ({ cause: worst(context.cause, cause) })),
    blameEvent: assign(({ context, event }) => ({ cause: worst(context.cause, causeOf(event)) })),
    blameUnseen: assign(({ context }) => (isOfPerson(context.cause) ? { cause: UNSEEN } : {})),
    mark: assign(({ event }) => ({ phaseAt: event.at })),
    noteUnit: assign(({ event }) =>
      event.type === 'LINK_UP' ? { unit: { identity: event.identity, profile: event.profile } } : {},
    ),
    notePlanRefusals: assign(({ context, event }) =>
      event.type === 'LINK_UP' ? { refusals: planRefusals(context, event.profile) } : {},
    ),
    noteGateRefusals: assign(({ context, event }) => ({ refusals: gateRefusalsNow(context, event.at, event.wall) })),
    notePressRefusals: assign(({ context, event }) => ({
      refusals: pressRefusals(context.firstPressAt === undefined ? context : next(context), event.at, event.wall),
    })),
    noteOffsets: assign(({ event }) => (event.type === 'SELF_TEST' ? { offsets_mmHg: event.frame.offsets_mmHg } : {})),
    noteConfirmed: assign(({ context, event }) =>
      event.type === 'CONFIRM' ? { unconfirmed: context.unconfirmed.filter(item => item !== event.item) } : {},
    ),
    noteSymptom: assign(({ context, event }) => ({ symptoms: [...context.symptoms, ...symptomOf(event)] })),
    askRefill: assign(({ context, event }) => ({
      refillAskedAt: isNewPressure(context, currentStep(context).targets_mmHg) ? event.at : undefined,
    })),
    /** Only an answer to the question counts, and only under pressure. */
    noteRefill: assign(({ context }) =>
      context.refillAskedAt === undefined || !context.pressing
        ? {}
        : { refillAskedAt: undefined, refilled_mmHg: refilledNow(context) },
    ),
    noteFluids: assign(({ event }) => ({ fluidsAt: event.at })),
    notePresence: assign(({ event }) => ({ presentAt: event.at })),
    noteReport: assign(({ context, event }) =>
      event.type === 'TELEMETRY'
        ? { watch: watched(context.watch, event.frame, event.at, event.wall, context.pressing) }
        : {},
    ),
    beginPress: assign(({ context, event }) => ({
      pressing: pressingOf(context, event.at),
      firstPressAt: context.firstPressAt ?? event.at,
      phaseAt: event.at,
    })),
    noteReached: assign(({ context }) => ({
      ...(context.pressing && { pressing: { ...context.pressing, reached: true } }),
      reached_mmHg: Math.max(context.reached_mmHg, ...currentStep(context).targets_mmHg),
    })),
    endPress: assign({ pressing: undefined }),
    nextStep: assign(({ context }) => ({ step: context.step + 1 })),
    trip: raise(({ context, event }) => ({
      type: 'TRIP' as const,
      ...(alarming(context, event) ?? { kind: 'internal', text: 'a trip without a reason' }),
      at: event.at,
      wall: event.wall,
    })),
  },
})

const UNSEEN: Cause = {
  kind: 'safety',
  text: 'nobody has seen the unit let go and the line stay below 15 mmHg for 3 s',
}

/** No cause, or a person's: nothing was wrong with unit, link or program. */
const isOfPerson = (cause: Cause | undefined): boolean =>
  cause === undefined || ['operator', 'presence', 'symptom'].includes(cause.kind)

/** A capillary refill that is too slow is a sign of the person's as well. */
function symptomOf(event: SessionEvent): readonly string[] {
  if (event.type === 'REFILL') return ['the capillary refill is too slow']
  return event.type === 'SYMPTOM' ? [event.what] : []
}

const selfTestText = ({ failures, offsets_mmHg }: SelfTest): string =>
  `the self test failed: code ${failures.toString(16).padStart(2, '0')}, zero off by ${offsets_mmHg.join(', ')} mmHg`

/** What a report says is wrong: of time as soon as a unit is there, of pressure from the first press on. */
const alarming = (context: SessionContext, event: SessionEvent): Cause | undefined => {
  if (event.type !== 'TELEMETRY' || !context.unit) return undefined
  const { watch, pressing, firstPressAt } = context
  const cause = clockProblem(watch, event.frame, event.at)
  if (cause || firstPressAt === undefined) return cause
  return watchProblem(watch, event.frame, event.at, pressing) ?? unattended(context, event.at)
}

/** The timer that asks the operator, or the one that waits for the answer, was lost: the next report catches it. */
const unattended = (context: SessionContext, at: MonoMs): Cause | undefined => {
  const { pressing, presentAt } = context
  return pressing && at - presentAt > presenceAskMs(context) + LIMITS.presenceGrace.value + TIMING.lost
    ? { kind: 'presence', text: 'nobody was asked whether they are there' }
    : undefined
}

/** A unit that latched by itself: somebody let go there, it restarted, or it has a fault. */
function causeOfLatch(faults: readonly Fault[]): Cause {
  if (faults.includes('BUTTON')) return { kind: 'operator', text: FAULTS.BUTTON.text }
  if (faults.includes('BOOT')) return { kind: 'unit', text: 'the unit has restarted' }
  return { kind: 'safety', text: ['the unit let go by itself', ...faults.map(one => FAULTS[one].text)].join(': ') }
}

/** What an event that ends the session stands for. */
function causeOf(event: SessionEvent): Cause {
  switch (event.type) {
    case 'RELEASE':
      return { kind: event.kind, text: event.why }
    case 'SYMPTOM':
      return { kind: 'symptom', text: event.what }
    case 'GUARD_RELEASED':
      return causeOfRelease(event.why, event.rule)
    case 'REFILL':
      return { kind: 'symptom', text: 'the capillary refill takes more than 3 s: too tight' }
    case 'TRIP':
      return { kind: event.kind, text: event.text }
    case 'LINK_LOST':
    case 'LINK_FAILED':
      return { kind: 'link', text: event.why }
    case 'SELF_TEST':
      return { kind: 'unit', text: selfTestText(event.frame) }
    case 'OUTCOME':
      return { kind: 'unit', text: `${event.of}: ${event.why ?? event.outcome}` }
    case 'TELEMETRY':
      return causeOfLatch(faultsIn(event.frame.faults))
    default:
      return { kind: 'internal', text: `the session ended at ${event.type}` }
  }
}
