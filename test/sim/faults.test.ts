import { describe, expect, test } from 'vitest'
import { Bench } from '../support/bench.ts'

/** A bench that holds 150 mmHg, with a behaviour that begins now. */
function holdingWith(behaviour: string, target = 150): Bench {
  const bench = new Bench().holding(target)
  bench.unit.inject(behaviour, bench.now)
  return bench
}

/** How long until the unit lets go, with the host renewing its lease all the while. */
const untilLatched = (bench: Bench, most: number): number =>
  bench.until(() => bench.happened('venting').length > 0, most, true)

/** Goes back to armed as far as the unit lets it: below 15 mmHg, self test if wanted, arm. */
function rearm(bench: Bench, selfTest: boolean): string {
  bench.silent(8_000)
  if (selfTest) bench.retest()
  return bench.command('arm')
}

describe('FW-3, silence', () => {
  test('no lease for T_SILENCE while active: LEASE, vented, cleared by arming', () => {
    const bench = new Bench().holding()
    bench.command('lease')
    const waited = bench.until(() => bench.mode() === 'latched', 2_000)
    expect(waited).toBeGreaterThan(1_400)
    expect(waited).toBeLessThanOrEqual(1_500)
    expect(bench.faults()).toEqual(['LEASE'])
    expect(rearm(bench, false)).toBe('K')
    expect(bench.faults()).toEqual([])
  })
  test('other traffic is no lease: identify, targets, refused and bad lines', () => {
    const bench = new Bench().holding()
    const waited = bench.until(() => {
      bench.target(1, 100)
      bench.command('lease', { nonce: 3 })
      bench.raw('I 00000000 00000000*CF8CC96D\n')
      return bench.mode() === 'latched'
    }, 2_000)
    expect(waited).toBeLessThanOrEqual(1_500)
  })
  test('the time is the profile’s', () => {
    const bench = new Bench({ profile: { silence_ms: 700 } }).holding()
    bench.command('lease')
    expect(bench.until(() => bench.mode() === 'latched', 2_000)).toBeLessThanOrEqual(700)
  })
  test('in armed a lapsed lease is no fault', () => {
    const bench = new Bench().armed().silent(5_000)
    expect(bench.faults()).toEqual([])
  })
  test('the true pressure is below 15 mmHg 5 s after the last lease', () => {
    const bench = new Bench().holding(200)
    bench.command('lease')
    bench.silent(5_000)
    expect(bench.pressure()).toBeLessThan(15)
  })
})

describe('REQ-SENSOR: SENSOR, a gauge that reads far below 0', () => {
  test('while active a channel below −10 mmHg for 200 ms lets go: it would be given too much', () => {
    const bench = new Bench().armed()
    bench.unit.inject('sensor.offset=-150', bench.now)
    bench.target(1, 100)
    expect(untilLatched(bench, 1_000)).toBeLessThanOrEqual(400)
    expect(bench.faults()).toEqual(['SENSOR'])
    expect(bench.pressure()).toBeLessThan(30)
  })
})

describe('FW-4, the ceiling, on its own path', () => {
  test('a runaway pump, with the sensor frozen, is stopped at the ceiling within 100 ms', () => {
    const bench = new Bench({ profile: { ceilings_mmHg: [200] } }).holding(150)
    for (const behaviour of ['sensor.freeze', 'pump.stuckOn']) bench.unit.inject(behaviour, bench.now)
    bench.until(() => bench.pressure() > 195, 2_900, true)
    bench.until(() => bench.mode() === 'latched', 400)
    expect(bench.faults()).toEqual(['CEILING'])
    expect(bench.pressure()).toBeLessThan(203)
    bench.silent(500)
    expect(bench.pressure()).toBeLessThan(180)
  })
  test('even while the control loop stands still and the watchdog does not bite', () => {
    const bench = new Bench({ profile: { ceilings_mmHg: [200] } }).holding(150)
    for (const behaviour of ['fw.noWatchdog', 'fw.loopHang', 'pump.stuckOn']) bench.unit.inject(behaviour, bench.now)
    let highest = 0
    for (let i = 0; i < 3_000; i++) highest = Math.max(highest, bench.silent(10).pressure())
    expect(highest).toBeLessThan(205)
    expect(bench.pressure()).toBeLessThan(15)
  })
  test('CEILING goes with a passed self test, not with arming', () => {
    const bench = new Bench({ profile: { ceilings_mmHg: [180] } }).holding(130)
    bench.unit.inject('limb.squeeze=80', bench.now)
    expect(untilLatched(bench, 300)).toBeLessThanOrEqual(100)
    expect(bench.faults()).toContain('CEILING')
    expect(rearm(bench, false)).toBe('N 08')
    expect(rearm(bench, true)).toBe('K')
  })
})

