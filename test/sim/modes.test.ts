import { describe, expect, test } from 'vitest'
import { encodeHostFrame } from '../../protocol/hostFrames.ts'
import type { Mode } from '../../protocol/wire.ts'
import { Bench } from '../support/bench.ts'

/** A bench in each mode. */
const IN: Record<Mode, () => Bench> = {
  latched: () => new Bench().silent(50),
  testing: () => {
    const bench = new Bench()
    bench.hello()
    bench.command('self-test')
    return bench
  },
  armed: () => new Bench().armed(),
  active: () => new Bench().holding(),
  venting: () => {
    const bench = new Bench().holding(150)
    bench.command('vent')
    return bench.silent(100)
  },
}
const modes = Object.keys(IN) as Mode[]

describe('modes', () => {
  test('FW-2: it starts latched and vented with BOOT, and never adopts what it finds', () => {
    const bench = new Bench().holding(150)
    bench.unit.inject('fw.reset', bench.now)
    bench.silent(400)
    expect(bench.report()).toMatchObject({ mode: 'latched', boot: 2 })
    expect(bench.faults()).toEqual(['BOOT'])
    expect(bench.report().channels[0]!.pressure_mmHg).toBeGreaterThan(50)
    expect(bench.report().channels[0]).toMatchObject({ target_mmHg: 0, pumpOn: false, valveClosed: false })
    bench.silent(4_000)
    expect(bench.pressure()).toBeLessThan(15)
    expect(bench.command('lease'), 'the session ended').toBe('N 02')
  })
  test('the way of a session: latched, testing, latched, armed, active, venting, armed', () => {
    const bench = new Bench().holding()
    bench.command('vent')
    bench.silent(5_000)
    const seen = bench.all('telemetry').map(t => t.mode)
    expect(seen.filter((mode, i) => mode !== seen[i - 1])).toEqual([
      'latched',
      'testing',
      'latched',
      'armed',
      'active',
      'venting',
      'armed',
    ])
  })
  test('in every mode but active all valves are open and all pumps off', () => {
    const bench = new Bench({ channels: 4 }).holding(150, 3)
    bench.command('vent')
    bench.silent(5_000)
    for (const t of bench.all('telemetry').filter(t => t.mode !== 'active'))
      for (const c of t.channels) expect([t.mode, c.valveClosed, c.pumpOn]).toEqual([t.mode, false, false])
  })
  test('a channel without a target stays open while another is held', () => {
    const bench = new Bench({ channels: 2 }).holding(100, 1)
    expect(bench.report().channels.map(c => c.valveClosed)).toEqual([true, false])
    expect(bench.unit.pressures()[1]).toBe(0)
  })
  test.each(modes)('vent is accepted in %s, and latches nothing', mode => {
    const bench = IN[mode]()
    if (mode === 'latched') bench.hello()
    const faults = bench.faults()
    expect(bench.command('vent')).toBe('K')
    expect(bench.mode()).toBe(mode === 'active' ? 'venting' : mode)
    expect(bench.faults()).toEqual(faults)
  })
  test('the self test says its number and offsets within 3 s, and then the unit is latched', () => {
    const bench = new Bench({ channels: 2 })
    bench.hello()
    bench.command('self-test')
    const seq = bench.seq
    bench.silent(3_000)
    expect(bench.all('self-test')).toMatchObject([{ seq, failures: 0 }])
    for (const offset of bench.all('self-test')[0]!.offsets_mmHg) expect(Math.abs(offset)).toBeLessThan(1.5)
    expect(bench.mode()).toBe('latched')
  })
  test('a self test that is broken off sends no result, and counts as not passed', () => {
    const bench = new Bench()
    bench.hello()
    bench.retest()
    bench.command('self-test')
    bench.release()
    bench.silent(3_000)
    expect(bench.all('self-test')).toHaveLength(1)
    expect(bench.command('arm')).toBe('N 0B')
  })
  test('arming when armed is accepted and changes nothing', () => {
    const bench = new Bench().armed()
    const before = bench.all('telemetry').length
    expect(bench.command('arm')).toBe('K')
    expect(bench.all('telemetry').length).toBe(before)
  })
})

describe('FW-7, the release byte', () => {
  test.each(modes)('in %s: latched, valves open, pumps off, one telemetry frame, within 20 ms', mode => {
    const bench = IN[mode]()
    const before = bench.frames.length
    bench.release()
    const told = bench.frames.slice(before)
    expect(told).toHaveLength(1)
    expect(told[0]!.at - bench.now).toBeLessThanOrEqual(20)
    expect(told[0]!.frame).toMatchObject({ type: 'telemetry', mode: 'latched' })
    expect(bench.faults()).toContain('RELEASED')
    expect(bench.report().channels.some(c => c.valveClosed || c.pumpOn || c.target_mmHg > 0)).toBe(false)
    bench.silent(5_000)
    expect(bench.pressure()).toBeLessThan(15)
  })
  test('inside a line: releases, and the next byte begins a new line', () => {
    const bench = new Bench().holding()
    bench.raw(`V 8F03A2C1 0000\x18${encodeHostFrame({ type: 'vent', nonce: bench.nonce, seq: 9_999 })}`)
    expect(bench.mode()).toBe('latched')
    expect(bench.frames.at(-1)!.frame).toMatchObject({ type: 'ack', seq: 9_999 })
  })
  test('again and again does no harm, and each one is answered by one telemetry frame', () => {
    const bench = new Bench().holding()
    const before = bench.all('telemetry').length
    for (let i = 0; i < 50; i++) bench.release()
    expect(bench.all('telemetry').length).toBe(before + 50)
    expect(bench.mode()).toBe('latched')
  })
  test('in the middle of 10 kB of noise it is seen', () => {
    const bench = new Bench().holding()
    bench.raw(Uint8Array.from({ length: 10_000 }, (_, i) => (i === 7_777 ? 0x18 : 0x80 | (i & 0x7f))))
    expect(bench.mode()).toBe('latched')
    expect(bench.faults()).toContain('RELEASED')
  })
  test('latches until a deliberate arming, below 15 mmHg, in the same session', () => {
    const bench = new Bench().holding()
    bench.release()
    expect(bench.command('lease')).toBe('N 04')
    expect(bench.target(1, 100)).toBe('N 04')
    bench.silent(5_000)
    expect(bench.command('arm')).toBe('K')
    expect(bench.faults()).toEqual([])
    expect(bench.silent(1_000).pressure()).toBeLessThan(1)
  })
  test('works without any session', () => {
    const bench = new Bench()
    bench.release()
    expect(bench.faults()).toEqual(['RELEASED', 'BOOT'])
  })
})
