import type { Envelope, GuardCommand, GuardReport, Press } from '../../machines/guardMessages.ts'
import { decodeHostFrame, type HostFrame } from '../../protocol/hostFrames.ts'
import { encodeUnitFrame, type Profile, type Telemetry, type UnitFrame } from '../../protocol/unitFrames.ts'
import type { Millis, MonoMs } from '../../protocol/units.ts'
import { RELEASE } from '../../protocol/wire.ts'
import type { UnitEvent } from '../../sim/events.ts'
import { createUnit, type Unit, type UnitOptions } from '../../sim/unit.ts'
import { Guard } from '../../src/guard/core.ts'

/** Both arms, up to 100 and 90 mmHg. */
export const ENVELOPE: Envelope = {
  cuffs: [
    { channel: 1, limb: 'left-arm', max_mmHg: 100 },
    { channel: 2, limb: 'right-arm', max_mmHg: 90 },
  ],
  slew_mmHg_per_s: 20,
  press_ms: 8_000,
  rest_ms: 5_000,
  cum_ms: 60_000,
}

export const PRESS: Press = {
  targets: [
    { channel: 1, target_mmHg: 60 },
    { channel: 2, target_mmHg: 50 },
  ],
  slew_mmHg_per_s: 20,
}

export const PROFILE: Profile = {
  type: 'profile',
  simulated: true,
  declared: 0xfff,
  silence_ms: 1_500,
  inflatedContinuous_s: 1_200,
  inflatedHour_s: 1_200,
  slewMax_mmHg_per_s: 30,
  ceilings_mmHg: [300, 300],
}

/** A report in which all is well, vented and armed. */
export const report = (change: Partial<Telemetry> = {}, pressures: readonly number[] = [0, 0]): Telemetry => ({
  type: 'telemetry',
  seq: 1,
  uptime_ms: 1_000,
  boot: 1,
  loop: 1,
  lease: 0,
  faults: 0,
  mode: 'armed',
  channels: pressures.map(pressure_mmHg => ({
    pressure_mmHg,
    target_mmHg: 0,
    raw: 1_400,
    pumpOn: false,
    valveClosed: false,
  })),
  ...change,
})

export interface Line {
  readonly at: MonoMs
  readonly what: HostFrame | 'release' | 'no frame'
  readonly bytes: number
}

/** The guard's core and a unit, simulated or by hand, and a controller that says what a test wants. */
export class GuardRig {
  now: MonoMs = 1_000
  readonly guard: Guard
  readonly unit: Unit | undefined
  readonly events: UnitEvent[] = []
  readonly sent: Line[] = []
  readonly reports: GuardReport[] = []
  /** The controller answers pings and gets on. */
  well = true
  private step = 0
  private readonly queue: (() => void)[] = []

  constructor(unit?: UnitOptions) {
    this.guard = new Guard(
      {
        write: line => this.line(Buffer.from(line, 'latin1')),
        writeRelease: () => this.line(Buffer.of(RELEASE)),
        report: one => {
          this.reports.push(one)
          if (one.is === 'ping' && this.well) this.queue.push(() => this.pong(one.ping))
        },
      },
      this.now,
    )
    if (!unit) return
    this.unit = createUnit({
      ...unit,
      now: this.now,
      send: bytes => this.queue.push(() => this.guard.bytes(bytes, this.now)),
      event: event => this.events.push(event),
    })
  }

  /** A session with an envelope, armed, on the simulated unit. */
  static armed(unit: UnitOptions = {}, envelope: Envelope = ENVELOPE): GuardRig {
    const rig = new GuardRig(unit)
    rig.advance(200)
    rig.tell({ do: 'identify' })
    rig.tell({ do: 'hello', nonce: 7, rate_Hz: 10 })
    rig.tell({ do: 'self-test' })
    rig.advance(2_500)
    rig.tell({ do: 'envelope', envelope })
    rig.tell({ do: 'arm' })
    rig.advance(200)
    return rig
  }

  tell(command: GuardCommand): void {
    this.guard.command(command, this.now)
    this.drain()
  }

  /** The unit says something. */
  hear(...frames: readonly UnitFrame[]): void {
    for (const frame of frames) this.guard.bytes(Buffer.from(encodeUnitFrame(frame), 'latin1'), this.now)
    this.drain()
  }

  advance(ms: Millis): void {
    const until = this.now + ms
    for (;;) {
      this.now = Math.min(until, Math.max(this.now, this.next()))
      this.unit?.advance(this.now)
      this.drain()
      this.guard.tick(this.now)
      this.drain()
      if (this.now >= until) return
    }
  }

  get released(): readonly GuardReport[] {
    return this.reports.filter(one => one.is === 'released')
  }

  frames(type: HostFrame['type']): readonly Line[] {
    return this.sent.filter(({ what }) => typeof what === 'object' && what.type === type)
  }

  /** How the last command of that kind ended. */
  outcome(of: string): GuardReport | undefined {
    return this.reports.filter(one => one.is === 'outcome' && one.of === of).at(-1)
  }

  private next(): MonoMs {
    return Math.min(this.guard.nextDeadline, this.unit?.nextDeadline() ?? Number.POSITIVE_INFINITY)
  }

  private pong(ping: number): void {
    this.guard.command({ do: 'pong', ping, step: ++this.step }, this.now)
  }

  private line(bytes: Uint8Array): void {
    const frame = bytes[0] === RELEASE ? 'release' : decodeHostFrame(bytes, bytes.length - 1)
    const what = typeof frame === 'string' && frame !== 'release' ? 'no frame' : frame
    this.sent.push({ at: this.now, what, bytes: bytes.length })
    this.queue.push(() => this.unit?.receive(bytes, this.now))
  }

  private drain(): void {
    for (let work = this.queue.shift(); work; work = this.queue.shift()) work()
  }
}
