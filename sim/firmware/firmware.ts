import { Framer } from '../../protocol/framer.ts'
import { decodeHostFrame, type HostFrame } from '../../protocol/hostFrames.ts'
import { encodeUnitFrame, type UnitFrame } from '../../protocol/unitFrames.ts'
import type { Millis, MmHg } from '../../protocol/units.ts'
import { TO_UNIT_MAX } from '../../protocol/wire.ts'
import { DEMANDS as D } from '../constants.ts'
import type { StartCause, UnitHappening } from '../events.ts'
import { command, type Hello, hello } from './commands.ts'
import { CLEARED_BY_TEST, FAULT, faultNames, QUIET } from './faults.ts'
import { judge, keepTime } from './judge.ts'
import { type ModeEvent, modeAfter } from './modes.ts'
import { letGo, regulate, takeIn } from './regulate.ts'
import { beginTest, testPass } from './selfTest.ts'
import { type FirmwareFlaws, Memory, type Session, State, soundFirmware, type UnitProfile } from './state.ts'
import { profileFrame, telemetryFrame } from './telemetry.ts'
import { channelFaults, frozen } from './watch.ts'

/** What the firmware reaches of the world around it. */
export interface FirmwareLinks {
  send(line: string): void
  event(happening: UnitHappening): void
  /** The driver of a channel's pump is shorted: something that a self test finds without inflating. */
  pumpShorted(channel: number): boolean
}

/**
 * The unit's firmware, written from PROTOCOL.md alone. It has no clock: whoever owns it says what time it is and runs
 * its control loop every STEP_MS. Outputs stand in `state.channels[].duty` and `.valve`.
 */
export class Firmware {
  state: State
  readonly flaws: FirmwareFlaws = soundFirmware()
  readonly profile: UnitProfile
  readonly serial: string
  readonly links: FirmwareLinks
  readonly memory = new Memory()
  private framer: Framer

  constructor(profile: UnitProfile, serial: string, links: FirmwareLinks) {
    this.profile = profile
    this.serial = serial
    this.links = links
    this.framer = this.newFramer()
    this.state = new State(0, profile.ceilings_mmHg.length)
  }

  /** Starts vented and latched, whatever was before. */
  start(t: Millis, cause: StartCause): void {
    const { memory } = this
    memory.boot = (memory.boot + 1) & 0xff
    if (cause === 'power') memory.valveFault = false
    // Kept in the memory too: one more restart does not bring the hour back.
    if (this.flaws.memoryLost) memory.readable = false
    this.flaws.hang = this.flaws.loopHang = this.flaws.memoryLost = false
    this.framer = this.newFramer()
    this.state = new State(t, this.profile.ceilings_mmHg.length)
    this.state.faults = FAULT.BOOT
    if (cause === 'watchdog') this.state.faults |= FAULT.WATCHDOG
    if (memory.valveFault) this.state.faults |= FAULT.VALVE
    this.event({ type: 'start', boot: memory.boot, cause })
    this.sayFaults(0)
  }

  /** The power is gone: nothing is driven, and nothing is remembered but what the memory keeps. */
  stop(): void {
    this.state = new State(this.state.t, this.profile.ceilings_mmHg.length)
  }

  /** The start is over: telemetry begins. */
  ready(t: Millis): void {
    this.state.fedAt = this.state.nextTelemetry = t
  }

  /** What a behaviour may wait for. */
  phase(): 'inflate' | 'hold' | undefined {
    if (this.state.mode !== 'active') return undefined
    return this.state.channels.some(channel => channel.target_mmHg > 0 && !channel.reached) ? 'inflate' : 'hold'
  }

  /** Bytes of the line, in any pieces. */
  receive(bytes: Uint8Array, t: Millis): void {
    this.state.t = t
    this.framer.push(bytes)
  }

  private newFramer(): Framer {
    return new Framer(TO_UNIT_MAX, {
      line: (line, length) => this.line(decodeHostFrame(line, length)),
      bad: () => this.bad(),
      release: () => this.releaseBy('RELEASED'),
    })
  }

  private line(frame: HostFrame | string): void {
    if (typeof frame === 'string') this.bad()
    else if (frame.type === 'identify') this.identify()
    else if (frame.type === 'hello') hello(this, frame)
    else command(this, frame)
    this.tellChange()
  }

  private identify(): void {
    const { version, model } = this.flaws
    this.say({ type: 'identity', version, model, serial: this.serial, firmware: '1.0.0' })
    this.say(profileFrame(this.profile, this.flaws))
  }

  private bad(): void {
    const { state } = this
    if (state.mode !== 'active') return
    state.badAt = [...state.badAt, state.t].slice(-D.badLines)
    if (state.badAt.length === D.badLines && state.t - state.badAt[0]! <= D.badWindow_ms) this.fail(FAULT.LINK)
    this.tellChange()
  }

  /** The release byte, or the button at the unit. Works in every mode, and again and again. */
  releaseBy(name: 'RELEASED' | 'BUTTON'): void {
    this.event({ type: 'release' })
    this.dropAll(name === 'BUTTON' ? 'BUTTON' : 'RELEASE_BYTE')
    this.setFaults(this.state.faults | FAULT[name])
    this.state.changed = true
    this.tellChange()
  }

