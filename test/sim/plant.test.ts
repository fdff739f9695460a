import { describe, expect, test } from 'vitest'
import { FIRMWARE, PLANT, SENSOR, STEP_MS } from '../../sim/constants.ts'
import { type LimbSpec, Plant } from '../../sim/plant.ts'
import { Random } from '../../sim/random.ts'
import { CeilingSwitch, Sensor } from '../../sim/sensor.ts'

const ARM: LimbSpec = { kind: 'arm', width_cm: 5 }

/** Runs a plant with fixed outputs until `holds`, and says how many ms that took. */
function run(plant: Plant, closed: boolean, duty: number, holds: (p: number) => boolean, most = 60_000): number {
  let t = 0
  for (; t < most && !holds(plant.cuff_mmHg(t)); t += STEP_MS) plant.step(t, closed, duty, true)
  return t
}
const filled = (limb: LimbSpec, mmHg: number): Plant => {
  const plant = new Plant(limb)
  run(plant, true, 1, p => p >= mmHg)
  return plant
}

describe('pneumatics', () => {
  test('an arm cuff reaches 100 mmHg at 20 to 40 mmHg/s with the pump at full duty', () => {
    const ms = run(new Plant(ARM), true, 1, p => p >= 100)
    expect(100 / (ms / 1000)).toBeGreaterThan(20)
    expect(100 / (ms / 1000)).toBeLessThan(40)
  })
  test('the flow falls with back pressure', () => {
    const low = run(new Plant(ARM), true, 1, p => p >= 50)
    const plant = filled(ARM, 200)
    expect(run(plant, true, 1, p => p >= 250)).toBeGreaterThan(1.3 * low)
  })
  test.each([
    [ARM, 4_000],
    [{ kind: 'leg', width_cm: 5 }, 6_000],
    [{ kind: 'leg', width_cm: 18 }, 9_000],
  ] as const)('%o falls from 200 to below 15 mmHg within %i ms with the valve open', (limb, most) => {
    expect(run(filled(limb, 200), false, 0, p => p < 15)).toBeLessThan(most)
  })
  test('a wider cuff and a leg take longer to fill', () => {
    const times = [ARM, { kind: 'arm', width_cm: 12 } as const, { kind: 'leg', width_cm: 12 } as const].map(limb =>
      run(new Plant(limb), true, 1, p => p >= 100),
    )
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(new Set(times).size).toBe(3)
  })
  test('a sound closed cuff loses less than 4 mmHg in a minute', () => {
    const plant = filled(ARM, 150)
    run(plant, true, 0, () => false, 60_000)
    expect(plant.cuff_mmHg(0)).toBeGreaterThan(146)
  })
  test('FW-1: without energy the valve is open and the pump is off', () => {
    const plant = filled(ARM, 150)
    let t = 0
    for (; plant.cuff_mmHg(t) >= 15; t += STEP_MS) plant.step(t, false, 1, false)
    expect(t).toBeLessThan(4_000)
  })
  test('contraction swings the pressure by its share, both ways', () => {
    const plant = filled(ARM, 150)
    plant.flaws.contraction_percent = PLANT.contraction.value
    const seen = Array.from({ length: 200 }, (_, i) => plant.cuff_mmHg(i * STEP_MS))
    const middle = (Math.max(...seen) + Math.min(...seen)) / 2
    expect((Math.max(...seen) - middle) / middle).toBeCloseTo(PLANT.contraction.value / 100, 2)
  })
  test('no pressure is ever negative or without number, whatever the outputs do', () => {
    const random = new Random(11)
    const plant = new Plant({ kind: 'leg', width_cm: 18 })
    let wrong = 0
    for (let i = 0; i < 50_000; i++) {
      plant.flaws.squeeze_mmHg = random.below(2) * 200
      plant.flaws.burst = random.below(20) === 0
      plant.step(i * STEP_MS, random.below(3) > 0, random.next(), random.below(3) > 0)
      const p = plant.cuff_mmHg(i * STEP_MS)
      if (!(p >= 0 && p < 1_000 && plant.line_mmHg >= 0)) wrong++
    }
    expect(wrong).toBe(0)
  })
})

describe('sensor and switch', () => {
  test('a living sensor gives no count for 3 s on end, and stays within 12 bits', () => {
    const sensor = new Sensor(new Random(2))
    let same = 0
    let longest = 0
    let outside = 0
    for (let i = 0; i < 100_000; i++) {
      const before = sensor.count
      sensor.step(i % 2_000)
      same = sensor.count === before && sensor.count < 4_095 ? same + 1 : 0
      longest = Math.max(longest, same)
      if (!Number.isInteger(sensor.count) || sensor.count < 0 || sensor.count > 4_095) outside++
    }
    expect(longest * STEP_MS).toBeLessThan(3_000)
    expect(outside).toBe(0)
  })
  test('its range covers every ceiling of the protocol', () => {
    const top = (0xff0 - SENSOR.zeroCount.value) / SENSOR.countsPerMmHg.value
    expect(top).toBeGreaterThan(300 + SENSOR.zeroSpread.value)
  })
  test('the switch trips after its time above the ceiling, and lets go only when the firmware has', () => {
    const limit = new CeilingSwitch(200, FIRMWARE.ceilingTime.value)
    limit.step(210, true)
    expect(limit.tripped).toBe(false)
    limit.step(210, true)
    expect(limit.tripped).toBe(true)
    limit.step(100, true)
    expect(limit.tripped).toBe(true)
    limit.step(100, false)
    expect(limit.tripped).toBe(false)
  })
})

describe('constants', () => {
  test('each has a unit, a reason and a source', () => {
    for (const [name, one] of Object.entries({ ...PLANT, ...SENSOR, ...FIRMWARE })) {
      expect([name, one.unit !== '', one.why !== '', one.source !== '']).toEqual([name, true, true, true])
      expect(Number.isFinite(one.value)).toBe(true)
    }
  })
})
