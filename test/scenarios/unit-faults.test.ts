import { describe, expect, test } from 'vitest'
import type { CauseKind } from '../../machines/cause.ts'
import type { Phase } from '../../machines/view.ts'
import type { MonoMs } from '../../protocol/units.ts'
import { SHORT } from '../support/programs.ts'
import { Stack, type StackOptions } from '../support/stack.ts'
import { happened, highest, pressesSent } from '../support/trace.ts'

type Moment = 'pressurizing' | 'holding'

/** A fault, when it comes, and what has to follow. */
interface Row {
  readonly id: string
  readonly fault: string
  readonly in: Moment
  readonly end: Phase
  readonly kind: CauseKind
  /** From the fault to the release byte, or to the unit's own venting. Unit ms. */
  readonly within: number
  /** Words of the cause. */
  readonly says?: RegExp
}

const row = (
  id: string,
  fault: string,
  at: Moment,
  end: Phase,
  kind: CauseKind,
  within: number,
  says?: RegExp,
): Row => ({
  id,
  fault,
  in: at,
  end,
  kind,
  within,
  ...(says && { says }),
})

/** One report, one pass of the control loop, one look of the guard. */
const REPORT = 100
const LOOP = 20

const ROWS: readonly Row[] = [
  row('F35', 'fw.reset', 'pressurizing', 'faulted', 'unit', LOOP),
  row('F35', 'fw.reset', 'holding', 'faulted', 'unit', LOOP),
  row('F36', 'fw.hang', 'pressurizing', 'faulted', 'unit', 500, /restarted/),
  row('F36', 'fw.hang', 'holding', 'faulted', 'unit', 500, /restarted/),
  row('F37', 'fw.loopHang', 'holding', 'faulted', 'unit', 500, /restarted/),
  row('F37', 'fw.loopHang fw.noWatchdog', 'pressurizing', 'faulted', 'unit', 1_000 + REPORT, /control loop/),
  row('F38', 'sensor.freeze', 'pressurizing', 'faulted', 'safety', 3_500),
  row('F38', 'sensor.freeze', 'holding', 'stuck', 'safety', 3_500, /sensor/i),
  // A gauge that reads far below 0 shows no vented line either.
  row('F40', 'sensor.offset=-100', 'pressurizing', 'stuck', 'safety', 3_500),
  row('F40', 'sensor.offset=-100', 'holding', 'stuck', 'safety', 3_500),
  row('F40', 'sensor.offset=50', 'holding', 'stuck', 'safety', 2 * REPORT),
  row('F41', 'sensor.rail=high', 'pressurizing', 'stuck', 'safety', 200, /sensor/),
  row('F41', 'sensor.rail=high', 'holding', 'stuck', 'safety', 200, /sensor/),
  row('F41', 'sensor.rail=low', 'holding', 'stuck', 'safety', 200),
  // A sensor so noisy never shows a vented line for 3 s.
  row('F42', 'sensor.noise=20', 'holding', 'stuck', 'safety', 3_500),
  row('F44', 'pneu.leak=60', 'pressurizing', 'faulted', 'safety', 4_000 + REPORT, /does not rise/),
  row('F44', 'pneu.leak=60', 'holding', 'faulted', 'safety', 3_500, /leak/),
  row('F45', 'pneu.burst', 'pressurizing', 'faulted', 'safety', 4_000 + REPORT),
  row('F45', 'pneu.burst', 'holding', 'faulted', 'safety', 200, /leak/),
  row('F49', 'valve.stuckOpen', 'pressurizing', 'faulted', 'safety', 4_000 + REPORT, /does not rise/),
  row('F49', 'valve.stuckOpen', 'holding', 'faulted', 'safety', 4_000 + REPORT),
  row('F51', 'pump.stuckOn', 'pressurizing', 'faulted', 'safety', 5_000),
  row('F51', 'pump.stuckOn', 'holding', 'faulted', 'safety', 5_000),
  row('F52', 'pump.dead', 'pressurizing', 'faulted', 'safety', 4_000 + REPORT, /does not rise/),
  row('F53', 'limb.squeeze=80', 'holding', 'faulted', 'safety', 2 * REPORT, /far above/),
  row('F54', 'fw.battery=15', 'pressurizing', 'faulted', 'safety', LOOP, /battery/),
  row('F54', 'fw.battery=15', 'holding', 'faulted', 'safety', LOOP, /battery/),
  row('F55', 'fw.powerLoss', 'pressurizing', 'stuck', 'link', LOOP),
  row('F55', 'fw.powerLoss', 'holding', 'stuck', 'link', LOOP),
  row('F34', 'dev.powerCycle', 'holding', 'faulted', 'unit', LOOP, /restarted/),
  row('F56', 'fw.lyingAck=L', 'holding', 'faulted', 'link', 1_000, /lease/),
  row('F57', 'dev.units=kPa', 'holding', 'faulted', 'safety', 2_000),
  row('FW-12', 'button.release', 'pressurizing', 'stopped', 'operator', 0, /at the unit/),
  row('FW-12', 'button.release', 'holding', 'stopped', 'operator', 0, /at the unit/),
]

