import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../machines/limits.ts'
import { Stack } from '../support/stack.ts'
import { pressesSent } from '../support/trace.ts'

const ASK = LIMITS.presenceAsk.value
const GRACE = LIMITS.presenceGrace.value

/** A long hold, with nobody there after START. */
const alone = (): Stack => {
  const stack = new Stack({ program: 'constant', attended: false })
  stack.begin()
  return stack
}

const untilAsked = (stack: Stack): void => stack.until(s => s.view.presenceAsked, 200_000)

describe('REQ-PRESENCE (F71): a cuff that nobody watches is let go', () => {
  test('the operator is asked 120 s after START, and the cuff is released 30 s later', () => {
    const stack = alone()
    const start = stack.now
    untilAsked(stack)
    expect(stack.now - start).toBe(ASK)
    expect(stack.said.at(-1)).toMatch(/Are you there/)
    const asked = stack.now
    stack.until(s => s.releasesSent > 0)
    expect(stack.now - asked).toBe(GRACE)
    stack.until(s => s.ended)
    expect(stack.phase).toBe('stopped')
    expect(stack.view.cause).toEqual({ kind: 'presence', text: 'nobody answered' })
    expect(stack.pressure).toBeLessThan(15)
  })

  test('an answer keeps the session going, and the next question comes 120 s after it', () => {
    const stack = alone()
    untilAsked(stack)
    stack.advance(GRACE - 100)
    stack.act(session => session.present())
    const answered = stack.now
    expect(stack.view.presenceAsked).toBe(false)
    stack.advance(1_000)
    expect(stack.releasesSent).toBe(0)
    untilAsked(stack)
    expect(stack.now - answered).toBe(ASK)
  })

  test('a sign of life before the question puts it off', () => {
    const stack = alone()
    stack.advance(ASK - 1_000)
    stack.act(session => session.present())
    const seen = stack.now
    untilAsked(stack)
    expect(stack.now - seen).toBe(ASK)
  })

  test('an answer does not lengthen a press (I-17)', () => {
    const stack = alone()
    stack.until(s => {
      s.act(session => session.present())
      return pressesSent(s).length === 2
    })
    const [press] = pressesSent(stack)
    expect(press!.ventedAt! - press!.at).toBe(30_000)
  })

  test('a lost timer of the question is caught by the next report', () => {
    const stack = alone()
    stack.loseTimers('presence')
    stack.advance(ASK + GRACE + 1_200)
    expect(stack.said.filter(text => text.includes('Are you there'))).toEqual([])
    expect(stack.view.cause?.kind).toBe('presence')
    expect(stack.releasesSent).toBeGreaterThan(0)
  })
})
