import { randomBytes } from 'node:crypto'
import { type AfterNote, type AfterNotes, type Past, type PastSession, pastAt } from '../../machines/past.ts'
import type { Verdict } from '../../machines/verdict.ts'
import type { WallMs } from '../../protocol/units.ts'
import { CuffError, EXIT, printable } from '../errors.ts'
import { pseudonym } from '../verdict/person.ts'
import { peopleIn, readShelf, writeNote } from './files.ts'

/** What is kept of one human being, oldest first, under whatever pseudonyms. */
export interface Entries {
  readonly sessions: readonly PastSession[]
  readonly notes: readonly AfterNote[]
}

/** A simulator's verdict is about nobody: its sessions are not counted, and no past binds them. */
export const isCounted = (verdict: Pick<Verdict, 'signer'>): boolean => verdict.signer === 'screening'

/**
 * What is known of the person before a session; undefined when the verdict is about nobody. Sessions under the salts of
 * other stations count too: what the operator typed is tried with every salt of the ledger.
 * @throws CuffError CP-LEDGER, CP-SUBJECT
 */
export function pastFor(home: string, verdict: Verdict | undefined, subject: string, now: WallMs): Past | undefined {
  if (!verdict || !isCounted(verdict)) return undefined
  const { sessions, notes } = entriesOf(home, new Set([verdict.person, ...pseudonymsOf(home, subject)]))
  return pastAt(sessions, notes, now)
}

/** The pseudonyms of this person that have a place in the ledger. @throws CuffError CP-LEDGER, CP-SUBJECT */
export function pseudonymsOf(home: string, subject: string): string[] {
  const people = peopleIn(home)
  const salts = new Set(people.map(person => person.split(':')[0]!))
  return [...salts].map(salt => pseudonym(subject, salt)).filter(person => people.includes(person))
}

/** @throws CuffError CP-LEDGER */
export function entriesOf(home: string, people: Iterable<string>): Entries {
  const shelves = [...people].map(person => readShelf(home, person))
  return {
    sessions: shelves.flatMap(one => one.sessions.map(s => s.entry)).sort((a, b) => a.began_wall - b.began_wall),
    notes: shelves.flatMap(one => one.notes.map(n => n.entry)).sort((a, b) => a.noted_wall - b.noted_wall),
  }
}

/** A session of this person, or else their last. @throws CuffError CP-LEDGER-SESSION, CP-LEDGER, CP-SUBJECT */
export function sessionOf(home: string, subject: string, session: string | undefined) {
  const all = pseudonymsOf(home, subject).flatMap(person =>
    entriesOf(home, [person]).sessions.map(one => ({ person, ...one })),
  )
  const newestFirst = all.sort((a, b) => b.began_wall - a.began_wall)
  const found = newestFirst.find(one => session === undefined || one.session === session)
  if (!found) throw noSession(session ?? 'the last')
  return found
}

/**
 * Keeps what was learned of a person after a session of theirs, durably. It adds to earlier notes and takes nothing
 * back; a venous injury locks the person out from `now` on, for LIM-VENOUS-LOCK.
 * @throws CuffError CP-LEDGER-SESSION when the ledger has no such session, CP-LEDGER, CP-WRITE
 */
export function noteAfter(home: string, person: string, session: string, notes: AfterNotes, now: WallMs = Date.now()) {
  if (!entriesOf(home, [person]).sessions.some(one => one.session === session)) throw noSession(session)
  writeNote(home, person, { session, noted_wall: now, ...notes }, randomBytes(4).toString('hex'))
}

const noSession = (session: string): CuffError =>
  new CuffError(
    'CP-LEDGER-SESSION',
    `the ledger has no session "${printable(session, 64)}" of this person.`,
    '"cuffpilot ledger show" lists the sessions; those with a simulator\'s verdict are not kept.',
    EXIT.usage,
  )
