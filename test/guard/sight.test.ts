import { describe, expect, test } from 'vitest'
import type { Telemetry } from '../../protocol/unitFrames.ts'
import { TIMING } from '../../protocol/wire.ts'
import { areTooMany, look, NOTHING_SEEN, newest, type Seen } from '../../src/guard/sight.ts'
import { GuardRig, PRESS, report } from '../support/guardRig.ts'

/** What has been seen after these reports, 100 ms apart; undefined for one that changed nothing. */
function seeAll(frames: readonly Telemetry[], from = 10_000): (Seen | undefined)[] {
  let seen = NOTHING_SEEN
  return frames.map((frame, i) => {
    const looked = look(seen, frame, from + 100 * i)
    seen = looked ?? seen
    return looked
  })
}
const at = (n: number, change: Partial<Telemetry> = {}): Telemetry =>
  report({ seq: n, uptime_ms: n * 100, loop: n * 5, ...change })

describe('REQ-SIGHT (I-12, F24, F25): an old, repeated or misplaced report changes nothing', () => {
  test.each<[string, Telemetry, boolean]>([
    ['the next one', at(12), true],
    ['one after a gap', at(16), true],
    ['the same again', at(11), false],
    ['the one before', at(10), false],
    ['the next number at the same time', at(12, { uptime_ms: 1_100 }), true],
    ['the next number with an earlier time', at(12, { uptime_ms: 1_000 }), false],
    ['a number half the range ahead', at(12, { seq: 11 + 0x8000 }), false],
    ['another boot count, whatever its numbers', at(3, { boot: 2, uptime_ms: 20 }), true],
  ])('%s: taken in is %3$s', (_, frame, taken) => {
    const seen = seeAll([at(10), at(11), frame])
    expect(seen[2] !== undefined).toBe(taken)
  })

  test.each([
    [TIMING.stale, true],
    // The clocks may have run 2 % apart in the meantime.
    [TIMING.stale + 12, true],
    [TIMING.stale + 13, false],
  ])('a report that took %i ms longer than the quickest: taken in is %s', (late, taken) => {
    const first = look(NOTHING_SEEN, at(10), 10_000)!
    expect(look(first, at(11), 10_100 + late) !== undefined).toBe(taken)
  })

  test('the quickest may be any of them: a later one that comes quicker is what the next is judged by', () => {
    const slow = look(NOTHING_SEEN, at(10), 10_400)!
    const quick = look(slow, at(20), 11_000)!
    expect(quick.clockDelta_ms).toBe(9_000)
    expect(look(quick, at(21), 11_600)).toBeDefined()
    expect(look(quick, at(21), 11_620)).toBeUndefined()
  })

  test.each([1.004, 0.99, 1.01])('a unit whose clock runs at %d of ours sends no old reports', rate => {
    let seen = look(NOTHING_SEEN, at(0), 0)!
    for (let n = 1; n <= 12_000; n++) {
      const next = look(seen, at(n & 0xffff, { uptime_ms: Math.round(n * 100 * rate) }), n * 100)
      expect(next).toBeDefined()
      seen = next!
    }
  })

  test('what comes in a burst after 3 s of nothing is passed over, and what is fresh behind it is taken', () => {
    let seen = seeAll([at(1), at(2)])[1]!
    const taken: number[] = []
    for (let n = 3; n <= 32; n++) {
      const looked = look(seen, at(n), 10_000 + 3_100)
      if (looked) taken.push(n)
      seen = looked ?? seen
    }
    // The unit sent number 32 just then.
    expect(taken).toEqual([27, 28, 29, 30, 31, 32])
  })
})

