import { describe, expect, test } from 'vitest'
import { CHECKLIST, checklistFor } from '../../machines/checklist.ts'
import { LIMITS } from '../../machines/limits.ts'
import { loadProgram } from '../../src/programs/load.ts'
import { SHORT } from '../support/programs.ts'
import { acceptance, Stack } from '../support/stack.ts'
import { pressesSent } from '../support/trace.ts'

const refusalsOf = (stack: Stack): string[] => stack.view.refusals.map(refusal => refusal.id)
/** The state of the question in each hold, in order. */
function questions(stack: Stack, most_ms = 600_000): boolean[] {
  const asked: boolean[] = []
  const end = stack.now + most_ms
  for (let last = ''; !stack.ended && stack.now < end; stack.advance(50)) {
    const here = `${stack.phase} ${stack.view.press.number}`
    if (here !== last && stack.phase === 'holding') asked.push(stack.view.refillAsked)
    if (stack.view.refillAsked) stack.act(session => session.refill(false))
    last = here
  }
  return asked
}

describe('REQ-REFILL: at the first hold of each new pressure somebody looks at the capillary refill', () => {
  test('it is asked at a pressure that is higher than any before, and at no other', () => {
    const progressive = new Stack({ program: 'progressive', refills: false })
    expect(questions(progressive)).toEqual([true, false, true, true, true, true, true, true])
    const cycle = new Stack({ program: 'first-session', refills: false })
    expect(questions(cycle)).toEqual([true, false, true, false, false, false])
  })

  test('slower than 3 s releases first of all, ends the session, and nothing follows', () => {
    const stack = new Stack({ program: SHORT, refills: false })
    stack.untilPhase('holding')
    const before = stack.sent.length
    stack.act(session => session.refill(true))
    expect(stack.sent[before]).toEqual({ at: stack.now, what: 'release' })
    stack.untilPhase('stopped')
    expect(stack.view.cause).toMatchObject({ kind: 'symptom', text: expect.stringContaining('refill') })
    stack.act(session => session.start())
    stack.advance(60_000)
    expect([stack.phase, pressesSent(stack).length]).toEqual(['stopped', 1])
  })

  test('unanswered, the hold ends as planned and no further press begins', () => {
    const stack = new Stack({ program: SHORT, refills: false })
    stack.until(s => s.ended)
    expect([stack.phase, refusalsOf(stack)]).toEqual(['refused', ['GATE-REFILL']])
    expect(pressesSent(stack)).toHaveLength(1)
    expect([stack.releasesSent > 0, stack.pressure < 15]).toEqual([true, true])
  })

  test('unanswered in a long hold, the cuff is released after 60 s', () => {
    const stack = new Stack({ program: 'constant', refills: false })
    stack.until(s => s.view.press.number === 1 && s.view.refillAsked)
    stack.act(session => session.refill(false))
    stack.until(s => s.view.press.kind === 'training' && s.view.refillAsked, 300_000)
    const { now } = stack
    stack.until(s => s.releasesSent > 0, 120_000)
    expect(stack.now - now).toBe(LIMITS.refillAnswer.value)
    stack.untilPhase('stopped')
    expect(stack.view.cause).toMatchObject({ kind: 'presence' })
  })

  test('an answer that nobody asked for answers nothing', () => {
    const stack = new Stack({ program: SHORT, refills: false })
    stack.untilPhase('pressurizing')
    stack.act(session => session.refill(false))
    stack.untilPhase('holding')
    expect(stack.view.refillAsked).toBe(true)
  })

  test('slower than 3 s counts in a rest too', () => {
    const stack = new Stack({ program: SHORT })
    stack.untilPhase('resting')
    stack.act(session => session.refill(true))
    stack.untilPhase('stopped')
  })
})