describe('FW-9, the watchdog', () => {
  test.each(['fw.hang', 'fw.loopHang'])('%s: bites within 500 ms, starts vented with WATCHDOG', behaviour => {
    const bench = holdingWith(behaviour)
    expect(bench.until(() => bench.happened('start').length === 2, 600, true)).toBeLessThanOrEqual(500)
    expect(bench.faults()).toEqual(['BOOT', 'WATCHDOG'])
    bench.hello()
    expect(bench.silent(5_000).pressure()).toBeLessThan(15)
    bench.hello()
    bench.retest()
    expect(bench.command('arm')).toBe('K')
    expect(bench.faults()).toEqual([])
  })
  test('while only the loop hangs, telemetry goes on and shows a loop count that stands still', () => {
    const bench = holdingWith('fw.loopHang')
    bench.frames.length = 0
    bench.keep(350)
    expect(bench.all('telemetry').length).toBeGreaterThan(2)
    expect(new Set(bench.all('telemetry').map(t => t.loop)).size).toBe(1)
  })
})

describe('REQ-PNEUMATICS: pneumatic faults', () => {
  test.each([
    ['pneu.burst', 'LEAK', 200],
    ['pneu.leak=60', 'LEAK', 3_500],
    ['pneu.leak=20', 'LEAK', 9_500],
    ['pneu.leak=0.5', 'LEAK', 12_000],
    ['pump.stuckOn', 'OVERSHOOT', 3_000],
    ['limb.squeeze=60', 'OVERSHOOT', 300],
    ['sensor.rail=high', 'SENSOR', 200],
    ['sensor.rail=low', 'SENSOR', 200],
    ['sensor.freeze', 'SENSOR', 3_050],
  ])('%s: %s, let go within %i ms; cleared only by a passed self test', (behaviour, fault, most) => {
    const bench = holdingWith(behaviour)
    expect(untilLatched(bench, most)).toBeLessThanOrEqual(most)
    expect(bench.silent(100).faults()).toContain(fault)
    expect(bench.mode()).toBe('latched')
    expect(rearm(bench, false)).toBe('N 08')
  })
  test.each([
    ['pump.dead', 2_100],
    ['pump.dead=0.05', 2_100],
    ['valve.stuckOpen', 7_000],
  ])('%s: PUMP within %i ms of the target', (behaviour, most) => {
    const bench = new Bench({ behaviours: [behaviour] }).armed()
    bench.target(1, 150)
    expect(untilLatched(bench, most)).toBeLessThanOrEqual(most)
    expect(bench.faults()).toEqual(['PUMP'])
    expect(rearm(bench, false)).toBe('N 08')
    expect(rearm(bench, true)).toBe('K')
  })
  test.each(['valve.stuckClosed', 'valve.slow'])(
    '%s: VALVE after 10 s, and only a power cycle clears it',
    behaviour => {
      const bench = holdingWith(behaviour)
      bench.command('vent')
      bench.silent(9_900)
      expect(bench.faults()).toEqual([])
      bench.silent(300)
      expect(bench.faults()).toEqual(['VALVE'])
      expect(bench.mode()).toBe('latched')
      bench.unit.inject('fw.reset', bench.now)
      bench.silent(1_000)
      expect(bench.faults()).toEqual(['BOOT', 'VALVE'])
      bench.unit.inject('dev.powerCycle', bench.now)
      bench.silent(1_000)
      expect(bench.faults()).toEqual(['BOOT'])
    },
  )
  test('15 mmHg above the target for 1.5 s is an OVERSHOOT', () => {
    const bench = holdingWith('limb.squeeze=30', 60)
    expect(untilLatched(bench, 1_700)).toBeGreaterThan(1_400)
    expect(bench.faults()).toEqual(['OVERSHOOT'])
  })
  test('a working limb (10 % about the pressure) is no fault', () => {
    for (const target of [60, 100, 150, 200, 250]) {
      const bench = new Bench({ behaviours: ['limb.contract'] }).holding(target)
      bench.keep(60_000)
      expect([target, bench.faults()]).toEqual([target, []])
    }
  })
  test.each([
    ['arm', 5],
    ['arm', 14],
    ['leg', 5],
    ['leg', 18],
  ] as const)(
    'a sound %s cuff of %i cm is held within 3 mmHg for 10 min, at any target, without a fault',
    (kind, width) => {
      for (const target of [20, 60, 150, 250]) {
        const bench = new Bench({ limbs: [{ kind, width_cm: width }] }).armed()
        bench.target(1, target, 30)
        bench.keep(60_000)
        bench.keep(540_000)
        expect([target, bench.faults()]).toEqual([target, []])
        expect(Math.abs(bench.pressure() - target)).toBeLessThan(3)
      }
    },
  )
  test.each([1, 2, 5, 20, 30])('a slew of %i mmHg/s is kept to, and is no fault', slew => {
    const bench = new Bench().armed()
    bench.target(1, 60, slew)
    let last = 0
    for (let t = 0; t < 60_000 / slew; t += 250) {
      bench.keep(250)
      expect(bench.pressure() - last).toBeLessThan(slew * 0.25 + 1.5)
      last = bench.pressure()
    }
    bench.keep(3_000)
    expect(bench.faults()).toEqual([])
    expect(bench.pressure()).toBeGreaterThan(57)
  })
  test.each([
    ['arm', 5, 250, 7_000, 60, 1],
    ['leg', 15, 250, 5_000, 60, 1],
    ['leg', 12, 200, 6_000, 80, 5],
    ['arm', 5, 250, 4_000, 100, 1],
  ] as const)(
    '%s, %i cm: a target replaced on its way (%i mmHg, after %i ms, by %i at %i mmHg/s) is no rise beyond both',
    (kind, width_cm, first, after, second, slew) => {
      const bench = new Bench({ limbs: [{ kind, width_cm }] }).armed()
      bench.target(1, first, 30)
      bench.keep(after)
      const at = bench.pressure()
      bench.target(1, second, slew)
      let [highest, rise, last] = [0, 0, at]
      for (let t = 0; t < 20_000; t += 250) {
        bench.keep(250)
        highest = Math.max(highest, bench.pressure())
        rise = Math.max(rise, bench.pressure() - last)
        last = bench.pressure()
      }
      expect(bench.faults()).toEqual([])
      expect(highest).toBeLessThan(Math.max(at, second) + 5)
      if (second > at) expect(rise).toBeLessThan(slew * 0.25 + 5)
    },
  )
  test('a pump that lags behind gets no credit: a new target rises at its own slew from where the pressure is', () => {
    const bench = new Bench({ behaviours: ['pump.dead=0.3'] }).armed()
    bench.target(1, 100, 30)
    bench.keep(3_000)
    const at = bench.pressure()
    bench.target(1, 100, 1)
    bench.keep(5_000)
    expect(bench.pressure() - at).toBeLessThan(5 + 5)
  })
  test('the widest sound cuff is vented within 10 s from the highest target', () => {
    const bench = new Bench({ limbs: [{ kind: 'leg', width_cm: 20 }] }).holding(250)
    bench.command('vent')
    expect(bench.until(() => bench.pressure() < 15, 10_000)).toBeLessThan(9_500)
    expect(bench.faults()).toEqual([])
  })
  test('a lower target is reached at the slew, and is no overshoot', () => {
    const bench = new Bench().holding(200)
    bench.target(1, 60, 10)
    bench.keep(20_000)
    expect(bench.faults()).toEqual([])
    expect(Math.abs(bench.pressure() - 60)).toBeLessThan(6)
  })
})

