import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../machines/limits.ts'
import type { SessionInput } from '../../machines/sessionContext.ts'
import type { UnitOptions } from '../../sim/unit.ts'
import { SHORT } from '../support/programs.ts'
import { acceptance, Stack, WALL_START } from '../support/stack.ts'
import { letters, pressesSent, samples } from '../support/trace.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Nothing that arms, leases or presses was ever said, and nothing was ever pressed. */
function expectNothingInflated(stack: Stack): void {
  expect(letters(stack)).toMatch(/^I+H?Z?$/)
  expect(samples(stack)).toEqual([])
}

const refusalsOf = (stack: Stack): string[] => stack.view.refusals.map(refusal => refusal.id)

describe('REQ-GATE (I-3, F59 to F64): without a verdict that allows it here and now, nothing arms or inflates', () => {
  const pressure = (systolic_mmHg: number, diastolic_mmHg: number, ago = 5 * MINUTE) => ({
    verdict: acceptance({
      blood_pressure: { systolic_mmHg, diastolic_mmHg, measured_wall: WALL_START - ago },
    }),
  })
  test.each<[string, string, Partial<SessionInput>, UnitOptions?]>([
    ['there is no verdict', 'GATE-NO-VERDICT', { verdict: undefined }],
    ['it has expired', 'GATE-EXPIRED', { verdict: acceptance({ expires_wall: WALL_START }) }],
    ['it is a day old', 'GATE-OLD', { verdict: acceptance({ issued_wall: WALL_START - 24 * HOUR }) }],
    ['it is from tomorrow', 'GATE-EARLY', { verdict: acceptance({ issued_wall: WALL_START + 24 * HOUR }) }],
    ['it is for another person', 'GATE-PERSON', { verdict: acceptance({ person: 'Q' }) }],
    ['it is for another limb', 'GATE-LIMB', { verdict: acceptance({ limbs: ['left-arm'] }) }],
    ['a newer one has been seen', 'GATE-SERIAL', { newestSerialSeen: 8 }],
    ['it refuses', 'GATE-RESULT', { verdict: acceptance({ result: 'refuse' }) }],
    ['it leaves it to a clinician', 'GATE-CLINICIAN', { verdict: acceptance({ result: 'needs-clinician' }) }],
    ['it says something unheard of', 'GATE-RESULT', { verdict: acceptance({ result: 'yes' as never }) }],
    ['a simulator signed it and the unit is real', 'GATE-SIGNER', {}, { simulated: false }],
    ['the systolic pressure is 160', 'GATE-SYSTOLIC', pressure(160, 75)],
    ['the diastolic pressure is 95', 'GATE-DIASTOLIC', pressure(120, 95)],
    ['the blood pressure is two hours old', 'GATE-BP-AGE', pressure(120, 75, 2 * HOUR)],
  ])('%s: refused as %s', (_, id, input, unit = {}) => {
    const stack = new Stack({ program: SHORT, input, unit })
    stack.until(s => s.ended)
    expect(stack.phase).toBe('refused')
    expect(refusalsOf(stack)).toContain(id)
    stack.act(session => session.start())
    stack.advance(5_000)
    expectNothingInflated(stack)
  })

  test('an acceptance by a screening station opens the gate of a real unit', () => {
    const input = { verdict: acceptance({ signer: 'screening' }) }
    const stack = new Stack({ program: SHORT, input, unit: { simulated: false } })
    stack.untilPhase('holding')
  })

  test('it is asked before anything else is: nobody fills in a checklist for nothing', () => {
    const stack = new Stack({ program: SHORT, attended: false, input: { verdict: undefined } })
    stack.advance(3_000)
    expect(stack.phase).toBe('refused')
  })

  test('a verdict that expires while the checklist is done is refused at START', () => {
    const stack = new Stack({ program: SHORT, attended: false })
    stack.untilPhase('fitting')
    stack.wallShift = HOUR
    stack.begin()
    expect(stack.phase).toBe('refused')
    expect(refusalsOf(stack)).toEqual(['GATE-EXPIRED'])
    expectNothingInflated(stack)
  })
})

