import { gateRefusals } from '../../machines/gate.ts'
import type { Verdict } from '../../machines/verdict.ts'
import type { WallMs } from '../../protocol/units.ts'
import { CuffError, EXIT } from '../errors.ts'
import {
  type ClearanceBody,
  Clinician,
  clearanceOf,
  cleared,
  type Decision,
  Reason,
  signClearance,
} from './clearance.ts'
import { openVerdict } from './file.ts'
import { signerFor } from './keys.ts'
import { seenLedger } from './seen.ts'
import { loadTrust } from './trust.ts'

/**
 * Signs a clearance with the clinician's key of this machine. What is looser than the verdict, or would not open the
 * gate now, is not signed.
 * @throws CuffError CP-CLEARANCE-…, CP-VERDICT-…, CP-KEY-NONE, CP-KEY-READ, CP-TRUST, CP-SEEN, CP-GATE-…
 */
export function issueClearance(
  home: string,
  bytes: Uint8Array,
  decision: Decision,
  now: WallMs,
): { bytes: Uint8Array; body: ClearanceBody } {
  refuseUnsaid(decision)
  const { keyId, privateKey } = signerFor(home, 'clinician', now)
  const trust = loadTrust(home)
  const opened = openVerdict(bytes, trust)
  const body = clearanceOf(opened, bytes, decision, now)
  refuseShut(home, cleared(opened, bytes, { body, key: trust.find(key => key.key_id === keyId)! }), now)
  return { bytes: signClearance(body, privateKey), body }
}

function refuseUnsaid({ clinician, reason }: Decision): void {
  const usage = (code: string, what: string, action: string) => new CuffError(code, what, action, EXIT.usage)
  if (!Clinician.safeParse(clinician).success)
    throw usage('CP-CLEARANCE-WHO', 'the clinician is not named.', 'Give 1 to 100 characters, on one line.')
  if (!Reason.safeParse(reason).success)
    throw usage('CP-CLEARANCE-WHY', 'there is no reason to record.', 'Give 1 to 500 characters, on one line.')
}

/**
 * Asks the gate as for a session on the first limb, and notes the serial: an older verdict is not cleared here. The
 * age of the blood pressure is left out, since the operator measures again.
 */
function refuseShut(home: string, verdict: Verdict, now: WallMs): void {
  const seen = seenLedger(home)
  const newestSerialSeen = seen.newestSerialSeen(verdict.person)
  const facts = { person: verdict.person, limbs: verdict.limbs.slice(0, 1), now_wall: now, newestSerialSeen }
  seen.noteSeen(verdict.person, verdict.serial)
  const refusals = gateRefusals(verdict, { ...facts, simulatedUnit: verdict.signer === 'simulator' })
  const refusal = refusals.find(one => one.id !== 'GATE-BP-AGE')
  if (refusal) throw new CuffError(`CP-${refusal.id}`, refusal.text, refusal.action, EXIT.refused)
}
