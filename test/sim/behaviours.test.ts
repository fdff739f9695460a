import { describe, expect, test } from 'vitest'
import { BEHAVIOURS, behaviourTable, readSpec as readFor } from '../../sim/behaviours/index.ts'
import { Bench } from '../support/bench.ts'

const readSpec = (spec: string) => readFor(spec, 2)

describe('the grammar NAME[=ARGS][@WHEN]', () => {
  test('arguments take their defaults, and times their units', () => {
    expect(readSpec('limb.squeeze')).toMatchObject({ args: [80, 3_000, 0], phase: undefined, after_ms: 0 })
    expect(readSpec('limb.squeeze=50,,2@hold+1.5s')).toMatchObject({
      args: [50, 3_000, 2],
      phase: 'hold',
      after_ms: 1_500,
    })
    expect(readSpec('fw.reset@300ms')).toMatchObject({ args: [], after_ms: 300 })
    expect(readSpec('link.ber=1e-5@inflate')).toMatchObject({ args: [1e-5], phase: 'inflate' })
  })
  test.each([
    ['nope', 'no behaviour'],
    ['', 'no behaviour'],
    ['fw.reset@later', 'no time'],
    ['fw.reset@2', 'no time'],
    ['fw.reset@-1s', 'no time'],
    ['pneu.leak=fast', 'mmHg_per_s is a number from 0 to 1000'],
    ['pneu.leak=NaN', 'is a number'],
    ['pneu.leak= ', 'is a number'],
    ['pneu.leak=-50', 'is a number'],
    ['link.drop=7', 'p is a number from 0 to 1'],
    ['line.baud=0', 'is a number'],
    ['valve.stuckClosed=3', 'channel is a number from 0 to 2'],
    ['valve.stuckClosed=-1', 'channel is a number'],
    ['valve.stuckClosed=1.5', 'channel is a number'],
    ['limb.squeeze=80,3000,7', 'channel is a number'],
    ['fw.undeclared=99', 'numbers from 1 to 12'],
    ['fw.undeclared=x', 'numbers from 1 to 12'],
    ['fw.lyingAck=QQ', 'Z A L P V'],
    ['dev.units=bar', 'kPa or psi'],
    ['sensor.rail=sideways', 'high or low'],
    ['pneu.leak=1,2,3', 'more arguments'],
    ['fw.reset=1', 'more arguments'],
    ['__proto__', 'no behaviour'],
  ])('"%s" is refused with a reason', (spec, reason) => {
    expect(() => readSpec(spec)).toThrow(RangeError)
    expect(() => readSpec(spec)).toThrow(reason)
  })
  test('every name is listed once, with one line of what it does', () => {
    expect(new Set(BEHAVIOURS.map(one => one.name)).size).toBe(BEHAVIOURS.length)
    for (const [i, line] of behaviourTable().entries()) expect(line).toContain(BEHAVIOURS[i]!.about)
  })
  test.each(BEHAVIOURS.map(one => [one.name]))('%s with its defaults, in a hold, throws nothing and is told', name => {
    const bench = new Bench({ behaviours: [`${name}@hold`] }).holding(80, 2)
    bench.keep(4_000)
    bench.release()
    bench.silent(2_000)
    expect(bench.happened('behaviour')).toMatchObject([{ spec: `${name}@hold` }])
  })
  test('times count from the phase or the injection, and behaviours stack', () => {
    const bench = new Bench({ behaviours: ['button.release@hold+1s', 'limb.contract', 'sensor.noise=1'] }).holding(60)
    const [, , began] = bench.happened('behaviour')
    expect(began!.spec).toBe('button.release@hold+1s')
    const held = bench.all('telemetry').find(t => t.channels[0]!.pressure_mmHg >= 57)!
    expect(Math.abs(began!.t_ms - held.uptime_ms - 1_000)).toBeLessThan(200)
    bench.unit.inject('fw.reset@2s', bench.now)
    const from = bench.now
    bench.silent(3_000)
    expect(bench.happened('start').at(-1)!.t_ms - from).toBeLessThanOrEqual(2_020)
  })
})

