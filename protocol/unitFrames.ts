import { FAULT_MASK } from './faults.ts'
import { type BadReason, bodyLength, FieldReader, hex, hexAt, hexSigned16, signed16, toLine } from './text.ts'
import { type Millis, type MmHg, type MmHgPerS, VENTED_MMHG } from './units.ts'
import { CHANNELS_MAX, MODES, type Mode } from './wire.ts'

/** One channel in one telemetry frame. */
export interface ChannelReport {
  /** Measured at the unit's end of the hose, zero offset taken off, in steps of 0.1 mmHg. */
  readonly pressure_mmHg: MmHg
  /** What the unit is regulating to; 0 when the channel has no target. */
  readonly target_mmHg: MmHg
  /** The converter's count, 0 to 4095, before any calculation. */
  readonly raw: number
  readonly pumpOn: boolean
  /** The valve is energised, that is closed. */
  readonly valveClosed: boolean
}

export interface Telemetry {
  readonly type: 'telemetry'
  /** Rises by one with each telemetry frame, modulo 2^16. */
  readonly seq: number
  /** Since the unit's start, modulo 2^32. */
  readonly uptime_ms: Millis
  /** Rises by one with each start of the unit, modulo 256. */
  readonly boot: number
  /** Rises with each pass of the unit's control loop, modulo 2^16. */
  readonly loop: number
  /** Low 16 bits of the number of the last lease that the unit took. */
  readonly lease: number
  readonly faults: number
  readonly mode: Mode
  readonly channels: readonly ChannelReport[]
}

/** Some line at 15 mmHg or more. */
export const isFull = (report: Telemetry): boolean => report.channels.some(c => c.pressure_mmHg >= VENTED_MMHG)

export interface Identity {
  readonly type: 'identity'
  readonly version: number
  readonly model: string
  readonly serial: string
  readonly firmware: string
}

export interface Profile {
  readonly type: 'profile'
  readonly simulated: boolean
  /** Declared safety functions: bit n-1 stands for FW-n. */
  readonly declared: number
  readonly silence_ms: Millis
  readonly inflatedContinuous_s: number
  readonly inflatedHour_s: number
  readonly slewMax_mmHg_per_s: MmHgPerS
  /** One for each channel. */
  readonly ceilings_mmHg: readonly MmHg[]
}

export interface SelfTest {
  readonly type: 'self-test'
  readonly seq: number
  /** 0 when everything passed; otherwise bits as PROTOCOL.md lists them. */
  readonly failures: number
  /** Zero offset of each channel against the factory zero. */
  readonly offsets_mmHg: readonly MmHg[]
}

/** Everything that a unit may say. */
export type UnitFrame =
  | Telemetry
  | Identity
  | Profile
  | SelfTest
  | { readonly type: 'ack'; readonly seq: number }
  | { readonly type: 'refusal'; readonly seq: number; readonly code: number }

const tenths = (value: MmHg): string => hexSigned16(Math.round(value * 10))

/** The line for a frame, line feed included. */
export function encodeUnitFrame(frame: UnitFrame): string {
  switch (frame.type) {
    case 'ack':
      return toLine(`K ${hex(frame.seq, 8)}`)
    case 'refusal':
      return toLine(`N ${hex(frame.seq, 8)} ${hex(frame.code, 2)}`)
    case 'identity':
      return toLine(`I ${hex(frame.version, 2)} ${frame.model} ${frame.serial} ${frame.firmware}`)
    case 'profile':
      return toLine(profileBody(frame))
    case 'self-test':
      return toLine(`S ${hex(frame.seq, 8)} ${hex(frame.failures, 2)} ${frame.offsets_mmHg.map(tenths).join(' ')}`)
    case 'telemetry':
      return toLine(telemetryBody(frame))
  }
}

function profileBody(p: Profile): string {
  const numbers = [hex(p.declared, 3), hex(p.silence_ms, 4), hex(p.inflatedContinuous_s, 4), hex(p.inflatedHour_s, 4)]
  const ceilings = p.ceilings_mmHg.map(ceiling => hex(ceiling, 3))
  return ['J', hex(p.simulated ? 1 : 0, 1), ...numbers, hex(p.slewMax_mmHg_per_s, 2), ...ceilings].join(' ')
}

function telemetryBody(t: Telemetry): string {
  const head = `T ${hex(t.seq, 4)} ${hex(t.uptime_ms, 8)} ${hex(t.boot, 2)} ${hex(t.loop, 4)} ${hex(t.lease, 4)}`
  const channels = t.channels.map(
    c =>
      ` ${tenths(c.pressure_mmHg)}${hex(c.target_mmHg, 3)}${hex(c.raw, 3)}` +
      hex((c.pumpOn ? 1 : 0) + (c.valveClosed ? 2 : 0), 1),
  )
  return `${head} ${hex(t.faults, 4)} ${hex(MODES.indexOf(t.mode), 1)}${channels.join('')}`
}