const LETS_GO = ['release', 'lapse', 'venting', 'start', 'power-off']

/** When the unit was let go, or let go of itself. */
const letGoAt = (stack: Stack, from: MonoMs): MonoMs =>
  Math.min(
    ...stack.sent.filter(one => one.at >= from && one.what === 'release').map(one => one.at),
    ...LETS_GO.flatMap(type => happened(stack, type, from)),
  )

function faultIn(phase: Moment, faults: string, options: StackOptions = {}): { stack: Stack; at: MonoMs } {
  const stack = new Stack({ program: SHORT, ...options })
  stack.untilPhase(phase)
  stack.advance(phase === 'holding' ? 500 : 300)
  for (const fault of faults.split(' ')) stack.inject(fault)
  return { stack, at: stack.now }
}

describe('REQ-UNIT-FAULT: a fault of the unit ends the session in time, and nothing is pressed after it', () => {
  test.each(ROWS.map(one => [one.id, one.fault, one.in, one.end, one] as const))(
    '%s %s while %s: %s',
    (...[, , , , one]) => {
      const { stack, at } = faultIn(one.in, one.fault)
      stack.until(s => s.ended, 30_000)
      expect(stack.phase).toBe(one.end)
      expect(stack.view.cause?.kind).toBe(one.kind)
      if (one.says) expect(stack.view.cause?.text).toMatch(one.says)
      expect(letGoAt(stack, at) - at).toBeLessThanOrEqual(one.within)
      if (one.kind !== 'operator') expect(stack.view.alarms[0]?.priority).toBe('high')
      expect(highest(stack)).toBeLessThanOrEqual(300)

      const sent = stack.sent.length
      stack.advance(30_000)
      expect(stack.sent.slice(sent).filter(({ what }) => what !== 'release')).toEqual([])
      expect(pressesSent(stack)).toHaveLength(1)
      expect(stack.pressure).toBeLessThan(15)
      expect(stack.faults).toEqual([])
    },
  )

  test('F51: a pump that runs away is let go before 40 mmHg above the target', () => {
    const { stack } = faultIn('holding', 'pump.stuckOn')
    stack.until(s => s.ended)
    expect(highest(stack)).toBeLessThan(40 + 40)
  })

  test('F36: a hung unit whose watchdog is dead too is held down by its ceiling, and the session says STUCK', () => {
    const { stack } = faultIn('pressurizing', 'fw.hang fw.noWatchdog')
    stack.untilPhase('stuck', 30_000)
    expect(highest(stack)).toBeLessThan(310)
    expect(stack.view.words).toMatch(/open the coupling by hand/)
  })
})

