import type { Commanded, Envelope, GuardCommand, GuardReport, Press, Rule } from '../../machines/guardMessages.ts'
import { Framer } from '../../protocol/framer.ts'
import { decodeUnitFrame, type Identity, isVented, type Telemetry, type UnitFrame } from '../../protocol/unitFrames.ts'
import type { MonoMs } from '../../protocol/units.ts'
import { TIMING, TO_HOST_MAX } from '../../protocol/wire.ts'
import { envelopeProblem, helloProblem, pressProblem } from './envelope.ts'
import { type Controller, controllerProblem, heard, LAG_MAX, mayRenew, NO_CONTROLLER, Pings } from './lease.ts'
import { beginPress, brokenRule, LEASES_KEPT, notePress, type PressInForce, type Venting } from './monitor.ts'
import { IDENTIFY, type LineOutcome, Outbox, reasonOf, type Settled } from './outbox.ts'
import { areTooMany, look, NOTHING_SEEN, newest, type Seen } from './sight.ts'

/** What the guard can do to the world. None of these may throw. */
export interface GuardEffects {
  write(line: string): void
  writeRelease(): void
  report(report: GuardReport): void
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
  private readonly outbox: Outbox
  private readonly framer: Framer
  private identity: Identity | undefined
  private envelope: Envelope | undefined
  private seen: Seen = NOTHING_SEEN
  private controller: Controller = NO_CONTROLLER
  private readonly pings = new Pings()
  /** When the unit acknowledged that it is armed; undefined before, and after a release. */
  private armedAt: MonoMs | undefined
  private press: PressInForce | undefined
  private venting: Venting | undefined
  private firstPress: MonoMs | undefined
  private pressEnded: MonoMs = Number.NEGATIVE_INFINITY
  private commandedAt: MonoMs = Number.NEGATIVE_INFINITY
  private leaseAt: MonoMs = Number.POSITIVE_INFINITY
  private releasedAt: MonoMs | undefined
  private releaseSentAt: MonoMs = Number.NEGATIVE_INFINITY
  private readonly told = new Set<Rule>()
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
    this.outbox = new Outbox(line => effects.write(line))
    this.framer = new Framer(TO_HOST_MAX, {
      line: (line, length) => this.line(decodeUnitFrame(line, length)),
      bad: () => this.badLine(),
    })
  }

  /** Release now. The byte goes first; whatever else is to be done comes after it. */
  release(why: string, now: MonoMs, rule?: Rule): void {
    this.effects.writeRelease()
    this.now = now
    this.releaseSentAt = now
    const news = this.releasedAt === undefined || (rule && !this.told.has(rule))
    if (rule) this.told.add(rule)
    if (news) this.effects.report({ is: 'released', why, ...(rule && { rule }) })
    if (this.releasedAt !== undefined) return
    this.releasedAt = now
    this.armedAt = undefined
    this.endPress()
    this.outbox.clear(now)
  }

  /** A release went out, and the unit has shown since that it is latched with every line below 15 mmHg. */
  get isReleased(): boolean {
    const { last, at } = this.seen
    return this.releasedAt !== undefined && at > this.releasedAt && last?.mode === 'latched' && isVented(last)
  }

  /** A hello went out to the unit: leaving it takes a release. */
  get hasSession(): boolean {
    return this.outbox.hasSession
  }

  /** Nothing is left to do for a unit that was opened or released, or there never was one. */
  get mayLeave(): boolean {
    const unneeded = this.releasedAt === undefined || this.seen.last === undefined
    return this.isReleased || (!this.hasSession && unneeded)
  }

  bytes(chunk: Uint8Array, now: MonoMs): void {
    this.now = now
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
    if (this.releasedAt !== undefined) return this.outcome(command.do, 'refused', 'a release ended this session')
    switch (command.do) {
      case 'identify':
        return this.outbox.identify(now, this.tell('identify'))
      case 'hello':
        return this.hello(command.nonce, command.rate_Hz)
      case 'envelope':
        return this.setEnvelope(command.envelope)
      case 'press':
        return this.startPress(command)
      case 'vent':
        return this.vent()
      case 'self-test':
      case 'arm':
        return this.prepare(command.do)
      default:
        // Whoever says something else over there is not our controller.
        this.release('the controller said something that is no command', now, 'CONTROLLER')
    }
  }

  /** To be called at `nextDeadline` at the latest. */
  tick(now: MonoMs): void {
    this.now = now
    this.outbox.tick(now)
    this.ping()
    this.look()
    this.renew()
    if (now >= this.repeatAt) this.release('again', now)
  }

  /** When `tick` wants to be called next. */
  get nextDeadline(): MonoMs {
    return Math.min(this.lookedAt + TICK_MS, this.pingedAt + TICK_MS, this.leaseAt, this.repeatAt)
  }

  /** When the release byte is due again: until the unit has shown that it is vented. */
  private get repeatAt(): MonoMs {
    const done = this.releasedAt === undefined || this.isReleased
    return done ? Number.POSITIVE_INFINITY : this.releaseSentAt + TIMING.releaseRepeat
  }

  private ping(): void {
    if (this.now - this.pingedAt < TICK_MS) return
    this.pingedAt = this.now
    this.effects.report({ is: 'ping', ping: this.pings.next(this.now) })
  }

  private outcome(of: Commanded, outcome: LineOutcome['outcome'], why?: string): void {
    this.effects.report({ is: 'outcome', of, outcome, ...(why !== undefined && { why }) })
  }

  private tell(of: Commanded): Settled {
    return (result, now) => {
      this.now = now
      this.outcome(of, result.outcome, reasonOf(result))
    }
  }

  private hello(nonce: number, rate_Hz: number): void {
    if (this.hasSession) return this.outcome('hello', 'refused', 'one guard, one session')
    const problem = helloProblem(this.identity, this.seen.profile, this.scaled)
    if (problem !== undefined) return this.outcome('hello', 'refused', problem)
    this.outbox.hello(nonce, rate_Hz, this.now, this.tell('hello'))
  }

  private setEnvelope(envelope: Envelope): void {
    const problem = this.envelope ? 'it is set already' : envelopeProblem(envelope, this.seen.profile)
    if (problem === undefined) this.envelope = envelope
    this.outcome('envelope', problem === undefined ? 'done' : 'refused', problem)
  }

  private prepare(what: 'self-test' | 'arm'): void {
    if (what === 'arm' && !this.envelope) return this.outcome('arm', 'refused', 'no envelope has been set')
    this.outbox.send({ type: what }, this.now, (result, now) => {
      if (what === 'arm' && result.outcome === 'done') this.armedAt = this.releasedAt === undefined ? now : undefined
      this.tell(what)(result, now)
    })
  }

  private startPress(press: Press): void {
    const { envelope, seen, firstPress, now } = this
    const controllerWell = controllerProblem(this.controller, now) === undefined
    const pressing = this.press !== undefined
    const facts = { envelope, seen, firstPress, controllerWell, pressing, pressEnded: this.pressEnded }
    const problem = pressProblem(press, facts, now)
    if (problem !== undefined) return this.outcome('press', 'refused', problem)
    this.firstPress ??= now
    this.commandedAt = this.leaseAt = now
    const begun = beginPress(press, now)
    this.press = begun
    this.sendLease((result, then) => {
      this.now = then
      if (result.outcome === 'done') this.sendTargets(press, begun)
      else this.pressFailed(result, begun)
    })
  }

  /** A press that has been ended since its lease went out sends nothing, even if another one has begun. */
  private sendTargets({ targets, slew_mmHg_per_s }: Press, begun: PressInForce): void {
    if (this.press !== begun) return
    this.commandedAt = this.now
    let waiting = targets.length
    for (const { channel, target_mmHg } of targets) {
      this.outbox.send({ type: 'target', channel, target_mmHg, slew_mmHg_per_s }, this.now, (result, now) => {
        this.now = now
        if (result.outcome !== 'done') this.pressFailed(result, begun)
        else if (--waiting === 0) this.outcome('press', 'done')
      })
    }
  }

  /** Half a press, or one that may have happened, ends in a release; it is never tried again. */
  private pressFailed(result: LineOutcome, begun: PressInForce): void {
    if (this.press !== begun) return
    const why = reasonOf(result) ?? 'not answered'
    this.release(`the press command: ${why}`, this.now, 'UNKNOWN')
    this.outcome('press', result.outcome, why)
  }

  private vent(): void {
    this.endPress()
    // Nothing that inflates may still go out in front of the vent.
    this.outbox.clear(this.now)
    this.outbox.send({ type: 'vent' }, this.now, (result, now) => {
      // A release that came in between is more than a vent, and is no failure of it.
      if (this.releasedAt !== undefined) return
      this.tell('vent')(result, now)
      if (result.outcome !== 'done') this.release(`the vent command: ${result.outcome}`, now, 'UNKNOWN')
    })
  }

  private endPress(): void {
    this.leaseAt = Number.POSITIVE_INFINITY
    if (!this.press && this.venting) return
    this.press = undefined
    this.pressEnded = this.commandedAt = this.now
    this.venting = { since: this.now, from: this.seen.last?.channels.map(c => c.pressure_mmHg) ?? [] }
  }

  private renew(): void {
    if (this.now < this.leaseAt || !this.press) return
    const { controller, rulesHold } = this
    const facts = { pressing: true, controller, rulesHold, seenAt: this.seen.at }
    if (mayRenew(facts, this.now)) this.sendLease(() => {})
    else this.leaseAt = this.now + TICK_MS
  }

  /** An unanswered lease needs no treatment of its own: the echo in telemetry is the evidence, and rule ECHO asks it. */
  private sendLease(settled: Settled): void {
    this.leaseAt = Math.max(this.leaseAt + TIMING.lease, this.now + TICK_MS)
    const seq = this.outbox.send({ type: 'lease' }, this.now, settled)
    if (this.press) this.press.leases = [...this.press.leases, seq].slice(-LEASES_KEPT)
  }

  /** Releases for a rule, once: a byte for each report or bad line would call for an answer each, without end. */
  private trip(rule: Rule, why: string): void {
    if (!this.told.has(rule)) this.release(why, this.now, rule)
  }

  /** All rules, on every report and at least every 100 ms. */
  private look(): void {
    const lag = this.now - this.lookedAt
    this.lookedAt = this.now
    if (this.press && lag > LAG_MAX) this.trip('LAG', `the guard was held up for ${Math.round(lag)} ms`)
    const { seen, envelope, press, venting, firstPress, commandedAt, armedAt, now } = this
    const broken = brokenRule({ seen, envelope, press, venting, firstPress, commandedAt, armedAt }, now)
    this.rulesHold = broken === undefined
    if (broken) this.trip(broken.rule, broken.text)
    const absent = this.press && controllerProblem(this.controller, this.now)
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
    if (this.press) notePress(this.press, frame, seen.unit_ms, this.now)
    else if (this.releasedAt === undefined && frame.mode !== 'venting' && isVented(frame)) this.venting = undefined
    this.effects.report({ is: 'telemetry', frame })
    if ((isFirst || !this.hasSession) && !isVented(frame)) this.trip('FOUND', 'the unit was found under pressure')
    this.look()
  }

  private badLine(): void {
    this.badLines = newest(this.badLines, this.now)
    if (areTooMany(this.badLines) && this.hasSession) this.trip('BAD-LINES', 'ten damaged lines within 1 s')
  }
}