describe('REQ-CLEARANCE: a result left to a clinician is started only with a clearance that counts at every press', () => {
  const clearance = (minutes: number) => ({
    clinician: 'Dr Mori',
    reason: 'stable',
    keyId: 'c',
    issued_wall: WALL_START,
    expires_wall: WALL_START + minutes * MINUTE,
  })
  const left = (minutes: number, change = {}) => ({
    verdict: acceptance({ result: 'needs-clinician', clearance: clearance(minutes), ...change }),
  })

  test('cleared, it opens the gate of a real unit', () => {
    const unit = { simulated: false }
    new Stack({ program: SHORT, input: left(30, { signer: 'screening' }), unit }).untilPhase('holding')
  })

  test.each([
    ['a refusal', { result: 'refuse' }, 'GATE-RESULT'],
    ['a test that is due', { needs_test: true }, 'GATE-TEST'],
    ["a simulator's verdict on a real unit", {}, 'GATE-SIGNER'],
  ] as const)('%s stays shut, with a clearance too', (_, change, id) => {
    const stack = new Stack({ program: SHORT, input: left(30, change), unit: { simulated: false } })
    stack.until(s => s.ended)
    expect(stack.phase).toBe('refused')
    expect(refusalsOf(stack)).toContain(id)
    expectNothingInflated(stack)
  })

  test('it runs out while the checklist is done: refused at START', () => {
    const stack = new Stack({ program: SHORT, attended: false, input: left(30) })
    stack.untilPhase('fitting')
    stack.wallShift = 30 * MINUTE
    stack.begin()
    expect([stack.phase, refusalsOf(stack)]).toEqual(['refused', ['GATE-CLEARANCE-EXPIRED']])
    expectNothingInflated(stack)
  })

  test('it runs out in a hold: the hold ends as planned, and no press follows', () => {
    const stack = new Stack({ program: SHORT, input: left(30) })
    stack.untilPhase('holding')
    stack.wallShift = 30 * MINUTE
    stack.until(s => s.ended)
    expect([stack.phase, refusalsOf(stack)]).toEqual(['refused', ['GATE-CLEARANCE-EXPIRED']])
    stack.advance(20_000)
    expect(pressesSent(stack)).toHaveLength(1)
  })
})

describe('REQ-WALL (F08, F60): the wall clock dates the verdict, and times nothing', () => {
  test('a verdict that expires in a hold: the hold ends as planned, and no press follows', () => {
    const stack = new Stack({ program: SHORT })
    stack.untilPhase('holding')
    stack.wallShift = HOUR
    stack.until(s => s.ended)
    expect(stack.phase).toBe('refused')
    expect(refusalsOf(stack)).toEqual(['GATE-EXPIRED'])
    stack.advance(20_000)
    const [press, ...more] = pressesSent(stack)
    expect(press!.ventedAt! - press!.at).toBe(5_000)
    expect(more).toEqual([])
    expect(stack.releasesSent).toBeGreaterThan(0)
    expect(stack.pressure).toBeLessThan(15)
  })

  test.each([
    ['more than a minute', LIMITS.wallBack.value + 1, 'refused', 1],
    ['a minute', LIMITS.wallBack.value, 'finished', 4],
  ] as const)('set back by %s in a hold, the session ends %3$s', (_, back, phase, presses) => {
    const stack = new Stack({ program: SHORT })
    stack.untilPhase('holding')
    stack.wallShift = -back
    stack.until(s => s.ended, 200_000)
    expect(stack.phase).toBe(phase)
    expect(pressesSent(stack)).toHaveLength(presses)
    if (phase === 'refused') expect(refusalsOf(stack)).toEqual(['GATE-CLOCK'])
  })

  test('set back and then right again, it has been set back', () => {
    const stack = new Stack({ program: SHORT })
    stack.untilPhase('holding')
    stack.wallShift = -HOUR
    stack.advance(500)
    stack.wallShift = 0
    stack.until(s => s.ended)
    expect(refusalsOf(stack)).toEqual(['GATE-CLOCK'])
  })

  test.each(['pressurizing', 'holding', 'depressurizing', 'resting'] as const)(
    'an hour forward while %s: every word goes out when it would have',
    phase => {
      const input = { verdict: acceptance({ expires_wall: WALL_START + 10 * HOUR }) }
      const [calm, jumped] = [new Stack({ program: SHORT, input }), new Stack({ program: SHORT, input })]
      jumped.untilPhase(phase)
      jumped.wallShift = HOUR
      for (const stack of [calm, jumped]) stack.until(s => s.ended, 200_000)
      expect(jumped.phase).toBe('finished')
      expect(jumped.sent).toEqual(calm.sent)
    },
  )
})

