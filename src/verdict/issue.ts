import { createHash, type KeyObject } from 'node:crypto'
import type { Limb } from '../../machines/limits.ts'
import type { WallMs } from '../../protocol/units.ts'
import type { VerdictBody } from './body.ts'
import { signVerdict } from './file.ts'
import { signerFor } from './keys.ts'
import { pseudonym, siteSalt } from './person.ts'
import { seenLedger } from './seen.ts'
import type { Role } from './trust.ts'

/** What a screening decides; the rest of a verdict follows from who, when and where. */
export type VerdictContent = Omit<VerdictBody, 'schema' | 'signer' | 'person' | 'issued' | 'serial'>

/**
 * Signs a verdict on this machine and notes its serial, so that from now on no older one of this person counts here.
 * @throws CuffError CP-KEY-NONE, CP-KEY-READ, CP-TRUST, CP-SEEN, CP-SALT, CP-SUBJECT, CP-VERDICT-…
 */
export function issueVerdict(
  home: string,
  { role, subject, now }: { role: Role; subject: string; now: WallMs },
  content: VerdictContent,
): Uint8Array {
  const { privateKey } = signerFor(home, role, now)
  const person = pseudonym(subject, siteSalt(home))
  const seen = seenLedger(home)
  // The time is a serial that rises by itself, across files that were lost too; the ledger mends a clock set back.
  const serial = Math.max(now, seen.newestSerialSeen(person) + 1)
  const bytes = signVerdict({ ...frame(role, person, now, serial), ...content }, privateKey)
  seen.noteSeen(person, serial)
  return bytes
}

/**
 * An acceptance without a person behind it, for the simulated unit and for tests: blood pressure 120/75 mmHg measured
 * five minutes ago, good for an hour. `signer` is a simulator key.
 */
export function exampleVerdict(of: {
  subject: string
  limbs: readonly Limb[]
  now: WallMs
  signer: { privateKey: KeyObject }
}): Uint8Array {
  return signVerdict(exampleBody(of), of.signer.privateKey)
}

/** The body of `exampleVerdict`. Its salt is public: an example is about nobody. */
export function exampleBody({
  subject,
  limbs,
  now,
}: {
  subject: string
  limbs: readonly Limb[]
  now: WallMs
}): VerdictBody {
  const content: VerdictContent = {
    result: 'accept',
    limbs: [...limbs],
    blood_pressure: { systolic_mmHg: 120, diastolic_mmHg: 75, measured_wall: utc(now - 300_000) },
    expires: utc(now + 3_600_000),
    screener: 'cuffpilot verdict example',
    intake_sha256: createHash('sha256').update('example').digest('hex'),
    rules: [],
  }
  return { ...frame('simulator', pseudonym(subject, EXAMPLE_SALT), now, now), ...content }
}

const EXAMPLE_SALT = '0'.repeat(32)

function frame(role: Role, person: string, now: WallMs, serial: number) {
  const [salt = '', hash = ''] = person.split(':')
  return { schema: 1, signer: role, person: { salt, hash }, issued: utc(now), serial } as const
}

const utc = (time: WallMs): string => new Date(time).toISOString()
