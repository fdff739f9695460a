import { SYMPTOMS } from '../../../machines/symptoms.ts'
import type { ClosedLoop } from './closedLoop.ts'
import { REVIEWER } from './scenario.ts'

interface Act {
  readonly about: string
  /** What may stand behind its name; undefined for nothing. */
  readonly values?: readonly string[]
  readonly act: (loop: ClosedLoop, value: string) => void
}

const RELEASED = 'the operator released'

/** What a reviewer can do to the loop, by the words in which it is written down. */
export const ACTS: Readonly<Record<string, Act>> = {
  confirm: {
    about: 'the operator confirms the next item of the checklist, or all of them',
    values: ['next', 'all'],
    act: (loop, value) =>
      loop.act(session => {
        const { unconfirmed } = loop.view
        for (const item of value === 'all' ? unconfirmed : unconfirmed.slice(0, 1)) session.confirm(item, REVIEWER)
      }),
  },
  start: { about: 'the operator presses START', act: loop => loop.act(session => session.start()) },
  present: { about: 'the operator is there', act: loop => loop.act(session => session.present()) },
  refill: {
    about: 'the capillary refill was looked at; too slow releases',
    values: ['good', 'slow'],
    act: (loop, value) => loop.act(session => session.refill(value === 'slow')),
  },
  symptom: {
    about: 'the person feels or shows something, which releases',
    values: Object.values(SYMPTOMS),
    act: (loop, value) => loop.act(session => session.symptom(value)),
  },
  release: {
    about: 'release now',
    // The guard reads the keys itself: it needs no controller for this.
    act: loop =>
      loop.act((session, guard) =>
        loop.controllerLives
          ? session.release('operator', RELEASED)
          : loop.guardLives && guard.release(RELEASED, loop.now),
      ),
  },
  fault: {
    about: 'the simulated unit, its air or its line does something wrong',
    act: (loop, spec) => loop.inject(spec),
  },
  end: {
    about: 'a process of the host is killed',
    values: ['controller', 'guard'],
    act: (loop, value) => (value === 'guard' ? loop.killGuard() : loop.killController()),
  },
}

/** Does what the words say. @throws RangeError when they are none of `ACTS`, or no behaviour of the simulated unit */
export function perform(loop: ClosedLoop, words: string): void {
  const [, name = '', value = ''] = /^([a-z]+)(?: (.+))?$/.exec(words) ?? []
  const act = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined
  const fits = name === 'fault' || (act?.values ? act.values.includes(value) : value === '')
  if (!act || !fits) throw new RangeError(`"${words}" is nothing that can be done here`)
  const needsController = !['fault', 'end', 'release'].includes(name)
  if (loop.controllerLives || !needsController) act.act(loop, value)
}
