import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type GateFacts, gateRefusals, timeRefusals } from '../../machines/gate.ts'
import { LIMB_NAMES } from '../../machines/limits.ts'
import type { Clearance, Verdict } from '../../machines/verdict.ts'
import { NOW } from './helpers.ts'

const HOUR = 3_600_000

const VERDICT: Verdict = {
  result: 'accept',
  person: 'salt:hash',
  limbs: ['left-arm', 'right-arm'],
  issued_wall: NOW,
  expires_wall: NOW + HOUR,
  serial: 7,
  signer: 'screening',
  keyId: '0123456789abcdef',
  blood_pressure: { systolic_mmHg: 120, diastolic_mmHg: 75, measured_wall: NOW },
  needs_test: false,
  one_side_only: false,
}
const FACTS: GateFacts = {
  person: 'salt:hash',
  limbs: ['left-arm', 'right-arm'],
  simulatedUnit: false,
  now_wall: NOW,
  newestSerialSeen: 7,
}
const ask = (verdict: Partial<Verdict> = {}, facts: Partial<GateFacts> = {}) =>
  gateRefusals({ ...VERDICT, ...verdict }, { ...FACTS, ...facts }).map(refusal => refusal.id)
const pressure = (systolic_mmHg: number, diastolic_mmHg: number, measured_wall = NOW) => ({
  blood_pressure: { systolic_mmHg, diastolic_mmHg, measured_wall },
})
const unknown = (word: string) => word as never
/** A clinician's yes of an hour ago, good for a day, to a verdict that leaves it to one. */
const clearedBy = (change: Partial<Clearance> = {}): Partial<Verdict> => ({
  result: 'needs-clinician',
  clearance: {
    clinician: 'Dr. B. Mori',
    reason: 'stable for a year',
    keyId: '0123456789abcdef',
    issued_wall: NOW - HOUR,
    expires_wall: NOW + 23 * HOUR,
    ...change,
  },
})

