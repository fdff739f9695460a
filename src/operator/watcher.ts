import { distinctUntilChanged, filter, map, merge, mergeMap, pairwise, Subject, startWith } from 'rxjs'
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
 * `now` is real time, whatever the speed of the session. A stream leads outwards only, and nothing that decides stands
 * behind it; what breaks in `tell` breaks in the caller of `changed` or `say`, and is not lost in the stream.
 */
export function follow(tell: (happening: Happening) => void, now: () => Millis): Watcher {
  const views = new Subject<View>()
  const words = new Subject<string>()
  const changes = views.pipe(
    startWith(undefined),
    pairwise(),
    mergeMap(([before, view]) => happenings(before, view!)),
  )
  const pressures = views.pipe(
    filter(underPressure),
    map(view => ({ view, at: now() })),
    distinctUntilChanged((told, next) => next.at - told.at < PRESSURE_EVERY_MS),
    map(({ view }) => pressure(view)),
  )
  const said = words.pipe(map(text => ({ type: 'say', text }) as const))
  const broken: unknown[] = []
  merge(changes, pressures, said).subscribe(happening => {
    try {
      tell(happening)
    } catch (error) {
      broken.push(error)
    }
  })
  const passOn = <T>(stream: Subject<T>, value: T): void => {
    stream.next(value)
    if (broken.length > 0) throw broken[0]
  }
  return { changed: view => passOn(views, view), say: text => passOn(words, text) }
}

const underPressure = ({ limbs }: View): boolean =>
  limbs.some(limb => limb.commanded_mmHg > 0 || (limb.measured_mmHg ?? 0) >= 1)
