import type { Millis, MmHg, MmHgPerS } from '../protocol/units.ts'

/**
 * Every bound that the session machine and the guard enforce, as data: value, unit, why, and where it comes from.
 * "Project policy" means that no source gives the number and that we chose it on the careful side.
 */
export interface Limit {
  readonly id: string
  readonly value: number
  readonly unit: 'mmHg' | 'mmHg/s' | 'ms' | 'count' | 'cm' | 'bytes'
  readonly why: string
  readonly source: string
}

const POLICY = 'project policy'
const PAPER = 'Nakajima, Morita, Sato 2011, Int. J. KAATSU Training Res. 7: 1-6'

const CUM_SOURCE = `${PAPER}, Point 7.11: arms 10 to 15 minutes, legs 15 to 20; the lower end as default, the clock from the first inflation and rests included are project policy`

const EAGER = `project policy; ${PAPER}, Point 7.5 asks never to be too eager and gives no number`

const limit = (id: string, value: number, unit: Limit['unit'], why: string, source = POLICY): Limit => ({
  id,
  value,
  unit,
  why,
  source,
})

export const LIMITS = {
  armMax: limit('LIM-ARM-MAX', 200, 'mmHg', 'highest target for an arm that this program was compiled with'),
  legMax: limit('LIM-LEG-MAX', 250, 'mmHg', 'highest target for a leg that this program was compiled with'),
  ceilingMargin: limit(
    'LIM-CEILING-MARGIN',
    50,
    'mmHg',
    "a target stays this far below the unit's ceiling, so that the two limits never race",
  ),
  targetMin: limit('LIM-TARGET-MIN', 20, 'mmHg', 'a lower target cannot be told from a vented line (15 mmHg)'),
  slewMax: limit(
    'LIM-SLEW',
    30,
    'mmHg/s',
    'no published inflation rate was found; a runaway adds 45 mmHg in T_SILENCE',
  ),
  armCum: limit('LIM-ARM-CUM', 600_000, 'ms', 'time from the first inflation, rests included', CUM_SOURCE),
  armCumHard: limit('LIM-ARM-CUM-HARD', 900_000, 'ms', 'no verdict or program goes beyond', CUM_SOURCE),
  legCum: limit('LIM-LEG-CUM', 900_000, 'ms', 'time from the first inflation, rests included', CUM_SOURCE),
  legCumHard: limit('LIM-LEG-CUM-HARD', 1_200_000, 'ms', 'no verdict or program goes beyond', CUM_SOURCE),
  day: limit('LIM-DAY', 86_400_000, 'ms', 'the rolling day over which all sessions of a person are added up'),
  armDay: limit('LIM-DAY-ARM', 600_000, 'ms', 'time from the first inflations, all sessions of 24 h', CUM_SOURCE),
  legDay: limit('LIM-DAY-LEG', 900_000, 'ms', 'time from the first inflations, all sessions of 24 h', CUM_SOURCE),
  armFirst: limit('LIM-FIRST-MAX', 80, 'mmHg', "highest target of a person's first session with arms", EAGER),
  legFirst: limit('LIM-FIRST-MAX', 100, 'mmHg', "highest target of a person's first session with legs", EAGER),
  stepUp: limit(
    'LIM-STEP-UP',
    20,
    'mmHg',
    'highest target above that of the last session, and of the last before this day',
    EAGER,
  ),
  venousLock: limit(
    'LIM-VENOUS-LOCK',
    63 * 86_400_000,
    'ms',
    'no session after a venous injury; one to two months, read as two and rounded up to nine weeks',
    `${PAPER}, Section I.6`,
  ),
  holdCycle: limit('LIM-HOLD-CYCLE', 180_000, 'ms', 'longest hold in a cycle program'),
  constantMax: limit('LIM-CONSTANT', 600_000, 'ms', 'longest constant hold', 'KAATSU vendor guidance, constant mode'),
  restMin: limit('LIM-REST-MIN', 5_000, 'ms', 'shortest rest between two presses', 'KAATSU cycle: 5 s of no pressure'),
  inflateMax: limit('LIM-INFLATE', 30_000, 'ms', 'a press that takes longer means a leak, a weak pump or an open cuff'),
  progressStep: limit('LIM-PROGRESS', 5, 'mmHg', 'gained per progress window while pressurizing, or the press failed'),
  progressWindow: limit('LIM-PROGRESS-WINDOW', 2_000, 'ms', 'see LIM-PROGRESS'),
  warmUpPresses: limit(
    'LIM-WARM-UP',
    2,
    'count',
    'pressing and releasing repeatedly comes before training pressure; "repeatedly" is at least two',
    `${PAPER}, on accustoming the vessels; the number is project policy`,
  ),
  presenceAsk: limit('LIM-PRESENCE', 120_000, 'ms', 'the operator is asked "are you there?"'),
  presenceGrace: limit('LIM-PRESENCE-GRACE', 30_000, 'ms', 'without an answer the cuff is released'),
  refillAnswer: limit(
    'LIM-REFILL',
    60_000,
    'ms',
    'the capillary refill is looked at within this time, or the cuff is released',
  ),
  fluidsEvery: limit('LIM-FLUIDS', 300_000, 'ms', 'the person is reminded to drink, at the next rest'),
  ventDone: limit('LIM-VENT-DONE', 10_000, 'ms', 'below 15 mmHg by then, or the session is stuck'),
  ventNominal: limit('LIM-VENT-NOMINAL', 3_000, 'ms', 'counted for each vent when the time of a plan is added up'),
  ventFastest: limit(
    'LIM-VENT-FASTEST',
    300,
    'ms',
    'a cuff of some volume takes longer to vent: the hose may be kinked',
  ),
  ventFastestFrom: limit('LIM-VENT-FASTEST-FROM', 40, 'mmHg', 'LIM-VENT-FASTEST is asked from this target up'),
  ventedBeforeStart: limit('LIM-VENTED-START', 3_000, 'ms', 'START needs every line below 15 mmHg for so long'),
  ventFall: limit('LIM-VENT-FALL', 1_000, 'ms', 'fallen by a fifth by then, or the valve does not answer'),
  band: limit('LIM-BAND', 15, 'mmHg', 'departure from the target that is let be', "a surgical console's alarm band"),
  bandDelay: limit(
    'LIM-BAND-DELAY',
    1_500,
    'ms',
    'departure for longer is a fault',
    "a surgical console's alarm delay",
  ),
  bandAtOnce: limit('LIM-BAND-AT-ONCE', 30, 'mmHg', 'over the target in two reports is a fault at once'),
  zeroMax: limit('LIM-ZERO', 10, 'mmHg', 'a sensor that is off by more at zero is not used'),
  zeroWarn: limit('LIM-ZERO-WARN', 3, 'mmHg', 'a sensor that is off by more at zero is shown'),
  verdictAge: limit('LIM-VERDICT-AGE', 86_400_000, 'ms', "health is a day's fact"),
  verdictAhead: limit('LIM-VERDICT-AHEAD', 60_000, 'ms', 'a verdict from further in the future means a wrong clock'),
  systolicBelow: limit(
    'LIM-SYSTOLIC',
    160,
    'mmHg',
    'blood pressure before a session, equal fails',
    `${PAPER}, Point 7.9`,
  ),
  diastolicBelow: limit(
    'LIM-DIASTOLIC',
    95,
    'mmHg',
    'blood pressure before a session, equal fails; the print has "> 95", read as "< 95"',
    `${PAPER}, Point 7.9`,
  ),
  bloodPressureAge: limit(
    'LIM-BP-AGE',
    7_200_000,
    'ms',
    'the reading belongs to the same visit as the session',
    `project policy; ${PAPER}, Point 7.9 asks for the reading, not when`,
  ),
  wallBack: limit('LIM-WALL-BACK', 60_000, 'ms', 'the wall clock went back further: no new inflation'),
  clockGap: limit('LIM-CLOCK-GAP', 1_000, 'ms', "the host's and the unit's clocks disagree by more: something slept"),
  frozen: limit(
    'LIM-FROZEN',
    3_000,
    'ms',
    'raw counts unchanged for longer while inflated: the sensor is not measuring',
  ),
  leak: limit(
    'LIM-LEAK',
    9_000,
    'ms',
    'the pump makes up for a leak for longer than this',
    "a surgical console's figure",
  ),
} as const satisfies Record<string, Limit>

