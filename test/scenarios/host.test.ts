import { describe, expect, test } from 'vitest'
import type { GuardReport } from '../../machines/guardMessages.ts'
import type { Phase } from '../../machines/view.ts'
import type { MonoMs } from '../../protocol/units.ts'
import { TIMING } from '../../protocol/wire.ts'
import { SHORT } from '../support/programs.ts'
import { Stack } from '../support/stack.ts'
import { happened, pressesSent } from '../support/trace.ts'

const LOOK = 100

function stackIn(phase: Phase): { stack: Stack; at: MonoMs } {
  const stack = new Stack({ program: SHORT, ...(phase === 'fitting' && { attended: false }) })
  stack.untilPhase(phase)
  stack.advance(300)
  return { stack, at: stack.now }
}

const releasedAt = (stack: Stack, from: MonoMs): MonoMs =>
  stack.sent.find(one => one.what === 'release' && one.at >= from)?.at ?? Number.POSITIVE_INFINITY

/** Nothing but the release byte since then, and an empty cuff in the end. */
function expectOver(stack: Stack, from: MonoMs): void {
  stack.advance(30_000)
  const since = stack.sent.filter(one => one.at > from)
  expect(since.filter(one => one.what !== 'release')).toEqual([])
  expect(stack.pressure).toBeLessThan(15)
}

const BUSY = ['pressurizing', 'holding', 'depressurizing', 'resting'] as const

describe('REQ-CONTROLLER (F01, F03, F04): a controller that is not well does not keep a cuff inflated', () => {
  test.each(BUSY)('F01: killed while %s: the guard releases at once', phase => {
    const { stack, at } = stackIn(phase)
    stack.killController()
    expect(releasedAt(stack, at)).toBe(at)
    expectOver(stack, at)
  })

  test.each(['pressurizing', 'holding'] as const)('F04: it stops answering while %s: released within 1.1 s', phase => {
    const { stack, at } = stackIn(phase)
    stack.controllerLives = false
    stack.advance(1_500)
    expect(releasedAt(stack, at) - at).toBeLessThanOrEqual(TIMING.lost + LOOK)
    expect(stack.reports).toContainEqual(expect.objectContaining({ is: 'released', rule: 'CONTROLLER' }))
    expectOver(stack, releasedAt(stack, at))
  })

  test('F03: it answers every ping but does not get on: released within 1.1 s', () => {
    const { stack, at } = stackIn('holding')
    stack.controllerLives = false
    for (let i = 0; i < 30; i++) {
      stack.act((_, guard) => guard.command({ do: 'pong', ping: stack.lastPing, step: 77 }, stack.now))
      stack.advance(50)
    }
    // The first of these answers still rose from an earlier step.
    expect(releasedAt(stack, at) - at).toBeLessThanOrEqual(TIMING.lost + LOOK)
    expectOver(stack, releasedAt(stack, at))
  })

  test('F04: held up for 0.8 s it goes on; nothing happened meanwhile', () => {
    const { stack } = stackIn('holding')
    stack.controllerLives = false
    stack.advance(800)
    stack.controllerLives = true
    stack.until(s => s.ended, 120_000)
    expect(stack.phase).toBe('finished')
  })

  test('F07: both processes asleep for 5 s in a hold: the unit has let go, and nothing goes on after it', () => {
    const { stack, at } = stackIn('holding')
    stack.controllerLives = stack.guardLives = false
    stack.advance(5_000)
    expect(happened(stack, 'lapse', at)[0]! - at).toBeLessThanOrEqual(TIMING.silence)
    stack.controllerLives = stack.guardLives = true
    stack.advance(LOOK)
    expect(stack.releasesSent).toBeGreaterThan(0)
    stack.until(s => s.ended)
    expect(stack.phase).toBe('faulted')
    expectOver(stack, stack.now)
    expect(pressesSent(stack)).toHaveLength(1)
  })
})

