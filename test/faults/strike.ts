import { LIMITS } from '../../machines/limits.ts'
import { type Phase, phaseOf } from '../../machines/view.ts'
import { type Millis, type MmHg, type MonoMs, VENTED_MMHG } from '../../protocol/units.ts'
import type { Sent } from '../../src/review/live/closedLoop.ts'
import type { Stack } from '../support/stack.ts'
import { happened, highest, pressesSent, samples } from '../support/trace.ts'
import { ledTo } from './moments.ts'
import { type Case, type Fault, type Measure, type Moment, nameOf } from './row.ts'

/** What came of one fault in one moment. */
export interface Outcome {
  readonly moment: Moment
  readonly fault: string
  /** To what the case measures; undefined when no pressure followed the fault, so that there was nothing to end. */
  readonly took_ms: Millis | undefined
  /** From the first letting go to a true pressure below 15 mmHg for good. */
  readonly empty_ms: Millis | undefined
  readonly highest_mmHg: MmHg
  readonly end: Phase
  /** It was said that nobody has seen the line vented. */
  readonly stuck: boolean
  /** What should not have been; empty for a pass. */
  readonly problems: readonly string[]
}

/** A session of SHORT takes 50 s, a release that nobody sees 14 s. */
const LONGEST_MS: Millis = 90_000
/** So long is looked on after everything is over. */
const AFTERWARDS_MS: Millis = 20_000
/** Highest ceiling of the simulated unit, and what a pump adds before its switch acts. */
const HIGHEST_MMHG: MmHg = 310
const NEVER = Number.POSITIVE_INFINITY

/** Lets a fault come in a moment of a session, or somewhat later, lives on, and judges what came of it. */
export function strike(one: Case, moment: Moment, later_ms: Millis = 0): Outcome {
  const stack = ledTo(moment, one.long)
  stack.advance(later_ms)
  const at = stack.now
  const wasActive = isActive(stack)
  apply(one.fault, stack)
  const seen = livedThrough(stack)
  const pressed = wasActive ? at : happened(stack, 'target', at)[0]
  const from = VENTING.includes(moment) ? at : pressed
  const took_ms = one.to === 'stuck' ? stuckAfter(stack, at, from, seen) : taken(stack, one.to, at, pressed, seen)
  const empty_ms = from === undefined ? undefined : emptyAfter(stack, from)
  return {
    moment,
    fault: nameOf(one.fault),
    took_ms,
    empty_ms,
    highest_mmHg: highest(stack, at),
    end: stack.phase,
    stuck: seen.stuckAt < NEVER,
    problems: [
      ...general(stack, at, { hidden: one.hidden === true, mayThrow: mayThrow(one.fault) }),
      ...wrong(stack, one, moment, at, took_ms),
      ...(one.bound && !one.hidden && seen.stuckAt === NEVER ? notEmptied(empty_ms) : []),
    ],
  }
}

const VENTING: readonly Moment[] = ['depressurizing', 'releasing']
const notEmptied = (empty_ms = 0): string[] =>
  empty_ms > LIMITS.ventDone.value ? [`pressure stayed for ${empty_ms.toFixed(0)} ms, and nobody said STUCK`] : []

/** It is a defect of ours that is tried, and not one that was found. */
export const mayThrow = (fault: Fault): boolean => typeof fault !== 'string' && fault.throws === true

export function apply(fault: Fault, stack: Stack): void {
  if (typeof fault !== 'string') return fault.act(stack)
  for (const spec of fault.split(' ')) stack.inject(spec)
}

/** When the session left for its end, and when it said STUCK. */
export interface SeenPhases {
  overAt: MonoMs
  stuckAt: MonoMs
}

const OVER: readonly Phase[] = ['releasing', 'stuck', 'settled', 'refused', 'stopped', 'faulted']

/** Lives on until all is over and some time more, in which START is pressed again. */
export function livedThrough(stack: Stack): SeenPhases {
  const seen = { overAt: NEVER, stuckAt: NEVER }
  const end = stack.now + LONGEST_MS
  const live = (ms: Millis) => {
    for (const until = stack.now + ms; stack.now < until; stack.advance(Math.min(20, until - stack.now))) note()
    note()
  }
  const note = () => {
    const phase = phaseOf(stack.session.snapshot.value)
    if (OVER.includes(phase)) seen.overAt = Math.min(seen.overAt, stack.now)
    if (phase === 'stuck') seen.stuckAt = Math.min(seen.stuckAt, stack.now)
  }
  while (!stack.ended && stack.now < end && stack.faults.length === 0) live(100)
  live(AFTERWARDS_MS)
  if (stack.controllerLives) stack.act(session => session.start())
  live(AFTERWARDS_MS / 2)
  return seen
}

const presses = (stack: Stack): number => happened(stack, 'target').length

const LETS_GO = ['venting', 'start', 'power-off'] as const
const letGoes = (stack: Stack, from: MonoMs): MonoMs[] => LETS_GO.flatMap(type => happened(stack, type, from))

