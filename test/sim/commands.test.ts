import { describe, expect, test } from 'vitest'
import { encodeHostFrame } from '../../protocol/hostFrames.ts'
import { Bench } from '../support/bench.ts'

const lineOf = (bench: Bench, type: 'vent' | 'lease', seq: number): string =>
  encodeHostFrame({ type, nonce: bench.nonce, seq })

describe('identify and hello', () => {
  test('identify is answered by identity and profile, and changes nothing', () => {
    const bench = new Bench({ channels: 3 })
    bench.holding()
    const before = bench.frames.length
    bench.raw(encodeHostFrame({ type: 'identify' }))
    expect(bench.frames.slice(before).map(({ frame }) => frame.type)).toEqual(['identity', 'profile'])
    expect(bench.all('profile')[0]).toMatchObject({ simulated: true, declared: 0xfff, ceilings_mmHg: [300, 300, 300] })
    expect(bench.mode()).toBe('active')
  })
  test('hello of another version is refused with 01, and the session before it goes on', () => {
    const bench = new Bench().armed()
    expect(bench.say({ type: 'hello', nonce: 5, version: 2, rate_Hz: 10 })).toBe('N 01')
    expect(bench.command('lease')).toBe('K')
  })
  test.each([0, 9, 101, 255])('hello with a rate of %i Hz is refused with 05', rate => {
    expect(new Bench().hello(rate)).toBe('N 05')
  })
  test('version goes before rate', () => expect(new Bench().hello(0, 9)).toBe('N 01'))
  test('hello from active vents and latches, and takes the old session away', () => {
    const bench = new Bench().holding()
    expect(bench.say({ type: 'hello', nonce: 7, version: 1, rate_Hz: 10 })).toBe('K')
    expect(bench.mode()).toBe('latched')
    expect(bench.report().channels.every(c => !c.valveClosed && !c.pumpOn && c.target_mmHg === 0)).toBe(true)
    expect(bench.command('vent')).toBe('N 02')
    expect(bench.until(() => bench.pressure() < 15, 5_000)).toBeGreaterThan(0)
  })
  test('hello forgets the self test, the lease and the last number', () => {
    const bench = new Bench().armed()
    bench.hello()
    expect(bench.silent(100).report().lease).toBe(0)
    expect(bench.command('arm')).toBe('N 0B')
  })
})