describe('REQ-GUARD (F11): a guard that is gone or was held up does not keep a cuff inflated', () => {
  test.each(BUSY)(
    'killed while %s: the unit vents by its own clock, and the session says that the link is lost',
    phase => {
      const { stack, at } = stackIn(phase)
      const lease = happened(stack, 'lease').at(-1)!
      stack.killGuard()
      expect(stack.phase).toBe('releasing')
      stack.advance(TIMING.silence + LOOK)
      if (phase === 'pressurizing' || phase === 'holding')
        expect(happened(stack, 'venting', at)[0]! - lease).toBeLessThanOrEqual(TIMING.silence)
      stack.until(s => s.ended, 30_000)
      expect(stack.phase).toBe('stuck')
      expect(stack.view.cause).toMatchObject({ kind: 'link', text: expect.stringMatching(/guard ended/) })
      expect(stack.pressure).toBeLessThan(15)
    },
  )

  test.each([
    [400, 'finished'],
    [600, 'faulted'],
  ] as const)('F04: held up for %i ms in a hold, the session ends %s', (ms, end) => {
    const { stack } = stackIn('holding')
    stack.guardLives = false
    stack.advance(ms)
    stack.guardLives = true
    const woke = stack.now
    stack.advance(1)
    expect(releasedAt(stack, woke) <= woke + 1).toBe(end === 'faulted')
    stack.until(s => s.ended, 120_000)
    expect(stack.phase).toBe(end)
    if (end === 'faulted') expect(stack.view.cause?.kind).toBe('internal')
  })
})

/** What only a defect of ours would hand to the session. */
const BROKEN: readonly [string, Phase, unknown][] = [
  ['telemetry without a frame', 'holding', { is: 'telemetry' }],
  ['telemetry without channels', 'holding', { is: 'telemetry', frame: { type: 'telemetry', mode: 'active' } }],
  ['telemetry without channels', 'resting', { is: 'telemetry', frame: { type: 'telemetry', mode: 'armed' } }],
  ['telemetry without channels', 'fitting', { is: 'telemetry', frame: { type: 'telemetry', mode: 'latched' } }],
  ['a self test without a frame', 'selfTesting', { is: 'self-test' }],
]

describe('REQ-FAULT (I-16, F02): a machine that throws lets go, answers no ping any more, and says so', () => {
  test.each(BROKEN)('%s while %s', (_, phase, report) => {
    const stack = new Stack({ program: SHORT, ...(phase === 'fitting' && { attended: false }) })
    stack.untilPhase(phase)
    const at = stack.now
    stack.act(session => session.report(report as GuardReport))
    expect(releasedAt(stack, at)).toBe(at)
    expect(stack.faults).toHaveLength(1)
    const told = stack.told.length
    stack.act(session => session.start())
    expectOver(stack, at)
    expect(stack.told.slice(told)).toEqual([])
  })

  test('I-18: who asks for a release is heard by the guard without any machine', () => {
    const { stack } = stackIn('holding')
    stack.act(session => session.report({ is: 'telemetry' } as unknown as GuardReport))
    expect(stack.faults).not.toEqual([])
    stack.act(session => session.release('operator', 'now'))
    expect(stack.told.at(-1)).toEqual({ do: 'release', why: 'now' })
    stack.act(session => session.symptom('numb'))
    expect(stack.told.at(-1)).toEqual({ do: 'release', why: 'numb' })
  })

  test('the link machine counts as much as the session machine', () => {
    const stack = new Stack({ program: SHORT, unit: { behaviours: ['dev.resetOnOpen'] } })
    expect(stack.phase).toBe('connecting')
    stack.act(session =>
      session.report({
        is: 'identity',
        frame: { type: 'identity', version: 1, model: 'M', serial: 'S', firmware: 'F' },
      }),
    )
    stack.act(session => session.report({ is: 'profile' } as unknown as GuardReport))
    expect(stack.faults).toHaveLength(1)
    expect(stack.sent.at(-1)?.what).toBe('release')
    const told = stack.told.length
    stack.advance(5_000)
    expect(stack.told.slice(told).filter(command => command.do !== 'release')).toEqual([])
    expect(stack.framesSent('hello')).toEqual([])
  })
})

