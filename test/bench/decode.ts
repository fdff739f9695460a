import { ReadlineParser } from '@serialport/parser-readline'
import { crc32OfText } from '../../protocol/crc.ts'
import { Framer } from '../../protocol/framer.ts'
import { bodyLength } from '../../protocol/text.ts'
import { decodeUnitFrame, encodeUnitFrame } from '../../protocol/unitFrames.ts'
import { TO_HOST_MAX } from '../../protocol/wire.ts'
import { hostClock } from '../../sim/fronts/drive.ts'
import { type Findings, type Goal, type Measured, type Part, spreadOf } from './findings.ts'
import { longestPlan } from './plan.ts'
import { Watched } from './watched.ts'

const LINES = 5_000

/** Telemetry of two channels under pressure, one chunk for each line, as a port gives them. */
const chunks = (): Buffer[] =>
  Array.from({ length: LINES }, (_, n) => {
    const channel = { target_mmHg: 80, raw: 1_200 + (n % 7), pumpOn: n % 3 === 0, valveClosed: true }
    const channels = [80.1, 79.4].map(p => ({ ...channel, pressure_mmHg: p + (n % 9) / 10 }))
    const head = { type: 'telemetry', boot: 7, faults: 0, mode: 'active' } as const
    const counts = { seq: n & 0xffff, uptime_ms: 10_000 + n * 10, loop: n & 0xffff, lease: n & 0xff }
    return Buffer.from(encodeUnitFrame({ ...head, ...counts, channels }), 'latin1')
  })

/** Takes all chunks, and ends when as many lines came out of it. */
type Way = (chunks: readonly Buffer[]) => Promise<void>

/** Ours, up to a stage: what it does with a framed line. */
const framed =
  (stage: (line: Uint8Array, length: number) => unknown): Way =>
  async all => {
    let good = 0
    const line = (bytes: Uint8Array, length: number) => void (typeof stage(bytes, length) !== 'string' && good++)
    const framer = new Framer(TO_HOST_MAX, { line, bad: () => {} })
    for (const chunk of all) framer.push(chunk)
    if (good !== all.length) throw new Error(`${good} of ${all.length} lines`)
  }

/** What one writes first: lines by serialport's parser, split at the spaces, each field a number, the CRC compared. */
const bare: Way = all => {
  const parser = new ReadlineParser({ encoding: 'latin1' })
  let good = 0
  return new Promise(resolve => {
    parser.on('data', (line: string) => {
      const [body = '', crc = ''] = line.split('*')
      const numbers = body.split(' ').map(field => Number(`0x${field}`))
      if (crc32OfText(body) === Number(`0x${crc}`) && numbers.length > 7) good++
      if (good === all.length) resolve()
    })
    for (const chunk of all) parser.write(chunk)
  })
}

const WAYS: readonly { readonly who: string; readonly way: Way }[] = [
  { who: 'framing', way: framed(() => true) },
  { who: 'framing + CRC', way: framed(bodyLength) },
  { who: 'framing + CRC + decode', way: framed(decodeUnitFrame) },
  { who: 'ReadlineParser + split + Number + CRC', way: bare },
]

async function run(rounds: number, progress: (text: string) => void): Promise<Findings> {
  const all = chunks()
  const perLine = WAYS.map((): number[] => [])
  for (let round = -1; round < rounds * 5; round++) {
    for (const [i, { way }] of WAYS.entries()) {
      const from = hostClock()
      await way(all)
      // The first round is for the compiler.
      if (round >= 0) perLine[i]!.push(((hostClock() - from) * 1000) / LINES)
    }
  }
  progress('framing, CRC and decoding done')
  const what = 'a line of telemetry'
  const measured = WAYS.map(({ who }, i): Measured => ({ ...ROW, what, who, spread: spreadOf(perLine[i]!) }))
  const [ours, beside] = [measured[2]!.spread.p50, measured[3]!.spread.p50]
  const goals: Goal[] = [
    { ...ROW, what: 'framing + CRC + decode, p50', figure: ours, sense: 'at most', bound: 1 },
    {
      ...ROW,
      what: 'framing + CRC + decode against bare, p50',
      figure: ours / beside,
      sense: 'at most',
      bound: 1,
      unit: '×',
    },
  ]
  return { measured: [...measured, ...inHold(rounds)], goals }
}

const ROW = { part: 'decode', unit: 'µs' } as const

/** The same line on its way through a session that holds pressure: every rule of the guard, one step of each machine. */
function inHold(rounds: number): Measured[] {
  const { stack, guard, session } = new Watched({ ...longestPlan(), rate_Hz: 100 })
  stack.untilPhase('holding')
  stack.advance(10_000)
  guard.length = session.length = 0
  stack.advance(Math.min(15_000, rounds * 2_000))
  const what = 'a report during a hold'
  return [
    { ...ROW, what, who: 'guard, everything', spread: spreadOf(guard) },
    { ...ROW, what, who: 'session and link machine, one step each', spread: spreadOf(session) },
  ]
}

export const decode: Part = { name: 'decode', about: 'a line of telemetry, stage by stage', run }
