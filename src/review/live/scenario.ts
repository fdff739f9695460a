import { checklistFor } from '../../../machines/checklist.ts'
import type { Plan } from '../../../machines/plan.ts'
import type { SessionInput } from '../../../machines/sessionContext.ts'
import type { Verdict } from '../../../machines/verdict.ts'
import type { WallMs } from '../../../protocol/units.ts'

/** The wall clock of every live run begins here, so that the same inputs give the same run on any day. */
export const WALL_START: WallMs = Date.UTC(2026, 4, 4, 10, 30)

const PERSON = 'EXAMPLE'
const MIN = 60_000

/** About nobody, signed by a simulator, as for every simulated unit; good for an hour. */
const ACCEPTED: Verdict = {
  result: 'accept',
  needs_test: false,
  person: PERSON,
  limbs: ['left-arm', 'right-arm'],
  issued_wall: WALL_START - MIN,
  expires_wall: WALL_START + 60 * MIN,
  serial: 2,
  signer: 'simulator',
  keyId: 'live',
  blood_pressure: { systolic_mmHg: 120, diastolic_mmHg: 75, measured_wall: WALL_START - 5 * MIN },
  one_side_only: false,
}

/** Verdicts to begin with, by name: the first opens the gate, and each of the others shuts it. */
export const VERDICTS: Readonly<Record<string, Verdict | undefined>> = {
  accepted: ACCEPTED,
  none: undefined,
  refused: { ...ACCEPTED, result: 'refuse' },
  'another-person': { ...ACCEPTED, person: 'SOMEBODY-ELSE' },
  'left-arm-only': { ...ACCEPTED, limbs: ['left-arm'] },
  'older-than-one-seen': { ...ACCEPTED, serial: 1 },
  'expires-after-20-s': { ...ACCEPTED, expires_wall: WALL_START + 20_000 },
  'blood-pressure-160': { ...ACCEPTED, blood_pressure: { ...ACCEPTED.blood_pressure, systolic_mmHg: 160 } },
  'of-a-screening-station': { ...ACCEPTED, signer: 'screening' },
}

/** With what a live run begins. */
export interface Scenario {
  /** Name of one of the plans. */
  readonly program: string
  /** Name of one of `VERDICTS`. */
  readonly verdict: string
  /** Of the simulated unit's noise, from 0 to 4,294,967,295. */
  readonly seed: number
}

/** Plans for both arms, by the names of their programs. */
export type Plans = Readonly<Record<string, Plan>>

export const REVIEWER = 'the reviewer'

/** @throws RangeError for a program or a verdict that is not there, or no seed */
export function inputOf({ program, verdict, seed }: Scenario, plans: Plans): SessionInput {
  const plan = Object.hasOwn(plans, program) ? plans[program] : undefined
  if (!plan) throw new RangeError(`there is no program "${program}" here`)
  if (!Object.hasOwn(VERDICTS, verdict)) throw new RangeError(`there is no verdict "${verdict}" here`)
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff) throw new RangeError(`"${seed}" is no seed`)
  const limbs = plan.cuffs.map(cuff => cuff.limb)
  return {
    ...{ plan, verdict: VERDICTS[verdict], person: PERSON, newestSerialSeen: 2, past: undefined },
    ...{ checklist: checklistFor(limbs, VERDICTS[verdict]), operator: REVIEWER, unattended: false },
  }
}
