import type { Millis, MmHg, MonoMs } from '../protocol/units.ts'
import { type Active, begin, readSpec, type Spec } from './behaviours/index.ts'
import { FIRMWARE, STEP_MS } from './constants.ts'
import type { StartCause, UnitEvent, UnitHappening } from './events.ts'
import { Firmware } from './firmware/firmware.ts'
import type { UnitProfile } from './firmware/state.ts'
import { Pipe } from './link.ts'
import { type LimbSpec, Plant } from './plant.ts'
import { Random } from './random.ts'
import type { Rig } from './rig.ts'
import { CeilingSwitch, Sensor } from './sensor.ts'

export interface UnitOptions {
  /** 1 to 4. Default 2. */
  readonly channels?: number
  /** The same seed and the same input give the same output. Default 1. */
  readonly seed?: number
  /** What the profile says; false only for testing refusals. Default true. */
  readonly simulated?: boolean
  /** One for each channel. Default: arms with 5 cm cuffs. */
  readonly limbs?: readonly LimbSpec[]
  /** `NAME[=ARGS][@WHEN]`, as in behaviours/. */
  readonly behaviours?: readonly string[]
  /** In place of the usual 1,500 ms, 1,200 s, 1,200 s, 30 mmHg/s and 300 mmHg. */
  readonly profile?: Partial<Omit<UnitProfile, 'simulated'>>
  /** The time at which the unit is made, on the clock of all the `now`s that follow. Default 0. */
  readonly now?: MonoMs
  /** Each line of the unit, when it leaves. */
  readonly send?: (bytes: Uint8Array, now: MonoMs) => void
  readonly event?: (event: UnitEvent) => void
}

/** A simulated unit. Time is what the caller says it is, and never goes back. */
export interface Unit {
  /** Bytes from the host, in any pieces. */
  receive(bytes: Uint8Array, now: MonoMs): void
  /** Lives through everything up to `now`, each thing at its own time. */
  advance(now: MonoMs): void
  /** Nothing happens before this, unless bytes come. */
  nextDeadline(): MonoMs
  /** The host has opened or closed the line. */
  opened(now: MonoMs): void
  closed(now: MonoMs): void
  /** Adds a behaviour; its times count from now on. @throws RangeError for a spec that is not one. */
  inject(spec: string, now: MonoMs): void
  /** True pressure on each limb, whatever the sensors say. */
  pressures(): MmHg[]
}

const PRESSURE_EVENT_MS: Millis = 100
/** What adding and taking off the epoch can lose: whoever waits until `nextDeadline` has reached it. */
const ROUNDING_MS: Millis = 1e-6
/** A line is printable ASCII, so that its characters are its bytes. */
function ascii(line: string): Uint8Array {
  const bytes = new Uint8Array(line.length)
  for (let i = 0; i < line.length; i++) bytes[i] = line.charCodeAt(i)
  return bytes
}
const ARM: LimbSpec = { kind: 'arm', width_cm: 5 }

export const createUnit = (options: UnitOptions = {}): Unit => new SimulatedUnit(options)

class SimulatedUnit implements Unit, Rig {
  readonly firmware: Firmware
  readonly plants: readonly Plant[]
  readonly sensors: readonly Sensor[]
  readonly random: Random
  private readonly limits: readonly CeilingSwitch[]
  private readonly options: UnitOptions
  private readonly toUnit = new Pipe((bytes, t) => this.arrive(bytes, t))
  private readonly toHost = new Pipe((bytes, t) => this.options.send?.(bytes, t + this.epoch))
  /** The unit's clock and the next step, both since the unit was made. */
  private clock: Millis = 0
  private nextStep: Millis = 0
  private readonly epoch: MonoMs
  /** The power is off, or the firmware not yet up, until then. */
  private upAt: Millis = 0
  private restartAt: Millis = Number.POSITIVE_INFINITY
  private up = false
  /** The plant that each channel's hose leads to. */
  private readonly hoses: number[]
  private readonly counts: number[]
  private waiting: Spec[] = []
  private active: Active[] = []
  private nextPressure: Millis = 0
  private pressed = false

