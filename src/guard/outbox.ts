import { encodeHostFrame, type HostFrame } from '../../protocol/hostFrames.ts'
import type { MmHg, MmHgPerS, MonoMs } from '../../protocol/units.ts'
import { IN_FLIGHT_MAX, PROTOCOL_VERSION, refusalName, TIMING } from '../../protocol/wire.ts'

/** How a line to the unit ended. Unknown: not answered, so it may or may not have happened. */
export type LineOutcome =
  | { readonly outcome: 'done' | 'unknown' }
  | { readonly outcome: 'refused'; readonly code: number }

/** What a refusal says, for people. */
export const reasonOf = (result: LineOutcome): string | undefined =>
  result.outcome === 'refused' ? `the unit refuses: ${refusalName(result.code)}` : undefined

/** A command of a session, before it gets the session's nonce and its number. */
export type Order =
  | { readonly type: 'self-test' | 'arm' | 'vent' | 'lease' }
  | {
      readonly type: 'target'
      readonly channel: number
      readonly target_mmHg: MmHg
      readonly slew_mmHg_per_s: MmHgPerS
    }

/** Which line it was. An identify has no number of its own, and a hello the number 0. */
export interface LineName {
  readonly of: HostFrame['type']
  readonly seq: number
}

export interface OutboxEffects {
  write(line: string): void
  /** How a line ended: each one that was written or dropped, once. */
  settled(line: LineName, result: LineOutcome, now: MonoMs): void
}

interface Line extends LineName {
  readonly text: string
  readonly sent: MonoMs
}

/** An identify is answered by I and J, which carry no number. */
export const IDENTIFY = -1
const HELLO = 0

/**
 * Lines on their way to the unit, with the session's nonce and numbers. At most 64 bytes are unanswered at any time, so
 * that nothing the guard ever sends stands between a release byte and the unit. A line that is not answered within
 * 300 ms is settled as unknown, and never sent again.
 */
export class Outbox {
  private readonly effects: OutboxEffects
  private waiting: readonly Line[] = []
  private inFlight: readonly Line[] = []
  private nonce = 0
  private seq = 0

  constructor(effects: OutboxEffects) {
    this.effects = effects
  }

  get memory() {
    const { waiting, inFlight, nonce, seq } = this
    return { waiting, inFlight, nonce, seq }
  }

  /** Another one in the same state. */
  fork(effects: OutboxEffects): Outbox {
    return Object.assign(new Outbox(effects), this.memory)
  }

  /** A hello went out: there is a session, or there may be one. */
  get hasSession(): boolean {
    return this.nonce !== 0
  }

  identify(now: MonoMs): void {
    this.queue({ type: 'identify' }, IDENTIFY, now)
  }

  hello(nonce: number, rate_Hz: number, now: MonoMs): void {
    this.nonce = nonce
    this.queue({ type: 'hello', nonce, version: PROTOCOL_VERSION, rate_Hz }, HELLO, now)
  }

  /** Returns the number that the order got. */
  send(order: Order, now: MonoMs): number {
    const seq = ++this.seq
    this.queue({ ...order, nonce: this.nonce, seq }, seq, now)
    return seq
  }

  /** An acknowledgement or a refusal came in; one that nobody waits for changes nothing. */
  answered(seq: number, result: LineOutcome, now: MonoMs): void {
    const line = this.inFlight.find(one => one.seq === seq)
    if (!line) return
    this.inFlight = this.inFlight.filter(one => one !== line)
    this.effects.settled(line, result, now)
    this.pump(now)
  }

  /** Settles what has waited for too long. */
  tick(now: MonoMs): void {
    const late = this.inFlight.filter(one => now - one.sent > TIMING.ack)
    this.inFlight = this.inFlight.filter(one => !late.includes(one))
    for (const line of late) this.effects.settled(line, { outcome: 'unknown' }, now)
    this.pump(now)
  }

  /** When the oldest unanswered line has waited for too long. */
  get dueAt(): MonoMs {
    return Math.min(...this.inFlight.map(line => line.sent + TIMING.ack + 1))
  }

  /** Nothing that still waits may go out behind a release. */
  clear(now: MonoMs): void {
    const dropped = this.waiting
    this.waiting = []
    for (const line of dropped) this.effects.settled(line, { outcome: 'unknown' }, now)
  }

  private queue(frame: HostFrame, seq: number, now: MonoMs): void {
    this.waiting = [...this.waiting, { of: frame.type, seq, text: encodeHostFrame(frame), sent: now }]
    this.pump(now)
  }

  private pump(now: MonoMs): void {
    let bytes = this.inFlight.reduce((sum, line) => sum + line.text.length, 0)
    for (let line = this.waiting[0]; line && bytes + line.text.length <= IN_FLIGHT_MAX; line = this.waiting[0]) {
      bytes += line.text.length
      this.waiting = this.waiting.slice(1)
      this.inFlight = [...this.inFlight, { ...line, sent: now }]
      this.effects.write(line.text)
    }
  }
}
