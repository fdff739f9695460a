import type { Millis, MmHg } from '../protocol/units.ts'
import { SENSOR, STEP_MS } from './constants.ts'
import type { Random } from './random.ts'

/** What can be wrong with a sensor. */
export interface SensorFlaws {
  frozen: boolean
  offset_mmHg: MmHg
  drift_mmHg_per_min: number
  noise_mmHg: MmHg
  rail: 'none' | 'low' | 'high'
}

const LAG = 1 - Math.exp(-STEP_MS / SENSOR.lag.value)

/** Pressure sensor and 12-bit converter at the unit's end of the line. */
export class Sensor {
  readonly flaws: SensorFlaws = { frozen: false, offset_mmHg: 0, drift_mmHg_per_min: 0, noise_mmHg: 0, rail: 'none' }
  /** What the converter gives. */
  count: number = SENSOR.zeroCount.value
  private sensed_mmHg: MmHg = 0
  private readonly zero_mmHg: MmHg
  private readonly random: Random

  constructor(random: Random) {
    this.random = random
    this.zero_mmHg = (2 * random.next() - 1) * SENSOR.zeroSpread.value
    this.step(0)
  }

  /** One step of STEP_MS. */
  step(line_mmHg: MmHg): void {
    const { flaws } = this
    this.sensed_mmHg += (line_mmHg - this.sensed_mmHg) * LAG
    flaws.offset_mmHg += (flaws.drift_mmHg_per_min * STEP_MS) / 60_000
    const noise = this.random.noise() * (SENSOR.noise.value + flaws.noise_mmHg)
    if (flaws.frozen) return
    const mmHg = this.sensed_mmHg + this.zero_mmHg + flaws.offset_mmHg + noise
    this.count = this.converted(SENSOR.zeroCount.value + mmHg * SENSOR.countsPerMmHg.value)
  }

  private converted(count: number): number {
    if (this.flaws.rail !== 'none') return this.flaws.rail === 'low' ? 0 : SENSOR.countMax.value
    return Math.min(SENSOR.countMax.value, Math.max(0, Math.round(count)))
  }
}

/**
 * The ceiling's own path: a pressure switch on the line that knows nothing of sensor and firmware, opens the valve and
 * cuts the pump's supply.
 */
export class CeilingSwitch {
  tripped = false
  private above_ms: Millis = 0
  private readonly ceiling_mmHg: MmHg
  private readonly time_ms: Millis

  constructor(ceiling_mmHg: MmHg, time_ms: Millis) {
    this.ceiling_mmHg = ceiling_mmHg
    this.time_ms = time_ms
  }

  /** One step of STEP_MS. Stays tripped until the line is below the ceiling and the firmware has let go. */
  step(line_mmHg: MmHg, energised: boolean): void {
    const above = line_mmHg > this.ceiling_mmHg
    this.above_ms = above ? this.above_ms + STEP_MS : 0
    if (this.above_ms >= this.time_ms) this.tripped = true
    else if (!above && !energised) this.tripped = false
  }
}