  constructor(options: UnitOptions) {
    this.options = options
    this.epoch = options.now ?? 0
    this.random = new Random(options.seed ?? 1)
    const profile = profileOf(options)
    const channels = profile.ceilings_mmHg.map((_, i) => i)
    this.plants = channels.map(i => new Plant(options.limbs?.[i] ?? ARM))
    this.sensors = channels.map(() => new Sensor(this.random.fork()))
    this.limits = profile.ceilings_mmHg.map(c => new CeilingSwitch(c, FIRMWARE.ceilingTime.value))
    this.hoses = channels
    this.counts = channels.map(() => 0)
    this.firmware = new Firmware(profile, `SIM-${options.seed ?? 1}`, {
      send: line => this.up && this.send(ascii(line)),
      event: happening => this.tell(happening),
      pumpShorted: channel => this.plants[this.hoses[channel]!]!.flaws.pumpStuckOn,
    })
    this.firmware.start(0, 'power')
    for (const spec of options.behaviours ?? []) this.await(readSpec(spec, this.plants.length))
    this.beginDue()
  }

  receive(bytes: Uint8Array, now: MonoMs): void {
    this.advance(now)
    this.toUnit.push(bytes, this.clock)
  }

  advance(now: MonoMs): void {
    const until = now - this.epoch
    for (let next = this.next(); next <= until + ROUNDING_MS; next = this.next()) {
      this.clock = Math.max(next, this.clock)
      this.happen()
    }
    this.clock = Math.max(until, this.clock)
  }

  nextDeadline(): MonoMs {
    return this.next() + this.epoch
  }

  opened(now: MonoMs): void {
    this.advance(now)
    this.tell({ type: 'connect' })
    for (const one of this.active) one.hooks.opened?.(this.clock)
  }

  closed(now: MonoMs): void {
    this.advance(now)
    this.tell({ type: 'disconnect' })
  }

  inject(spec: string, now: MonoMs): void {
    const read = readSpec(spec, this.plants.length)
    this.advance(now)
    this.await(read)
    this.beginDue()
  }

  private await(spec: Spec): void {
    this.waiting.push(spec.phase ? spec : { ...spec, at: this.clock + spec.after_ms })
  }

  pressures(): MmHg[] {
    return this.plants.map(plant => plant.cuff_mmHg(this.clock))
  }

  t(): Millis {
    return this.clock
  }

  restart(cause: StartCause, off_ms: Millis = 0): void {
    this.up = false
    this.restartAt = Number.POSITIVE_INFINITY
    if (off_ms > 0) {
      this.tell({ type: 'power-off' })
      this.firmware.stop()
      this.upAt = Number.POSITIVE_INFINITY
      this.restartAt = this.clock + off_ms
      return
    }
    this.firmware.start(this.clock, cause)
    this.upAt = this.clock + FIRMWARE.bootTime.value
  }

  send(bytes: Uint8Array): void {
    this.toHost.push(bytes, this.clock)
  }

  end(prefix: string): void {
    const ended = this.active.filter(one => one.spec.name.startsWith(prefix))
    this.active = this.active.filter(one => !ended.includes(one))
    for (const { hooks } of ended) {
      if (hooks.toUnit) this.toUnit.remove(hooks.toUnit)
      if (hooks.toHost) this.toHost.remove(hooks.toHost)
    }
  }

  swapHoses(): void {
    if (this.hoses.length > 1) this.hoses.splice(0, 2, this.hoses[1]!, this.hoses[0]!)
  }

  private next(): Millis {
    const telemetry = this.up && !this.firmware.flaws.hang ? this.firmware.state.nextTelemetry : this.nextStep
    return Math.min(this.nextStep, telemetry, this.toUnit.next(), this.toHost.next())
  }

