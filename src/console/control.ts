import { LIMITS } from '../../machines/limits.ts'
import type { View } from '../../machines/view.ts'
import type { Millis, MonoMs } from '../../protocol/units.ts'
import { SEEN_VENTED } from '../ledger/booking.ts'

/** The page that may start and confirm. Every page may release, whoever holds control. */
export interface Hold {
  readonly page: string
  /** When its connection was lost; undefined while it is there. */
  readonly lostAt: MonoMs | undefined
}

/** So long a session goes on without the page that holds control. Unit ms. */
export const GRACE_MS: Millis = LIMITS.presenceGrace.value

/** A page asks for control. It gets it where nobody has it, or whoever had it is gone. */
export const takenBy = (page: string, hold: Hold | undefined): Hold | undefined =>
  hold === undefined || hold.lostAt !== undefined || hold.page === page ? { page, lostAt: undefined } : hold

/** A page is gone: closed, reloaded, or not heard of. */
export const lostBy = (page: string, hold: Hold | undefined, now: MonoMs): Hold | undefined =>
  hold?.page === page && hold.lostAt === undefined ? { page, lostAt: now } : hold

/** A page is there again. */
export const backOf = (page: string, hold: Hold | undefined): Hold | undefined =>
  hold?.page === page ? { page, lostAt: undefined } : hold

/** How long is left of the grace; undefined while nothing runs out. Unit ms. */
export const graceLeft = (hold: Hold | undefined, now: MonoMs): Millis | undefined =>
  hold?.lostAt === undefined ? undefined : Math.max(0, hold.lostAt + GRACE_MS - now)

/** The grace is over, and the session still goes on: nobody has released it, and it has not come to its end. */
export const mustRelease = (
  hold: Hold | undefined,
  { phase, cause }: Pick<View, 'phase' | 'cause'>,
  now: MonoMs,
): boolean => graceLeft(hold, now) === 0 && cause === undefined && phase !== 'releasing' && !SEEN_VENTED.includes(phase)
