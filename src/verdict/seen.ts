import { join } from 'node:path'
import { z } from 'zod'
import type { Verdict } from '../../machines/verdict.ts'
import { writeDurably } from '../home.ts'
import { pseudonym, pseudonymLike, siteSalt } from './person.ts'
import { readState } from './state.ts'

const Seen = z.strictObject({ schema: z.literal(1), newest: z.record(z.string(), z.int().nonnegative()) })

/**
 * The newest serial seen here for each person, so that an old acceptance is worth nothing after a newer refusal.
 * It has to be on disk before a session may arm.
 */
export interface SeenLedger {
  /** The highest serial seen for this pseudonym, 0 for none. @throws CuffError CP-SEEN */
  newestSerialSeen(person: string): number
  /** Durable when it returns. A lower serial than the one known changes nothing. @throws CuffError CP-SEEN */
  noteSeen(person: string, serial: number): void
}

/** The ledger in `seen.json`. A missing file has seen nothing; one that cannot be read refuses everything. */
export function seenLedger(home: string): SeenLedger {
  const path = join(home, 'seen.json')
  const read = () => new Map(Object.entries(readState(path, Seen, 'CP-SEEN')?.newest ?? {}))
  const newestSerialSeen = (person: string) => read().get(person) ?? 0
  return {
    newestSerialSeen,
    noteSeen(person, serial) {
      const newest = read()
      if (serial <= (newest.get(person) ?? 0)) return
      newest.set(person, serial)
      writeDurably(path, `${JSON.stringify({ schema: 1, newest: Object.fromEntries(newest) }, undefined, 2)}\n`)
    },
  }
}

/**
 * The newest serial seen for this person before this verdict, which is noted. Whichever station screened them counts:
 * each has a salt of its own, so the person is remembered under this machine's salt too.
 * @throws CuffError CP-SEEN, CP-SALT, CP-SUBJECT, CP-WRITE
 */
export function seenBefore(home: string, { person, serial, signer }: Verdict, subject: string): number {
  const ledger = seenLedger(home)
  const isThem = signer === 'screening' && pseudonymLike(person, subject) === person
  const known = isThem ? [person, pseudonym(subject, siteSalt(home))] : [person]
  const newest = Math.max(...known.map(one => ledger.newestSerialSeen(one)))
  for (const one of known) ledger.noteSeen(one, serial)
  return newest
}
