import type { Envelope, GuardCommand, GuardReport, Press } from '../../../../machines/guardMessages.ts'
import { isVented } from '../../../../machines/watch.ts'
import { decodeHostFrame, encodeHostFrame, type HostFrame } from '../../../../protocol/hostFrames.ts'
import { encodeUnitFrame, type Telemetry, type UnitFrame } from '../../../../protocol/unitFrames.ts'
import type { Millis, MonoMs } from '../../../../protocol/units.ts'
import { TIMING } from '../../../../protocol/wire.ts'
import type { Guard, GuardEffects } from '../../../guard/core.ts'
import type * as search from '../step.ts'

/** What the guard puts on the line. */
export interface Put {
  readonly at: MonoMs
  readonly line: HostFrame | 'release'
}
export type Outcome = search.Outcome<Situation, Put>

interface Unanswered {
  readonly seq: number
  readonly at: MonoMs
  readonly isLease: boolean
  readonly bytes: number
}

/** The controller and the unit, as far as what they say next depends on what was said. */
export interface World {
  /** The ping that waits for its answer, and how far the controller says that it has got. */
  readonly ping: number
  readonly step: number
  /** The last report, which the next one follows on. */
  readonly report: Telemetry
  /** The unit's clock less ours. */
  readonly skew_ms: Millis
  /** The number of the last lease that the unit took. */
  readonly lease: number
  /** What waits for an answer, oldest first. */
  readonly unanswered: readonly Unanswered[]
}

/** What an observer outside the guard remembers, to judge what it does next. */
export interface Witness {
  /** A press was commanded, and neither a vent nor a release since. */
  readonly pressing: Press | undefined
  readonly pressedAt: MonoMs | undefined
  readonly firstPressAt: MonoMs | undefined
  readonly pressEndedAt: MonoMs | undefined
  /** Since when every report has shown a vented line. */
  readonly ventedSince: MonoMs | undefined
  /** When the last good report came. */
  readonly seenAt: MonoMs
  /** The sending of the newest ping that was answered, and that was answered by a controller that had got on. */
  readonly pongAt: MonoMs
  readonly gotOnAt: MonoMs
  readonly envelope: Envelope | undefined
  readonly hello: boolean
  readonly released: boolean
  readonly pings: ReadonlyMap<number, MonoMs>
}

/** Where a guard can be: the shipped core, the time, what the others may say next, and what was seen from outside. */
export interface Situation {
  readonly guard: Guard
  readonly now: MonoMs
  readonly world: World
  readonly witness: Witness
}

const NEVER = Number.NEGATIVE_INFINITY

export function begin(Kind: typeof Guard, now: MonoMs): Situation {
  const guard = new Kind({ write() {}, writeRelease() {}, report() {} }, now)
  const channel = { pressure_mmHg: 0, target_mmHg: 0, raw: 1_400, pumpOn: false, valveClosed: false }
  const report: Telemetry = {
    ...{ type: 'telemetry', seq: 0, uptime_ms: Number(now), boot: 1, loop: 0, lease: 0, faults: 0, mode: 'latched' },
    channels: [channel, channel],
  }
  return {
    ...{ guard, now, world: { ping: 0, step: -1, report, skew_ms: 0, lease: 0, unanswered: [] } },
    witness: {
      ...{ pressing: undefined, pressedAt: undefined, firstPressAt: undefined, pressEndedAt: undefined },
      ...{ ventedSince: undefined, seenAt: NEVER, pongAt: NEVER, gotOnAt: NEVER, envelope: undefined },
      ...{ hello: false, released: false, pings: new Map() },
    },
  }
}

interface Happened extends Outcome {
  readonly reports: readonly GuardReport[]
}

/** Something happens to the guard now: what it says goes into the record, and is all that the world hears of it. */
export function happen(before: Situation, act: (guard: Guard, now: MonoMs) => void): Happened {
  const { now } = before
  const outputs: Put[] = []
  const reports: GuardReport[] = []
  const effects: GuardEffects = {
    write: line => outputs.push({ at: now, line: decodeHostFrame(Buffer.from(line), line.length - 1) as HostFrame }),
    writeRelease: () => outputs.push({ at: now, line: 'release' }),
    report: one => reports.push(one),
  }
  const guard = before.guard.fork(effects)
  act(guard, now)
  const after = { ...before, guard, world: heard(before, outputs, reports) }
  return { after: { ...after, witness: witnessed(before.witness, outputs, reports, now) }, outputs, reports }
}