/** The frame in a line (without its line feed), or why there is none. */
export function decodeUnitFrame(line: Uint8Array, length: number): UnitFrame | BadReason {
  const end = bodyLength(line, length)
  if (typeof end !== 'number') return end
  switch (line[0]) {
    case 0x54:
      return telemetry(line, end)
    case 0x4b:
      return ack(new FieldReader(line, end))
    case 0x4e:
      return refusal(new FieldReader(line, end))
    case 0x49:
      return identity(new FieldReader(line, end))
    case 0x4a:
      return profile(new FieldReader(line, end), end)
    case 0x53:
      return selfTest(new FieldReader(line, end), end)
    default:
      return 'shape'
  }
}

function ack(fields: FieldReader): UnitFrame | BadReason {
  const seq = fields.hex(8)
  return fields.done() ? { type: 'ack', seq } : 'shape'
}

function refusal(fields: FieldReader): UnitFrame | BadReason {
  const [seq, code] = [fields.hex(8), fields.hex(2)]
  return fields.done() ? { type: 'refusal', seq, code } : 'shape'
}

function identity(fields: FieldReader): UnitFrame | BadReason {
  const version = fields.hex(2)
  const [model, serial, firmware] = [fields.word(16), fields.word(16), fields.word(12)]
  return fields.done() ? { type: 'identity', version, model, serial, firmware } : 'shape'
}

/** Length of a profile's body before its ceilings, and of one ceiling. */
const PROFILE_HEAD = 25
const PROFILE_EACH = 4

function profile(fields: FieldReader, end: number): UnitFrame | BadReason {
  const count = (end - PROFILE_HEAD) / PROFILE_EACH
  const [simulated, declared] = [fields.hex(1), fields.hex(3)]
  const [silence_ms, inflatedContinuous_s, inflatedHour_s] = [fields.hex(4), fields.hex(4), fields.hex(4)]
  const slewMax_mmHg_per_s = fields.hex(2)
  if (!isChannelCount(count)) return 'shape'
  const ceilings_mmHg = Array.from({ length: count }, () => fields.hex(3))
  if (!fields.done()) return 'shape'
  if (simulated > 1) return 'value'
  const times = { silence_ms, inflatedContinuous_s, inflatedHour_s }
  return { type: 'profile', simulated: simulated === 1, declared, ...times, slewMax_mmHg_per_s, ceilings_mmHg }
}

/** Length of a self test's body before its offsets, and of one offset. */
const SELF_TEST_HEAD = 13
const SELF_TEST_EACH = 5

function selfTest(fields: FieldReader, end: number): UnitFrame | BadReason {
  const count = (end - SELF_TEST_HEAD) / SELF_TEST_EACH
  const [seq, failures] = [fields.hex(8), fields.hex(2)]
  if (!isChannelCount(count)) return 'shape'
  const offsets_mmHg = Array.from({ length: count }, () => signed16(fields.hex(4)) / 10)
  return fields.done() ? { type: 'self-test', seq, failures, offsets_mmHg } : 'shape'
}

/** Length of a telemetry body before its channels, and of one channel. */
const TELEMETRY_HEAD = 35
const TELEMETRY_EACH = 12

function telemetry(line: Uint8Array, end: number): UnitFrame | BadReason {
  const count = (end - TELEMETRY_HEAD) / TELEMETRY_EACH
  if (!isChannelCount(count)) return 'shape'
  const fields = new FieldReader(line, end)
  const [seq, uptime_ms, boot, loop] = [fields.hex(4), fields.hex(8), fields.hex(2), fields.hex(4)]
  const [lease, faults, mode] = [fields.hex(4), fields.hex(4), MODES[fields.hex(1)]]
  const channels: ChannelReport[] = []
  for (let i = 0; i < count; i++) channels.push(channel(fields, line, TELEMETRY_HEAD + 1 + i * TELEMETRY_EACH))
  if (!fields.done()) return 'shape'
  if (!mode || faults & ~FAULT_MASK || channels.some(c => c.raw < 0)) return 'value'
  return { type: 'telemetry', seq, uptime_ms, boot, loop, lease, faults, mode, channels }
}

/** A channel whose reserved bits are set gets a raw count of -1, which no converter gives. */
function channel(fields: FieldReader, line: Uint8Array, at: number): ChannelReport {
  fields.hex(TELEMETRY_EACH - 1)
  const bits = hexAt(line, at + 10, 1)
  return {
    pressure_mmHg: signed16(hexAt(line, at, 4)) / 10,
    target_mmHg: hexAt(line, at + 4, 3),
    raw: bits > 3 ? -1 : hexAt(line, at + 7, 3),
    pumpOn: (bits & 1) !== 0,
    valveClosed: (bits & 2) !== 0,
  }
}

const isChannelCount = (count: number): boolean => Number.isInteger(count) && count >= 1 && count <= CHANNELS_MAX
