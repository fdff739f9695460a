import { checklistFor } from '../machines/checklist.ts'
import { gateRefusals, type Refusal } from '../machines/gate.ts'
import type { Limb } from '../machines/limits.ts'
import type { SessionInput } from '../machines/sessionContext.ts'
import type { BloodPressure, Verdict } from '../machines/verdict.ts'
import type { WallMs } from '../protocol/units.ts'
import { CuffError, EXIT } from './errors.ts'
import { pastFor } from './ledger/ledger.ts'
import { compile } from './programs/compile.ts'
import { cuffsFor } from './programs/cuffs.ts'
import { loadProgram } from './programs/load.ts'
import { openCleared } from './verdict/clearance.ts'
import { pseudonymLike } from './verdict/person.ts'
import { seenBefore } from './verdict/seen.ts'
import { loadTrust } from './verdict/trust.ts'

export interface SessionRequest {
  /** The data folder: whom this machine trusts, and which serials it has seen. */
  readonly home: string
  /** Path of the verdict, undefined for none. */
  readonly verdict: string | undefined
  /** Path of a clinician's clearance of it, undefined for none. */
  readonly clearance?: string | undefined
  /** The person, as typed. */
  readonly subject: string
  readonly limbs: readonly Limb[]
  /** In cm, one for each limb; the usual ones when undefined. */
  readonly widths: readonly number[] | undefined
  /** Name or file. */
  readonly program: string
  /** Who runs the session: name and qualification. */
  readonly operator: string
  readonly unattended: boolean
  /** A blood pressure that the operator took after the screening. */
  readonly reading?: BloodPressure | undefined
  readonly now: WallMs
}

/** A session that may be begun, or every reason known by now why not. */
export type Prepared =
  | { readonly input: SessionInput; readonly refusals?: undefined }
  | { readonly refusals: readonly Refusal[] }

/**
 * Everything about a session that is decided before a port is opened. The machine asks the gate again, with what the
 * unit says of itself. The verdict's serial is on the disk when this returns, so that an older one counts no more.
 * @throws CuffError CP-VERDICT-… and CP-CLEARANCE-… with status 3, CP-TRUST, CP-SEEN, CP-LEDGER, CP-SUBJECT, CP-PROGRAM-…, CP-WIDTHS, CP-LIM-…
 */
export function prepare(request: SessionRequest): Prepared {
  const { home, subject, limbs, widths, now, operator, unattended, reading } = request
  const program = loadProgram(request.program)
  const cuffs = cuffsFor(limbs, widths)
  const verdict = request.verdict === undefined ? undefined : trusted(home, request.verdict, request.clearance)
  const person = verdict ? pseudonymLike(verdict.person, subject) : ''
  const newestSerialSeen = verdict ? seenBefore(home, verdict, subject) : 0
  const past = pastFor(home, verdict, subject, now)
  // Whether the unit is a simulated one is not known yet; the machine asks.
  const facts = { person, limbs, simulatedUnit: undefined, now_wall: now, newestSerialSeen, reading, past }
  const refusals = gateRefusals(verdict, facts)
  if (refusals.length > 0) return { refusals }
  const plan = compile(program, { cuffs, verdict, past })
  const checklist = checklistFor(limbs, verdict)
  return { input: { plan, verdict, person, newestSerialSeen, past, checklist, operator, unattended, reading } }
}

/** Whatever is wrong with a verdict keeps the gate shut: the status says so. */
function trusted(home: string, path: string, clearance: string | undefined): Verdict {
  try {
    return openCleared(path, clearance, loadTrust(home))
  } catch (error) {
    if (!(error instanceof CuffError)) throw error
    throw new CuffError(error.code, error.message, error.action, EXIT.refused, error)
  }
}
