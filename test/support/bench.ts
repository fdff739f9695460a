import { Framer } from '../../protocol/framer.ts'
import { encodeHostFrame, type HostFrame } from '../../protocol/hostFrames.ts'
import { decodeUnitFrame, type Telemetry, type UnitFrame } from '../../protocol/unitFrames.ts'
import { RELEASE, TO_HOST_MAX } from '../../protocol/wire.ts'
import type { UnitEvent } from '../../sim/events.ts'
import { createUnit, type Unit, type UnitOptions } from '../../sim/unit.ts'

type Of<Type extends UnitFrame['type']> = Extract<UnitFrame, { type: Type }>
type Simple = 'self-test' | 'arm' | 'vent' | 'lease'
/** How an answer reads in a test: "K", or "N 0A". */
export type Answer = string

/** A host on a bench: drives a simulated unit in virtual time and keeps everything that the unit says. */
export class Bench {
  now = 0
  nonce = 0x8f03a2c1
  seq = 0
  readonly unit: Unit
  readonly frames: { readonly at: number; readonly frame: UnitFrame }[] = []
  readonly events: UnitEvent[] = []
  readonly sent: Uint8Array[] = []
  bad = 0

  constructor(options: UnitOptions = {}) {
    const framer = new Framer(TO_HOST_MAX, {
      line: (line, length) => this.hear(decodeUnitFrame(line, length)),
      bad: () => this.bad++,
    })
    let at = 0
    this.unit = createUnit({
      ...options,
      send: (bytes, now) => {
        at = now
        this.sent.push(bytes)
        this.heardAt = at
        framer.push(bytes)
      },
      event: event => this.events.push(event),
    })
  }

  private heardAt = 0
  private hear(frame: UnitFrame | string): void {
    if (typeof frame === 'string') this.bad++
    else this.frames.push({ at: this.heardAt, frame })
  }

  /** Bytes or text as they are. */
  raw(bytes: string | Uint8Array): void {
    this.unit.receive(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, this.now)
  }

  /** A frame, and how the unit answered it. */
  say(frame: HostFrame): Answer {
    const before = this.frames.length
    this.raw(encodeHostFrame(frame))
    const answer = this.frames.slice(before).find(({ frame: f }) => f.type === 'ack' || f.type === 'refusal')?.frame
    if (answer?.type === 'refusal') return `N ${answer.code.toString(16).toUpperCase().padStart(2, '0')}`
    return answer ? 'K' : 'silence'
  }

  command(type: Simple, over: { nonce?: number; seq?: number } = {}): Answer {
    this.seq++
    return this.say({ type, nonce: this.nonce, seq: this.seq, ...over })
  }

  target(channel: number, target_mmHg: number, slew_mmHg_per_s = 20, over: { seq?: number } = {}): Answer {
    this.seq++
    return this.say({
      type: 'target',
      nonce: this.nonce,
      seq: this.seq,
      channel,
      target_mmHg,
      slew_mmHg_per_s,
      ...over,
    })
  }

  hello(rate_Hz = 10, version = 1): Answer {
    this.seq = 0
    return this.say({ type: 'hello', nonce: this.nonce, version, rate_Hz })
  }

  release(): void {
    this.raw(Uint8Array.of(RELEASE))
  }

  /** Time passes, and nobody renews a lease. */
  silent(ms: number): this {
    this.now += ms
    this.unit.advance(this.now)
    return this
  }

  /** Time passes with a lease every 250 ms. */
  keep(ms: number): this {
    for (const end = this.now + ms; this.now < end; ) {
      this.command('lease')
      this.silent(Math.min(250, end - this.now))
    }
    return this
  }

  /** Hello, self test, arm: everything before a target. */
  armed(rate_Hz = 10): this {
    this.hello(rate_Hz)
    this.retest()
    this.command('arm')
    this.command('lease')
    return this
  }

  retest(): this {
    this.command('self-test')
    return this.silent(1_200)
  }

  /** Armed, then every channel at its target, held for a second. */
  holding(target_mmHg = 100, channels = 1): this {
    this.armed()
    for (let channel = 1; channel <= channels; channel++) this.target(channel, target_mmHg)
    return this.keep(target_mmHg * 50 + 2_000)
  }

  report(): Telemetry {
    return this.all('telemetry').at(-1)!
  }

  mode(): string {
    return this.report().mode
  }

  faults(): string[] {
    const event = this.events.findLast(one => one.type === 'fault')
    return event?.type === 'fault' ? [...event.faults] : []
  }

  all<Type extends UnitFrame['type']>(type: Type): Of<Type>[] {
    return this.frames.flatMap(({ frame }) => (frame.type === type ? [frame as Of<Type>] : []))
  }

  happened<Type extends UnitEvent['type']>(type: Type): (UnitEvent & { type: Type })[] {
    return this.events.flatMap(one => (one.type === type ? [one as UnitEvent & { type: Type }] : []))
  }

  /** True pressure on the first limb. */
  pressure(): number {
    return this.unit.pressures()[0]!
  }

  /** How long it takes, in steps of 10 ms, until `holds`; fails after `most` ms. */
  until(holds: () => boolean, most: number, keep = false): number {
    const from = this.now
    while (!holds()) {
      if (this.now - from > most) throw new Error(`still not after ${most} ms`)
      if (keep && (this.now - from) % 250 === 0) this.command('lease')
      this.silent(10)
    }
    return this.now - from
  }
}