describe('REQ-SENSOR: zero, sensor, battery, button, start', () => {
  test.each([-15, 14])('a zero that is off by %i mmHg: the self test fails with bit 0, and ZERO stands', offset => {
    const bench = new Bench({ behaviours: [`sensor.offset=${offset},1`] })
    bench.hello()
    bench.retest()
    expect(bench.all('self-test')[0]!.failures).toBe(1)
    expect(bench.all('self-test')[0]!.offsets_mmHg[0]).toBeCloseTo(offset, -0.5)
    expect(bench.faults()).toContain('ZERO')
    expect(bench.command('arm')).toBe('N 0B')
  })
  test('a zero that is off by 5 mmHg passes and is taken off', () => {
    const bench = new Bench({ behaviours: ['sensor.offset=5'] }).armed()
    expect(Math.abs(bench.silent(200).report().channels[0]!.pressure_mmHg)).toBeLessThan(0.5)
    expect(bench.all('self-test')[0]!.offsets_mmHg[0]).toBeGreaterThan(3)
  })
  test('a sensor at its rail fails the self test with bit 3, and a shorted pump driver with bit 2', () => {
    const [rail, short] = [new Bench({ behaviours: ['sensor.rail=low'] }), new Bench({ behaviours: ['pump.stuckOn'] })]
    for (const bench of [rail, short]) {
      bench.hello()
      bench.retest()
    }
    expect(rail.all('self-test')[0]!.failures & 8).toBe(8)
    expect(short.all('self-test')[0]!.failures).toBe(4)
  })
  test('BATTERY latches, forbids arming, and goes by itself once charged', () => {
    const bench = holdingWith('fw.battery=15')
    expect(untilLatched(bench, 100)).toBeLessThanOrEqual(100)
    expect(bench.faults()).toEqual(['BATTERY'])
    expect(rearm(bench, true)).toBe('N 08')
    bench.unit.inject('fw.battery=80', bench.now)
    bench.silent(100)
    expect(bench.faults()).toEqual([])
    expect(bench.mode()).toBe('latched')
    expect(bench.command('arm')).toBe('K')
  })
  test('BUTTON releases by hand, and goes with arming', () => {
    const bench = holdingWith('button.release')
    expect(untilLatched(bench, 100)).toBeLessThanOrEqual(100)
    expect(bench.faults()).toEqual(['BUTTON'])
    expect(rearm(bench, false)).toBe('K')
  })
  test('FW-10: the buzzer sounds for every fault but BOOT and RELEASED, until cleared', () => {
    const bench = new Bench().holding()
    bench.release()
    expect(bench.happened('buzzer')).toEqual([])
    bench.silent(5_000).command('arm')
    bench.command('lease')
    bench.target(1, 50)
    bench.silent(8_000).command('arm')
    expect(bench.happened('buzzer').map(one => one.on)).toEqual([true, false])
  })
  test.each(['dev.powerCycle', 'fw.reset', 'fw.powerLoss'])(
    'FW-1 (F34, F35, F55): %s while inflated: the valve opens at once',
    behaviour => {
      const bench = holdingWith(behaviour, 200)
      expect(bench.until(() => bench.pressure() < 15, 4_000)).toBeLessThan(3_500)
    },
  )
})
