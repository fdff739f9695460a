import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { isOnePairOrSide, LIMB_NAMES, LIMITS } from '../../machines/limits.ts'
import { AFTER, type AfterNote, ENDS, type PastSession } from '../../machines/past.ts'
import { CuffError, EXIT } from '../errors.ts'
import { isMissing, writeDurably } from '../home.ts'
import { readState } from '../verdict/state.ts'

/*
 * The ledger is a folder for each person in `ledger/`, named by the pseudonym, with one small file for each session and
 * for each note after one. A session writes its own file and no other, so two sessions at once, in one process or in
 * several, have nothing to overwrite of each other, and need no lock.
 */

const wall = z.int().nonnegative()
const id = z.string().regex(/^[\w-]{1,64}$/u)

const Session = z.strictObject({
  is: z.literal('session'),
  session: id,
  began_wall: wall,
  limbs: z.array(z.enum(LIMB_NAMES)).refine(isOnePairOrSide, 'not one side or one pair').readonly(),
  used_ms: z.int().nonnegative(),
  highest_mmHg: z.int().nonnegative().max(LIMITS.legMax.value),
  ended: z.enum(ENDS),
})
const Note = z.strictObject({
  is: z.literal('note'),
  session: id,
  noted_wall: wall,
  petechiae: z.enum(AFTER.petechiae),
  numbness: z.enum(AFTER.numbness),
  wellbeing: z.enum(AFTER.wellbeing),
  venous_injury: z.enum(AFTER.venous_injury),
})
const Entry = z.discriminatedUnion('is', [Session, Note])

/** One file of the ledger. */
interface Kept<T> {
  readonly path: string
  readonly entry: T
}

/** All that is kept of one person. */
export interface Shelf {
  readonly sessions: readonly Kept<PastSession>[]
  readonly notes: readonly Kept<AfterNote>[]
}

/**
 * Reads everything that is kept of a person; of one without a folder, nothing is.
 * @throws CuffError CP-LEDGER for a folder or a file that cannot be read or is damaged: never taken for an empty one
 */
export function readShelf(home: string, person: string): Shelf {
  const folder = folderOf(home, person)
  const sessions: Kept<PastSession>[] = []
  const notes: Kept<AfterNote>[] = []
  for (const path of namesIn(folder).flatMap(name => (name.endsWith('.json') ? [join(folder, name)] : []))) {
    const found = readState(path, Entry, 'CP-LEDGER')
    if (found?.is === 'session') sessions.push({ path, entry: without(found) })
    if (found?.is === 'note') notes.push({ path, entry: without(found) })
  }
  return { sessions, notes }
}

/** The pseudonyms that have a folder. @throws CuffError CP-LEDGER */
export const peopleIn = (home: string): string[] =>
  namesIn(join(home, 'ledger')).flatMap(name =>
    /^[0-9a-f]{32}-[0-9a-f]{64}$/u.test(name) ? [name.replace('-', ':')] : [],
  )

/** Writes a session in place of what was known of it; durable when it returns. @throws CuffError CP-WRITE */
export function writeSession(home: string, person: string, session: PastSession): void {
  write(join(folderOf(home, person), `${session.session}.json`), { is: 'session', ...session })
}

/** Adds a note; durable when it returns. @throws CuffError CP-WRITE */
export function writeNote(home: string, person: string, note: AfterNote, unique: string): void {
  write(join(folderOf(home, person), `${note.session}.note-${unique}.json`), { is: 'note', ...note })
}

export const removeSession = (home: string, person: string, session: string): void =>
  rmSync(join(folderOf(home, person), `${session}.json`))

const write = (path: string, entry: z.input<typeof Entry>): void =>
  writeDurably(path, `${JSON.stringify(Entry.parse(entry), undefined, 1)}\n`)

const without = <T extends { is: string }>({ is: _, ...entry }: T): Omit<T, 'is'> => entry

/** A colon is no part of a file's name everywhere. */
const folderOf = (home: string, person: string): string => join(home, 'ledger', person.replace(':', '-'))

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (isMissing(error)) return []
    throw new CuffError(
      'CP-LEDGER',
      `${folder} cannot be read (${(error as Error).message}), so nothing is accepted.`,
      'Restore it from a backup; look at it before you remove it.',
      EXIT.refused,
      error,
    )
  }
}