describe('REQ-VENT: a cuff that does not empty is called out, and stays called out', () => {
  test.each(['pressurizing', 'holding'] as const)(
    'F48: the valve sticks while %s: STUCK, and its alarm stays',
    phase => {
      const { stack } = faultIn(phase, 'valve.stuckClosed')
      stack.untilPhase('depressurizing')
      const vented = stack.now
      stack.until(s => s.releasesSent > 0)
      expect(stack.now - vented).toBeLessThanOrEqual(1_000 + 2 * REPORT)
      stack.untilPhase('stuck', 20_000)
      expect(stack.now - vented).toBeLessThanOrEqual(11_000 + 2 * REPORT)
      stack.advance(60_000)
      expect(stack.view.alarms[0]).toMatchObject({ id: 'ALARM-STUCK', priority: 'high' })
      expect(stack.view.alarms[0]?.text).toMatch(/Open the coupling by hand/)
      // It is not given up: the byte goes on, and the pump is off.
      expect(stack.sent.filter(one => one.what === 'release' && one.at > stack.now - 1_000).length).toBeGreaterThan(8)
      stack.inject('pneu.burst')
      stack.untilPhase('faulted')
      expect(stack.pressure).toBeLessThan(15)
    },
  )

  test('F48: a valve that sticks half way down: STUCK within 10 s of the vent, not of the release behind it', () => {
    const stack = new Stack({ program: SHORT })
    stack.untilPhase('depressurizing')
    const vented = stack.now
    stack.inject('valve.stuckClosed@300ms')
    stack.untilPhase('stuck', 30_000)
    expect(stack.now - vented).toBeLessThanOrEqual(10_000 + 2 * REPORT)
    expect(stack.view.alarms[0]).toMatchObject({ id: 'ALARM-STUCK', priority: 'high' })
    expect(stack.releasesSent).toBeGreaterThan(0)
  })

  test.each(['sensor.offset=-100', 'sensor.rail=low'])(
    'F40, F41, F48: %s and a valve that sticks: nobody says released who reads far below 0',
    fault => {
      const { stack } = faultIn('holding', `valve.stuckClosed ${fault}`)
      stack.until(s => s.ended, 30_000)
      stack.advance(30_000)
      expect(stack.phase).toBe('stuck')
      expect(stack.view.alarms[0]).toMatchObject({ id: 'ALARM-STUCK', priority: 'high' })
      expect(stack.guard.mayLeave).toBe(false)
    },
  )

  test('F50: a valve that lets out too little is called out within a second, and no press follows', () => {
    const { stack } = faultIn('holding', 'valve.slow')
    stack.untilPhase('depressurizing')
    const vented = stack.now
    stack.until(s => s.releasesSent > 0)
    expect(stack.now - vented).toBeLessThanOrEqual(1_000 + 2 * REPORT)
    stack.until(s => s.ended)
    expect(stack.view.cause?.text).toMatch(/does not vent/)
  })

  test('F56: a vent that is acknowledged and not carried out ends in a release', () => {
    const { stack } = faultIn('holding', 'fw.lyingAck=V')
    stack.untilPhase('depressurizing')
    const vented = stack.now
    stack.until(s => s.releasesSent > 0)
    expect(stack.now - vented).toBeLessThanOrEqual(1_000)
    stack.untilPhase('faulted')
    expect(stack.pressure).toBeLessThan(15)
  })

  test.each(['pneu.kink', 'pneu.kinkVent'])('F47: with %s no screen says that the cuff is empty', fault => {
    const { stack } = faultIn('holding', fault)
    stack.until(s => s.ended, 120_000)
    expect(stack.pressure).toBeGreaterThan(30)
    expect(stack.view.limbs[0]!.measured_mmHg).toBeLessThan(15)
    const shown = [stack.view.words, ...stack.said, ...stack.view.alarms.map(alarm => alarm.text)].join(' ')
    expect(shown).not.toMatch(/empty/i)
  })
})

describe('REQ-KINK (F47): a hose that is kinked while somebody releases is called out', () => {
  test.each<[string, (stack: Stack) => void]>([
    ['a key', stack => stack.act(session => session.release('operator', 'key Space'))],
    ['a symptom', stack => stack.act(session => session.symptom('numb'))],
    ['a capillary refill that is too slow', stack => stack.act(session => session.refill(true))],
  ])('by %s: faulted, with the alarm', (_, release) => {
    const { stack } = faultIn('holding', 'pneu.kinkVent')
    stack.advance(200)
    release(stack)
    stack.until(s => s.ended, 30_000)
    expect(stack.phase).toBe('faulted')
    expect(stack.view.cause).toMatchObject({ kind: 'safety', text: expect.stringMatching(/kinked/) })
    expect(stack.view.alarms[0]).toMatchObject({ id: 'ALARM-SAFETY', text: expect.stringMatching(/Look at the limb/) })
  })
})

