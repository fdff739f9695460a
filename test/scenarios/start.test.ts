import { describe, expect, test } from 'vitest'
import { CHECKLIST_ITEMS } from '../../machines/checklist.ts'
import { LIMITS } from '../../machines/limits.ts'
import { SHORT } from '../support/programs.ts'
import { Stack } from '../support/stack.ts'
import { letters, pressesSent } from '../support/trace.ts'

const fitting = (): Stack => {
  const stack = new Stack({ program: SHORT, attended: false })
  stack.untilPhase('fitting')
  stack.advance(LIMITS.ventedBeforeStart.value)
  return stack
}

const confirmAllBut = (stack: Stack, left: number): void =>
  stack.act(session => {
    for (const item of CHECKLIST_ITEMS.slice(left)) session.confirm(item, 'Op')
  })

describe('REQ-START (I-11, F70): START counts in one state only, and only when everything is as it should be', () => {
  test.each([CHECKLIST_ITEMS.length, 1])('with %i items of the checklist open nothing is armed', open => {
    const stack = fitting()
    confirmAllBut(stack, open)
    stack.act(session => session.start())
    stack.advance(3_000)
    expect(stack.phase).toBe('fitting')
    expect(stack.view.unconfirmed).toHaveLength(open)
    expect(stack.said).toContain('START waits: the checklist is not done.')
    expect(letters(stack)).toBe('IHZ')
  })

  test('with the checklist done it arms and presses', () => {
    const stack = fitting()
    confirmAllBut(stack, 0)
    stack.act(session => session.start())
    stack.advance(100)
    expect(stack.phase).toBe('pressurizing')
    expect(letters(stack)).toMatch(/^IHZALPP/)
  })

  test('I-11: a pressure that stands while the cuffs are fitted is let go after 1.5 s, and nothing is armed', () => {
    const stack = fitting()
    stack.inject('sensor.offset=15.5')
    const { now } = stack
    stack.until(s => s.releasesSent > 0, 10_000)
    expect(stack.now - now).toBeLessThanOrEqual(LIMITS.bandDelay.value + 300)
    expect(stack.view.cause).toMatchObject({ kind: 'safety', text: expect.stringContaining('stands') })
    stack.act(session => session.start())
    stack.advance(30_000)
    expect(letters(stack)).toMatch(/^IHZX+$/)
  })

  test('I-11: with the line at about 9 mmHg the session is pressurizing after START', () => {
    const stack = fitting()
    stack.inject('sensor.offset=9')
    stack.advance(1_000)
    stack.begin()
    stack.advance(100)
    expect(stack.phase).toBe('pressurizing')
  })

  test('I-11: START with a line that is not vented waits, and is not remembered', () => {
    const stack = fitting()
    confirmAllBut(stack, 0)
    stack.inject('sensor.offset=40')
    stack.advance(1_000)
    stack.act(session => session.start())
    expect(stack.said).toContain('START waits: the line has to be seen below 15 mmHg for 3 s.')
    stack.inject('sensor.offset=-40')
    stack.advance(5_000)
    expect(stack.phase).toBe('fitting')
    expect(letters(stack)).toBe('IHZ')
  })

  test.each([
    [450, 'pressurizing'],
    [700, 'fitting'],
  ])('with the last report %i ms old the session is %s after START', (age, phase) => {
    const stack = fitting()
    confirmAllBut(stack, 0)
    stack.advance(100)
    stack.inject('link.rxDrop')
    stack.advance(age)
    stack.inject('link.restore')
    stack.act(session => session.start())
    stack.advance(90)
    expect(stack.phase).toBe(phase)
  })

  test('START twice at once arms once and presses once', () => {
    const stack = fitting()
    confirmAllBut(stack, 0)
    stack.act(session => {
      session.start()
      session.start()
    })
    stack.act(session => session.start())
    stack.advance(2_000)
    expect(letters(stack)).toMatch(/^IHZALPPL+$/)
    expect(pressesSent(stack)).toHaveLength(1)
  })

  test.each(['selfTesting', 'pressurizing', 'holding', 'depressurizing', 'resting', 'finished'] as const)(
    'START, PRESENT and CONFIRM while %s put no word on the line',
    phase => {
      const [quiet, pressed] = [new Stack({ program: SHORT }), new Stack({ program: SHORT })]
      pressed.untilPhase(phase)
      pressed.act(session => {
        session.start()
        session.present()
        for (const item of CHECKLIST_ITEMS) session.confirm(item, 'Op')
      })
      for (const stack of [quiet, pressed]) stack.until(s => s.now >= 60_000)
      expect(pressed.sent).toEqual(quiet.sent)
      expect(pressed.phase).toBe('finished')
    },
  )

  test('what is confirmed before the gate has opened does not count', () => {
    const stack = new Stack({ program: SHORT, attended: false })
    expect(stack.phase).toBe('selfTesting')
    confirmAllBut(stack, 0)
    stack.untilPhase('fitting')
    expect(stack.view.unconfirmed).toEqual(CHECKLIST_ITEMS)
  })
})
