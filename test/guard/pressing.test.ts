import { describe, expect, test } from 'vitest'
import { decodeHostFrame, type HostFrame } from '../../protocol/hostFrames.ts'
import type { Telemetry } from '../../protocol/unitFrames.ts'
import { TIMING } from '../../protocol/wire.ts'
import { heard, NO_CONTROLLER } from '../../src/guard/lease.ts'
import { Outbox } from '../../src/guard/outbox.ts'
import { Pressing } from '../../src/guard/pressing.ts'
import { NOTHING_SEEN } from '../../src/guard/sight.ts'
import { GuardRig, PRESS, report } from '../support/guardRig.ts'

const NOW = 100_000

/** A press's keeper, and the lines that went out; each is acknowledged at once. */
function pressing() {
  const sent: HostFrame[] = []
  const outbox: Outbox = new Outbox({
    write(line) {
      const bytes = Buffer.from(line, 'latin1')
      const frame = decodeHostFrame(bytes, bytes.length - 1)
      if (typeof frame !== 'object') throw new Error(frame)
      sent.push(frame)
    },
    settled: () => {},
  })
  outbox.hello(7, 10, NOW - 10_000)
  outbox.answered(0, { outcome: 'done' }, NOW - 10_000)
  const one = new Pressing(outbox)
  const leases = () => sent.filter(({ type }) => type === 'lease').length
  const answerAll = (now: number) => {
    for (const frame of sent) if ('seq' in frame) outbox.answered(frame.seq, { outcome: 'done' }, now)
  }
  return { one, leases, answerAll }
}
const well = (now: number) => ({ controller: heard(NO_CONTROLLER, 1, now), seenAt: now, rulesHold: true })

describe('REQ-LEASE (I-8): when a lease is due it is asked for, and sent only if all is well', () => {
  test('every 250 ms while all is well', () => {
    const { one, leases, answerAll } = pressing()
    one.begin(PRESS, NOW)
    for (let now = NOW; now <= NOW + 1_000; now += 10) {
      answerAll(now)
      one.renew(well(now), now)
    }
    expect(leases()).toBe(1 + 1_000 / TIMING.lease)
  })

  test.each([
    ['a rule is broken', { rulesHold: false }],
    ['the last report is old', { seenAt: NOW - 501 }],
    ['the controller was never heard', { controller: NO_CONTROLLER }],
  ])('none while %s, and it is asked again after 100 ms', (_, ill) => {
    const { one, leases } = pressing()
    one.begin(PRESS, NOW - TIMING.lease)
    one.renew({ ...well(NOW), ...ill }, NOW)
    expect(leases()).toBe(1)
    expect(one.leaseAt).toBe(NOW + 100)
    one.renew(well(NOW + 99), NOW + 99)
    expect(leases()).toBe(1)
    one.renew(well(NOW + 100), NOW + 100)
    expect(leases()).toBe(2)
  })

  test('none without a press, even if one were due', () => {
    const { one, leases } = pressing()
    one.leaseAt = NOW
    one.renew(well(NOW), NOW)
    expect(leases()).toBe(0)
    expect(one.leaseAt).toBe(NOW + 100)
  })

  test('after a pause they do not follow each other within less than 100 ms', () => {
    const { one } = pressing()
    one.begin(PRESS, NOW)
    const late = NOW + 2 * TIMING.lease + 1
    one.renew(well(late), late)
    expect(one.leaseAt).toBe(late + 100)
  })

  test('the last three are those that the unit may echo', () => {
    const { one, answerAll } = pressing()
    one.begin(PRESS, NOW)
    for (let now = NOW + TIMING.lease; now <= NOW + 4 * TIMING.lease; now += TIMING.lease) {
      answerAll(now)
      one.renew(well(now), now)
    }
    expect(one.inForce?.leases).toEqual([3, 4, 5])
  })
})

describe('REQ-PRESS (I-6): a press and the vent that ends it', () => {
  const seen = { ...NOTHING_SEEN, unit_ms: 5_000 }
  const note = (one: Pressing, frame: Telemetry, afterRelease = false) => one.note(frame, seen, afterRelease, NOW)

  test('it is done when lease and every target have been acknowledged, and not before', () => {
    const rig = GuardRig.armed()
    rig.unit!.inject('link.cut', rig.now)
    rig.tell({ do: 'press', ...PRESS })
    const acknowledge = (type: HostFrame['type'], i: number) => {
      const { what } = rig.frames(type)[i]!
      rig.hear({ type: 'ack', seq: typeof what === 'object' && 'seq' in what ? what.seq : -1 })
      return rig.reports.filter(one => one.is === 'outcome' && one.of === 'press')
    }
    expect(acknowledge('lease', 0)).toEqual([])
    expect(acknowledge('target', 0)).toEqual([])
    expect(acknowledge('target', 1)).toEqual([{ is: 'outcome', of: 'press', outcome: 'done' }])
  })

  test('a report in a press is noted', () => {
    const { one } = pressing()
    one.begin(PRESS, NOW)
    note(one, report({}, [60, 15]))
    expect([...one.inForce!.reached]).toEqual([1])
    expect(one.inForce!.inflatedSince_unit_ms).toBe(5_000)
  })

  test('its vent is over when a report that is not one of venting shows every line vented', () => {
    const { one } = pressing()
    one.begin(PRESS, NOW - 1_000)
    one.end(report({}, [60, 50]), NOW)
    const begun = { since: NOW, from: [60, 50] }
    note(one, report({ mode: 'venting' }, [0, 0]))
    note(one, report({ mode: 'armed' }, [0, 15]))
    note(one, report({ mode: 'latched' }, [0, 0]), true)
    expect(one.venting).toEqual(begun)
    note(one, report({ mode: 'armed' }, [0, 14.9]))
    expect(one.venting).toBeUndefined()
  })

  test('one that ends before any report began from nothing that is known', () => {
    const { one } = pressing()
    one.begin(PRESS, NOW - 1_000)
    one.end(undefined, NOW)
    expect(one.venting).toEqual({ since: NOW, from: [] })
  })
})