function heard({ world, now }: Situation, outputs: readonly Put[], reports: readonly GuardReport[]): World {
  const sent = outputs.flatMap(({ line }) => {
    if (line === 'release' || line.type === 'identify') return []
    const seq = line.type === 'hello' ? 0 : line.seq
    return [{ seq, at: now, isLease: line.type === 'lease', bytes: encodeHostFrame(line).length }]
  })
  const ping = reports.flatMap(one => (one.is === 'ping' ? [one.ping] : [])).at(-1) ?? world.ping
  const open = world.unanswered.filter(one => now - one.at <= TIMING.ack)
  return { ...world, ping, unanswered: [...open, ...sent] }
}

function witnessed(was: Witness, outputs: readonly Put[], reports: readonly GuardReport[], now: MonoMs): Witness {
  const pings = reports.flatMap(one => (one.is === 'ping' ? [[one.ping, now] as const] : []))
  const recent = [...was.pings].filter(([, at]) => now - at <= TIMING.lost)
  let seen: Witness = pings.length > 0 ? { ...was, pings: new Map([...recent, ...pings]) } : was
  for (const { line } of outputs) {
    const what = line === 'release' ? line : line.type
    if (what === 'hello') seen = { ...seen, hello: true }
    if (what === 'release') seen = { ...seen, released: true }
    if (what === 'release' || what === 'vent') seen = letGo(seen, now)
  }
  return seen
}

const letGo = (seen: Witness, now: MonoMs): Witness =>
  seen.pressing ? { ...seen, pressing: undefined, pressEndedAt: now } : seen

/** The controller says something. What it asks for counts from then on, unless the guard refuses it. */
export function command(before: Situation, what: GuardCommand): Outcome {
  const { after, outputs, reports } = happen(before, (guard, now) => guard.command(what, now))
  const refused = reports.some(one => one.is === 'outcome' && one.of === what.do && one.outcome === 'refused')
  return { after: refused ? after : { ...after, witness: asked(after.witness, what, before.now) }, outputs }
}

function asked(was: Witness, what: GuardCommand, now: MonoMs): Witness {
  if (what.do === 'vent') return letGo(was, now)
  if (what.do === 'envelope') return { ...was, envelope: what.envelope }
  if (what.do !== 'press') return was
  return { ...was, pressing: what, pressedAt: now, firstPressAt: was.firstPressAt ?? now }
}

/** The newest ping is answered; `gets_on` tells whether the controller has got on since. */
export function pong(before: Situation, getsOn: boolean): Outcome {
  const { world, witness } = before
  const sentAt = witness.pings.get(world.ping)
  const step = world.step + (getsOn ? 1 : 0)
  const pongAt = Math.max(witness.pongAt, sentAt ?? NEVER)
  const gotOnAt = getsOn && sentAt !== undefined ? sentAt : witness.gotOnAt
  const next = { ...before, world: { ...world, step }, witness: { ...witness, pongAt, gotOnAt } }
  return happen(next, (guard, now) => guard.command({ do: 'pong', ping: world.ping, step }, now))
}

/** The unit says something. */
export const say = (before: Situation, ...frames: readonly UnitFrame[]): Outcome =>
  happen(before, (guard, now) => {
    for (const frame of frames) guard.bytes(Buffer.from(encodeUnitFrame(frame)), now)
  })

/** A report that is new: it follows the last one. */
export function tell(before: Situation, change: Partial<Telemetry>): Outcome {
  const { world, witness, now } = before
  const { report } = world
  const next: Telemetry = {
    ...report,
    ...{ seq: (report.seq + 1) % 2 ** 16, loop: (report.loop + 1) % 2 ** 16, uptime_ms: now + world.skew_ms },
    ...change,
  }
  const ventedSince = isVented(next) ? (witness.ventedSince ?? now) : undefined
  const seen = { ...witness, seenAt: now, ventedSince }
  return say({ ...before, world: { ...world, report: next }, witness: seen }, next)
}

/** More looks than any time that is waited here is worth. */
const LOOKS_MAX = 10_000

/** Time passes, and the guard looks whenever it wants to. */
export function wait(before: Situation, ms: Millis): Outcome {
  const until = before.now + ms
  let here: Situation = before
  const outputs: Put[] = []
  for (let looks = 0; here.now < until; looks++) {
    if (looks > LOOKS_MAX) throw new Error('the guard wants to look without end')
    const at = Math.min(until, Math.max(here.now, here.guard.nextDeadline))
    const { after, outputs: put } = happen({ ...here, now: at }, guard => guard.tick(at))
    outputs.push(...put)
    here = after
  }
  return { after: here, outputs }
}

/** One after the other. */
export function inTurn(before: Situation, ...steps: readonly ((one: Situation) => Outcome)[]): Outcome {
  const outputs: Put[] = []
  let here = before
  for (const step of steps) {
    const outcome = step(here)
    outputs.push(...outcome.outputs)
    here = outcome.after
  }
  return { after: here, outputs }
}
