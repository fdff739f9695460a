import { describe, expect, test } from 'vitest'
import { getInitialSnapshot, getNextSnapshot } from 'xstate'
import { MODES, type Mode } from '../../protocol/wire.ts'
import { type ModeEvent, modeAfter, unitMachine } from '../../sim/firmware/modes.ts'
import { SHORT } from '../support/programs.ts'
import { Stack } from '../support/stack.ts'

const EVENTS = Object.keys(
  Object.assign({}, unitMachine.config.on, ...Object.values(unitMachine.config.states!).map(state => state.on)),
) as ModeEvent[]

describe('REQ-MODES: the unit moves by its machine of modes, and by nothing else', () => {
  test.each(MODES)('%s: what the firmware reads of the machine is what the machine does', mode => {
    const snapshot = unitMachine.resolveState({ value: mode })
    for (const type of EVENTS) {
      const next = getNextSnapshot(unitMachine, snapshot, { type }).value
      expect([type, modeAfter(mode, type) ?? mode]).toEqual([type, next])
    }
  })

  test('a unit that was just started is in the mode in which the machine begins', () => {
    expect(getInitialSnapshot(unitMachine).value).toBe('latched')
  })

  const leadsTo = (from: Mode, to: Mode) => EVENTS.some(event => modeAfter(from, event) === to)

  test.each(['', 'valve.stuckClosed', 'fw.reset', 'link.cut', 'button.release', 'pump.stuckOn', 'sensor.freeze'])(
    'whatever happens in a hold (%s), telemetry shows no other change of mode',
    fault => {
      const stack = new Stack({ program: SHORT })
      stack.untilPhase('holding')
      if (fault) stack.inject(fault)
      stack.until(one => one.ended || one.phase === 'stuck', 120_000)
      const modes = stack.reports.flatMap(one => (one.is === 'telemetry' ? [one.frame.mode] : []))
      const changes = modes
        .slice(1)
        .map((to, i) => [modes[i]!, to] as const)
        .filter(([from, to]) => from !== to)
      expect(changes.length).toBeGreaterThan(3)
      expect(changes.filter(([from, to]) => !leadsTo(from, to))).toEqual([])
    },
  )
})
