import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Bench } from '../support/bench.ts'
import { fuzzUnit } from '../support/fuzzUnit.ts'
import { HostileLines, judge } from '../support/hostileLines.ts'

const LINES = Number(process.env.CUFFPILOT_FUZZ ?? 20_000)

describe('REQ-HOSTILE-LINES: hostile lines', () => {
  test(`${LINES} of them: no exception, nothing inflates, no line taken wrongly, no release missed`, () => {
    const result = fuzzUnit(LINES, 7)
    expect(result.good).toBeGreaterThan(LINES / 50)
    expect(result.answers).toBe(result.good)
    expect(result.sent).toBeGreaterThan(LINES / 200)
    expect(result.seen).toBe(result.sent)
    expect(result.pressure).toBe(0)
  })
  test('while active: ten bad lines in a second end it, and meanwhile nothing else changes', () => {
    const bench = new Bench().holding()
    const hostile = new HostileLines(3, 'toUnit')
    let bad = 0
    while (bench.mode() === 'active') {
      const bytes = hostile.next()
      if (bytes.includes(0x18) || judge(bytes, 'toUnit').good > 0) continue
      bench.raw(bytes)
      bad++
      expect(bad).toBeLessThan(30)
    }
    expect(bad).toBeGreaterThanOrEqual(10)
    expect(bench.faults()).toEqual(['LINK'])
  })
  test('a line of 64 MiB without an end costs no memory, and the line after it is heard', () => {
    const bench = new Bench()
    bench.hello()
    const chunk = new Uint8Array(65_536).fill(0x41)
    const before = process.memoryUsage()
    for (let i = 0; i < 1_024; i++) bench.raw(chunk)
    const after = process.memoryUsage()
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(24 * 2 ** 20)
    bench.raw('\n')
    expect(bench.command('vent')).toBe('K')
  })
})

const CEILING = 150
const LIMITS = { inflatedContinuous_s: 40, inflatedHour_s: 60, ceilings_mmHg: [CEILING, CEILING] }

/** What a hostile host may do with a session that is its own, and how long it waits after. */
const move = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('target'),
      ch: fc.integer({ min: 0, max: 3 }),
      p: fc.integer({ min: 15, max: 110 }),
      slew: fc.integer({ min: 0, max: 35 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hold'), ms: fc.integer({ min: 0, max: 30_000 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('ready') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('vent', 'arm', 'lease', 'self-test', 'hello', 'release') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.integer({ min: 0, max: 3_000 }) }) },
)
type Move = typeof move extends fc.Arbitrary<infer M> ? M : never

function play(bench: Bench, one: Move): void {
  if (one.do === 'target' && 'ch' in one) bench.target(one.ch, one.p, one.slew)
  else if (one.do === 'hold' && 'ms' in one) bench.keep(one.ms)
  else if (one.do === 'wait' && 'ms' in one) bench.silent(one.ms)
  else if (one.do === 'release') bench.release()
  else if (one.do === 'hello') bench.hello()
  else if (one.do === 'ready') bench.silent(3_000).armed()
  else bench.command(one.do as 'vent' | 'arm' | 'lease' | 'self-test')
}

/** Highest true pressure, longest time at 15 mmHg or more without a break, and its sum, from the events. */
function truth(bench: Bench): { highest: number; longest: number; sum: number } {
  const seen = { highest: 0, longest: 0, sum: 0, since: 0, last: 0 }
  for (const one of bench.happened('pressure')) {
    const pressure = Math.max(...one.true_mmHg)
    seen.highest = Math.max(seen.highest, pressure)
    if (pressure >= 15) seen.sum += Math.min(100, one.t_ms - seen.last)
    else seen.since = one.t_ms
    seen.longest = Math.max(seen.longest, one.t_ms - seen.since)
    seen.last = one.t_ms
  }
  return seen
}

describe('REQ-HOSTILE-HOST: a host that means harm, with good lines', () => {
  test('no sequence of commands passes the ceiling or the inflated times', () => {
    let inflated = 0
    fc.assert(
      fc.property(fc.array(move, { minLength: 5, maxLength: 40 }), fc.integer(), (moves, seed) => {
        const bench = new Bench({ seed, profile: LIMITS }).armed()
        for (const one of moves) play(bench, one)
        const { highest, longest, sum } = truth(bench)
        inflated += sum
        expect(highest).toBeLessThan(CEILING)
        expect(longest).toBeLessThan(LIMITS.inflatedContinuous_s * 1000 + 4_000)
        expect(sum).toBeLessThan(LIMITS.inflatedHour_s * 1000 + 4_000)
      }),
      { numRuns: 60, seed: 20_260_101 },
    )
    expect(inflated, 'the moves do inflate').toBeGreaterThan(60_000)
  })
})

describe('determinism', () => {
  test('the same seed and input give the same bytes; another seed gives others', () => {
    const bytes = (seed: number) =>
      Buffer.concat(new Bench({ seed, behaviours: ['link.ber=0.0005', 'limb.contract'] }).holding().sent)
    expect(bytes(5).equals(bytes(5))).toBe(true)
    expect(bytes(5).equals(bytes(6))).toBe(false)
  })
  test('how finely time is told makes no difference', () => {
    const run = (step: number) => {
      const bench = new Bench({ seed: 4 }).armed()
      bench.target(1, 80)
      for (const end = bench.now + 5_000; bench.now < end; ) bench.silent(step)
      return Buffer.concat(bench.sent)
    }
    expect(run(1).equals(run(1_000))).toBe(true)
  })
  test('time that goes back is not followed', () => {
    const bench = new Bench().silent(1_000)
    bench.unit.advance(10)
    bench.unit.advance(Number.NEGATIVE_INFINITY)
    bench.now = 5
    bench.release()
    expect(bench.report().uptime_ms).toBe(1_000)
  })
})
