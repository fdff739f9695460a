import type { SessionContext } from '../../machines/sessionContext.ts'
import type { View } from '../../machines/view.ts'
import type { MonoMs, WallMs } from '../../protocol/units.ts'
import { type Booking, SEEN_VENTED, useOf } from './booking.ts'

/** What is known of a session at one moment. */
export interface Standing {
  readonly context: SessionContext
  readonly view: Pick<View, 'phase' | 'symptoms'>
  readonly now: MonoMs
  readonly wall: WallMs
}

/**
 * Tells the ledger what a session has used, as soon as that is known, and again whenever it is known better: a pressure
 * that stands after an end makes the session go on, and until it was seen vented the whole plan counts.
 */
export class Settlement {
  private readonly booking: Booking
  /** What the ledger was told last. */
  private told: string | undefined
  private overAt: MonoMs | undefined

  constructor(booking: Booking) {
    this.booking = booking
  }

  /** To be called after each step. @throws CuffError CP-WRITE, CP-LEDGER: what was booked stays counted then */
  look({ context, view: { phase, symptoms }, now, wall }: Standing): void {
    const isOver = SEEN_VENTED.includes(phase)
    this.overAt = isOver ? (this.overAt ?? now) : undefined
    const words = [phase, ...symptoms].join()
    const isNews = isOver || phase === 'stuck' || symptoms.length > 0 || this.told !== undefined
    if (!isNews || this.told === words) return
    this.told = words
    this.booking.settle(useOf(context, phase, this.overAt ?? now), wall)
  }
}
