import type { Millis } from '../protocol/units.ts'

/**
 * Every number of the simulated unit that PROTOCOL.md does not give, with its unit and where it comes from.
 * "Project policy" means that it was chosen so that the unit behaves like a small cuff unit, and not measured on one.
 */
export interface Constant {
  readonly value: number
  readonly unit: string
  readonly why: string
  readonly source: string
}

const constant = (value: number, unit: string, why: string, source = 'project policy'): Constant => ({
  value,
  unit,
  why,
  source,
})

/** Cuff, hose, pump, valve and limb. */
export const PLANT = {
  armCompliance: constant(1.1, 'mL/mmHg', 'a 5 cm arm cuff: 110 mL of air from empty to 100 mmHg'),
  legFactor: constant(1.5, '1', 'a leg is thicker than an arm, so that the same width holds more'),
  widthBase: constant(0.6, '1', 'part of the volume that does not grow with the width (tube, connector, loose fit)'),
  widthPer5cm: constant(0.4, '1', 'part of the volume that grows with the width, at 5 cm'),
  lineCompliance: constant(0.1, 'mL/mmHg', 'hose and manifold'),
  hoseTime: constant(10, 'ms', 'time in which the pressures of cuff and line come together'),
  kinkFactor: constant(0.0005, '1', 'what passes a kinked hose, of what passes an open one'),
  pumpFlow: constant(40, 'mL/s', 'free flow; with an arm cuff 29 mmHg/s at 100 mmHg'),
  pumpStall: constant(500, 'mmHg', 'back pressure at which the flow is nil'),
  pumpTime: constant(60, 'ms', 'time in which the pump comes up to speed and runs out'),
  valveFlow: constant(11, 'mL/s per root of mmHg', 'open valve; an arm cuff falls from 200 to 15 mmHg in 2.4 s'),
  leakFlow: constant(0.05, 'mL/s', 'of a sound cuff and coupling'),
  burstFlow: constant(40, 'mL/s per root of mmHg', 'a torn cuff or a hose that came off'),
  contraction: constant(
    10,
    '%',
    'peaks and valleys about the pressure while the limb works; 89 and 72 % of occlusion pressure about a target of 80 % are +11 and -10 %',
    'Frontiers Sports Act. Living 2025, 10.3389/fspor.2025.1582387',
  ),
  contractionPeriod: constant(2_000, 'ms', 'one repetition; at 200 mmHg the fall stays below 70 mmHg/s'),
  squeezeFull: constant(30, 'mmHg', 'a cuff with less air in it passes on less of what presses on it from outside'),
} as const satisfies Record<string, Constant>

/** Pressure sensor and converter. */
export const SENSOR = {
  countsPerMmHg: constant(8, 'count/mmHg', '12 bits from -175 to 336 mmHg'),
  zeroCount: constant(1_400, 'count', 'factory zero'),
  zeroSpread: constant(1, 'mmHg', 'how far the zero of a unit may be from the factory zero, by its seed'),
  noise: constant(0.15, 'mmHg', 'standard deviation; so that a living sensor never gives one count for long'),
  lag: constant(20, 'ms', 'first-order lag of sensor and input filter'),
  countMax: constant(4095, 'count', '12 bits'),
} as const satisfies Record<string, Constant>

/** The firmware's own choices, where PROTOCOL.md leaves them open. Each is within what it allows. */
export const FIRMWARE = {
  step: constant(20, 'ms', 'one pass of the control loop; PROTOCOL.md asks for at least 20 passes per second'),
  bootTime: constant(300, 'ms', 'restart to first telemetry; at most 2 s'),
  testTime: constant(1_000, 'ms', 'self test; at most 3 s'),
  watchdog: constant(400, 'ms', 'at most 500 ms'),
  ceilingTime: constant(40, 'ms', 'line above the ceiling before the switch acts; at most 100 ms'),
  filter: constant(0.4, '1', 'weight of the newest reading in the pressure'),
  rampGain: constant(0.15, '1/mmHg', 'pump duty for each mmHg below the set point'),
  holdGain: constant(
    0.012,
    '1/mmHg',
    'the same from holdOff to holdOn below a reached target; low, so that a leak keeps the pump on',
  ),
  holdOn: constant(1.5, 'mmHg', 'below a reached target the pump starts'),
  holdOff: constant(1, 'mmHg', 'and stops'),
  bleedOn: constant(4, 'mmHg', 'above the set point the valve opens'),
  bleedOff: constant(2, 'mmHg', 'and closes again, on the way to a lower target'),
  bleedEvery: constant(
    12,
    'passes',
    'otherwise it opens for one pass in so many, too little to hide a pump that runs away',
  ),
  reached: constant(3, 'mmHg', 'a target counts as reached when the pressure is this close below'),
  batteryLow: constant(20, '%', 'charge that 10 min of work need'),
} as const satisfies Record<string, Constant>

/** PROTOCOL.md, sections 1, 3, 6 and 9. Written down again on purpose: a mistake of the host is not to be shared. */
export const DEMANDS = {
  version: 1,
  targetMin_mmHg: 20,
  ceilingMargin_mmHg: 50,
  rateMin_Hz: 10,
  rateMax_Hz: 100,
  vented_mmHg: 15,
  ventedBeforeArm_ms: 1_000,
  ventTime_ms: 10_000,
  frozen_ms: 3_000,
  belowZero_mmHg: -10,
  belowZeroFor_ms: 200,
  railLow: 0x010,
  railHigh: 0xff0,
  zeroOff_mmHg: 10,
  underBy_mmHg: 15,
  underFor_ms: 1_500,
  fall_mmHg_per_s: 100,
  pumpKeeps_ms: 9_000,
  pumpRise_mmHg: 5,
  pumpWindow_ms: 2_000,
  farOver_mmHg: 30,
  farOverFor_ms: 200,
  overBy_mmHg: 15,
  overFor_ms: 1_500,
  badLines: 10,
  badWindow_ms: 1_000,
} as const

export const STEP_MS: Millis = FIRMWARE.step.value
