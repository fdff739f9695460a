import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BEHAVIOURS } from '../../../sim/behaviours/index.ts'
import { phase } from '../../../src/review/explore/session/situation.ts'
import type { ClosedLoop } from '../../../src/review/live/closedLoop.ts'
import { Run } from '../../../src/review/live/run.ts'
import { inputOf, VERDICTS } from '../../../src/review/live/scenario.ts'
import { RUN_MAX_MS, scriptFrom } from '../../../src/review/live/script.ts'
import { Stack } from '../../support/stack.ts'
import { begun, bytes, inHold, PLANS, SCENARIO, started } from './help.ts'

const texts = ({ live }: Run): readonly string[] => live.list.map(({ by, text }) => `${by}: ${text}`)
const ran = ({ sent, events, view, unit }: ClosedLoop) => JSON.stringify([sent, events, view, unit.pressures()])
const broken = ({ live }: Run) => live.judgements.filter(one => one.broken)

describe('REQ-LIVE: the shipped machines, guard and simulated unit in virtual time, for a reviewer', () => {
  test('a whole session by its acts alone: finished, and every invariant held in every step', () => {
    const run = started()
    for (let i = 0; i < 120 && !run.live.ended; i++) {
      run.goOn(1_000)
      if (run.live.view.refillAsked) run.do('refill good')
    }
    expect(run.live.phase).toBe('finished')
    expect(broken(run)).toEqual([])
    expect(run.live.judgements.length).toBeGreaterThan(12)
    expect(run.live.judged).toBeGreaterThan(300)
  })

  test.each([
    ['release', 'stopped', 'the operator released'],
    ['symptom dizzy', 'stopped', 'dizzy'],
    ['refill slow', 'stopped', 'too tight'],
    ['end guard', 'faulted', 'the guard ended'],
  ])('%s in a hold: released in the same millisecond, and the session ends %s', (words, phase, why) => {
    const run = inHold()
    const at = run.live.at
    run.do(words)
    expect(run.live.phase).toBe('releasing')
    expect(run.live.view.cause?.text).toContain(why)
    const byte = run.live.list.find(one => one.by === 'line' && one.text.startsWith('release byte'))
    expect(byte?.at).toBe(words === 'end guard' ? undefined : at)
    run.goOn(20_000)
    expect(run.live.phase).toBe(words === 'end guard' ? 'stuck' : phase)
    expect(Math.max(...run.live.unit.pressures())).toBeLessThan(15)
    expect(broken(run)).toEqual([])
  })

  test('a controller that is killed in a hold: the guard releases; a release after it still goes out', () => {
    const run = inHold()
    run.do('end controller')
    expect(texts(run)).toContain('guard: released: the controller is gone')
    const before = run.live.releasesSent
    run.do('release')
    expect(run.live.releasesSent).toBe(before + 1)
    run.goOn(3_000)
    expect(Math.max(...run.live.unit.pressures())).toBeLessThan(15)
  })

  test.each(Object.keys(VERDICTS).filter(name => name !== 'accepted'))(
    'a verdict "%s" shuts the gate, and says why',
    name => {
      const run = started(begun({ verdict: name }))
      for (let i = 0; i < 120 && !run.live.ended; i++) {
        run.goOn(1_000)
        if (run.live.view.refillAsked) run.do('refill good')
      }
      expect(run.live.phase).toBe('refused')
      expect(run.live.view.refusals[0]?.id).toMatch(/^GATE-/)
      expect(texts(run).some(text => text.startsWith('session: refused: GATE-'))).toBe(true)
    },
  )
})

