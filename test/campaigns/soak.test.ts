import { describe, expect, test } from 'vitest'
import { leftSince, standing } from './leftovers.ts'
import { collectGarbage, data } from './memory.ts'
import { slopeOf } from './slope.ts'
import { soak } from './soak.ts'
import { isFlat } from './soakMemory.ts'

/** A few sessions; fourteen days of them are a campaign. */
const DAYS = 0.04

describe('REQ-SOAK: sessions one after the other, with faults at random by seed', () => {
  test('nothing is wrong in any, and one seed gives a run again to the byte', () => {
    const [first, again, other] = [soak(DAYS, 1), soak(DAYS, 1), soak(DAYS, 7)]
    expect([...first.wrong, ...other.wrong]).toEqual([])
    expect(first.sessions).toBeGreaterThan(1)
    // One in peace, behind others on the same unit, comes to its end.
    expect(first.endings.get('finished')).toBeGreaterThan(0)
    expect(again.hash).toBe(first.hash)
    expect(other.hash).not.toBe(first.hash)
  })

  test('64 KiB that are kept each time are seen in what is measured', () => {
    const kept: Uint8Array[] = []
    const memory = Array.from({ length: 14 }, () => {
      kept.push(Buffer.alloc(2 ** 16))
      collectGarbage()
      return data()
    })
    expect(kept).toHaveLength(14)
    expect(isFlat(memory, 2)).toBe(false)
  })

  test('memory that only moves up and down is flat, and a growth of 1 KiB each time is not', () => {
    const moving = Array.from({ length: 60 }, (_, i) => 1e7 + 4_000 * Math.sin(i * 7))
    const growing = moving.map((bytes, i) => bytes + 1_024 * i)
    expect([isFlat(moving, 0), isFlat(growing, 0)]).toEqual([true, false])
    expect(slopeOf(growing).middle).toBeCloseTo(1_024, -2)
  })

  test('a timer and a listener that are left are named', () => {
    const then = standing()
    const timer = setTimeout(() => {}, 60_000)
    const listener = () => {}
    process.on('SIGUSR2', listener)
    try {
      expect(leftSince(then)).toEqual(expect.arrayContaining(['1 Timeout', '1 listener of process to SIGUSR2']))
    } finally {
      clearTimeout(timer)
      process.off('SIGUSR2', listener)
    }
    expect(leftSince(then)).toEqual([])
  })
})
