/**
 * A device of the bench, in a process of its own on a real pseudo-terminal: it answers every line, streams telemetry of a
 * unit that does at once what it is told, and tells when it read a release byte. Arguments: telemetry rate in Hz, and the
 * line's rate in baud (0: as fast as it comes). A real device waits for no core of the laptop: where the system lets us,
 * this process comes before all others.
 */
import { constants, setPriority } from 'node:os'
import { Framer } from '../../protocol/framer.ts'
import { decodeHostFrame, type HostFrame } from '../../protocol/hostFrames.ts'
import { encodeUnitFrame, type Identity, type Profile, type UnitFrame } from '../../protocol/unitFrames.ts'
import { type Mode, TO_UNIT_MAX } from '../../protocol/wire.ts'
import { hostClock, UNSENT_MAX } from '../../sim/fronts/drive.ts'
import { Line } from './line.ts'
import { openPty } from './processes.ts'

const [rate_Hz = 10, baud = 0] = process.argv.slice(2).map(Number)
const line = new Line(baud)
const began = hostClock()
const { path, master } = openPty()

const identity: Identity = { type: 'identity', version: 1, model: 'Bench', serial: 'B-1', firmware: '1' }
const times = { silence_ms: 1_500, inflatedContinuous_s: 1_200, inflatedHour_s: 1_200, slewMax_mmHg_per_s: 30 }
const profile: Profile = { type: 'profile', simulated: true, declared: 0xfff, ...times, ceilings_mmHg: [300, 300] }

/** Whether this process comes before all others. */
function isFirst(): boolean {
  try {
    setPriority(constants.priority.PRIORITY_HIGHEST)
    return true
  } catch {
    return false
  }
}

let mode: Mode = 'latched'
let lease = 0
let targets = [0, 0]
/** When the byte that is being read has arrived. */
let arrived = 0

const framer = new Framer(TO_UNIT_MAX, {
  line: (bytes, length) => obey(decodeHostFrame(bytes, length)),
  bad: () => {},
  release: () => {
    mode = 'latched'
    targets = [0, 0]
    process.send?.({ released: arrived, lately: line.lately })
  },
})

function obey(frame: ReturnType<typeof decodeHostFrame>): void {
  if (typeof frame === 'string') return
  if (frame.type === 'arm') mode = 'armed'
  if (frame.type === 'lease') lease = frame.seq & 0xffff
  if (frame.type === 'target') {
    mode = 'active'
    targets[frame.channel - 1] = frame.target_mmHg
  }
  answer(frame)
}

function answer(frame: HostFrame): void {
  const answers: UnitFrame[] =
    frame.type === 'identify' ? [identity, profile] : [{ type: 'ack', seq: 'seq' in frame ? frame.seq : 0 }]
  const wait_ms = arrived - hostClock()
  if (wait_ms > 0) setTimeout(() => answers.forEach(say), wait_ms)
  else answers.forEach(say)
}

function say(frame: UnitFrame): void {
  if (master.writableLength < UNSENT_MAX) master.write(encodeUnitFrame(frame))
}

master.on('data', (chunk: Buffer) => {
  const now = hostClock()
  for (let i = 0; i < chunk.length; i++) {
    arrived = line.carry(now)
    framer.push(chunk.subarray(i, i + 1))
  }
  line.note(chunk.length, now)
})

let told = 0
function telemetry(): void {
  const still = { raw: 400, pumpOn: false }
  const channels = targets.map(p => ({ ...still, pressure_mmHg: p, target_mmHg: p, valveClosed: p > 0 }))
  const head = { type: 'telemetry', boot: 1, lease, faults: mode === 'latched' ? 1 : 0, mode, channels } as const
  for (const due = ((hostClock() - began) * rate_Hz) / 1000; told < due; told++) {
    const counter = told & 0xffff
    say({ ...head, seq: counter, loop: counter, uptime_ms: Math.round((told * 1000) / rate_Hz) })
  }
}

const timer = setInterval(telemetry, Math.max(1, 1000 / rate_Hz))
process.on('disconnect', () => {
  clearInterval(timer)
  process.exit(0)
})
process.send?.({ path, byte_ms: line.byte_ms, first: isFirst() })