describe('refusals', () => {
  test('02 without a session, and for a nonce that is not the session’s', () => {
    const bench = new Bench()
    expect(bench.command('vent')).toBe('N 02')
    bench.hello()
    expect(bench.command('vent', { nonce: 1 })).toBe('N 02')
    expect(bench.command('vent')).toBe('K')
  })
  test('03 for a lower number and for number 0; a gap is allowed', () => {
    const bench = new Bench()
    bench.hello()
    expect(bench.command('vent', { seq: 0 })).toBe('N 03')
    expect(bench.command('vent', { seq: 100 })).toBe('K')
    expect(bench.command('vent', { seq: 99 })).toBe('N 03')
    expect(bench.command('vent', { seq: 0xffff_ffff })).toBe('K')
    expect(bench.command('vent', { seq: 101 })).toBe('N 03')
  })
  test('04 for what the mode does not allow', () => {
    const bench = new Bench()
    bench.hello()
    expect(bench.command('lease')).toBe('N 04')
    expect(bench.target(1, 100)).toBe('N 04')
    bench.command('self-test')
    expect(bench.mode()).toBe('testing')
    expect(bench.command('self-test')).toBe('N 04')
    expect(bench.command('arm')).toBe('N 04')
    expect(bench.command('lease')).toBe('N 04')
    bench.silent(1_200).command('arm')
    expect(bench.command('self-test')).toBe('N 04')
    bench.command('lease')
    bench.target(1, 100)
    expect(bench.command('arm')).toBe('N 04')
    bench.keep(2_000).command('vent')
    expect(bench.mode()).toBe('venting')
    expect(bench.command('lease')).toBe('N 04')
    expect(bench.target(1, 100)).toBe('N 04')
  })
  test.each([
    [0, 100, 20, 'N 06'],
    [3, 100, 20, 'N 06'],
    [15, 100, 20, 'N 06'],
    [1, 19, 20, 'N 05'],
    [1, 251, 20, 'N 05'],
    [1, 0, 20, 'N 05'],
    [1, 4095, 20, 'N 05'],
    [1, 100, 0, 'N 05'],
    [1, 100, 31, 'N 05'],
    [1, 20, 1, 'K'],
    [2, 250, 30, 'K'],
  ])('channel %i, %i mmHg, %i mmHg/s: %s', (channel, target, slew, answer) => {
    expect(new Bench().armed().target(channel, target, slew)).toBe(answer)
  })
  test('the order is 02, 03, 04, 06, 05, and the lease after them', () => {
    const bench = new Bench()
    bench.hello()
    bench.command('vent', { seq: 50 })
    const wrong = (over: object) =>
      bench.say({
        type: 'target',
        nonce: bench.nonce,
        seq: 60,
        channel: 9,
        target_mmHg: 999,
        slew_mmHg_per_s: 0,
        ...over,
      })
    expect(wrong({ nonce: 1, seq: 1 })).toBe('N 02')
    expect(wrong({ seq: 1 })).toBe('N 03')
    expect(wrong({ seq: 60 })).toBe('N 04')
    bench.seq = 60
    bench.retest().command('arm')
    expect(wrong({ seq: 70 })).toBe('N 06')
    expect(wrong({ seq: 71, channel: 1 })).toBe('N 05')
    expect(wrong({ seq: 72, channel: 1, target_mmHg: 100, slew_mmHg_per_s: 10 })).toBe('N 09')
  })
  test('07: no self test and no arming while a channel is at 15 mmHg', () => {
    const bench = new Bench().holding(150)
    bench.release()
    bench.silent(200)
    expect(bench.command('self-test')).toBe('N 07')
    expect(bench.command('arm')).toBe('N 07')
    bench.until(() => bench.report().channels[0]!.pressure_mmHg < 15, 5_000)
    expect(bench.command('arm'), 'below for less than 1 s').toBe('N 07')
    expect(bench.silent(1_200).command('arm')).toBe('K')
  })
  test('08: no arming while a fault stands that arming does not clear', () => {
    const bench = new Bench({ behaviours: ['pump.dead@hold'] }).holding()
    bench.keep(1_000)
    bench.unit.inject('pneu.burst', bench.now)
    bench.keep(5_000)
    expect(bench.faults()).toEqual(['LEAK'])
    expect(bench.command('arm')).toBe('N 08')
  })
  test('09: a target needs a lease that is not older than T_SILENCE', () => {
    const bench = new Bench().armed()
    bench.silent(1_501)
    expect(bench.target(1, 100)).toBe('N 09')
    bench.command('lease')
    bench.silent(1_500)
    expect(bench.target(1, 100)).toBe('K')
  })
  test('07: no target from armed while a channel is at 15 mmHg: a pressure that is found is not taken over', () => {
    const bench = new Bench().armed()
    bench.unit.inject('sensor.offset=20', bench.now)
    bench.silent(500).command('lease')
    expect(bench.target(2, 100)).toBe('N 07')
  })
  test('09: latching ends a lease, however young it is', () => {
    const bench = new Bench().armed()
    bench.release()
    expect(bench.silent(200).command('arm')).toBe('K')
    expect(bench.target(1, 100)).toBe('N 09')
    bench.command('lease')
    expect(bench.target(1, 100)).toBe('K')
  })
  test('0A: no arming while the inflated time is used up', () => {
    const bench = new Bench({ profile: { inflatedContinuous_s: 10, inflatedHour_s: 10 } }).holding(50)
    bench.keep(12_000).silent(5_000)
    expect(bench.faults()).toEqual(['TIME'])
    expect(bench.command('arm')).toBe('N 0A')
  })
  test('0B: no arming without a passed self test in this session', () => {
    const bench = new Bench()
    bench.hello()
    expect(bench.silent(2_000).command('arm')).toBe('N 0B')
  })
  test('a refused command uses its number up', () => {
    const bench = new Bench()
    bench.hello()
    expect(bench.command('lease', { seq: 7 })).toBe('N 04')
    expect(bench.command('vent', { seq: 6 })).toBe('N 03')
  })
})