describe('the link', () => {
  const heard = (bench: Bench) => bench.frames.length
  test('link.cut: nothing passes, the unit lets go after T_SILENCE; link.restore ends it', () => {
    const bench = new Bench().holding()
    bench.unit.inject('link.cut', bench.now)
    const before = heard(bench)
    bench.keep(4_000)
    expect(heard(bench)).toBe(before)
    expect(bench.faults()).toEqual(['LEASE'])
    bench.unit.inject('link.restore', bench.now)
    expect(bench.keep(500).mode()).toBe('latched')
  })
  test('link.restore: what is over is kept nowhere, and what it held comes at its time', () => {
    const bench = new Bench({ behaviours: ['link.cut', 'link.restore', 'link.delay=700', 'line.baud'] })
    bench.silent(300)
    bench.unit.inject('link.restore', bench.now)
    const { active, toUnit, toHost } = bench.unit as unknown as {
      active: readonly object[]
      toUnit: { stages: readonly object[] }
      toHost: { stages: readonly object[] }
    }
    // The line, which is no fault of the link.
    expect([active.length, toUnit.stages.length, toHost.stages.length]).toEqual([1, 1, 1])
    bench.silent(800)
    const late = bench.frames.filter(({ at, frame }) => frame.type === 'telemetry' && at - frame.uptime_ms > 700)
    expect(late.map(({ frame }) => (frame as { uptime_ms: number }).uptime_ms)).toEqual([0, 100, 200, 300])
    expect(bench.bad).toBe(0)
  })
  test('link.rxDrop: the host hears nothing and the unit goes on; link.txDrop: the other way about', () => {
    const [deaf, mute] = [new Bench().holding(), new Bench().holding()]
    deaf.unit.inject('link.rxDrop', deaf.now)
    mute.unit.inject('link.txDrop', mute.now)
    const before = heard(deaf)
    deaf.keep(3_000)
    expect([heard(deaf), deaf.faults()]).toEqual([before, []])
    expect([mute.keep(3_000).mode(), mute.faults()]).toEqual(['latched', ['LEASE']])
  })
  test('link.ber damages lines both ways, and the damage is found', () => {
    const bench = new Bench({ behaviours: ['link.ber=0.001'] })
    bench.hello()
    bench.silent(60_000)
    expect(bench.bad).toBeGreaterThan(100)
    expect(bench.all('telemetry').length).toBeGreaterThan(100)
  })
  test('link.drop loses its share', () => {
    const bench = new Bench({ behaviours: ['link.drop=0.3'] }).silent(60_000)
    expect(bench.all('telemetry').length).toBeGreaterThan(350)
    expect(bench.all('telemetry').length).toBeLessThan(490)
  })
  test('link.dup: everything twice, and acted upon once', () => {
    const bench = new Bench({ behaviours: ['link.dup'] }).holding(60)
    expect(bench.happened('target')).toHaveLength(1)
    expect(bench.all('telemetry').filter((t, i, all) => t.seq === all[i - 1]?.seq).length).toBeGreaterThan(50)
  })
  test('link.reorder changes the order, and loses nothing', () => {
    const bench = new Bench({ behaviours: ['link.reorder=0.3'] }).silent(20_000)
    const numbers = bench.all('telemetry').map(t => t.seq)
    expect(numbers.some((n, i) => n < (numbers[i - 1] ?? 0))).toBe(true)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers.length).toBeGreaterThan(198)
  })
  test('link.delay: everything that much later; link.burst: held back, and then at once', () => {
    const late = new Bench({ behaviours: ['link.delay=700'] }).silent(1_000)
    expect(late.frames[0]).toMatchObject({ at: 700, frame: { uptime_ms: 0 } })
    const burst = new Bench({ behaviours: ['link.burst=2000'] }).silent(3_000)
    expect(burst.frames.filter(({ at }) => at === 2_000).length).toBeGreaterThan(15)
    expect(burst.frames.filter(({ at }) => at < 2_000)).toHaveLength(0)
  })
  test('FW-8 (F26): link.replay: old leases and targets are heard again and take no effect', () => {
    const bench = new Bench({ behaviours: ['link.replay=100'] }).holding(60)
    const targets = bench.happened('target').length
    bench.silent(1_600)
    expect(targets).toBe(1)
    expect(bench.faults()).toEqual(['LEASE'])
    expect(bench.all('refusal').some(({ code }) => code === 3)).toBe(true)
  })
  test('line.baud: 10 kB queued at 115200 baud hold a release byte up for 868 ms', () => {
    const bench = new Bench({ behaviours: ['line.baud=115200'] }).armed().silent(100)
    const from = bench.now
    bench.raw(new Uint8Array(10_000).fill(0x41))
    bench.release()
    bench.silent(2_000)
    expect(bench.happened('release')[0]!.t_ms - from).toBeCloseTo((10_001 * 10_000) / 115_200, 5)
  })
})

