import { describe, expect, test } from 'vitest'
import { Bench } from '../support/bench.ts'

const cycle = (bench: Bench, hold_ms: number): void => {
  bench.command('lease')
  bench.target(1, 50, 30)
  bench.keep(hold_ms).command('vent')
  bench.silent(4_000)
}

describe('FW-5, inflated time', () => {
  test('TIME after the longest time without a break, however well the host does', () => {
    const bench = new Bench({ profile: { inflatedContinuous_s: 60 } }).armed()
    bench.target(1, 100)
    const from = bench.now
    expect(bench.until(() => bench.happened('venting').length > 0, 70_000, true)).toBeLessThanOrEqual(60_100)
    expect(bench.faults()).toEqual(['TIME'])
    expect(bench.until(() => bench.pressure() < 15, 5_000) + bench.now - from).toBeLessThan(70_000)
  })
  test('at the usual 1,200 s', () => {
    const bench = new Bench({ channels: 1 }).armed()
    bench.target(1, 40)
    bench.keep(1_199_000)
    expect(bench.mode()).toBe('active')
    bench.keep(1_500)
    expect(bench.faults()).toEqual(['TIME'])
  })
  test('a break below 15 mmHg begins it anew, and TIME of this kind goes by itself', () => {
    const bench = new Bench({ profile: { inflatedContinuous_s: 20 } }).armed()
    for (let i = 0; i < 5; i++) cycle(bench, 15_000)
    expect(bench.faults()).toEqual([])
    bench.command('lease')
    bench.target(1, 50)
    bench.keep(25_000).silent(5_000)
    expect(bench.faults()).toEqual([])
    expect(bench.happened('fault').some(one => one.faults.includes('TIME'))).toBe(true)
    expect(bench.mode(), 'and the unit stays latched').toBe('latched')
  })
  test('a change of target, hello, release or self test does not reset the hour’s sum', () => {
    const bench = new Bench({ profile: { inflatedContinuous_s: 60, inflatedHour_s: 60 } }).armed()
    cycle(bench, 25_000)
    bench.hello()
    bench.retest().command('arm')
    cycle(bench, 25_000)
    bench.release()
    bench.silent(3_000).command('arm')
    cycle(bench, 25_000)
    expect(bench.faults()).toEqual(['TIME'])
  })
  test.each(['fw.reset', 'dev.powerCycle', 'fw.hang'])('the hour’s sum outlives %s', behaviour => {
    const bench = new Bench({ profile: { inflatedContinuous_s: 60, inflatedHour_s: 60 } }).armed()
    for (let i = 0; i < 3; i++) {
      cycle(bench, 15_000)
      bench.unit.inject(behaviour, bench.now)
      bench.silent(3_000)
      bench.armed()
    }
    expect(bench.faults()).toEqual([])
    cycle(bench, 20_000)
    expect(bench.faults()).toEqual(['TIME'])
    bench.unit.inject(behaviour, bench.now)
    bench.silent(3_000)
    expect(bench.faults()).toContain('TIME')
    expect(bench.armed().mode()).toBe('latched')
  })
  test('the hour rolls: what is 3,600 s ago counts no longer', () => {
    const bench = new Bench({ channels: 1, profile: { inflatedContinuous_s: 60, inflatedHour_s: 60 } }).armed()
    bench.target(1, 50, 30)
    bench.keep(70_000)
    expect(bench.faults()).toEqual(['TIME'])
    bench.silent(3_500_000)
    expect(bench.faults()).toEqual(['TIME'])
    bench.silent(100_000)
    expect(bench.faults()).toEqual([])
    expect(bench.command('arm')).toBe('K')
  })
  test('a memory that cannot be read counts the hour as used up until 3,600 s after the start', () => {
    const bench = new Bench({ channels: 1, behaviours: ['fw.memoryLost'] })
    bench.unit.inject('fw.reset', 0)
    bench.silent(3_590_000)
    expect(bench.faults()).toContain('TIME')
    bench.silent(20_000)
    expect(bench.faults()).toEqual(['BOOT'])
  })
  test('a sensor that reads too low does not stop the clock', () => {
    const bench = new Bench({ profile: { inflatedContinuous_s: 30 } }).armed()
    bench.unit.inject('sensor.offset=-45', bench.now)
    bench.target(1, 50, 5)
    expect(bench.until(() => bench.mode() === 'latched', 40_000, true)).toBeLessThanOrEqual(30_100)
  })
})
