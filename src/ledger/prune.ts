import { rmSync } from 'node:fs'
import { kindOfSession, type PastSession } from '../../machines/past.ts'
import type { Millis, WallMs } from '../../protocol/units.ts'
import type { Shelf } from './files.ts'

/** How long every entry is kept: longer than a lock-out lasts and a day counts. Project policy. */
export const KEEP_MS: Millis = 90 * 86_400_000

/**
 * Removes what no bound asks for any more: entries of more than 90 days ago, but for the sessions from which the next
 * step up is taken, and their notes.
 */
export function prune(shelf: Shelf, now: WallMs): void {
  const kept = keptSessions(
    shelf.sessions.map(one => one.entry),
    now,
  )
  const isOld = (at: WallMs) => now - at > KEEP_MS
  for (const { path, entry } of shelf.notes) if (isOld(entry.noted_wall) && !kept.has(entry.session)) rmSync(path, GONE)
  for (const { path, entry } of shelf.sessions) if (!kept.has(entry.session)) rmSync(path, GONE)
}

/** Another session may have removed it as well. */
const GONE = { force: true }

function keptSessions(sessions: readonly PastSession[], now: WallMs): Set<string> {
  const newestFirst = [...sessions].sort((a, b) => b.began_wall - a.began_wall)
  const known = new Set<string>()
  const kept = newestFirst.filter(one => {
    const asked = !known.has(kindOfSession(one))
    if (one.ended !== 'unknown') known.add(kindOfSession(one))
    return asked || now - one.began_wall <= KEEP_MS
  })
  return new Set(kept.map(one => one.session))
}