export const LIMB_NAMES = ['left-arm', 'right-arm', 'left-leg', 'right-leg'] as const
export type Limb = (typeof LIMB_NAMES)[number]
export type LimbKind = 'arm' | 'leg'
export const kindOf = (limb: Limb): LimbKind => (limb.endsWith('arm') ? 'arm' : 'leg')

/** One side or the pair of it; never arms and legs at once (the source gives no time limit for both together). */
export const isOnePairOrSide = (limbs: readonly Limb[]): boolean =>
  new Set(limbs).size === limbs.length && new Set(limbs.map(kindOf)).size === 1

/** Highest target for this kind of limb that this program was compiled with. */
export const compiledMax = (kind: LimbKind): Limit => (kind === 'arm' ? LIMITS.armMax : LIMITS.legMax)

/** Longest time for this kind of limb over all sessions of a rolling day. */
export const dayLimit = (kind: LimbKind): Limit => (kind === 'arm' ? LIMITS.armDay : LIMITS.legDay)

/** Highest target of a person's first session with this kind of limb. */
export const firstMax = (kind: LimbKind): Limit => (kind === 'arm' ? LIMITS.armFirst : LIMITS.legFirst)

/** Cuff widths that we know a ceiling for. A wider cuff occludes at a lower pressure, so it gets a lower ceiling. */
export const WIDTH_CEILINGS: Record<LimbKind, readonly { upTo_cm: number; max_mmHg: MmHg }[]> = {
  arm: [
    { upTo_cm: 5, max_mmHg: 200 },
    { upTo_cm: 14, max_mmHg: 150 },
  ],
  leg: [
    { upTo_cm: 6, max_mmHg: 250 },
    { upTo_cm: 12, max_mmHg: 180 },
    { upTo_cm: 20, max_mmHg: 150 },
  ],
}

/**
 * Ceiling by cuff width (cm, 2 to the widest that is listed). Project policy: the field reports that occlusion
 * pressure falls steeply with width, but no source gives a ceiling per width. Undefined for a width outside the table.
 */
export function widthCeiling(kind: LimbKind, width_cm: number): MmHg | undefined {
  if (!(width_cm >= 2)) return undefined
  return WIDTH_CEILINGS[kind].find(row => width_cm <= row.upTo_cm)?.max_mmHg
}

/** A bound under the name that a person knows it by. */
export interface Bound {
  readonly name: string
  readonly value: number
}

/** The bound that binds: the lowest one, and on a tie the first named. */
export function lowest<B extends Bound>(bounds: readonly [B, ...B[]]): B {
  return bounds.reduce((low, next) => (next.value < low.value ? next : low))
}

export const SLEW_DEFAULT: MmHgPerS = 20
export const SETTLE_MS: Millis = 2_000
