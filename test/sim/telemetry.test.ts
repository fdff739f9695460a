import { describe, expect, test } from 'vitest'
import { Bench } from '../support/bench.ts'

const gaps = (times: readonly number[]): number[] => times.slice(1).map((t, i) => t - times[i]!)
const times = (bench: Bench): number[] =>
  bench.frames.flatMap(({ at, frame }) => (frame.type === 'telemetry' ? [at] : []))

describe('FW-11, telemetry', () => {
  test('comes at 10 Hz from the start, without a session, the first within 2 s', () => {
    const bench = new Bench().silent(10_000)
    expect(times(bench)[0]).toBeLessThanOrEqual(2_000)
    for (const gap of gaps(times(bench))) expect(Math.abs(gap - 100)).toBeLessThanOrEqual(20)
    expect(times(bench).length).toBeGreaterThanOrEqual(97)
  })
  test.each([10, 13, 30, 64, 100])('comes at %i Hz in a session that asks for it, within 20 %% of the period', rate => {
    const bench = new Bench()
    bench.hello(rate)
    bench.frames.length = 0
    bench.silent(5_000)
    const period = 1_000 / rate
    for (const gap of gaps(times(bench))) expect(Math.abs(gap - period)).toBeLessThanOrEqual(0.2 * period)
    expect(Math.abs(times(bench).length - 5 * rate)).toBeLessThanOrEqual(1)
  })
  test('seq rises by one; up, loop and boot say what they should', () => {
    const bench = new Bench().holding().silent(5_000)
    bench.all('telemetry').reduce((a, b) => {
      expect(b.seq).toBe(a.seq + 1)
      expect(b.uptime_ms).toBeGreaterThanOrEqual(a.uptime_ms)
      expect(b.boot).toBe(1)
      expect(b.loop - a.loop).toBeGreaterThanOrEqual(Math.floor((b.uptime_ms - a.uptime_ms) / 50))
      return b
    })
  })
  test('seq and loop wrap', () => {
    const bench = new Bench()
    bench.hello(100)
    bench.silent(660_000)
    expect(bench.bad).toBe(0)
    expect(bench.report().seq).toBeLessThan(1_000)
    bench.silent(700_000)
    expect(bench.all('telemetry').every(t => t.loop <= 0xffff)).toBe(true)
    expect(bench.all('telemetry').some((t, i, all) => i > 0 && t.loop < all[i - 1]!.loop)).toBe(true)
  })
  test('one comes out of turn whenever the mode or a fault changes', () => {
    const bench = new Bench()
    bench.hello()
    const at = () => times(bench).at(-1)
    bench.silent(33)
    bench.command('self-test')
    expect(at()).toBe(bench.now)
    bench.silent(1_237).command('arm')
    expect(at()).toBe(bench.now)
    bench.command('lease')
    expect(at(), 'a lease changes neither').toBe(bench.now)
    bench.silent(7).target(1, 50)
    expect(at()).toBe(bench.now)
  })
  test('is never sent on request, and not out of turn for a lease', () => {
    const bench = new Bench().armed().silent(45)
    const before = bench.all('telemetry').length
    for (let i = 0; i < 20; i++) bench.command('lease')
    expect(bench.all('telemetry').length).toBe(before)
  })
  test('echoes the low 16 bits of the last lease, and boot is kept across power loss', () => {
    const bench = new Bench().armed()
    bench.command('lease', { seq: 0x0123_4567 })
    bench.silent(100)
    expect(bench.report().lease).toBe(0x4567)
    bench.unit.inject('dev.powerCycle', bench.now)
    bench.silent(1_000)
    expect(bench.report()).toMatchObject({ boot: 2, lease: 0 })
    expect(bench.report().uptime_ms).toBeLessThan(1_000)
  })
  test('shows target, pump, valve, raw counts and pressure with the zero taken off', () => {
    const bench = new Bench({ seed: 9 }).armed()
    bench.target(1, 120)
    bench.keep(2_000)
    expect(bench.report().channels[0]).toMatchObject({ target_mmHg: 120, pumpOn: true, valveClosed: true })
    bench.keep(7_000)
    const [held, open] = bench.report().channels
    expect(Math.abs(held!.pressure_mmHg - bench.pressure())).toBeLessThan(1)
    expect(held!.raw).toBeGreaterThan(open!.raw + 500)
    expect(Math.abs(open!.pressure_mmHg)).toBeLessThan(0.5)
  })
  test('a T with four channels fits in 96 bytes, and every line decodes', () => {
    const bench = new Bench({ channels: 4 }).holding(100, 4)
    expect(Math.max(...bench.sent.map(line => line.length))).toBe(93)
    expect(bench.bad).toBe(0)
  })
})