/** The unit is regulating towards a target now. */
function isActive(stack: Stack): boolean {
  const target = happened(stack, 'target').at(-1)
  return target !== undefined && letGoes(stack, target).length === 0
}

const releasedFrom = (stack: Stack, from: MonoMs): MonoMs =>
  stack.sent.find(one => one.what === 'release' && one.at >= from)?.at ?? NEVER
const isVent = ({ what }: Sent): boolean => what === 'release' || (typeof what === 'object' && what.type === 'vent')
const ventedFrom = (stack: Stack, from: MonoMs): MonoMs =>
  stack.sent.find(one => one.at >= from && isVent(one))?.at ?? from

/** From the vent or release that was under way at the fault, or else from the first one behind it. */
function stuckAfter(stack: Stack, at: MonoMs, from: MonoMs | undefined, { stuckAt }: SeenPhases): Millis | undefined {
  if (from === undefined) return undefined
  const press = stack.framesSent('target').findLast(one => one.at <= at)
  const underWay = stack.sent.find(one => one.at > (press?.at ?? at) && one.at <= at && isVent(one))?.at
  return stuckAt - (from === at && underWay !== undefined ? underWay : ventedFrom(stack, from))
}

const UNMEASURED: readonly Measure[] = ['no press', 'one press', 'planned']

/** How long it took, from where the measure counts; undefined when nothing was pressed that could have been ended. */
function taken(stack: Stack, to: Measure, at: MonoMs, pressed: MonoMs | undefined, seen: SeenPhases) {
  if (to === 'release') return releasedFrom(stack, at) - at
  if (to === 'over') return Math.max(0, seen.overAt - at)
  if (pressed === undefined || UNMEASURED.includes(to)) return undefined
  return letGoAt(stack, pressed) - pressed
}

/** When the unit let go first. */
export const letGoAt = (stack: Stack, from: MonoMs): MonoMs => Math.min(NEVER, ...letGoes(stack, from))

/** The last moment with pressure on a limb. */
export const goneAt = (stack: Stack): MonoMs =>
  samples(stack).findLast(({ true_mmHg }) => Math.max(...true_mmHg) >= VENTED_MMHG)?.at ?? 0

/** From the first letting go to the last moment with pressure on a limb. */
function emptyAfter(stack: Stack, from: MonoMs): Millis | undefined {
  const open = Math.min(letGoAt(stack, from), releasedFrom(stack, from))
  return open === NEVER ? undefined : Math.max(0, goneAt(stack) - open)
}

function wrong(stack: Stack, { to, bound }: Case, moment: Moment, at: MonoMs, took_ms: Millis | undefined): string[] {
  if (to === 'planned') return asPlanned(stack, moment)
  const more = new Set(happened(stack, 'target', at + 1)).size
  if (to === 'no press') return more > 0 ? ['a press began'] : []
  if (to === 'one press') return more > 1 ? [`${more} presses began`] : []
  if (took_ms !== undefined && stack.phase === 'finished' && moment !== 'ended') return ['it went on as planned']
  if (took_ms === undefined || bound === undefined || took_ms <= bound.bound_ms) return []
  return [Number.isFinite(took_ms) ? `after ${took_ms.toFixed(0)} ms` : 'never']
}

function asPlanned(stack: Stack, moment: Moment): string[] {
  const { length } = pressesSent(stack)
  const [phase, most] = moment === 'releasing' ? ['stopped', 3] : ['finished', 4]
  return [
    ...(stack.phase === phase ? [] : [`ended ${stack.phase}: ${stack.view.cause?.text}`]),
    ...(length === most && presses(stack) === 2 * most
      ? []
      : [`${length} presses sent, ${presses(stack)} targets taken`]),
    ...(highest(stack) <= 95 ? [] : [`${highest(stack).toFixed(0)} mmHg`]),
  ]
}

/** STUCK is said now, with its alarm. */
export const isCalledStuck = (stack: Stack): boolean =>
  stack.phase === 'stuck' && stack.view.alarms.some(({ id, priority }) => id === 'ALARM-STUCK' && priority === 'high')

interface Excused {
  readonly hidden: boolean
  readonly mayThrow: boolean
}

/** What must never be, whatever the fault. */
export function general(stack: Stack, at: MonoMs, { hidden, mayThrow }: Excused): string[] {
  const released = releasedFrom(stack, at)
  const after = stack.sent.filter(
    one => one.at > released && typeof one.what === 'object' && ['target', 'arm', 'lease'].includes(one.what.type),
  )
  const stays = stack.pressure >= VENTED_MMHG
  const top = highest(stack, at)
  return [
    ...(after.length > 0 ? [`${after.length} lines that inflate were sent after the release`] : []),
    ...(stays && !hidden && !isCalledStuck(stack) ? [`pressure stays and the session is ${stack.phase}`] : []),
    ...(top > HIGHEST_MMHG ? [`${top.toFixed(0)} mmHg on a limb`] : []),
    ...(stack.faults.length > 0 && !mayThrow ? [`it threw: ${stack.faults[0]}`] : []),
    ...(stack.view.words.match(/empty/i) ? ['the screen says that a cuff is empty'] : []),
  ]
}