describe('REQ-RECORD (I-14, F74, F75): what is not on the disk is not begun', () => {
  test('the sync fails before the first press: no press is sent, and the session ends for that reason', () => {
    const stack = new Stack({ program: SHORT })
    stack.diskFails = true
    stack.until(s => s.ended)
    expect(stack.phase).toBe('faulted')
    expect(stack.view.cause).toMatchObject({ kind: 'record', text: expect.stringMatching(/no space left/) })
    expect(stack.framesSent('target')).toEqual([])
    expect(stack.framesSent('lease')).toEqual([])
    expect(stack.told.filter(command => command.do === 'press')).toEqual([])
    expect(stack.releasesSent).toBeGreaterThan(0)
  })

  test('the sync fails from the rest on: the next press is not sent', () => {
    const { stack } = stackIn('resting')
    stack.diskFails = true
    stack.until(s => s.ended)
    expect(stack.view.cause?.kind).toBe('record')
    expectOver(stack, stack.now)
    expect(pressesSent(stack)).toHaveLength(1)
  })

  test('a record that cannot be written in a hold lets go', () => {
    const { stack, at } = stackIn('holding')
    stack.recordFails = true
    stack.advance(2 * LOOK)
    expect(releasedAt(stack, at) - at).toBeLessThanOrEqual(LOOK)
    expect(stack.faults).not.toEqual([])
  })

  test('I-18: a release goes out although nothing can be recorded', () => {
    const { stack, at } = stackIn('holding')
    stack.recordFails = true
    stack.act(session => session.release('operator', 'tired'))
    expect(releasedAt(stack, at)).toBe(at)
    expectOver(stack, at)
  })
})

describe('REQ-TIMER (F10): a time limit that was lost is caught by the next report', () => {
  test('of the hold: released within 1.1 s of its end', () => {
    const { stack } = stackIn('holding')
    stack.loseTimers('holdTime')
    const [press] = pressesSent(stack)
    stack.advance(10_000)
    expect(releasedAt(stack, 0) - press!.at - 5_000).toBeGreaterThan(0)
    expect(releasedAt(stack, 0) - press!.at - 5_000).toBeLessThanOrEqual(TIMING.lost + LOOK)
    expectOver(stack, releasedAt(stack, 0))
  })

  test('of the hold, and the machine does not look either: the guard releases after hold and T_SILENCE', () => {
    const { stack } = stackIn('holding')
    stack.loseTimers('holdTime')
    const [press] = pressesSent(stack)
    // Nobody but the guard is left: the controller answers pings and gets on, and does nothing else.
    stack.controllerLives = false
    for (let step = 1e6; stack.releasesSent === 0 && stack.now < press!.at + 30_000; step++) {
      stack.act((_, guard) => guard.command({ do: 'pong', ping: stack.lastPing, step }, stack.now))
      stack.advance(100)
    }
    const longest = Math.max(...SHORT.steps.map(step => step.hold_ms))
    expect(releasedAt(stack, 0) - press!.at).toBeGreaterThan(longest)
    expect(releasedAt(stack, 0) - press!.at).toBeLessThanOrEqual(longest + TIMING.silence + LOOK)
  })

  test('of the rise, with a pump that is too weak to arrive', () => {
    const stack = new Stack({ program: SHORT, unit: { behaviours: ['pump.dead=0.05'] } })
    stack.untilPhase('pressurizing')
    stack.loseTimers('inflateTime')
    stack.until(s => s.ended, 20_000)
    expect(stack.phase).toBe('faulted')
  })

  test('of the vent, with a valve that sticks', () => {
    const { stack } = stackIn('holding')
    stack.inject('valve.stuckClosed')
    stack.untilPhase('depressurizing')
    stack.loseTimers('ventTime')
    stack.advance(1_200)
    expect(stack.releasesSent).toBeGreaterThan(0)
  })

  test('of the rest: no press comes, and the cuff stays empty', () => {
    const { stack } = stackIn('resting')
    stack.loseTimers('restTime')
    stack.advance(60_000)
    expect(pressesSent(stack)).toHaveLength(1)
    expect(stack.pressure).toBeLessThan(15)
  })
})
