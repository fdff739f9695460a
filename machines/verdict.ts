import type { Millis, MmHg, WallMs } from '../protocol/units.ts'
import type { Limb } from './limits.ts'

/**
 * What the session machine knows about a verdict after its signature was checked. The file format, the keys and the
 * signature are src/verdict/'s; the machine asks the questions below again at arming and before each inflation.
 */
export interface Verdict {
  readonly result: 'accept' | 'needs-test' | 'needs-clinician' | 'refuse'
  /** A rule asks for an exercise tolerance test that was not passed yet, whatever else the result says. */
  readonly needs_test: boolean
  /** Pseudonym: the site's salt, a colon, and the salted hash of what the operator typed for the person. */
  readonly person: string
  readonly limbs: readonly Limb[]
  readonly issued_wall: WallMs
  readonly expires_wall: WallMs
  /** Rises with every verdict for the same person. */
  readonly serial: number
  /** Who signed: a screening station, or a simulator, whose verdicts are worth nothing on a real unit. */
  readonly signer: 'screening' | 'simulator'
  readonly keyId: string
  /** Taken by the screener. The gate compares it with LIM-SYSTOLIC, LIM-DIASTOLIC and LIM-BP-AGE. */
  readonly blood_pressure: BloodPressure
  /** Limits that the screener set; they can only lower. */
  readonly arm_max_mmHg?: MmHg
  readonly leg_max_mmHg?: MmHg
  readonly session_max_ms?: Millis
  readonly one_side_only: boolean
  /** The person has not trained with pressure before. */
  readonly new_to_kaatsu?: boolean
  readonly clearance?: Clearance
  /** Highest rise of the target from one session to the next. */
  readonly step_up_max_mmHg?: MmHg
  /** The operator is asked at least so often whether they are there. */
  readonly presence_max_ms?: Millis
  /** The person must not begin with a systolic pressure below it. */
  readonly systolic_floor_mmHg?: MmHg
}

/** A clinician's yes to a verdict that leaves the decision to one. Its limits are in the verdict already. */
export interface Clearance {
  /** Name and registration, and why, as typed; for the record. */
  readonly clinician: string
  readonly reason: string
  readonly keyId: string
  readonly issued_wall: WallMs
  readonly expires_wall: WallMs
}

/** A reading at rest, in mmHg, and when it was taken. */
export interface BloodPressure {
  readonly systolic_mmHg: MmHg
  readonly diastolic_mmHg: MmHg
  readonly measured_wall: WallMs
}
