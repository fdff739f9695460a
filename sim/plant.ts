import type { Millis, MmHg } from '../protocol/units.ts'
import { PLANT, STEP_MS } from './constants.ts'

/** What the cuff of one channel sits on. */
export interface LimbSpec {
  readonly kind: 'arm' | 'leg'
  /** Width of the cuff. Unit cm, 2 to 20. */
  readonly width_cm: number
}

/** What can be wrong with the pneumatics. Behaviours turn these; all are at their sound values to begin with. */
export interface PlantFlaws {
  valve: 'works' | 'stuckOpen' | 'stuckClosed'
  /** Of the sound flow through the open valve. */
  valveFlow: number
  /** Besides the sound leak. */
  leak_mmHg_per_s: number
  burst: boolean
  /** Where the hose is pinched: not, in both directions, or only for air that leaves the cuff. */
  kink: 'none' | 'both' | 'vent'
  /** The driver is shorted: the pump runs whenever its supply is on. */
  pumpStuckOn: boolean
  /** Of the sound flow; 0 is dead. */
  pumpFlow: number
  /** Pressed on the cuff from outside. */
  squeeze_mmHg: MmHg
  /** Peaks of a working limb above and below, in % of the cuff's pressure. */
  contraction_percent: number
}

const sound = (): PlantFlaws => ({
  valve: 'works',
  valveFlow: 1,
  leak_mmHg_per_s: 0,
  burst: false,
  kink: 'none',
  pumpStuckOn: false,
  pumpFlow: 1,
  squeeze_mmHg: 0,
  contraction_percent: 0,
})

const DT_S = STEP_MS / 1000
const LINE = PLANT.lineCompliance.value
const VALVE_STEP = (PLANT.valveFlow.value * DT_S) / (2 * LINE)
const SPIN = 1 - Math.exp(-STEP_MS / PLANT.pumpTime.value)
const SHARE = 1 - Math.exp(-STEP_MS / PLANT.hoseTime.value)
const PER_MS = (2 * Math.PI) / PLANT.contractionPeriod.value
/** Less than this is nothing. Unit mmHg. */
const REST = 0.005

/** Air lost through a hole in one step: the flow goes with the root of the pressure, which solves exactly. */
function drained(pressure: MmHg, rootStep: number): MmHg {
  const root = Math.sqrt(pressure) - rootStep
  return root > 0 ? root * root : 0
}

/** Compliance of a cuff. Unit mL/mmHg. */
export function compliance(limb: LimbSpec): number {
  const width = PLANT.widthBase.value + (PLANT.widthPer5cm.value * limb.width_cm) / 5
  return PLANT.armCompliance.value * width * (limb.kind === 'leg' ? PLANT.legFactor.value : 1)
}

/**
 * Pump, valve, hose and cuff of one channel: two volumes of air, the line at the unit and the cuff on the limb.
 * The sensor sees the line, and the person feels the cuff.
 */
export class Plant {
  readonly flaws = sound()
  /** Pressure at the unit's end of the hose. */
  line_mmHg: MmHg = 0
  /** Pressure that the cuff's air would have on a limb at rest. */
  private air_mmHg: MmHg = 0
  private pump = 0
  private readonly cuff: number

  constructor(limb: LimbSpec) {
    this.cuff = compliance(limb)
  }

  /** True pressure on the limb at a time. */
  cuff_mmHg(t: Millis): MmHg {
    const { contraction_percent, squeeze_mmHg } = this.flaws
    const wave = contraction_percent ? (contraction_percent / 100) * Math.sin(t * PER_MS) : 0
    const passed = squeeze_mmHg ? squeeze_mmHg * Math.min(1, this.air_mmHg / PLANT.squeezeFull.value) : 0
    return this.air_mmHg * (1 + wave) + passed
  }

  /** One step of STEP_MS. `duty` is what the firmware asks of the pump, 0 to 1. */
  step(t: Millis, valveEnergised: boolean, duty: number, pumpSupply: boolean): void {
    const { flaws } = this
    const closed = flaws.valve === 'works' ? valveEnergised : flaws.valve === 'stuckClosed'
    this.spin(pumpSupply ? (flaws.pumpStuckOn ? 1 : duty) * flaws.pumpFlow : 0)
    if (this.pump === 0 && this.air_mmHg + this.line_mmHg < REST) {
      this.air_mmHg = this.line_mmHg = 0
      return
    }
    const flow = PLANT.pumpFlow.value * this.pump * Math.max(0, 1 - this.line_mmHg / PLANT.pumpStall.value)
    this.line_mmHg += (flow * DT_S) / LINE
    if (!closed) this.line_mmHg = drained(this.line_mmHg, VALVE_STEP * flaws.valveFlow)
    this.leak()
    this.exchange(t)
  }

  private spin(wanted: number): void {
    this.pump += (wanted - this.pump) * SPIN
    if (this.pump < 1e-3 && wanted === 0) this.pump = 0
  }

  private leak(): void {
    const full = Math.min(1, this.air_mmHg / 10)
    const lost = (PLANT.leakFlow.value / this.cuff + this.flaws.leak_mmHg_per_s) * full * DT_S
    this.air_mmHg = Math.max(0, this.air_mmHg - lost)
    if (this.flaws.burst) this.air_mmHg = drained(this.air_mmHg, (PLANT.burstFlow.value * DT_S) / (2 * this.cuff))
  }

  private exchange(t: Millis): void {
    const difference = this.cuff_mmHg(t) - this.line_mmHg
    const { kink } = this.flaws
    const pinched = kink === 'both' || (kink === 'vent' && difference > 0)
    const moved =
      difference * SHARE * (pinched ? PLANT.kinkFactor.value : 1) * ((LINE * this.cuff) / (LINE + this.cuff))
    this.line_mmHg = Math.max(0, this.line_mmHg + moved / LINE)
    this.air_mmHg = Math.max(0, this.air_mmHg - moved / this.cuff)
  }
}