describe('REQ-WATCH: a verdict can ask for a closer watch', () => {
  test('the operator is asked after the verdict’s time, and released 30 s later', () => {
    const verdict = acceptance({ presence_max_ms: 60_000 })
    const stack = new Stack({ program: 'cycle-30-5', input: { verdict }, attended: false })
    stack.begin()
    stack.untilPhase('pressurizing')
    const { now } = stack
    stack.until(s => s.view.presenceAsked, 100_000)
    expect(stack.now - now).toBe(60_000)
    stack.until(s => s.releasesSent > 0, 100_000)
    expect(stack.now - now).toBe(90_000)
  })

  test('a lost timer is caught by the next report at the closer time', () => {
    const verdict = acceptance({ presence_max_ms: 60_000 })
    const stack = new Stack({ program: 'cycle-30-5', input: { verdict }, attended: false })
    stack.begin()
    stack.untilPhase('pressurizing')
    stack.loseTimers('presence')
    stack.until(s => s.releasesSent > 0, 92_000)
    expect(stack.view.cause?.kind).toBe('presence')
  })
})

describe('REQ-CUES: what is said during a session', () => {
  test('breathing out on effort, at each training hold and at no warm-up (Section I.1)', () => {
    const stack = new Stack({ program: 'first-session' })
    stack.until(s => s.ended, 600_000)
    expect(stack.phase).toBe('finished')
    expect(stack.said.filter(text => text.includes('Breathe out'))).toHaveLength(4)
  })

  test('something to drink, every five minutes from the first press, at the next rest (Point 7.7)', () => {
    const stack = new Stack({ program: 'cycle-30-5', limbs: ['left-arm'] })
    stack.untilPhase('pressurizing')
    const { now } = stack
    stack.until(s => s.said.some(text => text.includes('drink')), 600_000)
    expect(stack.now - now).toBeGreaterThanOrEqual(LIMITS.fluidsEvery.value)
    expect(stack.phase).toBe('resting')
    stack.until(s => s.ended, 600_000)
    // Once in the session, and once at its end.
    expect(stack.said.filter(text => text.includes('drink'))).toHaveLength(2)
  })
})

describe('REQ-CHECKLIST: nothing that the paper asks for before a session is missing', () => {
  test.each([
    ['person', 'named'],
    ['operator', 'Point 3'],
    ['well', '7.12'],
    ['fluids', '7.7'],
    ['stretched', 'Section II'],
    ['petechiae', '7.4'],
    ['numbness', '7.4'],
    ['load', 'Point 1'],
    ['placement', 'one finger'],
    ['position', 'cannot fall'],
    ['aed', '7.10'],
    ['coupling', 'buzzer'],
  ] as const)('%s', (item, words) => {
    expect(checklistFor(['left-leg'], undefined)).toContain(item)
    expect(item === 'person' ? 'named' : CHECKLIST[item]).toContain(words)
  })

  test('arms, and a first session, are explained with extra care', () => {
    expect(checklistFor(['left-leg'], acceptance())).not.toEqual(expect.arrayContaining(['arms']))
    expect(checklistFor(['left-arm'], acceptance())).toContain('arms')
    expect(checklistFor(['left-arm'], acceptance())).not.toContain('first')
    expect(checklistFor(['left-leg'], acceptance({ new_to_kaatsu: true }))).toContain('first')
  })

  test('who confirmed what stands in the record', () => {
    const stack = new Stack({ program: loadProgram('first-session'), attended: false })
    stack.begin()
    const confirmed = stack.recorded.flatMap(({ data }) => {
      const { event } = data as { event?: { type: string; item?: string; by?: string } }
      return event?.type === 'CONFIRM' ? [event] : []
    })
    expect(confirmed.length).toBeGreaterThan(10)
    for (const { by } of confirmed) expect(by).toBe('C. Abe, KAATSU trainer')
  })
})

test('REQ-UNATTENDED: nobody sits there, and the unit is real: refused, and nothing inflates', () => {
  const input = { verdict: acceptance({ signer: 'screening' }), unattended: true }
  const stack = new Stack({ program: SHORT, input, unit: { simulated: false } })
  stack.until(s => s.ended)
  expect([stack.phase, refusalsOf(stack)]).toEqual(['refused', ['GATE-UNATTENDED']])
  expect(stack.framesSent('arm')).toEqual([])
})
