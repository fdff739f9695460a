import { describe, expect, test } from 'vitest'
import { TIMING } from '../../protocol/wire.ts'
import { ENVELOPE, GuardRig, PRESS } from '../support/guardRig.ts'

const names = (rig: GuardRig, from: number): string[] =>
  rig.sent.slice(from).map(({ what }) => (typeof what === 'object' ? what.type : what))

describe('REQ-LEASE (I-8): no lease goes out on a report that is older than 500 ms', () => {
  /** The last report was `age` ms old when the press came; `acked` leaves the answers in. */
  const pressAfter = (age: number, acked: boolean): { rig: GuardRig; lastReport: number; from: number } => {
    const rig = GuardRig.armed()
    const heard = () => rig.reports.filter(one => one.is === 'telemetry').length
    for (const before = heard(); heard() === before; ) rig.advance(1)
    const lastReport = rig.now
    rig.unit!.inject('link.rxDrop', rig.now)
    rig.advance(age)
    const from = rig.sent.length
    rig.tell({ do: 'press', ...PRESS })
    for (let t = 0; t < 2_500; t += 10) {
      const { what } = rig.sent.at(-1)!
      if (acked && typeof what === 'object' && 'seq' in what) rig.hear({ type: 'ack', seq: what.seq })
      rig.advance(10)
    }
    return { rig, lastReport, from }
  }

  test.each([
    [0, true],
    [240, true],
    [260, true],
    [400, true],
    [500, true],
    [400, false],
    [501, true],
  ])('the last one came %i ms before a press, answers heard: %s', (age, acked) => {
    const { rig, lastReport, from } = pressAfter(age, acked)
    const leases = rig.sent.slice(from).filter(({ what }) => typeof what === 'object' && what.type === 'lease')
    for (const { at } of leases) expect(at - lastReport).toBeLessThanOrEqual(TIMING.stale)
    expect(leases.length).toBe(
      acked && age <= 250 ? 1 + Math.floor((TIMING.stale - age) / TIMING.lease) : age > 500 ? 0 : 1,
    )
    expect(rig.released.length).toBe(age > 500 ? 0 : 1)
  })
})

describe('REQ-LEASE (I-8): a lease that waits for its place on the line', () => {
  test('is dropped when the guard was held up for 600 ms meanwhile: the release is all that goes out', () => {
    const rig = GuardRig.armed()
    rig.unit!.inject('link.cut', rig.now)
    for (let i = 0; i < 2; i++) rig.tell({ do: 'identify' })
    rig.tell({ do: 'press', ...PRESS })
    expect(names(rig, 0)).not.toContain('lease')
    rig.now += 600
    rig.guard.tick(rig.now)
    expect(names(rig, 0).slice(-1)).toEqual(['release'])
    expect(names(rig, 0)).not.toContain('lease')
    expect(rig.released).toMatchObject([{ rule: 'LAG' }])
  })
})

describe('REQ-BATCH: what comes in one piece counts in its order', () => {
  test('press, vent, press at once: nothing of the first press is sent, and the second is too soon', () => {
    const rig = GuardRig.armed()
    const from = rig.sent.length
    rig.guard.command({ do: 'press', ...PRESS }, rig.now)
    rig.guard.command({ do: 'vent' }, rig.now)
    rig.guard.command({ do: 'press', ...PRESS }, rig.now)
    rig.advance(2_000)
    expect(names(rig, from)).toEqual(['lease', 'vent'])
    expect(rig.outcome('press')).toMatchObject({ outcome: 'refused', why: 'a channel is not below 15 mmHg' })
  })

  test('a rest counts from the end of the last press, even if the line stayed below 15 mmHg', () => {
    const rig = GuardRig.armed({ behaviours: ['pump.dead'] })
    rig.tell({ do: 'press', ...PRESS })
    rig.advance(1_000)
    rig.tell({ do: 'vent' })
    rig.advance(ENVELOPE.rest_ms - 1)
    rig.tell({ do: 'press', ...PRESS })
    expect(rig.outcome('press')).toMatchObject({ outcome: 'refused', why: 'the rest is not over' })
    rig.advance(1)
    rig.tell({ do: 'press', ...PRESS })
    rig.advance(50)
    expect(rig.outcome('press')).toMatchObject({ outcome: 'done' })
    expect(rig.released).toEqual([])
  })
})

describe('REQ-COMMANDS: the guard does what it knows, and nothing else', () => {
  test.each([{ do: 'lease' }, { do: 'inflate' }, { do: 'target', channel: 1, target_mmHg: 60 }, {}, []])(
    '%j on the channel releases, and puts nothing else on the line',
    command => {
      for (const pressing of [false, true]) {
        const rig = GuardRig.armed()
        if (pressing) rig.tell({ do: 'press', ...PRESS })
        rig.advance(1_100)
        const from = rig.sent.length
        rig.tell(command as never)
        rig.advance(1_000)
        expect(new Set(names(rig, from))).toEqual(new Set(['release']))
        expect(rig.released).toMatchObject([{ rule: 'CONTROLLER' }])
      }
    },
  )

  test.each(['self-test', 'arm', 'vent'] as const)('%s without a session is refused, and not sent', what => {
    const rig = new GuardRig()
    rig.tell({ do: what })
    expect(rig.outcome(what)).toMatchObject({ outcome: 'refused', why: 'no session has been opened' })
    expect(rig.sent).toEqual([])
  })

  test('arm without an envelope is refused, and not sent', () => {
    const rig = new GuardRig({})
    rig.advance(200)
    rig.tell({ do: 'identify' })
    rig.tell({ do: 'hello', nonce: 7, rate_Hz: 10 })
    rig.tell({ do: 'self-test' })
    rig.advance(2_500)
    rig.tell({ do: 'arm' })
    rig.advance(500)
    expect(rig.outcome('arm')).toMatchObject({ outcome: 'refused', why: 'no envelope has been set' })
    expect(rig.frames('arm')).toEqual([])
    rig.tell({ do: 'envelope', envelope: ENVELOPE })
    rig.tell({ do: 'arm' })
    expect(rig.frames('arm')).toHaveLength(1)
  })
})
