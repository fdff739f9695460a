import type { View } from '../../machines/view.ts'
import type { Millis } from '../../protocol/units.ts'
import { type Happening, happenings, PRESSURE_EVERY_MS, pressure } from './happenings.ts'

/** Someone who follows a session. */
export interface Watcher {
  changed(view: View): void
  say(text: string): void
}

/**
 * A watcher of changes: one happening at a time, and the pressures at most once a second while there are any.
 * `now` is real time, whatever the speed of the session.
 */
export function follow(tell: (happening: Happening) => void, now: () => Millis): Watcher {
  let before: View | undefined
  let told = Number.NEGATIVE_INFINITY
  return {
    changed(view) {
      for (const happening of happenings(before, view)) tell(happening)
      before = view
      if (!underPressure(view) || now() - told < PRESSURE_EVERY_MS) return
      told = now()
      tell(pressure(view))
    },
    say: text => tell({ type: 'say', text }),
  }
}

const underPressure = ({ limbs }: View): boolean =>
  limbs.some(limb => limb.commanded_mmHg > 0 || (limb.measured_mmHg ?? 0) >= 1)
