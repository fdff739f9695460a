import { describe, expect, test } from 'vitest'
import type { GuardReport } from '../../machines/guardMessages.ts'
import { Releasing } from '../../src/guard/releasing.ts'
import { NOTHING_SEEN, type Seen } from '../../src/guard/sight.ts'
import { report } from '../support/guardRig.ts'

const NOW = 100_000
const effects = (reports: GuardReport[] = []) => ({
  writeRelease: () => {},
  report: (one: GuardReport) => reports.push(one),
})

/** Latched 1 ms after a release, and vented for 3 s. */
const done: Seen = {
  ...NOTHING_SEEN,
  last: report({ mode: 'latched' }),
  at: NOW + 1,
  ventedSince: NOW + 1 - 3_000,
}

describe('REQ-RELEASE: a release is over when the unit has shown it', () => {
  test('latched behind the byte, and vented for 3 s (LIM-VENTED-START): nothing is due any more', () => {
    const releasing = new Releasing(effects())
    releasing.send('x', NOW)
    expect(releasing.isDone(done)).toBe(true)
    expect(releasing.dueAt(done)).toBe(Number.POSITIVE_INFINITY)
  })

  test.each<[string, Partial<Seen>]>([
    ['no report', { last: undefined }],
    ['a report of the very moment of the byte', { at: NOW, ventedSince: NOW - 5_000 }],
    ['a unit that has not latched', { last: report({ mode: 'armed' }) }],
    ['vented for 1 ms too short', { ventedSince: NOW + 2 - 3_000 }],
    ['not vented', { ventedSince: undefined }],
  ])('not with %s: the byte is due again after 100 ms', (_, change) => {
    const releasing = new Releasing(effects())
    releasing.send('x', NOW)
    expect(releasing.isDone({ ...done, ...change })).toBe(false)
    expect(releasing.dueAt({ ...done, ...change })).toBe(NOW + 100)
  })

  test('without a release none is over, and none is due', () => {
    const releasing = new Releasing(effects())
    expect(releasing.isDone(done)).toBe(false)
    expect(releasing.dueAt(NOTHING_SEEN)).toBe(Number.POSITIVE_INFINITY)
  })

  test('each reason of the guard is told once, and a repeat is no news', () => {
    const reports: GuardReport[] = []
    const releasing = new Releasing(effects(reports))
    releasing.send('key', NOW)
    releasing.send('again', NOW)
    releasing.send('a reason', NOW, 'VENT')
    releasing.send('a reason', NOW, 'VENT')
    releasing.send('again', NOW)
    expect(reports).toEqual([
      { is: 'released', why: 'key' },
      { is: 'released', why: 'a reason', rule: 'VENT' },
    ])
    expect([releasing.hasTold('VENT'), releasing.hasTold('BAND')]).toEqual([true, false])
    expect([...releasing.memory.told]).toEqual(['VENT'])
  })
})
