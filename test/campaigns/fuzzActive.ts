import { Random } from '../../sim/random.ts'
import { Bench } from '../support/bench.ts'
import { HostileLines, judge } from '../support/hostileLines.ts'
import { pieces } from './fuzzHost.ts'

export interface ActiveResult {
  /** Times that the unit was brought under pressure. */
  presses: number
  right: number
  answers: number
  /** Targets and armings that the unit took after the first hostile line. */
  inflated: number
  highest_mmHg: number
  /** Highest pressure 10 s after the last line of a press; the host has fallen silent. */
  left_mmHg: number
}

const TARGET = 100
/** Most lines of one press. Ten bad ones within 1 s make the unit let go; the others find it latched. */
const MOST = 200

/** Pours seeded hostile lines into a unit under pressure, while the host of the session goes on with its leases. */
export function fuzzActive(lines: number, seed: number): ActiveResult {
  const result: ActiveResult = { presses: 0, right: 0, answers: 0, inflated: 0, highest_mmHg: 0, left_mmHg: 0 }
  const [hostile, random] = [new HostileLines(seed, 'toUnit'), new Random(seed + 1)]
  for (let left = lines; left > 0; ) {
    const count = Math.min(left, 1 + random.below(MOST))
    const bench = new Bench({ seed: seed + result.presses++, channels: 1 }).holding(TARGET)
    forget(bench)
    for (let i = 0; i < count; i++) pour(bench, hostile.next(), random, result)
    bench.silent(10_000)
    result.left_mmHg = Math.max(result.left_mmHg, bench.pressure())
    left -= count
  }
  return result
}

function pour(bench: Bench, bytes: Uint8Array, random: Random, result: ActiveResult): void {
  result.right += judge(bytes, 'toUnit').good
  for (const piece of pieces(bytes, random)) bench.raw(piece)
  result.answers += bench.frames.filter(({ frame }) => ANSWERS.has(frame.type)).length
  result.inflated += bench.happened('target').length + bench.happened('armed').length
  bench.command('lease')
  bench.silent(random.below(200))
  result.highest_mmHg = Math.max(result.highest_mmHg, bench.pressure())
  forget(bench)
}

const ANSWERS = new Set(['ack', 'refusal', 'identity'])

function forget(bench: Bench): void {
  bench.frames.length = bench.events.length = bench.sent.length = 0
}
