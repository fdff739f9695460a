import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IN_FLIGHT_MAX, TIMING } from '../../protocol/wire.ts'
import { IDENTIFY, type LineOutcome, Outbox, reasonOf } from '../../src/guard/outbox.ts'
import { GuardRig, PRESS, report } from '../support/guardRig.ts'

/** A guard whose hello has been answered, and no unit behind it. */
function withSession(): { rig: GuardRig; outbox: Outbox } {
  const rig = new GuardRig()
  const { outbox } = rig.guard as unknown as { outbox: Outbox }
  outbox.hello(7, 10, rig.now)
  rig.hear({ type: 'ack', seq: 0 })
  return { rig, outbox }
}

const numberOf = (what: unknown): number => (what as { seq?: number }).seq ?? -1

describe('REQ-WINDOW (F21, F78): at most 64 unanswered bytes stand between a release and the unit', () => {
  test('whatever is sent, answered or left unanswered', () => {
    type Act = { do: 'send' | 'answer' | 'wait'; n: number }
    const acts = fc.array(
      fc.record<Act>({ do: fc.constantFrom('send', 'send', 'answer', 'wait'), n: fc.integer({ min: 0, max: 400 }) }),
      { minLength: 5, maxLength: 80 },
    )
    fc.assert(
      fc.property(acts, all => {
        let now = 0
        const written: string[] = []
        const open = new Map<number, { bytes: number; at: number }>()
        const outbox = new Outbox({
          write(line) {
            written.push(line)
            open.set(Number.parseInt(line.slice(11, 19), 16), { bytes: line.length, at: now })
          },
          settled: () => {},
        })
        outbox.hello(7, 10, now)
        for (const act of all) {
          if (act.do === 'send' && act.n % 2) outbox.send({ type: 'lease' }, now)
          else if (act.do === 'send')
            outbox.send({ type: 'target', channel: 1, target_mmHg: 50, slew_mmHg_per_s: 9 }, now)
          else if (act.do === 'answer') {
            const seq = [...open.keys()][0]
            if (seq === undefined) continue
            open.delete(seq)
            outbox.answered(seq, { outcome: 'done' }, now)
          } else {
            now += act.n
            // What was not answered in time has left the window before anything takes its place.
            for (const [seq, line] of open) if (now - line.at > TIMING.ack) open.delete(seq)
            outbox.tick(now)
          }
          const bytes = [...open.values()].reduce((sum, line) => sum + line.bytes, 0)
          expect(bytes).toBeLessThanOrEqual(IN_FLIGHT_MAX)
        }
        expect(new Set(written).size).toBe(written.length)
      }),
      { numRuns: 200 },
    )
  })

  test('a line that is not answered for 300 ms is unknown, is never sent again, and makes place for the next', () => {
    const [written, ends]: [string[], string[]] = [[], []]
    const outbox = new Outbox({
      write: line => written.push(line),
      settled: (_, { outcome }) => ends.push(outcome),
    })
    for (let i = 0; i < 3; i++) outbox.send({ type: 'arm' }, 0)
    expect(written).toHaveLength(2)
    outbox.tick(TIMING.ack)
    expect(ends).toEqual([])
    outbox.tick(TIMING.ack + 1)
    expect(ends).toEqual(['unknown', 'unknown'])
    expect(written).toHaveLength(3)
    outbox.tick(10_000)
    expect(written).toHaveLength(3)
    // An answer that comes after all changes nothing.
    outbox.answered(1, { outcome: 'done' }, 10_001)
    expect(ends).toEqual(['unknown', 'unknown', 'unknown'])
  })

  test('64 bytes may be unanswered, and not one more', () => {
    const written: number[] = []
    const outbox = new Outbox({ write: line => written.push(line.length), settled: () => {} })
    outbox.identify(0)
    outbox.hello(7, 10, 0)
    expect(written).toEqual([29, IN_FLIGHT_MAX - 29])
    outbox.send({ type: 'arm' }, 0)
    expect(written).toHaveLength(2)
  })

  test('a release goes out at once, in front of whatever waits, and what waits is dropped', () => {
    const { rig } = withSession()
    for (let i = 0; i < 5; i++) rig.tell({ do: 'self-test' })
    expect(rig.frames('self-test')).toHaveLength(2)
    rig.tell({ do: 'release', why: 'x' })
    expect(rig.sent.at(-1)?.what).toBe('release')
    rig.advance(5_000)
    expect(rig.frames('self-test')).toHaveLength(2)
  })

  test('a vent drops what waits to inflate', () => {
    const { rig, outbox } = withSession()
    rig.tell({ do: 'self-test' })
    outbox.send({ type: 'target', channel: 1, target_mmHg: 50, slew_mmHg_per_s: 9 }, rig.now)
    rig.tell({ do: 'vent' })
    rig.hear({ type: 'ack', seq: 1 })
    rig.advance(400)
    expect(rig.frames('target')).toEqual([])
    expect(rig.frames('vent')).toHaveLength(1)
  })
})