describe('FW-8, repeats', () => {
  test('are answered as the first time, and not carried out again', () => {
    const bench = new Bench().holding()
    const targets = bench.happened('target').length
    expect(bench.target(1, 80)).toBe('K')
    const seq = bench.seq
    expect(bench.target(1, 200, 20, { seq }), 'whatever the line says').toBe('K')
    expect(bench.command('vent', { seq })).toBe('K')
    expect(bench.mode()).toBe('active')
    expect(bench.silent(150).report().channels[0]!.target_mmHg).toBe(80)
    expect(bench.happened('target').length).toBe(targets + 1)
  })
  test('of a refused command are refused with the same code, though it would now be allowed', () => {
    const bench = new Bench()
    bench.hello()
    expect(bench.command('arm', { seq: 9 })).toBe('N 0B')
    expect(bench.command('vent', { seq: 9 })).toBe('N 0B')
  })
  test('a repeated lease renews nothing', () => {
    const bench = new Bench().holding()
    const lease = lineOf(bench, 'lease', ++bench.seq)
    for (let i = 0; i < 20; i++) {
      bench.raw(lease)
      bench.silent(100)
    }
    expect(bench.faults()).toEqual(['LEASE'])
  })
})

describe('REQ-BAD-INPUT: bad input', () => {
  const vent = (bench: Bench) => lineOf(bench, 'vent', 999)
  const damages: [string, (line: string) => string][] = [
    ['a wrong CRC', line => line.replace(/.\n$/, c => (c[0] === '0' ? '1\n' : '0\n'))],
    ['lower-case digits', line => line.toLowerCase()],
    ['CR before LF', line => line.replace('\n', '\r\n')],
    ['NUL inside', line => line.replace(' ', '\0')],
    ['a byte of 0x80', line => line.replace(' ', '\x80')],
    ['65 bytes', line => `${line.slice(0, -1)}${' '.repeat(65 - line.length)}\n`],
    ['10,000 bytes before it', line => 'A'.repeat(10_000) + line],
  ]
  test.each(damages)('%s: the line is dropped without an answer and changes nothing', (_name, damage) => {
    const bench = new Bench().holding()
    const before = bench.frames.length
    bench.raw(damage(vent(bench)))
    expect(bench.frames.length).toBe(before)
    expect(bench.mode()).toBe('active')
    bench.raw(vent(bench))
    expect(bench.mode()).toBe('venting')
  })
  test('an empty line is passed over, and does not count as bad', () => {
    const bench = new Bench().holding()
    bench.raw('\n'.repeat(1_000))
    expect(bench.mode()).toBe('active')
  })
  test('ten bad lines within 1 s while active: LINK, vented; nine do nothing', () => {
    const bench = new Bench().holding()
    bench.raw('x\n'.repeat(9))
    expect(bench.mode()).toBe('active')
    bench.keep(1_100)
    bench.raw('x\n'.repeat(9))
    expect(bench.mode()).toBe('active')
    bench.raw('x\n')
    expect(bench.mode()).toBe('latched')
    expect(bench.faults()).toEqual(['LINK'])
    bench.silent(5_000)
    expect(bench.command('arm')).toBe('K')
    expect(bench.faults()).toEqual([])
  })
  test('bad lines while not active are not counted', () => {
    const bench = new Bench().armed()
    bench.raw('x\n'.repeat(100))
    expect(bench.mode()).toBe('armed')
    expect(bench.target(1, 50)).toBe('K')
    expect(bench.mode()).toBe('active')
  })
  test('a line in any pieces is one line', () => {
    const bench = new Bench().holding()
    for (const byte of vent(bench)) bench.raw(byte)
    expect(bench.mode()).toBe('venting')
  })
})
