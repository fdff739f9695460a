import { dayLeft, kindOfSession, type PastSession, pastAt } from '../../machines/past.ts'
import type { SessionContext, SessionInput } from '../../machines/sessionContext.ts'
import type { Phase } from '../../machines/view.ts'
import type { MonoMs, WallMs } from '../../protocol/units.ts'
import { CuffError, EXIT } from '../errors.ts'
import { readShelf, removeSession, writeSession } from './files.ts'
import { entriesOf, isCounted } from './ledger.ts'
import { prune } from './prune.ts'

/** How a session went, as far as the ledger wants to know. */
export type Use = Pick<PastSession, 'used_ms' | 'highest_mmHg' | 'ended'>

/** Who sits down to what, by a verdict of when. */
interface Booked extends Pick<SessionInput, 'person' | 'plan'> {
  readonly issued_wall: WallMs
}

/**
 * The place of one session in the ledger. All that its plan may take is booked before anything inflates, and what it
 * took stands there after it; a program that dies in between leaves the whole booking counted.
 */
export class Booking {
  private readonly home: string
  private readonly person: string
  private readonly planned: Omit<PastSession, 'began_wall'>
  private readonly issued_wall: WallMs
  private booked: PastSession | undefined

  constructor(home: string, session: string, { person, plan, issued_wall }: Booked) {
    this.home = home
    this.person = person
    this.issued_wall = issued_wall
    const [used_ms, highest_mmHg] = [plan.cap_ms, Math.max(...plan.max_mmHg)]
    const limbs = plan.cuffs.map(cuff => cuff.limb)
    this.planned = { session, limbs, used_ms, highest_mmHg, ended: 'unknown' }
  }

  /**
   * To be called before each press; the first call books, durably when it returns. It is written first and asked about
   * then: of two sessions of a person that begin at once, the later one sees the earlier one.
   * @throws CuffError CP-WRITE, CP-LEDGER; CP-LEDGER-DAY, CP-LEDGER-LOCKED, CP-LEDGER-UNWELL for what came in since this session was prepared
   */
  book(now: WallMs): void {
    if (this.booked) return
    const session = { ...this.planned, began_wall: Math.floor(now) }
    writeSession(this.home, this.person, session)
    const changed = this.changedBy(session, now)
    if (changed) {
      removeSession(this.home, this.person, session.session)
      throw changed
    }
    this.booked = session
  }

  private changedBy(own: PastSession, now: WallMs): CuffError | undefined {
    const { sessions, notes } = entriesOf(this.home, [this.person])
    const others = pastAt(
      sessions.filter(one => one.session !== own.session),
      notes,
      now,
    )
    if (own.used_ms > dayLeft(kindOfSession(own), others)) return changed('DAY', 'time of the rolling day was used')
    if (now < (others.lockedUntil_wall ?? now)) return changed('LOCKED', 'a venous injury was noted')
    if (this.issued_wall <= (others.unwellAt_wall ?? Number.NEGATIVE_INFINITY))
      return changed('UNWELL', 'the person felt bad in another session, or after one,')
    return undefined
  }

  /** Replaces the booking, if there is one, by what was used. @throws CuffError CP-WRITE, CP-LEDGER: it stays booked then */
  settle(use: (booked: PastSession) => Use, now: WallMs): void {
    if (!this.booked) return
    writeSession(this.home, this.person, { ...this.booked, ...use(this.booked) })
    prune(readShelf(this.home, this.person), now)
  }
}

/** The booking of a session; undefined when its verdict is about nobody. */
export const bookingFor = (home: string, session: string, input: SessionInput): Booking | undefined =>
  input.verdict && isCounted(input.verdict)
    ? new Booking(home, session, { ...input, issued_wall: input.verdict.issued_wall })
    : undefined

/** Ended, and the line was seen vented. */
export const SEEN_VENTED: readonly Phase[] = ['finished', 'refused', 'stopped', 'faulted']

/** What a session used. Where nobody saw the line vented, no less than was booked. */
export const useOf =
  ({ firstPressAt, reached_mmHg, symptoms, cause }: SessionContext, phase: Phase, at: MonoMs) =>
  (booked: PastSession): Use => {
    const used_ms = Math.ceil(at - (firstPressAt ?? at))
    return {
      used_ms: SEEN_VENTED.includes(phase) ? used_ms : Math.max(used_ms, booked.used_ms),
      highest_mmHg: reached_mmHg,
      ended: symptoms.length > 0 ? 'symptom' : endOf(phase, cause),
    }
  }

/** A press that the gate refused ended the session in order. */
function endOf(phase: Phase, cause: SessionContext['cause']): Use['ended'] {
  if (phase === 'finished') return 'completed'
  if (cause?.kind === 'symptom') return 'symptom'
  if (phase === 'stopped' || phase === 'refused') return 'released'
  return phase === 'stuck' || cause?.kind === 'safety' ? 'fault' : 'interrupted'
}

const changed = (kind: string, what: string): CuffError =>
  new CuffError(
    `CP-LEDGER-${kind}`,
    `${what} since this session was prepared.`,
    'Begin again, and see what "cuffpilot ledger show" tells.',
    EXIT.refused,
  )
