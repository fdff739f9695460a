import { Random } from '../../sim/random.ts'
import { Bench } from './bench.ts'
import { HostileLines, judge } from './hostileLines.ts'

export interface FuzzResult {
  /** Good lines by the judge, and answers of the unit. */
  readonly good: number
  readonly answers: number
  /** Release bytes sent, and seen by the unit. */
  readonly sent: number
  readonly seen: number
  /** Highest true pressure on any limb. Unit mmHg. */
  readonly pressure: number
}

/** Feeds a unit seeded hostile lines in pieces of any size, 10 to 20 ms apart, and counts what it makes of them. */
export function fuzzUnit(lines: number, seed: number): FuzzResult {
  const bench = new Bench({ seed })
  const [random, hostile] = [new Random(seed + 1), new HostileLines(seed, 'toUnit')]
  const counts = { good: 0, answers: 0, sent: 0, seen: 0, pressure: 0 }
  for (let i = 0; i < lines; i++) {
    const bytes = hostile.next()
    const { good, releases } = judge(bytes, 'toUnit')
    counts.good += good
    counts.sent += releases
    feed(bench, bytes, random)
    counts.answers += bench.frames.filter(({ frame }) => ANSWERS.has(frame.type)).length
    counts.seen += bench.happened('release').length
    counts.pressure = Math.max(counts.pressure, ...bench.unit.pressures())
    bench.frames.length = bench.events.length = bench.sent.length = 0
  }
  return counts
}

const ANSWERS = new Set(['ack', 'refusal', 'identity'])

function feed(bench: Bench, bytes: Uint8Array, random: Random): void {
  for (let from = 0, to = 0; from < bytes.length; from = to) {
    to = from + 1 + random.below(bytes.length)
    bench.raw(bytes.subarray(from, to))
  }
  bench.silent(random.below(20))
}
