import {
  AFTER,
  type AfterNote,
  type AfterQuestion,
  dayLeft,
  type Past,
  type PastSession,
  pastAt,
} from '../../machines/past.ts'
import { type CitedBound, targetBound } from '../../machines/planBounds.ts'
import type { Millis, MmHg, WallMs } from '../../protocol/units.ts'
import { limbWords, timeLeft } from '../operator/words.ts'
import { type FollowUp, followUpsDue } from './followUp.ts'
import type { Entries } from './ledger.ts'

/** Where a person stands before their next session. The verdict, the cuff and the unit may allow less. */
export interface Standing {
  readonly type: 'standing'
  readonly arms: Allowed
  readonly legs: Allowed
  /** ISO 8601, when a lock-out is not over. */
  readonly locked_until: string | null
  /** ISO 8601: a verdict from before does not count, for the person felt bad in a session or after one. */
  readonly screen_again_after: string | null
  readonly sessions: readonly PastSession[]
  readonly notes: readonly AfterNote[]
  readonly follow_ups: readonly FollowUp[]
}

interface Allowed {
  readonly left_ms: Millis
  readonly next_max_mmHg: MmHg
  /** The bound that binds the target. */
  readonly by: string
}

export function standingOf(entries: Entries, now: WallMs): Standing {
  const past = pastAt(entries.sessions, entries.notes, now)
  const locked = past.lockedUntil_wall !== undefined && now < past.lockedUntil_wall
  return {
    type: 'standing',
    arms: allowed('left-arm', past),
    legs: allowed('left-leg', past),
    locked_until: locked ? iso(past.lockedUntil_wall!) : null,
    screen_again_after: past.unwellAt_wall === undefined ? null : iso(past.unwellAt_wall),
    sessions: entries.sessions,
    notes: entries.notes,
    follow_ups: followUpsDue(entries, now),
  }
}

/** With the narrowest cuff, whose ceiling is the highest. */
function allowed(limb: 'left-arm' | 'left-leg', past: Past): Allowed {
  const bound: CitedBound = targetBound({ channel: 1, limb, width_cm: 5 }, { past })
  return { left_ms: dayLeft(limb === 'left-arm' ? 'arm' : 'leg', past), next_max_mmHg: bound.value, by: bound.name }
}

/** The standing for a reader, one fact a line. */
export function standingLines({
  arms,
  legs,
  locked_until,
  screen_again_after,
  sessions,
  notes,
  follow_ups,
}: Standing): string[] {
  return [
    `sessions   ${sessions.length === 0 ? 'none is kept of this person' : sessions.length}`,
    ...(locked_until ? [`LOCKED     until ${locked_until}, after a venous injury`] : []),
    ...(screen_again_after ? [`unwell     at ${screen_again_after}: a verdict from before does not count`] : []),
    `arms       ${allowedWords(arms)}`,
    `legs       ${allowedWords(legs)}`,
    ...sessions.map(sessionWords),
    ...notes.map(noteWords),
    ...follow_ups.map(followUpWords),
  ]
}

/** What is to be asked about now. */
export const followUpWords = ({ ask, session, last }: FollowUp): string =>
  `ask        ${words(ask)}, of ${session}: ${last ?? 'not noted yet'}`

const allowedWords = ({ left_ms, next_max_mmHg, by }: Allowed): string =>
  `${timeLeft(left_ms)} left of the rolling day; next target at most ${next_max_mmHg} mmHg, ${by}`

const sessionWords = ({ session, began_wall, limbs, used_ms, highest_mmHg, ended }: PastSession): string =>
  `session    ${session} at ${iso(began_wall)}: ${limbs.map(limb => limbWords({ limb })).join(', ')}, ${timeLeft(used_ms)}, ${highest_mmHg} mmHg, ${ended}`

const noteWords = (note: AfterNote): string =>
  `noted      ${note.session} at ${iso(note.noted_wall)}: ${QUESTIONS.map(ask => `${words(ask)} ${note[ask]}`).join(', ')}`

const QUESTIONS = Object.keys(AFTER) as AfterQuestion[]
const words = (ask: AfterQuestion): string => ask.replace('_', ' ')

const iso = (at: WallMs): string => new Date(at).toISOString()