describe('REQ-KINK: a person who moves is no kinked hose', () => {
  const moved = [20, 30].flatMap(mmHg => [0, 100, 200, 300, 450].map(after_ms => [mmHg, after_ms] as const))

  test.each(moved)('a limb that presses %i mmHg against the cuff, %i ms into the vent', (mmHg, after_ms) => {
    for (const seed of [1, 2, 3, 4]) {
      const stack = new Stack({ program: SHORT, unit: { seed } })
      stack.untilPhase('depressurizing')
      stack.advance(after_ms)
      stack.inject(`limb.squeeze=${mmHg},${200 + 70 * seed}`)
      stack.until(one => one.phase !== 'depressurizing', 20_000)
      expect(stack.phase).toBe('resting')
    }
  })

  test.each(moved)('%i mmHg, %i ms into a release: it stays the release of whoever released', (mmHg, after_ms) => {
    for (const seed of [1, 2, 3, 4]) {
      const stack = new Stack({ program: SHORT, unit: { seed } })
      stack.untilPhase('holding')
      stack.act(session => session.release('operator', 'key Space'))
      stack.advance(after_ms)
      stack.inject(`limb.squeeze=${mmHg},${200 + 70 * seed}`)
      stack.until(one => one.ended, 30_000)
      expect([stack.phase, stack.view.cause?.text]).toEqual(['stopped', 'key Space'])
    }
  })
})

describe('REQ-KINK (F46): a line that vents faster than a cuff can is called out in the first press', () => {
  test.each([
    ['before it', { unit: { behaviours: ['pneu.kink'] } }, undefined],
    ['while it is held', {}, 'pneu.kink'],
  ] as const)('a hose kinked %s: faulted, in words that say so', (_, options, fault) => {
    const stack = new Stack({ program: SHORT, ...options })
    stack.untilPhase('holding')
    if (fault) stack.inject(fault)
    stack.until(s => s.ended)
    expect(stack.phase).toBe('faulted')
    expect(stack.view.cause).toMatchObject({ kind: 'safety', text: expect.stringMatching(/kinked/) })
    expect(pressesSent(stack)).toHaveLength(1)
  })
})

describe('REQ-ZERO (F39): a sensor that has drifted from zero begins no press', () => {
  test.each([
    ['sensor.drift=-60', 'stuck'],
    ['sensor.drift=40', 'refused'],
    ['sensor.drift=-60,2', 'stuck'],
    ['sensor.offset=-150@6s', 'stuck'],
  ])('%s: the vented line shows it, and the session is %s', (fault, phase) => {
    const { stack } = faultIn('holding', fault)
    stack.until(s => s.ended, 120_000)
    expect(stack.phase).toBe(phase)
    if (phase === 'refused') expect(stack.view.refusals.map(refusal => refusal.id)).toEqual(['GATE-ZERO'])
    const context = stack.session.snapshot.context.watch.last!.channels.map(c => Math.abs(c.pressure_mmHg))
    expect(Math.max(...context)).toBeGreaterThan(10)
    expect(pressesSent(stack).length).toBeLessThan(4)
    expect(highest(stack)).toBeLessThan(80 + 25)
    stack.advance(20_000)
    expect(stack.pressure).toBeLessThan(15)
  })

  test('one that drifted before START is not armed on', () => {
    const stack = new Stack({ program: SHORT, attended: false })
    stack.untilPhase('fitting')
    stack.inject('sensor.offset=-12')
    stack.advance(1_000)
    stack.begin()
    expect(stack.phase).toBe('refused')
    expect(stack.framesSent('arm')).toEqual([])
  })
})

describe('REQ-SELF-TEST: a unit that its self test finds wanting is not armed', () => {
  test.each([
    ['F40', 'sensor.offset=-100'],
    ['F40', 'sensor.offset=11.5'],
    ['F41', 'sensor.rail=low'],
    ['F51', 'pump.stuckOn'],
    ['F56', 'fw.lyingAck=Z'],
  ])('%s %s', (_, fault) => {
    const stack = new Stack({ program: SHORT, unit: { behaviours: [fault] } })
    stack.until(s => s.ended)
    expect(['faulted', 'stuck']).toContain(stack.phase)
    expect(stack.framesSent('arm')).toEqual([])
  })

  test('F54: a battery that is low before arming is not armed on', () => {
    const stack = new Stack({ program: SHORT, unit: { behaviours: ['fw.battery=19'] } })
    stack.until(s => s.ended)
    expect(stack.phase).toBe('faulted')
    expect(pressesSent(stack)).toEqual([])
    expect(stack.view.cause?.text).toMatch(/fault/)
  })
})

describe('REQ-SOUND: what is no fault ends nothing', () => {
  test.each(['limb.contract=9', 'sensor.noise=0.5', 'pneu.leak=0.3'])('%s', fault => {
    const { stack } = faultIn('holding', fault)
    stack.until(s => s.ended, 120_000)
    expect(stack.phase).toBe('finished')
  })
})
