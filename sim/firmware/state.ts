import type { Millis, MmHg, MmHgPerS } from '../../protocol/units.ts'
import type { Mode } from '../../protocol/wire.ts'
import { SENSOR } from '../constants.ts'
import { InflatedTime } from './inflatedTime.ts'

/** What the unit says of itself in its profile, and keeps to. */
export interface UnitProfile {
  readonly simulated: boolean
  readonly silence_ms: Millis
  readonly inflatedContinuous_s: number
  readonly inflatedHour_s: number
  readonly slewMax_mmHg_per_s: MmHgPerS
  readonly ceilings_mmHg: readonly MmHg[]
}

/** What can be wrong with firmware, memory and supply. Behaviours turn these. */
export interface FirmwareFlaws {
  /** Everything stands still, outputs as they are, until the watchdog bites. */
  hang: boolean
  /** Only the control loop stands still. */
  loopHang: boolean
  noWatchdog: boolean
  noSilence: boolean
  /** Letters of the commands that are acknowledged and not carried out. */
  lyingAck: string
  /** Bits of FW-1 to FW-12 left out of the profile. */
  undeclared: number
  version: number
  model: string
  /** What the reported pressure is multiplied with. */
  unitFactor: number
  battery_percent: number
  /** At the next start the hour's inflated time cannot be read back. */
  memoryLost: boolean
}

export const soundFirmware = (): FirmwareFlaws => ({
  hang: false,
  loopHang: false,
  noWatchdog: false,
  noSilence: false,
  lyingAck: '',
  undeclared: 0,
  version: 1,
  model: 'CuffSim',
  unitFactor: 1,
  battery_percent: 100,
  memoryLost: false,
})

/** What outlives restarts. */
export class Memory {
  boot = 0
  /** The fault that only a power cycle clears. */
  valveFault = false
  readonly inflated = new InflatedTime()
  /** False when the hour's inflated time could not be read back at this start. */
  readable = true
}

export interface Session {
  readonly nonce: number
  /** Number of the last command, and how it was answered: 0 or the code of the refusal. */
  last: number
  answer: number
  tested: boolean
  lease: number
  leaseAt: Millis
}

/** A fall is measured over this many passes of the control loop. */
export const FALL_PASSES = 5

/** One channel as the firmware sees and drives it. */
export class Channel {
  raw: number = SENSOR.zeroCount.value
  /** Filtered; NaN before the first reading. */
  pressure_mmHg: MmHg = Number.NaN
  /** Zero offset taken off, from the last self test that passed. */
  zero_mmHg: MmHg = 0
  /** 0 for none. */
  target_mmHg: MmHg = 0
  setPoint_mmHg: MmHg = 0
  slew_mmHg_per_s: MmHgPerS = 0
  reached = false
  /** The outputs. */
  duty = 0
  valve = false
  readonly since: Since
  /** Pressure when the pump's window began. */
  windowFrom_mmHg: MmHg = 0
  /** Pressures of the last passes, a ring, and how many passes without a break the valve has been closed. */
  readonly history = new Float64Array(FALL_PASSES)
  closedPasses = 0
  railPasses = 0
  /** Passes above the set point, for the rhythm of letting out. */
  bleed = 0

  constructor(t: Millis) {
    this.since = { raw: t, low: t, open: t, under: t, over: t, farOver: t, pump: t, window: t }
  }
}

/** Since when something has been so without a break, on the unit's clock. */
export interface Since {
  raw: Millis
  low: Millis
  open: Millis
  under: Millis
  over: Millis
  farOver: Millis
  pump: Millis
  window: Millis
}

export interface Testing {
  readonly seq: number
  readonly until: Millis
  passes: number
  readonly sums: number[]
}

/** Everything that a restart forgets. */
export class State {
  /** The start of the unit, from which its clock counts. */
  startedAt: Millis
  /** Now. */
  t: Millis
  mode: Mode = 'latched'
  faults = 0
  session: Session | undefined
  loop = 0
  telemetrySeq = 0
  period_ms: Millis = 100
  nextTelemetry: Millis
  testing: Testing | undefined
  /** Since when all channels have been below 15 mmHg; undefined while one is not. */
  ventedSince: Millis | undefined
  /** A channel has been at 15 mmHg or more since the last time that all were below. */
  pressed = false
  fedAt: Millis
  badAt: Millis[] = []
  /** Mode or faults changed since the last telemetry. */
  changed = false
  readonly channels: readonly Channel[]

  constructor(startedAt: Millis, channels: number) {
    this.startedAt = startedAt
    this.t = startedAt
    this.nextTelemetry = this.fedAt = startedAt
    this.channels = Array.from({ length: channels }, () => new Channel(startedAt))
  }
}