  private happen(): void {
    const t = this.clock
    this.toUnit.due(t)
    this.toHost.due(t)
    if (t >= this.nextStep) this.step()
    const { firmware } = this
    if (this.up && !firmware.flaws.hang && t >= firmware.state.nextTelemetry) firmware.scheduledTelemetry(t)
  }

  private arrive(bytes: Uint8Array, t: Millis): void {
    if (this.up && !this.firmware.flaws.hang) this.firmware.receive(bytes, t)
  }

  /** One step of everything: power, pneumatics, sensors, the ceiling's switch, the control loop, the watchdog. */
  private step(): void {
    this.nextStep += STEP_MS
    this.power()
    this.beginDue()
    this.pneumatics()
    for (const one of this.active) one.hooks.step?.(this.clock)
    if (this.up) this.control()
    this.tellPressure()
  }

  private power(): void {
    if (this.clock >= this.restartAt) this.restart('power')
    if (this.up || this.clock < this.upAt) return
    this.up = true
    this.firmware.ready(this.clock)
  }

  private pneumatics(): void {
    for (let i = 0; i < this.hoses.length; i++) {
      const plant = this.plants[this.hoses[i]!]!
      const output = this.firmware.state.channels[i]!
      const limit = this.limits[i]!
      plant.step(this.clock, output.valve && !limit.tripped, output.duty, output.valve && !limit.tripped)
      limit.step(plant.line_mmHg, output.valve)
      this.sensors[i]!.step(plant.line_mmHg)
      this.counts[i] = this.sensors[i]!.count
    }
  }

  private control(): void {
    const { firmware } = this
    const { flaws } = firmware
    if (!flaws.hang && !flaws.loopHang) firmware.pass(this.clock, this.counts, this.tripped())
    else if (!flaws.noWatchdog && this.clock - firmware.state.fedAt >= FIRMWARE.watchdog.value) this.restart('watchdog')
  }

  private tripped(): boolean {
    for (const limit of this.limits) if (limit.tripped) return true
    return false
  }

  private beginDue(): void {
    if (this.waiting.length === 0) return
    const phase = this.firmware.phase()
    const due: Spec[] = []
    this.waiting = this.waiting.flatMap(spec => {
      const timed = spec.at === undefined && spec.phase === phase ? { ...spec, at: this.clock + spec.after_ms } : spec
      if (timed.at === undefined || timed.at > this.clock) return [timed]
      due.push(timed)
      return []
    })
    for (const spec of due) this.begin(spec)
  }

  private begin(spec: Spec): void {
    this.tell({ type: 'behaviour', spec: spec.text })
    const one = begin(spec, this)
    if (Object.keys(one.hooks).length > 0) this.active.push(one)
    if (one.hooks.toUnit) this.toUnit.add(one.hooks.toUnit)
    if (one.hooks.toHost) this.toHost.add(one.hooks.toHost)
  }

  private tell(happening: UnitHappening): void {
    this.options.event?.({ t_ms: this.clock, ...happening })
  }

  private tellPressure(): void {
    if (!this.options.event || this.clock < this.nextPressure) return
    this.nextPressure = this.clock + PRESSURE_EVENT_MS
    const true_mmHg = this.pressures()
    const pressed = true_mmHg.some(p => p >= 1)
    if (pressed || this.pressed) this.tell({ type: 'pressure', measured_mmHg: this.firmware.measured(), true_mmHg })
    this.pressed = pressed
  }
}

function profileOf(options: UnitOptions): UnitProfile {
  const channels = options.channels ?? options.profile?.ceilings_mmHg?.length ?? options.limbs?.length ?? 2
  if (!Number.isInteger(channels) || channels < 1 || channels > 4)
    throw new RangeError(`a unit has 1 to 4 channels, not ${channels}`)
  return {
    simulated: options.simulated ?? true,
    silence_ms: 1_500,
    inflatedContinuous_s: 1_200,
    inflatedHour_s: 1_200,
    slewMax_mmHg_per_s: 30,
    ceilings_mmHg: Array.from({ length: channels }, () => 300),
    ...options.profile,
  }
}
