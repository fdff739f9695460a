import type { Verdict } from '../../machines/verdict.ts'
import type { WallMs } from '../../protocol/units.ts'
import type { VerdictBody } from './body.ts'
import { signVerdict } from './file.ts'
import { signerFor } from './keys.ts'
import { pseudonym, siteSalt } from './person.ts'
import { seenLedger } from './seen.ts'

/** What a screening decides; the rest of a verdict follows from who, when and where. */
export type VerdictContent = Omit<VerdictBody, 'schema' | 'signer' | 'person' | 'issued' | 'serial'>

/**
 * Signs a verdict on this machine and notes its serial, so that from now on no older one of this person counts here.
 * @throws CuffError CP-KEY-NONE, CP-KEY-READ, CP-TRUST, CP-SEEN, CP-SALT, CP-SUBJECT, CP-VERDICT-…
 */
export function issueVerdict(
  home: string,
  { role, subject, now }: { role: Verdict['signer']; subject: string; now: WallMs },
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

/** What who, when and where make of a verdict's content. */
export function frame(role: Verdict['signer'], person: string, now: WallMs, serial: number) {
  const [salt = '', hash = ''] = person.split(':')
  return { schema: 1, signer: role, person: { salt, hash }, issued: utc(now), serial } as const
}

export const utc = (time: WallMs): string => new Date(time).toISOString()
