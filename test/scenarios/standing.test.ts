import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../machines/limits.ts'
import { SHORT } from '../support/programs.ts'
import { Stack } from '../support/stack.ts'
import { letters } from '../support/trace.ts'

describe('REQ-STANDING: a pressure that stands although nothing is pressed is let go', () => {
  test('in a rest, 1.5 s after it is seen, and no press follows', () => {
    const stack = new Stack({ program: 'sets-released' })
    stack.untilPhase('resting')
    const presses = stack.framesSent('target').length
    stack.inject('sensor.offset=200')
    const { now } = stack
    stack.until(s => s.releasesSent > 0, 20_000)
    expect(stack.now - now).toBeLessThanOrEqual(LIMITS.bandDelay.value + 300)
    expect(stack.view.cause?.text).toContain('stands')
    stack.advance(60_000)
    expect(stack.framesSent('target')).toHaveLength(presses)
  })

  test('with a machine that does not look, the guard does', () => {
    const stack = new Stack({ program: 'sets-released' })
    stack.untilPhase('resting')
    stack.controllerLives = false
    stack.inject('sensor.offset=200')
    const { now } = stack
    for (let step = 1e6; stack.releasesSent === 0 && stack.now < now + 20_000; step++) {
      stack.act((_, guard) => guard.command({ do: 'pong', ping: stack.lastPing, step }, stack.now))
      stack.advance(50)
    }
    expect(stack.now - now).toBeLessThanOrEqual(LIMITS.bandDelay.value + 300)
    expect(stack.reports).toContainEqual(expect.objectContaining({ is: 'released', rule: 'STANDING' }))
  })
})

describe('REQ-LATCHED (I-7): a unit that lets go by itself is not armed again in this session', () => {
  test.each(['resting', 'holding'] as const)(
    'by the button while %s: released by a person, and nothing more',
    phase => {
      const stack = new Stack({ program: SHORT })
      stack.untilPhase(phase)
      stack.inject('button.release')
      stack.until(s => s.ended)
      expect([stack.phase, stack.view.cause?.kind]).toEqual(['stopped', 'operator'])
      const said = letters(stack)
      stack.act((_, guard) => {
        guard.command({ do: 'arm' }, stack.now)
        guard.command({ do: 'press', targets: [{ channel: 1, target_mmHg: 40 }], slew_mmHg_per_s: 20 }, stack.now)
      })
      stack.advance(5_000)
      expect(letters(stack)).toBe(said)
    },
  )
})

describe('REQ-SLEPT (F07): whoever slept does not go on, before the first press either', () => {
  test('controller and guard asleep for half an hour while the cuffs are fitted: the session is over', () => {
    const stack = new Stack({ program: SHORT, attended: false })
    stack.untilPhase('fitting')
    stack.advance(3_500)
    stack.guardLives = stack.controllerLives = false
    stack.advance(1_800_000)
    stack.guardLives = stack.controllerLives = true
    stack.advance(500)
    stack.act(session => {
      for (const item of stack.view.unconfirmed) session.confirm(item, 'Op')
      session.start()
    })
    stack.advance(5_000)
    expect(stack.ended).toBe(true)
    expect(letters(stack)).not.toContain('A')
  })
})

describe('REQ-SAVED: what happened before a release is durable at once', () => {
  test('behind the release byte, and again when the line is stuck', () => {
    const stack = new Stack({ program: SHORT })
    stack.untilPhase('holding')
    stack.inject('valve.stuckClosed')
    stack.act(session => session.symptom('dizzy'))
    expect([stack.sent.at(-1)!.what, stack.saves]).toEqual(['release', 1])
    stack.untilPhase('stuck')
    expect(stack.saves).toBe(2)
  })
})
