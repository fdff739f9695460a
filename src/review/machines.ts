import type { Ignored } from '../../machines/ignored.ts'
import { LINK_IGNORED, SESSION_IGNORED } from '../../machines/ignored.ts'
import { linkMachine } from '../../machines/link.ts'
import { sessionMachine } from '../../machines/session.ts'
import { type Chart, chartOf } from './chart.ts'

/** A machine that a reviewer looks at. */
export interface Reviewed {
  readonly title: string
  readonly about: string
  readonly chart: Chart
  readonly ignored: readonly Ignored[]
}

/** The machines that are shipped, and the simulated unit's. */
export async function reviewed(): Promise<readonly Reviewed[]> {
  const { unitMachine } = await import('../../sim/firmware/modes.ts')
  const { UNIT_IGNORED } = await import('../../sim/firmware/ignored.ts')
  return [
    {
      title: 'The session',
      about:
        'What may happen to a person under a cuff, and in which order. The shipped machine, `machines/session.ts`.',
      chart: chartOf(sessionMachine),
      ignored: SESSION_IGNORED,
    },
    {
      title: 'The link',
      about: 'The way to the unit, and whether it is heard. The shipped machine, `machines/link.ts`.',
      chart: chartOf(linkMachine),
      ignored: LINK_IGNORED,
    },
    {
      title: "The unit's firmware",
      about: 'The modes that `protocol/PROTOCOL.md` asks of every unit, as the simulated unit moves through them.',
      chart: chartOf(unitMachine),
      ignored: UNIT_IGNORED,
    },
  ]
}