describe('REQ-PLAN (F65): a plan that does not fit the unit is refused, and the bound is named', () => {
  test.each<[string, UnitOptions, string, RegExp]>([
    ['low ceiling', { profile: { ceilings_mmHg: [300, 129] } }, 'LIM-UNIT-CEILING', /above 79 mmHg.*ceiling/],
    ['few channels', { channels: 1 }, 'LIM-CHANNELS', /from 1 to 1/],
    ['short unbroken time', { profile: { inflatedContinuous_s: 12 } }, 'LIM-UNIT-CONTINUOUS', /above 9 s/],
    ['short time per hour', { profile: { inflatedHour_s: 40 } }, 'LIM-UNIT-HOUR', /above 40 s/],
    ['slow pump', { profile: { slewMax_mmHg_per_s: 29 } }, 'LIM-UNIT-SLEW', /above 29 mmHg\/s/],
  ])('%s', (_, unit, id, text) => {
    const stack = new Stack({ program: SHORT, unit })
    stack.until(s => s.ended)
    expect(stack.phase).toBe('refused')
    const refusal = stack.view.refusals.find(one => one.id === id)
    expect(refusal?.text).toMatch(text)
    expect(refusal?.action).not.toBe('')
    expectNothingInflated(stack)
  })

  test('a unit with just enough of everything is taken', () => {
    const profile = {
      ceilings_mmHg: [130, 130],
      inflatedContinuous_s: 13,
      inflatedHour_s: 600,
      slewMax_mmHg_per_s: 30,
      silence_ms: 1_000,
    }
    new Stack({ program: SHORT, unit: { profile } }).untilPhase('holding')
  })
})

describe('REQ-UNIT: a unit that cannot be relied on gets no session', () => {
  test.each<[string, UnitOptions, RegExp]>([
    ['T_SILENCE above 1.5 s', { profile: { silence_ms: 1_501 } }, /T_SILENCE in ms 1501/],
    ['unbroken time above 20 min', { profile: { inflatedContinuous_s: 1_201 } }, /unbroken inflated time/],
    ['time per hour above 20 min', { profile: { inflatedHour_s: 1_201 } }, /per hour/],
    ['a rise above 50 mmHg/s', { profile: { slewMax_mmHg_per_s: 51 } }, /slew/],
    ['a ceiling above 300 mmHg', { profile: { ceilings_mmHg: [300, 301] } }, /ceiling/],
    ['a real unit without FW-3', { simulated: false, behaviours: ['fw.undeclared=3'] }, /FW-1 to FW-5/],
    ['another version of the protocol (F31)', { behaviours: ['dev.version=2'] }, /version/],
  ])('%s: faulted, and nothing but a question was sent', (_, unit, text) => {
    const stack = new Stack({ program: SHORT, unit })
    stack.until(s => s.ended)
    expect(stack.phase).toBe('faulted')
    expect(stack.view.cause?.text).toMatch(text)
    stack.advance(5_000)
    expect(letters(stack)).toMatch(/^I+$/)
  })

  test('a simulated unit that leaves out FW-3 may be practised on', () => {
    new Stack({ program: SHORT, unit: { behaviours: ['fw.undeclared=3'] } }).untilPhase('holding')
  })
})