describe('REQ-GATE (I-3): no cuff is inflated without a verdict that allows it here and now', () => {
  test('an acceptance for this person, these limbs and this hour opens the gate', () => {
    expect(ask()).toEqual([])
  })

  test('no verdict, no inflation', () => {
    expect(gateRefusals(undefined, FACTS).map(refusal => refusal.id)).toEqual(['GATE-NO-VERDICT'])
  })

  const refused: [string, string, Partial<Verdict>, Partial<GateFacts>?][] = [
    ['a refusal', 'GATE-RESULT', { result: 'refuse' }],
    ['a result that is not known', 'GATE-RESULT', { result: unknown('Accept') }],
    ['a result left to a clinician', 'GATE-CLINICIAN', { result: 'needs-clinician' }],
    ['an expired verdict, at its last moment', 'GATE-EXPIRED', {}, { now_wall: NOW + HOUR }],
    [
      'a verdict a day old (LIM-VERDICT-AGE) that says it is good for longer',
      'GATE-OLD',
      { ...later(24), expires_wall: NOW + 48 * HOUR },
    ],
    [
      'a verdict issued more than a minute in the future (LIM-VERDICT-AHEAD)',
      'GATE-EARLY',
      {},
      { now_wall: NOW - 60_001 },
    ],
    ['a simulator key on a real unit', 'GATE-SIGNER', { signer: 'simulator' }],
    ['a screening key and a simulated unit', 'GATE-SIMULATED', {}, { simulatedUnit: true }],
    ['an unknown signer, on a simulated unit too', 'GATE-SIGNER', { signer: unknown('x') }, { simulatedUnit: true }],
    ['another person', 'GATE-PERSON', {}, { person: 'salt:other' }],
    ['nobody', 'GATE-PERSON', { person: '' }, { person: '' }],
    ['a serial older than one seen', 'GATE-SERIAL', { serial: 6 }],
    ['another limb', 'GATE-LIMB', {}, { limbs: ['left-leg'] }],
    ['one limb that is allowed and one that is not', 'GATE-LIMB', {}, { limbs: ['left-arm', 'left-leg'] }],
    ['no limb', 'GATE-LIMB', {}, { limbs: [] }],
    ['both sides when one is allowed', 'GATE-ONE-SIDE', { one_side_only: true }],
    ['both sides when it does not say', 'GATE-ONE-SIDE', { one_side_only: unknown('') }],
    ['a systolic pressure of 160 mmHg (LIM-SYSTOLIC)', 'GATE-SYSTOLIC', pressure(160, 75)],
    ['a diastolic pressure of 95 mmHg (LIM-DIASTOLIC)', 'GATE-DIASTOLIC', pressure(120, 95)],
    ['a test that comes first', 'GATE-TEST', { needs_test: true }],
    ['a result that asks for a test', 'GATE-TEST', { result: 'needs-test' }],
    [
      'a systolic pressure below the floor of this person',
      'GATE-FLOOR',
      { ...pressure(94, 60), systolic_floor_mmHg: 95 },
    ],
    ['a blood pressure of two hours ago (LIM-BP-AGE)', 'GATE-BP-AGE', pressure(120, 75, NOW - 2 * HOUR)],
    [
      "a clinician's clearance from more than a minute in the future (LIM-VERDICT-AHEAD)",
      'GATE-CLEARANCE-EARLY',
      clearedBy({ issued_wall: NOW + 60_001 }),
    ],
    ["a clinician's clearance at its last moment", 'GATE-CLEARANCE-EXPIRED', clearedBy({ expires_wall: NOW })],
    ['a test that comes first, whatever a clinician says', 'GATE-TEST', { ...clearedBy(), needs_test: true }],
    ['a refusal, whatever a clinician says', 'GATE-RESULT', { ...clearedBy(), result: 'refuse' }],
  ]
  test.each(refused)('%s is refused, for that reason alone (%s)', (_, id, verdict, facts) => {
    expect(ask(verdict, facts)).toEqual([id])
  })

  const reading = (systolic_mmHg: number, diastolic_mmHg: number, measured_wall = NOW) => ({
    reading: { systolic_mmHg, diastolic_mmHg, measured_wall },
  })
  test.each<[string, string[], Partial<Verdict>, Partial<GateFacts>]>([
    ['is good', [], {}, reading(118, 72)],
    ['is good, and makes up for an old one', [], pressure(120, 75, NOW - 3 * HOUR), reading(118, 72)],
    ['is old itself', ['GATE-BP-AGE'], {}, reading(118, 72, NOW - 2 * HOUR)],
    ['has a systolic of 160', ['GATE-SYSTOLIC'], {}, reading(160, 72)],
    ['has a diastolic of 95', ['GATE-DIASTOLIC'], {}, reading(118, 95)],
    ['is below the floor', ['GATE-FLOOR'], { systolic_floor_mmHg: 95 }, reading(94, 60)],
    ['is good, and does not make up for a bad one', ['GATE-SYSTOLIC'], pressure(160, 75), reading(118, 72)],
    [
      'is no number',
      ['GATE-SYSTOLIC', 'GATE-FLOOR', 'GATE-DIASTOLIC', 'GATE-BP-AGE'],
      {},
      reading(Number.NaN, Number.NaN, Number.NaN),
    ],
  ])('REQ-BLOOD-PRESSURE (Point 7.9): a second reading that %s: %j', (_, ids, verdict, facts) => {
    expect(ask(verdict, facts)).toEqual(ids)
  })

  const allowed: [string, Partial<Verdict>, Partial<GateFacts>?][] = [
    ['159.9 over 94.9 mmHg, measured just under two hours ago', pressure(159.9, 94.9, NOW - 2 * HOUR + 1)],
    ['one side when one is allowed', { one_side_only: true }, { limbs: ['right-arm'] }],
    ['a simulator key on a simulated unit', { signer: 'simulator' }, { simulatedUnit: true }],
    ['a screening key on a real unit', {}, { simulatedUnit: false }],
    ['either key before the unit has said what it is', { signer: 'simulator' }, { simulatedUnit: undefined }],
    ['a serial newer than any seen', { serial: 8 }],
    ['a minute of difference between two clocks', {}, { now_wall: NOW - 60_000 }],
    ['a verdict in its last moment but one', {}, { now_wall: NOW + HOUR - 1 }],
    ['a verdict a day old less 1 ms', { issued_wall: NOW - 24 * HOUR + 1 }],
    ['a systolic pressure at the floor of this person', { ...pressure(95, 60), systolic_floor_mmHg: 95 }],
    ['what the screening left to a clinician, and the clinician allows', clearedBy()],
    ["a minute of difference to the clinician's clock", clearedBy({ issued_wall: NOW + 60_000 })],
    ["a clinician's clearance in its last moment but one", clearedBy({ expires_wall: NOW + 1 })],
  ]
  test.each(allowed)('%s is allowed', (_, verdict, facts) => {
    expect(ask(verdict, facts)).toEqual([])
  })

  test('every reason is told, not only the first, each with what to do', () => {
    const verdict: Verdict = {
      ...VERDICT,
      result: 'refuse',
      signer: 'simulator',
      serial: 1,
      one_side_only: true,
      ...pressure(200, 120),
    }
    const facts: GateFacts = {
      ...FACTS,
      person: 'salt:other',
      limbs: ['left-leg', 'right-leg'],
      now_wall: NOW + 25 * HOUR,
    }
    const refusals = gateRefusals(verdict, facts)
    for (const { text, action } of refusals)
      expect([text, action]).toEqual([expect.stringMatching(/\.$/u), expect.stringMatching(/^[A-Z].*\.$/u)])
    expect(refusals.map(refusal => refusal.id)).toEqual([
      'GATE-RESULT',
      'GATE-EXPIRED',
      'GATE-OLD',
      'GATE-SIGNER',
      'GATE-PERSON',
      'GATE-SERIAL',
      'GATE-LIMB',
      'GATE-ONE-SIDE',
      'GATE-SYSTOLIC',
      'GATE-DIASTOLIC',
      'GATE-BP-AGE',
    ])
  })

  test('a value that is not a number never opens the gate', () => {
    const none = Number.NaN
    expect(ask({}, { now_wall: none })).toEqual(['GATE-EARLY', 'GATE-EXPIRED', 'GATE-OLD', 'GATE-BP-AGE'])
    expect(ask({ issued_wall: none })).toEqual(['GATE-EARLY', 'GATE-OLD'])
    expect(ask({ expires_wall: none })).toEqual(['GATE-EXPIRED'])
    expect(ask({ serial: none })).toEqual(['GATE-SERIAL'])
    expect(ask({}, { newestSerialSeen: none })).toEqual(['GATE-SERIAL'])
    expect(ask(pressure(none, none, none))).toEqual(['GATE-SYSTOLIC', 'GATE-FLOOR', 'GATE-DIASTOLIC', 'GATE-BP-AGE'])
  })

  test('a file is refused for what the clock alone decides, whoever it is for and whatever it says', () => {
    const refused: Verdict = { ...VERDICT, result: 'refuse', signer: 'simulator', limbs: [], needs_test: true }
    const ids = (now_wall: number, verdict = refused) => timeRefusals(verdict, now_wall).map(({ id }) => id)
    expect(ids(NOW)).toEqual([])
    expect(ids(NOW - 60_001)).toEqual(['GATE-EARLY'])
    expect(ids(NOW + HOUR)).toEqual(['GATE-EXPIRED'])
    expect(ids(NOW + 24 * HOUR)).toEqual(['GATE-EXPIRED', 'GATE-OLD'])
    expect(ids(Number.NaN)).toEqual(['GATE-EARLY', 'GATE-EXPIRED', 'GATE-OLD'])
  })

  test('each refusal says what is wrong, with its number and its source, and what to do now', () => {
    const none = Number.NaN
    const past = { lockedUntil_wall: NOW + 1, unwellAt_wall: NOW }
    const said = [
      ...gateRefusals(undefined, FACTS),
      ...gateRefusals({ ...VERDICT, result: 'refuse', ...pressure(none, none, none) }, { ...FACTS, past }),
      ...gateRefusals({ ...VERDICT, ...clearedBy({ issued_wall: none, expires_wall: none }) }, FACTS),
      ...gateRefusals({ ...VERDICT, result: 'needs-clinician', needs_test: true, one_side_only: true }, FACTS),
      ...gateRefusals(
        { ...VERDICT, signer: 'simulator', serial: 1, limbs: [] },
        { ...FACTS, now_wall: none, person: '' },
      ),
      ...gateRefusals(VERDICT, { ...FACTS, simulatedUnit: true }),
    ]
    expect(Object.fromEntries(said.map(({ id, text, action }) => [id, [text, action]]))).toEqual(WORDS)
  })

  test('time only ever closes the gate: once shut it does not open by waiting, after it was issued', () => {
    const wait = fc.nat(48 * HOUR)
    fc.assert(
      fc.property(wait, wait, fc.subarray([...LIMB_NAMES]), (first, more, limbs) => {
        const shut = ask({}, { limbs, now_wall: NOW + first })
        expect(ask({}, { limbs, now_wall: NOW + first + more })).toEqual(expect.arrayContaining(shut))
      }),
    )
  })
})

