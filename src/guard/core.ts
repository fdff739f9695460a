import type { Commanded, Envelope, GuardCommand, Press, Rule } from '../../machines/guardMessages.ts'
import { Framer } from '../../protocol/framer.ts'
import { decodeUnitFrame, type Identity, isFull, type Telemetry, type UnitFrame } from '../../protocol/unitFrames.ts'
import type { MonoMs } from '../../protocol/units.ts'
import { TO_HOST_MAX } from '../../protocol/wire.ts'
import { envelopeProblem, helloProblem, pressProblem } from './envelope.ts'
import { type Controller, controllerProblem, heard, LAG_MAX, NO_CONTROLLER, Pings } from './lease.ts'
import { brokenRule } from './monitor.ts'
import { IDENTIFY, type LineName, type LineOutcome, Outbox, type OutboxEffects, reasonOf } from './outbox.ts'
import { Pressing } from './pressing.ts'
import { type ReleaseEffects, Releasing } from './releasing.ts'
import { areTooMany, look, NOTHING_SEEN, newest, type Seen } from './sight.ts'

/** What the guard can do to the world. None of these may throw. */
export interface GuardEffects extends ReleaseEffects {
  write(line: string): void
}

const TICK_MS = 100

/**
 * Owns what goes to the unit: the envelope, the monitor, the lease and the release. Pure but for its effects; it runs
 * in the guard's process, and in tests on virtual time. Once it has released, nothing it is told makes it inflate
 * again: a new session needs a new guard.
 */
export class Guard {
  private readonly effects: GuardEffects
  private readonly scaled: boolean
  readonly outbox: Outbox
  private readonly framer: Framer
  readonly pressing: Pressing
  readonly releasing: Releasing
  private identity: Identity | undefined
  private envelope: Envelope | undefined
  private seen: Seen = NOTHING_SEEN
  private controller: Controller = NO_CONTROLLER
  private pings = new Pings()
  /** When the unit acknowledged that it is armed; undefined before, and after a release. */
  private armedAt: MonoMs | undefined
  private badLines: readonly MonoMs[] = []
  private rulesHold = false
  private pingedAt: MonoMs
  private lookedAt: MonoMs
  /** The time of what is being worked on. */
  private now: MonoMs

  /** `scaled`: the clock runs faster than life, which is for simulated units only. */
  constructor(effects: GuardEffects, now: MonoMs, scaled = false) {
    this.effects = effects
    this.scaled = scaled
    this.now = now
    this.pingedAt = now
    this.lookedAt = now
    this.outbox = new Outbox(this.outboxEffects)
    this.pressing = new Pressing(this.outbox)
    this.releasing = new Releasing(effects)
    this.framer = new Framer(TO_HOST_MAX, {
      line: (line, length) => this.line(decodeUnitFrame(line, length)),
      bad: () => this.badLine(),
    })
  }

  /** All that the guard itself remembers. */
  get memory() {
    const { identity, envelope, seen, controller, armedAt, badLines, rulesHold, pingedAt, lookedAt } = this
    return { identity, envelope, seen, controller, armedAt, badLines, rulesHold, pingedAt, lookedAt }
  }

  /** Another guard in the same state, between two lines of the unit, to look ahead with. */
  fork(effects: GuardEffects): Guard {
    const other: Guard = new (this.constructor as typeof Guard)(effects, this.now, this.scaled)
    const outbox = this.outbox.fork(other.outboxEffects)
    const [pressing, releasing, pings] = [this.pressing.fork(outbox), this.releasing.fork(effects), this.pings.fork()]
    return Object.assign(other, { ...this.memory, outbox, pressing, releasing, pings })
  }

  private get outboxEffects(): OutboxEffects {
    return { write: line => this.effects.write(line), settled: (...one) => this.settled(...one) }
  }

  /** Release now. The byte goes first; whatever else is to be done comes after it. */
  release(why: string, now: MonoMs, rule?: Rule): void {
    this.releasing.send(why, now, rule)
    this.now = now
    this.armedAt = undefined
    this.endPress(now)
  }

  /** Nothing that inflates may still go out. What was seen below 15 mmHg under a press is no line that was vented. */
  private endPress(now: MonoMs): void {
    if (this.pressing.inForce) this.seen = { ...this.seen, ventedSince: undefined }
    this.pressing.end(this.seen.last, now)
    this.outbox.clear(now)
  }

  /** A hello went out to the unit: leaving it takes a release. */
  get hasSession(): boolean {
    return this.outbox.hasSession
  }

