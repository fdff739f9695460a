import type { Millis, MmHg, WallMs } from '../protocol/units.ts'
import { dayLimit, firstMax, kindOf, LIMITS, type Limb, type LimbKind } from './limits.ts'

/**
 * How a session ended. `interrupted`: by the link, the unit or this program, which says nothing of the person. `unknown`
 * stands from its booking on, and stays when the program or the computer died.
 */
export const ENDS = ['completed', 'released', 'interrupted', 'symptom', 'fault', 'unknown'] as const

/** One session in which a cuff was inflated, as the ledger keeps it. */
export interface PastSession {
  /** The name of its journal. */
  readonly session: string
  readonly began_wall: WallMs
  /** One side or one pair, of arms or of legs. */
  readonly limbs: readonly Limb[]
  /** From the first inflation to the end, rests included; while booked, all that the plan may take. */
  readonly used_ms: Millis
  /** Highest target that a cuff reached, 0 for none; while booked, the highest of the plan. */
  readonly highest_mmHg: MmHg
  readonly ended: (typeof ENDS)[number]
}

/** What is asked after a session, and again later (Points 4 and 7.4; Section I.6), with every answer that counts. */
export const AFTER = {
  petechiae: ['none', 'some', 'much', 'unknown'],
  numbness: ['none', 'gone', 'stays', 'unknown'],
  wellbeing: ['good', 'bad', 'unknown'],
  venous_injury: ['yes', 'no', 'unknown'],
} as const
export type AfterQuestion = keyof typeof AFTER
export type AfterNotes = { readonly [Question in AfterQuestion]: (typeof AFTER)[Question][number] }

/** What was learned of a session at some time after it. A later note adds to an earlier one and takes nothing back. */
export interface AfterNote extends AfterNotes {
  readonly session: string
  readonly noted_wall: WallMs
}

/** What is known of a person's earlier sessions, when a new one is prepared. */
export interface Past {
  /** Time from the first inflations within the last 24 h, for each kind of limb. */
  readonly used_ms: Readonly<Record<LimbKind, Millis>>
  /** Highest target of the last session with this kind of limb that reached one; none before the first. */
  readonly lastMax_mmHg: Readonly<Partial<Record<LimbKind, MmHg>>>
  /** The same of the last session that began 24 h ago or earlier: sessions of one day together take one step up. */
  readonly dayBase_mmHg: Readonly<Partial<Record<LimbKind, MmHg>>>
  /** The last session with this kind of limb, or the last of all, went badly; one that reached no target takes nothing back. */
  readonly lastWentBadly: Readonly<Record<LimbKind, boolean>>
  /** No session before it, after a venous injury. */
  readonly lockedUntil_wall?: WallMs
  /** When a session last ended with a symptom, or something bad was noted of one. */
  readonly unwellAt_wall?: WallMs
  /** How many sessions this was made of. */
  readonly sessions: number
}

/** The past as it stands at `now`. */
export function pastAt(sessions: readonly PastSession[], notes: readonly AfterNote[], now: WallMs): Past {
  const ordered = [...sessions].sort((a, b) => a.began_wall - b.began_wall)
  const [arms, legs] = [ofKind('arm', ordered), ofKind('leg', ordered)]
  const telling = ordered.filter(one => one.highest_mmHg > 0 || isBad(one, notes))
  const isLastBad = (kind?: LimbKind) => isBad((kind ? ofKind(kind, telling) : telling).at(-1), notes)
  const beforeDay = ordered.filter(one => now - one.began_wall >= LIMITS.day.value)
  return {
    used_ms: { arm: usedAt(arms, now), leg: usedAt(legs, now) },
    lastMax_mmHg: lastMaxes(ordered),
    dayBase_mmHg: lastMaxes(beforeDay),
    lastWentBadly: { arm: isLastBad() || isLastBad('arm'), leg: isLastBad() || isLastBad('leg') },
    ...lockOut(notes),
    ...unwell(ordered, notes),
    sessions: sessions.length,
  }
}

/** Time that is left of the rolling day for this kind of limb. Unit ms. */
export const dayLeft = (kind: LimbKind, { used_ms }: Past): Millis => Math.max(0, dayLimit(kind).value - used_ms[kind])

export const kindOfSession = ({ limbs }: Pick<PastSession, 'limbs'>): LimbKind => kindOf(limbs[0]!)

const ofKind = (kind: LimbKind, sessions: readonly PastSession[]): readonly PastSession[] =>
  sessions.filter(one => kindOfSession(one) === kind)

/** A session counts for its part within the window, and one that a clock dates into the future counts in full. */
const usedAt = (sessions: readonly PastSession[], now: WallMs): Millis =>
  sessions.reduce((sum, { began_wall, used_ms }) => {
    const since = began_wall + used_ms - (now - LIMITS.day.value)
    return sum + Math.ceil(Math.min(used_ms, Math.max(0, since)))
  }, 0)

const lastMaxes = (sessions: readonly PastSession[]): Past['lastMax_mmHg'] => ({
  ...lastMax('arm', ofKind('arm', sessions)),
  ...lastMax('leg', ofKind('leg', sessions)),
})

/** Of a session whose end nobody saw, no more is taken than its plan and the sessions before it allow to say. */
function lastMax(kind: LimbKind, sessions: readonly PastSession[]): Partial<Record<LimbKind, MmHg>> {
  let last: MmHg | undefined
  for (const { ended, highest_mmHg } of sessions.filter(one => one.highest_mmHg > 0))
    last = ended === 'unknown' ? Math.min(highest_mmHg, last ?? firstMax(kind).value) : highest_mmHg
  return last === undefined ? {} : { [kind]: last }
}

/** Ended by a symptom or a safety fault, or nobody knows how; or something bad was noted of it, then or later. */
function isBad(one: PastSession | undefined, notes: readonly AfterNote[]): boolean {
  if (one === undefined) return false
  return ['symptom', 'fault', 'unknown'].includes(one.ended) || notes.some(n => n.session === one.session && tells(n))
}

const tells = ({ petechiae, numbness, wellbeing, venous_injury }: AfterNotes): boolean =>
  petechiae === 'much' || numbness === 'stays' || wellbeing === 'bad' || venous_injury === 'yes'

function lockOut(notes: readonly AfterNote[]): Pick<Past, 'lockedUntil_wall'> {
  const seen = notes.filter(note => note.venous_injury === 'yes').map(note => note.noted_wall)
  return seen.length === 0 ? {} : { lockedUntil_wall: Math.max(...seen) + LIMITS.venousLock.value }
}

/** A session is dated by its end here: what was asked before it knows nothing of it. */
function unwell(sessions: readonly PastSession[], notes: readonly AfterNote[]): Pick<Past, 'unwellAt_wall'> {
  const ends = sessions.filter(one => one.ended === 'symptom').map(one => one.began_wall + one.used_ms)
  const seen = [...ends, ...notes.filter(tells).map(note => note.noted_wall)]
  return seen.length === 0 ? {} : { unwellAt_wall: Math.max(...seen) }
}
