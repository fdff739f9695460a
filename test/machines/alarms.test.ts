import { describe, expect, test } from 'vitest'
import { alarms } from '../../machines/alarms.ts'
import { LIMITS } from '../../machines/limits.ts'
import { report } from '../support/guardRig.ts'
import { SHORT } from '../support/programs.ts'
import { Stack } from '../support/stack.ts'

/** A session that holds its first press, as its machine remembers it, and the time then. */
function holding() {
  const stack = new Stack({ program: SHORT })
  stack.untilPhase('holding')
  return { context: stack.session.snapshot.context, now: stack.session.snapshot.context.watch.at }
}
const idsOf = (...about: Parameters<typeof alarms>) => alarms(...about).map(({ id, priority }) => `${priority} ${id}`)

describe('REQ-ALARM: an alarm stands as long as its condition does', () => {
  test('in a hold in which all is well there is none', () => {
    const { context, now } = holding()
    expect(idsOf(context, 'holding', now)).toEqual([])
  })

  test('ALARM-STALE: no report for more than 500 ms', () => {
    const { context, now } = holding()
    expect(idsOf(context, 'holding', now + 500)).toEqual([])
    expect(idsOf(context, 'holding', now + 501)).toEqual(['medium ALARM-STALE'])
  })

  test('ALARM-ZERO: a sensor that is off zero by more than LIM-ZERO-WARN, either way', () => {
    const { context, now } = holding()
    const off = (...offsets_mmHg: number[]) => idsOf({ ...context, offsets_mmHg }, 'holding', now)
    const { value } = LIMITS.zeroWarn
    expect(off(0, value)).toEqual([])
    expect(off(0, value + 0.1)).toEqual(['medium ALARM-ZERO'])
    expect(off(-value - 0.1)).toEqual(['medium ALARM-ZERO'])
  })

  test('ALARM-STUCK: nobody has seen the line fall, and a gauge that reads far below 0 cannot show it', () => {
    const { context, now } = holding()
    const text = (mmHg: number) => {
      const last = report({}, [0, mmHg])
      return alarms({ ...context, watch: { ...context.watch, last } }, 'stuck', now)[0]!.text
    }
    expect(text(80)).toBe(
      'Nobody has seen the unit let go and the line stay below 15 mmHg. Open the coupling by hand now.',
    )
    expect(text(-20)).toMatch(/below 15 mmHg, and a gauge that reads far below 0 cannot show it. Open/)
  })

  test('ALARM-REFUSED: a session that has pressed is refused its next press', () => {
    const { context, now } = holding()
    const refusals = [{ id: 'GATE-EXPIRED', text: 'the verdict has expired.', action: 'Stop.' }] as const
    expect(idsOf({ ...context, refusals }, 'refused', now)).toEqual(['medium ALARM-REFUSED'])
    expect(idsOf({ ...context, refusals, firstPressAt: undefined }, 'refused', now)).toEqual([])
  })

  test('ALARM-ENDING: a minute before the end of the session, while it goes on', () => {
    const { context } = holding()
    const end = context.firstPressAt! + context.plan.cap_ms
    const fresh = (at: number) => ({ ...context, watch: { ...context.watch, at } })
    expect(idsOf(fresh(end - 60_001), 'holding', end - 60_001)).toEqual([])
    expect(idsOf(fresh(end - 60_000), 'holding', end - 60_000)).toEqual(['low ALARM-ENDING'])
    expect(idsOf(fresh(end - 60_000), 'finished', end - 60_000)).toEqual([])
  })
})