/** Issued `hours` ago with a reading of now: only the age of the verdict is wrong. */
function later(hours: number): Partial<Verdict> {
  return { issued_wall: NOW - hours * HOUR }
}

const AGAIN = 'Have the person screened again.'
const MEASURE = 'Do not start. Measure again at rest, and have the person screened again.'
/** What the operator reads: what is wrong, and what to do now. */
const WORDS: Record<string, readonly [string, string]> = {
  'GATE-NO-VERDICT': ['there is no verdict for this person.', 'Have the person screened.'],
  'GATE-RESULT': ['the screening refused this person.', 'Do not start. Ask a specialist or a medical institution.'],
  'GATE-CLINICIAN': [
    'the screening leaves the decision to a clinician.',
    'Do not start. Have a clinician decide, and sign a clearance (cuffpilot verdict clear).',
  ],
  'GATE-TEST': [
    'the screening asks for an exercise tolerance test first.',
    'Have the test done and judged by a doctor, and the person screened again.',
  ],
  'GATE-CLEARANCE-EARLY': [
    "the clinician's clearance was issued in the future: a clock is wrong.",
    "Set the clocks of this computer and of the clinician's.",
  ],
  'GATE-CLEARANCE-EXPIRED': ["the clinician's clearance has expired.", 'Ask the clinician again.'],
  'GATE-EARLY': [
    'the verdict was issued in the future: a clock is wrong.',
    'Set the clocks of this computer and of the screening station.',
  ],
  'GATE-EXPIRED': ['the verdict has expired.', AGAIN],
  'GATE-OLD': ['the verdict is older than 24 hours, whatever it says itself.', AGAIN],
  'GATE-SIGNER': [
    'the verdict was signed by a simulator, and this unit is real.',
    'Have the person screened at a screening station.',
  ],
  'GATE-SIMULATED': [
    'the verdict is about a person, and this unit is simulated: nothing that nobody felt may count for them.',
    'Use a verdict for simulated units (cuffpilot verdict example).',
  ],
  'GATE-PERSON': [
    'the verdict is for another person.',
    'Ask the person who they are, and take the verdict made for them.',
  ],
  'GATE-SERIAL': ['a newer verdict for this person has been seen.', 'Take the newest one.'],
  'GATE-LOCKED': [
    'a venous injury was noted, and 9 weeks without training are not over (Nakajima, Morita, Sato 2011, Section I.6).',
    'Do not start. "cuffpilot ledger show" tells until when.',
  ],
  'GATE-UNWELL': [
    'the person felt bad in a session, or after one, since the verdict was made (Nakajima, Morita, Sato 2011, Point 7.12).',
    AGAIN,
  ],
  'GATE-LIMB': [
    'the verdict does not allow every limb of this session.',
    'Move the cuff to a limb that it allows, or have the person screened for this one.',
  ],
  'GATE-ONE-SIDE': ['the verdict allows one side only.', 'Take the cuff off the other side.'],
  'GATE-SYSTOLIC': ['the systolic blood pressure is not below 160 mmHg.', MEASURE],
  'GATE-FLOOR': ['the systolic blood pressure is below the floor that the screener set for this person.', MEASURE],
  'GATE-DIASTOLIC': ['the diastolic blood pressure is not below 95 mmHg.', MEASURE],
  'GATE-BP-AGE': ['the blood pressure was measured more than 2 hours ago.', MEASURE],
}
