import type { Millis } from '../protocol/units.ts'

/** Lets bytes through to the next stage, now or at a later time on the unit's clock. */
export type Pass = (bytes: Uint8Array, at?: Millis) => void
/** What a disturbance does with bytes: pass them, changed, twice, later, or not at all. */
export type Stage = (bytes: Uint8Array, t: Millis, pass: Pass) => void

interface Held {
  readonly at: Millis
  readonly stage: number
  readonly bytes: Uint8Array
}

/** More than this is lost, as on a line without flow control. */
const HELD_MAX = 4_096

/** One direction of the link: a row of stages that bytes pass, some of them later. */
export class Pipe {
  private readonly stages: Stage[] = []
  private held: Held[] = []
  private readonly out: (bytes: Uint8Array, t: Millis) => void

  constructor(out: (bytes: Uint8Array, t: Millis) => void) {
    this.out = out
  }

  add(stage: Stage): void {
    this.stages.push(stage)
  }

  /** What the stage holds goes on from where it stood. */
  remove(stage: Stage): void {
    const place = this.stages.indexOf(stage)
    if (place < 0) return
    this.stages.splice(place, 1)
    this.held = this.held.map(one => (one.stage > place ? { ...one, stage: one.stage - 1 } : one))
  }

  push(bytes: Uint8Array, t: Millis): void {
    this.run(0, bytes, t)
  }

  /** When the next held bytes are due. */
  next(): Millis {
    return this.held[0]?.at ?? Number.POSITIVE_INFINITY
  }

  /** Lets through what is due at t. */
  due(t: Millis): void {
    while (this.next() <= t) {
      const { stage, bytes } = this.held.shift()!
      this.run(stage, bytes, t)
    }
  }

  private run(from: number, bytes: Uint8Array, t: Millis): void {
    const next = this.stages[from]
    if (!next) this.out(bytes, t)
    else next(bytes, t, (passed, at = t) => this.pass({ at, stage: from + 1, bytes: passed }, t))
  }

  private pass(item: Held, t: Millis): void {
    if (item.at <= t) return this.run(item.stage, item.bytes, t)
    if (this.held.length >= HELD_MAX) return
    let place = this.held.length
    while (place > 0 && this.held[place - 1]!.at > item.at) place--
    this.held.splice(place, 0, item)
  }
}