  /** Nothing is left to do for a unit that was opened or released, or there never was one. */
  get mayLeave(): boolean {
    const unneeded = !this.releasing.hasBegun || this.seen.last === undefined
    return this.releasing.isDone(this.seen) || (!this.hasSession && unneeded)
  }

  bytes(chunk: Uint8Array, now: MonoMs): void {
    this.wake(now)
    this.framer.push(chunk)
  }

  command(command: GuardCommand, now: MonoMs): void {
    this.now = now
    if (command.do === 'release') return this.release(command.why, now)
    if (command.do === 'pong') {
      const sentAt = this.pings.sentAt(command.ping)
      if (sentAt !== undefined) this.controller = heard(this.controller, command.step, sentAt)
      return
    }
    if (this.releasing.hasBegun) return this.outcome(command.do, 'refused', 'a release ended this session')
    switch (command.do) {
      case 'identify':
        return this.outbox.identify(now)
      case 'hello':
        return this.hello(command.nonce, command.rate_Hz)
      case 'envelope':
        return this.setEnvelope(command.envelope)
      case 'press':
      case 'vent':
      case 'self-test':
      case 'arm':
        return this.inSession(command)
      default:
        // Whoever says something else over there is not our controller.
        this.release('the controller said something that is no command', now, 'CONTROLLER')
    }
  }

  /** To be called at `nextDeadline` at the latest. */
  tick(now: MonoMs): void {
    this.wake(now)
    // The rules first: what still waits for its place on the line goes out only if they hold.
    this.look()
    this.outbox.tick(now)
    this.ping()
    const { controller, rulesHold, seen } = this
    this.pressing.renew({ controller, rulesHold, seenAt: seen.at }, now)
    if (now >= this.releasing.dueAt(this.seen)) this.release('again', now)
  }

  /** When `tick` wants to be called next. */
  get nextDeadline(): MonoMs {
    const { pressing, releasing, outbox, seen } = this
    const beats = Math.min(this.lookedAt, this.pingedAt) + TICK_MS
    return Math.min(beats, pressing.leaseAt, outbox.dueAt, releasing.dueAt(seen))
  }

  private inSession(command: GuardCommand & { readonly do: 'press' | 'vent' | 'self-test' | 'arm' }): void {
    if (!this.hasSession) return this.outcome(command.do, 'refused', 'no session has been opened')
    if (command.do === 'press') return this.startPress(command)
    if (command.do === 'vent') return this.vent()
    this.prepare(command.do)
  }

  private ping(): void {
    if (this.now - this.pingedAt < TICK_MS) return
    this.pingedAt = this.now
    this.effects.report({ is: 'ping', ping: this.pings.next(this.now) })
  }

  private outcome(of: Commanded, outcome: LineOutcome['outcome'], why?: string): void {
    this.effects.report({ is: 'outcome', of, outcome, ...(why !== undefined && { why }) })
  }

  /** A line to the unit was answered, or was not in time. */
  private settled(line: LineName, result: LineOutcome, now: MonoMs): void {
    switch (line.of) {
      case 'lease':
      case 'target':
        return this.pressSettled(this.pressing.settled(line, result, now), now)
      case 'vent':
        return this.ventSettled(result, now)
      case 'arm':
        if (result.outcome === 'done') this.armedAt = this.releasing.hasBegun ? undefined : now
    }
    this.outcome(line.of, result.outcome, reasonOf(result))
  }

  /** Half a press, or one that may have happened, ends in a release; it is never tried again. */
  private pressSettled(result: LineOutcome | undefined, now: MonoMs): void {
    if (!result) return
    const why = result.outcome === 'done' ? undefined : (reasonOf(result) ?? 'not answered')
    if (why === undefined) this.pressing.heard(this.seen)
    else this.release(`the press command: ${why}`, now, 'UNKNOWN')
    this.outcome('press', result.outcome, why)
  }

  private ventSettled(result: LineOutcome, now: MonoMs): void {
    // A release that came in between is more than a vent, and is no failure of it.
    if (this.releasing.hasBegun) return
    this.outcome('vent', result.outcome, reasonOf(result))
    if (result.outcome === 'done') this.pressing.heard(this.seen)
    else this.release(`the vent command: ${result.outcome}`, now, 'UNKNOWN')
  }

