import type { AfterNote, AfterNotes, Past, PastSession } from '../../machines/past.ts'

export const NOW = Date.parse('2026-05-04T10:30:00.000Z')
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const PERSON = `${'a'.repeat(32)}:${'b'.repeat(64)}`

let count = 0

/** A session with arms that ended well, an hour ago, with changes. */
export const session = (change: Partial<PastSession> = {}): PastSession => ({
  session: `s-${++count}`,
  began_wall: NOW - HOUR,
  limbs: ['left-arm', 'right-arm'],
  used_ms: 5 * MINUTE,
  highest_mmHg: 60,
  ended: 'completed',
  ...change,
})

export const ANSWERS: AfterNotes = { petechiae: 'none', numbness: 'none', wellbeing: 'good', venous_injury: 'no' }

export const note = (change: Partial<AfterNote> = {}): AfterNote => ({
  session: 's',
  noted_wall: NOW - HOUR,
  ...ANSWERS,
  ...change,
})

/** Nothing is known of a person who never trained here. */
export const FIRST: Past = {
  used_ms: { arm: 0, leg: 0 },
  lastMax_mmHg: {},
  dayBase_mmHg: {},
  lastWentBadly: { arm: false, leg: false },
  sessions: 0,
}
