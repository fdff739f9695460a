import type { AfterNotes, AfterQuestion } from '../../machines/past.ts'
import type { Millis, WallMs } from '../../protocol/units.ts'
import type { Entries } from './ledger.ts'

/** A question that is to be asked again, or was never answered. */
export interface FollowUp {
  readonly session: string
  readonly ask: AfterQuestion
  /** The last answer, if there is one. */
  readonly last: string | undefined
  readonly due_wall: WallMs
}

const DAY: Millis = 86_400_000

/** Which answers are asked about again, and how long after they were given. Project policy. */
const AGAIN: readonly { ask: AfterQuestion; open: readonly AfterNotes[AfterQuestion][]; after_ms: Millis }[] = [
  { ask: 'petechiae', open: ['some', 'much'], after_ms: 3 * DAY },
  { ask: 'numbness', open: ['stays'], after_ms: DAY },
  { ask: 'wellbeing', open: ['bad'], after_ms: DAY },
  { ask: 'venous_injury', open: [], after_ms: DAY },
]

/** What to ask the person about now. What nobody ever answered is asked about the last session only. */
export const followUpsDue = (entries: Entries, now: WallMs): readonly FollowUp[] =>
  entries.sessions.flatMap(({ session, began_wall }) =>
    AGAIN.flatMap(({ ask, open, after_ms }) => {
      const known = entries.notes.filter(note => note.session === session && note[ask] !== 'unknown').at(-1)
      if (!known)
        return session === entries.sessions.at(-1)?.session
          ? { session, ask, last: undefined, due_wall: began_wall }
          : []
      const due = { session, ask, last: known[ask], due_wall: known.noted_wall + after_ms }
      return open.includes(known[ask]) && now >= due.due_wall ? due : []
    }),
  )