describe('REQ-WRAP: counters that begin again change nothing', () => {
  test('the number of a report, at 2^16', () => {
    const seen = seeAll([at(0xffff, { uptime_ms: 100 }), at(0, { uptime_ms: 200 }), at(1, { uptime_ms: 300 })])
    expect(seen.every(one => one !== undefined)).toBe(true)
  })

  test("the unit's clock, at 2^32 ms: the time goes on without a jump", () => {
    const seen = seeAll([at(1, { uptime_ms: 2 ** 32 - 50 }), at(2, { uptime_ms: 50 }), at(3, { uptime_ms: 150 })])
    expect(seen.map(one => one!.unit_ms)).toEqual([2 ** 32 - 50, 2 ** 32 + 50, 2 ** 32 + 150])
  })

  test('the passes of the control loop, at 2^16: it advances', () => {
    const seen = seeAll([at(1, { loop: 0xffff }), at(2, { loop: 4 }), at(3, { loop: 4 })])
    expect(seen.map(one => one!.loopAt)).toEqual([10_000, 10_100, 10_100])
  })

  test('the lease that a unit echoes, at 2^16: a session goes on through it', () => {
    const rig = GuardRig.armed()
    // Numbers of commands that are used up, as in the course of hours.
    const { outbox } = rig.guard as unknown as { outbox: { seq: number } }
    outbox.seq = 0xfff8
    rig.tell({ do: 'press', ...PRESS })
    rig.advance(5_000)
    const [first, last] = [rig.frames('lease')[0]!.what, rig.frames('lease').at(-1)!.what]
    expect(typeof first === 'object' && 'seq' in first && first.seq).toBeLessThan(0x10000)
    expect(typeof last === 'object' && 'seq' in last && last.seq).toBeGreaterThan(0x10000)
    expect(rig.released).toEqual([])
  })
})

describe('REQ-VENTED: since when the lines have been below 15 mmHg', () => {
  test('it runs while every report says so, and begins anew after one that does not', () => {
    const low = (n: number) => at(n)
    const high = (n: number, mmHg = 15): Telemetry => ({ ...report({}, [0, mmHg]), ...pick(at(n)) })
    const pick = ({ seq, uptime_ms, loop }: Telemetry) => ({ seq, uptime_ms, loop })
    const seen = seeAll([low(1), low(2), high(3), low(4), low(5)])
    expect(seen.map(one => one!.ventedSince)).toEqual([10_000, 10_000, undefined, 10_300, 10_300])
    const below = seeAll([low(1), high(2, -10.1), low(3), high(4, -10), low(5)])
    expect(below.map(one => one!.ventedSince)).toEqual([10_000, undefined, 10_200, 10_200, 10_200])
    expect(below.map(one => one!.fullSince)).toEqual(Array(5).fill(undefined))
  })
})

describe('REQ-VENTED: what was not seen for more than 1 s begins anew', () => {
  const across = (gap: number, mmHg: number) => {
    const first = look(NOTHING_SEEN, report({ seq: 1, uptime_ms: 100 }, [mmHg, 0]), 10_000)!
    const { ventedSince, fullSince } = look(first, report({ seq: 2, uptime_ms: 100 + gap }, [mmHg, 0]), 10_000 + gap)!
    return { ventedSince, fullSince }
  }

  test.each([
    ['a vented line', 0, 'ventedSince', 'fullSince'],
    ['a pressure that stands', 15, 'fullSince', 'ventedSince'],
  ] as const)('%s', (_, mmHg, runs, not) => {
    expect(across(TIMING.lost, mmHg)).toEqual({ [runs]: 10_000, [not]: undefined })
    expect(across(TIMING.lost + 1, mmHg)).toEqual({ [runs]: 11_001, [not]: undefined })
  })
})

describe('REQ-BAD-LINES (F22): ten damaged lines within a second are too many', () => {
  const after = (gap: number) => Array.from({ length: 10 }, (_, i) => i * gap).reduce(newest, [] as readonly number[])

  test.each([
    [111, true],
    [112, false],
  ])('ten lines %i ms apart: too many is %s', (gap, tooMany) => {
    expect(areTooMany(after(gap))).toBe(tooMany)
  })

  test('nine are not too many, and ten are within exactly 1 s', () => {
    const nine = Array.from({ length: 9 }, (_, i) => i)
    expect(areTooMany(nine)).toBe(false)
    expect(areTooMany([...nine, 1_000])).toBe(true)
    expect(areTooMany([...nine, 1_001])).toBe(false)
  })

  test('ten that come fast behind others that came slowly are too many', () => {
    const slow = Array.from({ length: 10 }, (_, i) => i * 1_000)
    const all = [...slow, ...slow.map(at => 20_000 + at / 100)].reduce(newest, [] as readonly number[])
    expect(areTooMany(all)).toBe(true)
  })

  test('a guard with a session releases, and one without only counts', () => {
    const bad = Buffer.from('T what*00000000\n')
    const [rig, alone] = [GuardRig.armed(), new GuardRig({})]
    for (let i = 0; i < 10; i++) for (const one of [rig, alone]) one.guard.bytes(bad, one.now)
    expect(rig.released).toMatchObject([{ rule: 'BAD-LINES' }])
    expect(alone.released).toEqual([])
  })
})
