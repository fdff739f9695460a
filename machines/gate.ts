import type { WallMs } from '../protocol/units.ts'
import { LIMITS, type Limb } from './limits.ts'
import type { Past } from './past.ts'
import type { BloodPressure, Verdict } from './verdict.ts'

/** Why the gate stays shut: an id to search for, what is wrong, and what to do now. */
export interface Refusal {
  readonly id: `GATE-${string}`
  readonly text: string
  readonly action: string
}

/** What is true at the moment of asking. */
export interface GateFacts {
  /** Pseudonym of the person whom the operator confirmed, hashed with the verdict's salt. */
  readonly person: string
  /** The limbs that carry a cuff in this session. */
  readonly limbs: readonly Limb[]
  readonly simulatedUnit: boolean | undefined
  readonly now_wall: WallMs
  /** The highest serial ever seen here for this person, 0 for none. */
  readonly newestSerialSeen: number
  /** A blood pressure taken after the screening: both have to be good, and this one recent. */
  readonly reading?: BloodPressure | undefined
  /** What is known of the person's earlier sessions; undefined when the verdict is about nobody. */
  readonly past?: Pick<Past, 'lockedUntil_wall' | 'unwellAt_wall'> | undefined
}

/** A sentence that must be true. It is written so that a value that is not a number makes it false. */
interface Rule<Facts = GateFacts> {
  readonly id: Refusal['id']
  readonly mustHold: (verdict: Verdict, facts: Facts) => boolean
  readonly text: string
  readonly action: string
}

/** The screener's reading, and the operator's if there is one. */
const readings = ({ blood_pressure }: Verdict, { reading }: GateFacts): readonly BloodPressure[] =>
  reading ? [blood_pressure, reading] : [blood_pressure]

const SCREEN_AGAIN = 'Have the person screened again.'
const MEASURE_AGAIN = 'Do not start. Measure again at rest, and have the person screened again.'

type Clock = Pick<GateFacts, 'now_wall'>
const TIME_RULES: readonly Rule<Clock>[] = [
  {
    id: 'GATE-EARLY',
    mustHold: (v, { now_wall }) => v.issued_wall - now_wall <= LIMITS.verdictAhead.value,
    text: 'the verdict was issued in the future: a clock is wrong.',
    action: 'Set the clocks of this computer and of the screening station.',
  },
  {
    id: 'GATE-EXPIRED',
    mustHold: (v, { now_wall }) => now_wall < v.expires_wall,
    text: 'the verdict has expired.',
    action: SCREEN_AGAIN,
  },
  {
    id: 'GATE-OLD',
    mustHold: (v, { now_wall }) => now_wall - v.issued_wall < LIMITS.verdictAge.value,
    text: `the verdict is older than ${LIMITS.verdictAge.value / 3_600_000} hours, whatever it says itself.`,
    action: SCREEN_AGAIN,
  },
]