describe('REQ-UNKNOWN (F20, F21): an unanswered command is not tried again', () => {
  /** An outbox, and how its lines ended. */
  const settling = () => {
    const ends: [string, number, LineOutcome][] = []
    const outbox = new Outbox({ write: () => {}, settled: ({ of, seq }, result) => ends.push([of, seq, result]) })
    return { outbox, ends }
  }
  const done = { outcome: 'done' } as const

  test('an answer settles the line of its number and no other, and one that nobody waits for none', () => {
    const { outbox, ends } = settling()
    const [first, second] = [outbox.send({ type: 'arm' }, 0), outbox.send({ type: 'lease' }, 0)]
    outbox.answered(99, done, 1)
    expect(ends).toEqual([])
    outbox.answered(second, done, 1)
    outbox.answered(first, { outcome: 'refused', code: 4 }, 1)
    expect(ends).toEqual([
      ['lease', 2, done],
      ['arm', 1, { outcome: 'refused', code: 4 }],
    ])
  })

  test('a profile answers an identify, and an acknowledgement the command of its number', () => {
    const { outbox, ends } = settling()
    outbox.identify(0)
    const seq = outbox.send({ type: 'arm' }, 0)
    outbox.answered(seq, done, 1)
    outbox.answered(IDENTIFY, done, 1)
    expect(ends.map(([of]) => of)).toEqual(['arm', 'identify'])
  })

  test('what was dropped before it went out is unknown, each once', () => {
    const { outbox, ends } = settling()
    for (let i = 0; i < 4; i++) outbox.send({ type: 'self-test' }, 0)
    outbox.clear(5)
    const unknown = { outcome: 'unknown' }
    expect(ends).toEqual([
      ['self-test', 3, unknown],
      ['self-test', 4, unknown],
    ])
    outbox.tick(TIMING.ack + 1)
    expect(ends.map(([, seq]) => seq)).toEqual([3, 4, 1, 2])
  })

  test('a refusal has its reason in words, and nothing else has one', () => {
    expect(reasonOf({ outcome: 'refused', code: 4 })).toBe('the unit refuses: mode')
    expect(reasonOf({ outcome: 'refused', code: 99 })).toBe('the unit refuses: unknown')
    expect([reasonOf(done), reasonOf({ outcome: 'unknown' })]).toEqual([undefined, undefined])
  })

  test.each([
    ['the lease', 0],
    ['the first target', 1],
    ['the second target', 2],
  ])('a press of which %s is not answered ends in a release, and no number is used twice', (_, answered) => {
    const rig = GuardRig.armed()
    rig.unit!.inject('link.cut', rig.now)
    // By hand from here: the unit answers so many lines, and goes on reporting.
    rig.tell({ do: 'press', ...PRESS })
    for (let i = 0; i < answered; i++) rig.hear({ type: 'ack', seq: numberOf(rig.sent.at(-1)!.what) })
    rig.advance(TIMING.ack + 200)
    expect(rig.released).toMatchObject([{ rule: 'UNKNOWN' }])
    expect(rig.outcome('press')).toMatchObject({ outcome: 'unknown' })
    expect(rig.frames('target')).toHaveLength(answered)
    const numbers = rig.sent.map(({ what }) => numberOf(what)).filter(seq => seq > 0)
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  test('a press while another is under way is refused, although no report shows it yet', () => {
    const rig = GuardRig.armed()
    rig.unit!.inject('link.cut', rig.now)
    rig.tell({ do: 'press', ...PRESS })
    rig.tell({ do: 'press', ...PRESS })
    expect(rig.outcome('press')).toMatchObject({ outcome: 'refused', why: 'the last press has not ended' })
    expect(rig.frames('lease')).toHaveLength(1)
  })

  test('a press that the unit refuses ends in a release', () => {
    const rig = GuardRig.armed()
    rig.unit!.inject('link.cut', rig.now)
    rig.tell({ do: 'press', ...PRESS })
    rig.hear({ type: 'refusal', seq: numberOf(rig.sent.at(-1)!.what), code: 0x0a })
    expect(rig.released).toMatchObject([{ why: 'the press command: the unit refuses: time' }])
    expect(rig.frames('target')).toEqual([])
  })

  test('a vent that is not answered ends in a release', () => {
    const rig = GuardRig.armed()
    rig.unit!.inject('link.txDrop', rig.now)
    rig.tell({ do: 'vent' })
    rig.advance(TIMING.ack + 200)
    expect(rig.released).toMatchObject([{ rule: 'UNKNOWN' }])
  })
})

describe('REQ-RELEASED (I-7): a guard that has released says nothing but release', () => {
  test('to every command', () => {
    const rig = GuardRig.armed()
    rig.tell({ do: 'release', why: 'x' })
    const sent = rig.sent.length
    for (const what of ['identify', 'self-test', 'arm', 'vent'] as const) rig.tell({ do: what })
    rig.tell({ do: 'hello', nonce: 9, rate_Hz: 10 })
    rig.tell({ do: 'press', ...PRESS })
    for (const of of ['identify', 'self-test', 'arm', 'vent', 'hello', 'press'])
      expect(rig.outcome(of)).toMatchObject({ outcome: 'refused', why: 'a release ended this session' })
    rig.advance(5_000)
    expect(rig.sent.slice(sent).filter(({ what }) => what !== 'release')).toEqual([])
  })

  test('before any session: the byte goes out all the same (I-18)', () => {
    const rig = new GuardRig()
    rig.tell({ do: 'release', why: 'x' })
    expect(rig.sent).toEqual([{ at: rig.now, what: 'release', bytes: 1 }])
  })

  test('only a report behind the byte, latched and vented, shows that it was heard', () => {
    const rig = new GuardRig()
    rig.hear(report({ mode: 'latched', seq: 1, uptime_ms: 100 }))
    rig.tell({ do: 'release', why: 'x' })
    expect(rig.guard.mayLeave).toBe(false)
    rig.advance(100)
    rig.hear({ ...report({ mode: 'armed' }, [0, 0]), seq: 2, uptime_ms: 200 })
    expect(rig.guard.mayLeave).toBe(false)
    rig.advance(100)
    for (let seq = 3; seq <= 32; seq++) {
      rig.hear({ ...report({ mode: 'latched' }, [0, 0]), seq, loop: seq, uptime_ms: seq * 100 })
      expect(rig.guard.mayLeave).toBe(seq >= 31)
      rig.advance(100)
    }
  })

  test('a single report below 15 mmHg is not believed: it may be noise', () => {
    const rig = new GuardRig()
    rig.tell({ do: 'release', why: 'x' })
    for (let seq = 1; seq <= 100; seq++) {
      rig.advance(100)
      rig.hear({
        ...report({ mode: 'latched' }, [seq % 10 === 0 ? 15 : 14.9, 0]),
        seq,
        loop: seq,
        uptime_ms: seq * 100,
      })
      expect(rig.guard.mayLeave).toBe(false)
    }
  })

  test('the first repeat comes 100 ms after the byte, whenever that was', () => {
    const rig = new GuardRig()
    rig.hear(report({ seq: 1, uptime_ms: 100 }))
    rig.advance(37)
    rig.tell({ do: 'release', why: 'x' })
    const first = rig.now
    rig.advance(310)
    const bytes = rig.sent.filter(one => one.what === 'release').map(one => one.at - first)
    expect(bytes).toEqual([0, 100, 200, 300])
  })

  test('it repeats the byte every 100 ms until a report behind it shows latched and below 15 mmHg', () => {
    const rig = new GuardRig()
    rig.hear(report({ seq: 1, uptime_ms: 100 }))
    rig.tell({ do: 'release', why: 'x' })
    rig.advance(1_000)
    expect(rig.sent.length).toBeGreaterThanOrEqual(10)
    const see = (seq: number, change: Parameters<typeof report>) =>
      rig.hear({ ...report(...change), seq, uptime_ms: seq * 100 })
    see(11, [{ mode: 'armed' }])
    see(12, [{ mode: 'latched' }, [0, 15]])
    expect(rig.guard.mayLeave).toBe(false)
    for (let seq = 13; seq <= 43; seq++) {
      expect(rig.guard.mayLeave).toBe(false)
      see(seq, [{ mode: 'latched', loop: seq }, [0, 14.9]])
      rig.advance(100)
    }
    expect(rig.guard.mayLeave).toBe(true)
    const count = rig.sent.length
    rig.advance(1_000)
    expect(rig.sent).toHaveLength(count)
  })
})
