import { rmSync } from 'node:fs'
import { LIMITS } from '../../machines/limits.ts'
import { kindOfSession, type PastSession } from '../../machines/past.ts'
import type { Millis, WallMs } from '../../protocol/units.ts'
import type { Shelf } from './files.ts'

/** How long every entry is kept: longer than a lock-out lasts and a day counts. Project policy. */
export const KEEP_MS: Millis = 90 * 86_400_000

/** Removes what is spent; another session may have removed it as well. */
export function prune(shelf: Shelf, now: WallMs): void {
  for (const path of spent(shelf, now)) rmSync(path, { force: true })
}

/**
 * The files that no bound asks for any more, notes first: entries of more than 90 days ago, but for the sessions from
 * which the next step up is taken, and their notes.
 */
export function spent({ sessions, notes }: Shelf, now: WallMs): readonly string[] {
  const kept = keptSessions(
    sessions.map(one => one.entry),
    now,
  )
  const left = [
    ...notes.filter(({ entry }) => now - entry.noted_wall > KEEP_MS && !kept.has(entry.session)),
    ...sessions.filter(({ entry }) => !kept.has(entry.session)),
  ]
  return left.map(one => one.path)
}

function keptSessions(sessions: readonly PastSession[], now: WallMs): Set<string> {
  const newestFirst = [...sessions].sort((a, b) => b.began_wall - a.began_wall)
  const known = new Set<string>()
  const kept = newestFirst.filter(one => {
    const asked = !known.has(kindOfSession(one))
    // What a step up is taken from began a day before it or earlier, and reached something.
    const serves = one.ended !== 'unknown' && one.highest_mmHg > 0 && now - one.began_wall >= LIMITS.day.value
    if (serves) known.add(kindOfSession(one))
    return asked || now - one.began_wall <= KEEP_MS
  })
  return new Set(kept.map(one => one.session))
}