describe('REQ-LIVE: the same acts at the same times give the same run', () => {
  test('to the byte, and from its list of events too', () => {
    const run = inHold()
    run.do('fault sensor.noise=5')
    run.goOn(2_000)
    run.do('release')
    run.goOn(3_000)
    const again = Run.of(scriptFrom(run.text), PLANS)
    expect(bytes(again.live)).toBe(bytes(run.live))
    expect(again.text).toBe(run.text)
    expect(bytes(Run.of(scriptFrom(run.text.replace('seed 1', 'seed 2')), PLANS).live)).not.toBe(bytes(run.live))
  })

  test('whatever steps time goes by in, and each step back is where the run was', () => {
    const step = fc.oneof(
      fc.integer({ min: 1, max: 3_000 }),
      fc.constantFrom('to change', 'confirm all', 'start', 'refill good', 'present', 'fault sensor.noise=3,1'),
      fc.constantFrom(...BEHAVIOURS.filter(one => one.name !== 'dev.noNewline').map(one => `fault ${one.name}`)),
    )
    const property = fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), steps => {
      const run = started()
      const was: string[] = []
      for (const one of steps) {
        was.push(bytes(run.live))
        if (typeof one === 'number') run.goOn(one)
        else if (one === 'to change') run.toChange()
        else run.do(one)
      }
      const end = Run.of(scriptFrom(run.text), PLANS)
      expect(bytes(end.live)).toBe(bytes(run.live))
      for (const before of was.reverse()) {
        run.stepBack()
        expect(bytes(run.live)).toBe(before)
      }
    })
    fc.assert(property, { numRuns: 8, seed: 5 })
  }, 30_000)

  test('no run is longer than a list of events that can be read', () => {
    const run = begun()
    const was = bytes(run.live)
    expect(() => run.goOn(RUN_MAX_MS + 1)).toThrow('60 minutes')
    expect(() => run.playOn(RUN_MAX_MS + 1)).toThrow('60 minutes')
    expect(bytes(run.live)).toBe(was)
    expect(run.mayStepBack).toBe(false)
  })

  test('a step back after nothing changes nothing', () => {
    const run = begun()
    const was = bytes(run.live)
    expect(run.mayStepBack).toBe(false)
    run.stepBack()
    expect(bytes(run.live)).toBe(was)
  })

  test.each(BEHAVIOURS.map(one => one.name))('the fault %s in a hold does what it does in the scenarios', name => {
    const run = inHold()
    const at = run.live.at
    run.do(`fault ${name}`)
    run.goOn(1_500)
    const stack = new Stack({ input: inputOf(SCENARIO, PLANS), attended: false, refills: false })
    stack.advance(5_000)
    stack.act(session => {
      for (const item of stack.view.unconfirmed) session.confirm(item, 'the reviewer')
      session.start()
    })
    stack.advance(at - 5_000)
    stack.inject(name)
    stack.advance(1_500)
    expect(ran(run.live)).toBe(ran(stack))
  })
})

describe('REQ-LIVE: what is broken is said so, with the moment and the reason', () => {
  const held = {
    ...{ id: 'X-1', text: 'there is no hold' },
    broken: ({ after }: { after: Parameters<typeof phase>[0] }) =>
      phase(after) === 'holding' ? 'there is one' : undefined,
  }

  test('at the step that breaks it, for as long as the run goes on, and not after a step back', () => {
    const run = started(new Run(SCENARIO, PLANS, [held]))
    expect(broken(run)).toEqual([])
    inHold(run)
    const [first] = broken(run)
    expect(first?.broken?.what).toBe('there is one')
    expect(first!.broken!.at - run.live.startedAt).toBeGreaterThan(run.live.at - 100)
    run.goOn(10_000)
    expect(broken(run)).toEqual([first])
    run.stepBack()
    run.stepBack()
    expect(broken(run)).toEqual([])
  })
})

describe('REQ-LIVE: a list of events is read strictly', () => {
  const head = 'program demo, verdict accepted, seed 1'
  test.each([
    ['', /line 1/],
    ['program demo', /line 1/],
    [`${head}\n 1.000 start`, /the last line/],
    [`${head}\n 2.000 start\n 1.000 here`, /line 3/],
    [`${head}\n x start\n 1.000 here`, /line 2/],
    [`${head}\n 9999.000 here`, /line 2/],
    [`${head}\n${' 1.000 start\n'.repeat(10_000)} 1.000 here`, /longer than/],
    [`${head}\n 1.000 blow\n 1.000 here`, /"blow" is nothing/],
    [`${head}\n 1.000 symptom happy\n 1.000 here`, /"symptom happy" is nothing/],
    [`${head}\n 1.000 fault no.such\n 1.000 here`, /"no.such" is no behaviour/],
    [`program x, verdict accepted, seed 1\n 1.000 here`, /no program "x"/],
    [`program demo, verdict toString, seed 1\n 1.000 here`, /no verdict "toString"/],
    [`program demo, verdict accepted, seed 9999999999\n 1.000 here`, /no seed/],
  ])('%j is refused', (text, why) => {
    expect(() => Run.of(scriptFrom(text), PLANS)).toThrow(why)
  })
})