  private hello(nonce: number, rate_Hz: number): void {
    if (this.hasSession) return this.outcome('hello', 'refused', 'one guard, one session')
    const problem = helloProblem(this.identity, this.seen.profile, this.scaled)
    if (problem !== undefined) return this.outcome('hello', 'refused', problem)
    this.outbox.hello(nonce, rate_Hz, this.now)
  }

  private setEnvelope(envelope: Envelope): void {
    const problem = this.envelope ? 'it is set already' : envelopeProblem(envelope, this.seen.profile)
    if (problem === undefined) this.envelope = envelope
    this.outcome('envelope', problem === undefined ? 'done' : 'refused', problem)
  }

  private prepare(what: 'self-test' | 'arm'): void {
    if (what === 'arm' && !this.envelope) return this.outcome('arm', 'refused', 'no envelope has been set')
    this.outbox.send({ type: what }, this.now)
  }

  private startPress(press: Press): void {
    const { envelope, seen, now } = this
    const { first: firstPress, ended: pressEnded } = this.pressing
    const controllerWell = controllerProblem(this.controller, now) === undefined
    const pressing = this.pressing.inForce !== undefined
    const problem = pressProblem(press, { envelope, seen, firstPress, controllerWell, pressing, pressEnded }, now)
    if (problem !== undefined) return this.outcome('press', 'refused', problem)
    this.pressing.begin(press, now)
  }

  private vent(): void {
    this.endPress(this.now)
    this.outbox.send({ type: 'vent' }, this.now)
  }

  /** Releases for a rule, once: a byte for each report or bad line would call for an answer each, without end. */
  private trip(rule: Rule, why: string): void {
    if (!this.releasing.hasTold(rule)) this.release(why, this.now, rule)
  }

  /** Before anything else is done with this time: was the guard itself held up since it last looked? */
  private wake(now: MonoMs): void {
    this.now = now
    const lag = now - this.lookedAt
    if (this.pressing.inForce && lag > LAG_MAX) this.trip('LAG', `the guard was held up for ${Math.round(lag)} ms`)
  }

  /** All rules, on every report and at least every 100 ms. */
  private look(): void {
    this.lookedAt = this.now
    const { seen, envelope, armedAt, now } = this
    const { inForce: press, venting, first: firstPress, heardAt_unit_ms } = this.pressing
    const released = this.releasing.hasBegun
    const broken = brokenRule({ seen, envelope, press, venting, firstPress, heardAt_unit_ms, armedAt, released }, now)
    this.rulesHold = broken === undefined
    if (broken) this.trip(broken.rule, broken.text)
    const absent = this.pressing.inForce && controllerProblem(this.controller, this.now)
    if (absent) this.trip('CONTROLLER', absent)
  }

  private line(frame: UnitFrame | string): void {
    if (typeof frame === 'string') return this.badLine()
    switch (frame.type) {
      case 'ack':
        return this.outbox.answered(frame.seq, { outcome: 'done' }, this.now)
      case 'refusal':
        return this.outbox.answered(frame.seq, { outcome: 'refused', code: frame.code }, this.now)
      case 'telemetry':
        return this.hasAllChannels(frame) ? this.telemetry(frame) : this.badLine()
      case 'identity':
        this.identity ??= frame
        return this.effects.report({ is: 'identity', frame })
      case 'profile':
        this.seen = { ...this.seen, profile: this.seen.profile ?? frame }
        this.effects.report({ is: 'profile', frame })
        return this.outbox.answered(IDENTIFY, { outcome: 'done' }, this.now)
      case 'self-test':
        return this.effects.report({ is: 'self-test', frame })
    }
  }

  /** A channel that is not reported is not known to be vented. */
  private hasAllChannels({ channels }: Telemetry): boolean {
    const { profile } = this.seen
    return !profile || channels.length === profile.ceilings_mmHg.length
  }

  private telemetry(frame: Telemetry): void {
    const seen = look(this.seen, frame, this.now)
    if (!seen) return
    const isFirst = !this.seen.last
    this.seen = { ...seen, boot: seen.boot ?? (this.hasSession ? frame.boot : undefined) }
    this.pressing.note(frame, seen, this.releasing.hasBegun, this.now)
    this.effects.report({ is: 'telemetry', frame })
    if ((isFirst || !this.hasSession) && isFull(frame)) this.trip('FOUND', 'the unit was found under pressure')
    this.look()
  }

  private badLine(): void {
    this.badLines = newest(this.badLines, this.now)
    if (areTooMany(this.badLines) && this.hasSession) this.trip('BAD-LINES', 'ten damaged lines within 1 s')
  }
}