const RULES: readonly Rule[] = [
  {
    id: 'GATE-RESULT',
    mustHold: v => ['accept', 'needs-test', 'needs-clinician'].includes(v.result),
    text: 'the screening refused this person.',
    action: 'Do not start. Ask a specialist or a medical institution.',
  },
  {
    id: 'GATE-CLINICIAN',
    mustHold: v => v.result !== 'needs-clinician' || v.clearance !== undefined,
    text: 'the screening leaves the decision to a clinician.',
    action: 'Do not start. Have a clinician decide, and sign a clearance (cuffpilot verdict clear).',
  },
  {
    id: 'GATE-TEST',
    mustHold: v => v.needs_test === false && v.result !== 'needs-test',
    text: 'the screening asks for an exercise tolerance test first.',
    action: 'Have the test done and judged by a doctor, and the person screened again.',
  },
  {
    id: 'GATE-CLEARANCE-EARLY',
    mustHold: (v, { now_wall }) => !v.clearance || v.clearance.issued_wall - now_wall <= LIMITS.verdictAhead.value,
    text: "the clinician's clearance was issued in the future: a clock is wrong.",
    action: "Set the clocks of this computer and of the clinician's.",
  },
  {
    id: 'GATE-CLEARANCE-EXPIRED',
    mustHold: (v, { now_wall }) => !v.clearance || now_wall < v.clearance.expires_wall,
    text: "the clinician's clearance has expired.",
    action: 'Ask the clinician again.',
  },
  ...TIME_RULES,
  {
    id: 'GATE-SIGNER',
    mustHold: (v, { simulatedUnit }) =>
      v.signer === 'screening' || (v.signer === 'simulator' && simulatedUnit !== false),
    text: 'the verdict was signed by a simulator, and this unit is real.',
    action: 'Have the person screened at a screening station.',
  },
  {
    id: 'GATE-SIMULATED',
    mustHold: (v, { simulatedUnit }) => v.signer !== 'screening' || simulatedUnit !== true,
    text: 'the verdict is about a person, and this unit is simulated: nothing that nobody felt may count for them.',
    action: 'Use a verdict for simulated units (cuffpilot verdict example).',
  },
  {
    id: 'GATE-PERSON',
    mustHold: (v, { person }) => person !== '' && v.person === person,
    text: 'the verdict is for another person.',
    action: 'Ask the person who they are, and take the verdict made for them.',
  },
  {
    id: 'GATE-SERIAL',
    mustHold: (v, { newestSerialSeen }) => v.serial >= newestSerialSeen,
    text: 'a newer verdict for this person has been seen.',
    action: 'Take the newest one.',
  },
  {
    id: 'GATE-LOCKED',
    mustHold: (_, { past, now_wall }) => past?.lockedUntil_wall === undefined || now_wall >= past.lockedUntil_wall,
    text: `a venous injury was noted, and ${LIMITS.venousLock.value / 604_800_000} weeks without training are not over (Nakajima, Morita, Sato 2011, Section I.6).`,
    action: 'Do not start. "cuffpilot ledger show" tells until when.',
  },
  {
    id: 'GATE-UNWELL',
    mustHold: (v, { past }) => past?.unwellAt_wall === undefined || v.issued_wall > past.unwellAt_wall,
    text: 'the person felt bad in a session, or after one, since the verdict was made (Nakajima, Morita, Sato 2011, Point 7.12).',
    action: SCREEN_AGAIN,
  },
  {
    id: 'GATE-LIMB',
    mustHold: (v, { limbs }) => limbs.length > 0 && limbs.every(limb => v.limbs.includes(limb)),
    text: 'the verdict does not allow every limb of this session.',
    action: 'Move the cuff to a limb that it allows, or have the person screened for this one.',
  },
  {
    id: 'GATE-ONE-SIDE',
    mustHold: (v, { limbs }) => v.one_side_only === false || onOneSide(limbs),
    text: 'the verdict allows one side only.',
    action: 'Take the cuff off the other side.',
  },
  {
    id: 'GATE-SYSTOLIC',
    mustHold: (v, facts) => readings(v, facts).every(one => one.systolic_mmHg < LIMITS.systolicBelow.value),
    text: `the systolic blood pressure is not below ${LIMITS.systolicBelow.value} mmHg.`,
    action: MEASURE_AGAIN,
  },
  {
    id: 'GATE-FLOOR',
    mustHold: (v, facts) => readings(v, facts).every(one => one.systolic_mmHg >= (v.systolic_floor_mmHg ?? 0)),
    text: 'the systolic blood pressure is below the floor that the screener set for this person.',
    action: MEASURE_AGAIN,
  },
  {
    id: 'GATE-DIASTOLIC',
    mustHold: (v, facts) => readings(v, facts).every(one => one.diastolic_mmHg < LIMITS.diastolicBelow.value),
    text: `the diastolic blood pressure is not below ${LIMITS.diastolicBelow.value} mmHg.`,
    action: MEASURE_AGAIN,
  },
  {
    id: 'GATE-BP-AGE',
    mustHold: (v, { now_wall, reading }) =>
      now_wall - (reading ?? v.blood_pressure).measured_wall < LIMITS.bloodPressureAge.value,
    text: `the blood pressure was measured more than ${LIMITS.bloodPressureAge.value / 3_600_000} hours ago.`,
    action: MEASURE_AGAIN,
  },
]

const NO_VERDICT: Refusal = {
  id: 'GATE-NO-VERDICT',
  text: 'there is no verdict for this person.',
  action: 'Have the person screened.',
}

/**
 * Every reason why no cuff may be inflated now; none means that it may. Asked at START and again before each
 * inflation. It assumes that the signature was checked when the verdict was loaded.
 */
export function gateRefusals(verdict: Verdict | undefined, facts: GateFacts): readonly Refusal[] {
  if (verdict === undefined) return [NO_VERDICT]
  return RULES.filter(rule => !rule.mustHold(verdict, facts)).map(refusal)
}

/** The reasons among them that the clock alone decides: a file is refused for these as soon as it is read. */
export const timeRefusals = (verdict: Verdict, now_wall: WallMs): readonly Refusal[] =>
  TIME_RULES.filter(rule => !rule.mustHold(verdict, { now_wall })).map(refusal)

const refusal = ({ id, text, action }: Refusal): Refusal => ({ id, text, action })

const onOneSide = (limbs: readonly Limb[]): boolean =>
  ['left', 'right'].some(side => limbs.every(limb => limb.startsWith(side)))