  /** Opens a session in place of any other. */
  open(frame: Hello): void {
    const { state } = this
    state.session = { nonce: frame.nonce, last: 0, answer: 0, tested: false, lease: 0, leaseAt: 0 } satisfies Session
    state.period_ms = 1000 / frame.rate_Hz
    state.nextTelemetry = state.t + state.period_ms
    this.event({ type: 'hello', nonce: frame.nonce })
    this.dropAll('HELLO')
  }

  beginTest(seq: number): void {
    beginTest(this.state, seq)
    if (this.state.session) this.state.session.tested = false
    this.follow('SELF_TEST')
  }

  vent(): void {
    this.dropAll('VENT')
  }

  /** Goes where the machine of modes says. */
  follow(event: ModeEvent): void {
    const { state } = this
    const mode = modeAfter(state.mode, event)
    if (mode === undefined || mode === state.mode) return
    if (mode !== 'testing') state.testing = undefined
    if (mode === 'active') this.beginActive()
    if (mode === 'latched' && state.session) state.session.leaseAt = Number.NEGATIVE_INFINITY
    if (state.mode === 'active') this.event({ type: 'venting' })
    state.mode = mode
    state.changed = true
    if (mode === 'armed') this.event({ type: 'armed' })
  }

  private beginActive(): void {
    this.state.badAt = []
    for (const channel of this.state.channels) channel.since.raw = this.state.t
  }

  private dropAll(why: ModeEvent): void {
    for (const channel of this.state.channels) letGo(channel)
    this.follow(why)
  }

  clear(word: number): void {
    this.setFaults(this.state.faults & ~word)
  }

  private setFaults(word: number): void {
    const before = this.state.faults
    if (before === word) return
    this.state.faults = word
    this.state.changed = true
    if (word & FAULT.VALVE) this.memory.valveFault = true
    this.sayFaults(before)
  }

  private sayFaults(before: number): void {
    const { faults } = this.state
    this.event({ type: 'fault', faults: faultNames(faults) })
    const on = (faults & ~QUIET) !== 0
    if (on !== ((before & ~QUIET) !== 0)) this.event({ type: 'buzzer', on })
  }

  /** Sets faults that do not stand yet, and with them lets go of everything. */
  fail(word: number, why: ModeEvent = 'FAULT'): void {
    const { state } = this
    if ((word & ~state.faults) === 0) return
    this.dropAll(why)
    this.setFaults(state.faults | word)
  }

  /** One pass of the control loop, every STEP_MS: the counts of the converters, and what the ceiling's switch says. */
  pass(t: Millis, counts: readonly number[], ceilingTripped: boolean): void {
    const { state } = this
    state.t = t
    state.loop = (state.loop + 1) & 0xffff
    state.fedAt = t
    const active = state.mode === 'active'
    let word = ceilingTripped ? FAULT.CEILING : 0
    for (let i = 0; i < state.channels.length; i++) word |= this.look(i, counts[i]!, active)
    keepTime(this)
    judge(this, state.testing ? word & ~FAULT.SENSOR : word)
    this.move()
    this.tellChange()
  }

  private look(index: number, raw: number, active: boolean): number {
    const { state } = this
    const channel = state.channels[index]!
    const stands = frozen(channel, raw, active && channel.target_mmHg > 0, state.t) ? FAULT.SENSOR : 0
    takeIn(channel, raw)
    return stands | channelFaults(channel, active, this.profile.ceilings_mmHg[index]!, state.t)
  }

  private move(): void {
    const { state } = this
    if (state.mode === 'active') {
      for (const channel of state.channels) if (channel.target_mmHg > 0) regulate(channel)
    } else if (state.mode === 'venting' && state.ventedSince !== undefined) this.follow('VENTED')
    else if (state.testing) this.endTest(state.testing.seq)
  }

  private endTest(seq: number): void {
    const result = testPass(this)
    if (!result) return
    this.say({ type: 'self-test', seq, ...result })
    const { session } = this.state
    if (result.failures === 0) {
      this.clear(CLEARED_BY_TEST)
      if (session) session.tested = true
    } else this.setFaults(this.state.faults | testFaults(result.failures))
    this.follow('TEST_ENDED')
  }

  uptime(): Millis {
    return this.state.t - this.state.startedAt
  }

  private tellChange(): void {
    if (this.state.changed) this.telemetry()
  }

  /** A telemetry frame now, whether one is due or not. */
  telemetry(): void {
    this.state.changed = false
    this.state.telemetrySeq = (this.state.telemetrySeq + 1) & 0xffff
    this.say(telemetryFrame(this.state, this.memory.boot, this.uptime(), this.flaws.unitFactor))
  }

  /** The telemetry that is due at t. */
  scheduledTelemetry(t: Millis): void {
    this.state.t = t
    this.state.nextTelemetry += this.state.period_ms
    this.telemetry()
  }

  reply(seq: number, code: number): void {
    this.say(code === 0 ? { type: 'ack', seq } : { type: 'refusal', seq, code })
  }

  say(frame: UnitFrame): void {
    this.links.send(encodeUnitFrame(frame))
  }

  event(happening: UnitHappening): void {
    this.links.event(happening)
  }

  /** As measured, for the events. */
  measured(): MmHg[] {
    return this.state.channels.map(channel => channel.pressure_mmHg)
  }
}

const testFaults = (failures: number): number => (failures & 1 ? FAULT.ZERO : 0) | (failures & 8 ? FAULT.SENSOR : 0)