describe('the device', () => {
  test('dev.noNewline: so many bytes without a line feed, and then the unit is heard again', () => {
    const bench = new Bench({ behaviours: ['dev.noNewline=2000000'] }).silent(10_000)
    const junk = bench.sent.filter(line => !line.includes(0x0a))
    expect(junk.reduce((sum, piece) => sum + piece.length, 0)).toBe(2_000_000)
    expect(bench.bad).toBe(1)
    expect(bench.all('telemetry').length).toBeGreaterThan(10)
  })
  test('dev.flood: a hundred times the telemetry, all of it good', () => {
    const bench = new Bench({ behaviours: ['dev.flood'] }).silent(2_000)
    expect(bench.all('telemetry').length).toBeGreaterThan(1_900)
    expect(bench.bad).toBe(0)
  })
  test('dev.escapes and dev.noise: nothing of it decodes', () => {
    const escapes = new Bench({ behaviours: ['dev.escapes'] })
    escapes.raw('I 00000000 00000000*CF8CC96D\n')
    escapes.silent(5_000)
    expect(escapes.all('identity')).toHaveLength(0)
    expect(escapes.bad).toBeGreaterThan(9)
    expect(new Bench({ behaviours: ['dev.noise'] }).silent(5_000).frames).toHaveLength(0)
  })
  test('dev.version: identity says it, and hello of ours is refused', () => {
    const bench = new Bench({ behaviours: ['dev.version=2'] })
    bench.raw('I 00000000 00000000*CF8CC96D\n')
    expect(bench.all('identity')[0]!.version).toBe(2)
    expect(bench.hello()).toBe('N 01')
  })
  test('dev.units=kPa: the report is 7.5 times too low, the counts are not', () => {
    const bench = new Bench().holding(100)
    const raw = bench.report().channels[0]!.raw
    bench.unit.inject('dev.units', bench.now)
    bench.silent(150)
    expect(bench.report().channels[0]!.pressure_mmHg).toBeCloseTo(13.2, 0)
    expect(Math.abs(bench.report().channels[0]!.raw - raw)).toBeLessThan(20)
  })
  test('dev.swapChannels: channel 1 inflates the second limb', () => {
    const bench = new Bench({ behaviours: ['dev.swapChannels'] }).holding(80)
    expect(bench.unit.pressures()[0]).toBe(0)
    expect(bench.unit.pressures()[1]).toBeGreaterThan(75)
    expect(bench.report().channels[0]!.pressure_mmHg).toBeGreaterThan(75)
  })
  test('dev.resetOnOpen: opening the port starts the unit anew', () => {
    const bench = new Bench({ behaviours: ['dev.resetOnOpen'] }).silent(1_000)
    bench.unit.opened(bench.now)
    bench.silent(1_000)
    expect(bench.report().boot).toBe(2)
    expect(bench.happened('connect')).toHaveLength(1)
  })
  test('fw.powerLoss: vented, and silent for ever', () => {
    const bench = new Bench().holding(150)
    bench.unit.inject('fw.powerLoss', bench.now)
    const before = bench.frames.length
    bench.silent(10_000)
    expect([bench.frames.length, bench.pressure() < 15]).toEqual([before, true])
  })
  test('fw.lyingAck: the vent is acknowledged and nothing happens; the release byte still works', () => {
    const bench = new Bench({ behaviours: ['fw.lyingAck'] }).holding()
    expect(bench.command('vent')).toBe('K')
    expect(bench.keep(1_000).pressure()).toBeGreaterThan(90)
    bench.release()
    expect(bench.silent(4_000).pressure()).toBeLessThan(15)
  })
  test('fw.noSilence: the unit goes on without a lease, though it declares FW-3', () => {
    const bench = new Bench({ behaviours: ['fw.noSilence'] }).holding()
    bench.raw('I 00000000 00000000*CF8CC96D\n')
    expect(bench.all('profile')[0]!.declared & 4).toBe(4)
    expect(bench.silent(10_000).mode()).toBe('active')
  })
  test('fw.undeclared=3+4 leaves these two out of the profile', () => {
    const bench = new Bench({ behaviours: ['fw.undeclared=3+4'], simulated: false })
    bench.raw('I 00000000 00000000*CF8CC96D\n')
    expect(bench.all('profile')[0]).toMatchObject({ declared: 0xff3, simulated: false })
  })
  test('pneu.kinkVent: vented, the line reads 0 and the cuff is still full', () => {
    const bench = new Bench({ behaviours: ['pneu.kinkVent'] }).holding(150)
    bench.command('vent')
    bench.silent(3_000)
    expect(bench.mode()).toBe('armed')
    expect(bench.report().channels[0]!.pressure_mmHg).toBeLessThan(2)
    expect(bench.pressure()).toBeGreaterThan(140)
  })
  test('pneu.kink: the line rises and the cuff does not', () => {
    const bench = new Bench({ behaviours: ['pneu.kink'] }).armed()
    bench.target(1, 100)
    bench.keep(4_000)
    expect(bench.report().channels[0]!.pressure_mmHg).toBeGreaterThan(50)
    expect(bench.pressure()).toBeLessThan(5)
  })
})
