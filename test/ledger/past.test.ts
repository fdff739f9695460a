import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gateRefusals } from '../../machines/gate.ts'
import { LIMB_NAMES, LIMITS } from '../../machines/limits.ts'
import { AFTER, type AfterNote, ENDS, type Past, type PastSession, pastAt } from '../../machines/past.ts'
import { capBound, targetBound } from '../../machines/planBounds.ts'
import { compile } from '../../src/programs/compile.ts'
import { cuffsFor } from '../../src/programs/cuffs.ts'
import { program, training, verdict } from '../programs/helpers.ts'
import { codeOf } from '../verdict/helpers.ts'
import { session as anySessionOf, DAY, FIRST, HOUR, MINUTE, NOW, note } from './helpers.ts'

const arms = cuffsFor(['left-arm', 'right-arm'])
const legs = cuffsFor(['left-leg'])
const at = (sessions: PastSession[], notes: AfterNote[] = [], now = NOW) => pastAt(sessions, notes, now)
const target = (past: Past, cuffs = arms, change = {}) => targetBound(cuffs[0]!, { past, verdict: verdict(change) })

test('of a person who never trained here nothing is known, and nothing held against them', () => {
  expect(at([])).toStrictEqual(FIRST)
})

test('in which order the sessions stand says nothing', () => {
  const sessions = [3, 2, 1].map(days => anySessionOf({ began_wall: NOW - days * DAY, highest_mmHg: 60 + days }))
  const [first, second, third] = sessions as [PastSession, PastSession, PastSession]
  for (const order of [
    [third, second, first],
    [second, third, first],
    [third, first, second],
  ])
    expect(at(order)).toStrictEqual(at(sessions))
  expect(at(sessions).lastMax_mmHg).toEqual({ arm: 61 })
})

test.each([
  [DAY, { arm: 70 }],
  [DAY - 1, {}],
])('a session that began %i ms ago belongs to the days before: %j (LIM-DAY)', (ago, base) => {
  expect(at([anySessionOf({ began_wall: NOW - ago, highest_mmHg: 70 })]).dayBase_mmHg).toEqual(base)
})

test.each([
  ['arm', 'leg'],
  ['leg', 'arm'],
] as const)('a bad session of one kind (%s) is kept in mind after a good one of the other', (kind, other) => {
  const bad = anySessionOf({ limbs: [`left-${kind}`], began_wall: NOW - 2 * DAY, ended: 'symptom' })
  const good = anySessionOf({ limbs: [`left-${other}`] })
  expect(at([bad, good]).lastWentBadly).toEqual({ arm: kind === 'arm', leg: kind === 'leg' })
})

test('what was noted of one session is not held against a later one', () => {
  const [before, last] = [anySessionOf({ began_wall: NOW - 2 * DAY }), anySessionOf()]
  const noted = (of: PastSession) => at([before, last], [note({ session: of.session, wellbeing: 'bad' })]).lastWentBadly
  expect([noted(before).arm, noted(last).arm]).toEqual([false, true])
})

describe('REQ-DAY (Point 7.11): all sessions of 24 hours together keep the time of one', () => {
  const used = (began_wall: number, now = NOW) => at([anySessionOf({ began_wall })], [], now).used_ms.arm

  test.each<[string, number, number]>([
    ['an hour ago', NOW - HOUR, 5 * MINUTE],
    ['just now', NOW, 5 * MINUTE],
    ['exactly 24 h ago', NOW - DAY, 5 * MINUTE],
    ['24 h and 2 min ago, for the 3 min within the day', NOW - DAY - 2 * MINUTE, 3 * MINUTE],
    ['ended 24 h ago less 1 ms', NOW - DAY - 5 * MINUTE + 1, 1],
    ['ended exactly 24 h ago (LIM-DAY)', NOW - DAY - 5 * MINUTE, 0],
    ['tomorrow, by a clock that was set back since', NOW + DAY, 5 * MINUTE],
  ])('a session of 5 min that began %s counts', (_, began_wall, ms) => {
    expect(used(began_wall)).toBe(ms)
  })

  test('sessions add up, arms and legs apart', () => {
    const sessions = [
      anySessionOf(),
      anySessionOf({ used_ms: 2 * MINUTE }),
      anySessionOf({ limbs: ['left-leg'], used_ms: MINUTE }),
    ]
    expect(at(sessions).used_ms).toEqual({ arm: 7 * MINUTE, leg: MINUTE })
  })

  test.each([
    ['arms', arms, 'LIM-DAY-ARM', 5 * MINUTE],
    ['legs', legs, 'LIM-DAY-LEG', 10 * MINUTE],
  ] as const)(
    'what is left of the day ends the session of %s, and never more than the session limit',
    (_, cuffs, id, left_ms) => {
      const past = at([anySessionOf(), anySessionOf({ limbs: ['right-leg'] })])
      expect(capBound(cuffs, { past })).toMatchObject({ id, value: left_ms, name: 'the time left of the rolling day' })
      expect(capBound(cuffs, { past: FIRST })).toEqual(capBound(cuffs, {}))
    },
  )

  test('a program that does not fit in the time left is refused, and the bound is named with its source', () => {
    const past = at([anySessionOf({ used_ms: 9 * MINUTE })])
    const low = program({ steps: training({ arm_mmHg: 60, leg_mmHg: 60 }) })
    expect(codeOf(() => compile(low, { cuffs: arms, past: FIRST }))).toBe('accepted')
    expect(codeOf(() => compile(low, { cuffs: arms, past }))).toBe('CP-LIM-DAY-ARM')
    expect(() => compile(low, { cuffs: arms, past })).toThrow(/60 s, the time left of the rolling day \(.*Point 7\.11/)
  })

  test('a day that is used up leaves nothing, and never less', () => {
    expect(capBound(arms, { past: at([anySessionOf({ used_ms: 20 * MINUTE })]) }).value).toBe(0)
  })
})

describe('REQ-PROGRESS (Point 7.5): never too eager from one session to the next', () => {
  const session = (change: Partial<PastSession> = {}) => anySessionOf({ began_wall: NOW - 2 * DAY, ...change })

  test.each([
    ['arms', arms, 80],
    ['legs', legs, 100],
  ] as const)(
    'a first session with %s goes to %3$i mmHg, also of a person who knows the other limbs',
    (_, cuffs, most) => {
      const other = session({ limbs: cuffs === arms ? ['left-leg'] : ['left-arm'], highest_mmHg: 150 })
      for (const past of [FIRST, at([other])])
        expect(target(past, cuffs)).toMatchObject({ id: 'LIM-FIRST-MAX', value: most })
    },
  )

  test('a program beyond it is refused, and the bound is named', () => {
    const code = (past: Past) => codeOf(() => compile(program(), { cuffs: arms, past }))
    expect(code(FIRST)).toBe('CP-LIM-FIRST-MAX')
    expect(code(at([session({ highest_mmHg: 79 })]))).toBe('CP-LIM-STEP-UP')
    expect(code(at([session({ highest_mmHg: 80 })]))).toBe('accepted')
    expect(code(at([session({ highest_mmHg: 80, ended: 'symptom' })]))).toBe('CP-LIM-NO-STEP-UP')
  })

  test('after a session that went well, 20 mmHg more than its highest', () => {
    expect(target(at([session({ highest_mmHg: 60 })]))).toMatchObject({ id: 'LIM-STEP-UP', value: 80 })
    const raised = [session({ highest_mmHg: 90, began_wall: NOW - 3 * DAY }), session({ highest_mmHg: 50 })]
    expect(target(at(raised)).value).toBe(70)
  })

  test.each<[string, number[], string, number]>([
    ['a first day', [60], 'LIM-FIRST-MAX', 80],
    ['a first day that began low', [50], 'LIM-STEP-UP', 70],
    ['a first day of three sessions', [50, 70, 80], 'LIM-FIRST-MAX', 80],
  ])('%s stays a first session, and takes no step beyond it', (_, reached, id, value) => {
    const today = reached.map((highest_mmHg, i) => session({ highest_mmHg, began_wall: NOW - (9 - i) * HOUR }))
    expect(target(at(today))).toMatchObject({ id, value })
  })

  test.each<[string, number[], number]>([
    ['none yet', [], 120],
    ['one that took the step', [120], 120],
    ['three', [110, 115, 120], 120],
    ['a gentler one', [80], 100],
  ])('however many sessions a day has, they take one step up together: %s', (_, reached, value) => {
    const today = reached.map((highest_mmHg, i) => session({ highest_mmHg, began_wall: NOW - (9 - i) * HOUR }))
    const all = [session({ highest_mmHg: 100 }), ...today]
    expect(target(at(all))).toMatchObject({ id: 'LIM-STEP-UP', value })
    expect(
      target(at([...all, session({ highest_mmHg: 120, ended: 'symptom', began_wall: NOW - HOUR })])),
    ).toMatchObject({
      id: 'LIM-NO-STEP-UP',
      value: 100,
    })
  })

  test.each<[string, Partial<PastSession>, Partial<AfterNote>]>([
    ['a symptom ended', { ended: 'symptom' }, {}],
    ['after which the person felt bad', {}, { wellbeing: 'bad' }],
  ])('a session that reached no target takes back nothing of one that %s', (_, how, noted) => {
    const bad = session({ session: 's', highest_mmHg: 80, began_wall: NOW - 2 * DAY, ...how })
    const none = session({ highest_mmHg: 0, ended: 'released', began_wall: NOW - DAY })
    expect(target(at([bad, none], [note(noted)]))).toMatchObject({ id: 'LIM-NO-STEP-UP', value: 80 })
  })

  test('a session whose cuffs reached no target says nothing of how far one may go', () => {
    const none = session({ highest_mmHg: 0, began_wall: NOW - DAY })
    expect(target(at([none])).id).toBe('LIM-FIRST-MAX')
    expect(target(at([session({ highest_mmHg: 90 }), none])).value).toBe(110)
  })

  const today = session({ highest_mmHg: 90, began_wall: NOW - HOUR })
  test.each<[string, PastSession[], Parameters<typeof verdict>[0], string]>([
    ['no session', [], {}, 'the maximum of a first day with arms'],
    ['one', [session()], {}, 'the step up of 20 from the 60 mmHg of the session before'],
    [
      'one, with less allowed by the verdict',
      [session()],
      { step_up_max_mmHg: 5 },
      "the verdict's step up of 5 from the 60 mmHg of the session before",
    ],
    [
      'one, and a harder one today',
      [session({ highest_mmHg: 70 }), today],
      {},
      'the step up of 20 from the 70 mmHg of the last session before this day',
    ],
    [
      'one, and one as hard today',
      [session({ highest_mmHg: 90 }), today],
      {},
      'the step up of 20 from the 90 mmHg of the session before',
    ],
    ['one that went badly', [session({ ended: 'fault' })], {}, 'no step up after a session that went badly'],
  ])('what binds is named, with the session that it is counted from: after %s', (_, before, change, name) => {
    expect(target(at(before), arms, change).name).toBe(name)
  })

  test("the verdict's step up binds where it is lower", () => {
    const past = at([session({ highest_mmHg: 60 })])
    expect(target(past, arms, { step_up_max_mmHg: 5 })).toMatchObject({ id: 'LIM-VERDICT-STEP-UP', value: 65 })
    expect(target(past, arms, { step_up_max_mmHg: 50 })).toMatchObject({ id: 'LIM-STEP-UP', value: 80 })
  })

  test.each<[string, Partial<PastSession>, Partial<AfterNote>?]>([
    ['a symptom ended', { ended: 'symptom' }],
    ['a fault ended', { ended: 'fault' }],
    ['whose end nobody saw', { ended: 'unknown' }],
    ['after which petechiae were many', {}, { petechiae: 'much' }],
    ['after which numbness stayed', {}, { numbness: 'stays' }],
    ['after which the person felt bad', {}, { wellbeing: 'bad' }],
    ['that injured a vein', {}, { venous_injury: 'yes' }],
  ])('after a session %s: no step up', (_, change, noted) => {
    const last = session({ session: 's', highest_mmHg: 60, ...change })
    expect(target(at([last], noted ? [note(noted)] : []))).toMatchObject({ id: 'LIM-NO-STEP-UP', value: 60 })
  })

  test.each<[string, Partial<PastSession>, Partial<AfterNote>?]>([
    ['that the operator released', { ended: 'released' }],
    ['that the unit interrupted', { ended: 'interrupted' }],
    ['after which there were some petechiae', {}, { petechiae: 'some' }],
    ['after which numbness was gone', {}, { numbness: 'gone' }],
  ])('after a session %s: a step up', (_, change, noted) => {
    const last = session({ session: 's', highest_mmHg: 60, ...change })
    expect(target(at([last], noted ? [note(noted)] : [])).value).toBe(80)
  })

  test('a later note that all is well takes nothing back', () => {
    const notes = [note({ numbness: 'stays' }), note({ noted_wall: NOW, numbness: 'none' })]
    expect(target(at([session({ session: 's' })], notes)).id).toBe('LIM-NO-STEP-UP')
  })

  test('a bad session holds back the other limbs in the next session, and its own until one went well', () => {
    const bad = session({ ended: 'symptom', began_wall: NOW - 50 * HOUR })
    const leg = session({ limbs: ['left-leg'], began_wall: NOW - 51 * HOUR })
    expect(target(at([leg, bad]), legs).id).toBe('LIM-NO-STEP-UP')
    const since = [leg, bad, session({ limbs: ['left-leg'], began_wall: NOW - 49 * HOUR })]
    expect(target(at(since), legs).id).toBe('LIM-STEP-UP')
    expect(target(at(since), arms).id).toBe('LIM-NO-STEP-UP')
    expect(target(at([...since, session()]), arms).id).toBe('LIM-STEP-UP')
  })

  test('of a session whose end nobody saw, its plan is not taken for what was reached', () => {
    const crash = session({ ended: 'unknown', highest_mmHg: 120 })
    expect(target(at([crash])).value).toBe(80)
    expect(target(at([session({ began_wall: NOW - 3 * DAY, highest_mmHg: 110 }), crash])).value).toBe(110)
    expect(target(at([session({ began_wall: NOW - 3 * DAY, highest_mmHg: 130 }), crash])).value).toBe(120)
  })
})

describe('REQ-UNWELL (Point 7.12): who felt bad in a session, or after one, is screened again before the next', () => {
  const ids = (past: Past, issued_wall: number) => {
    const blood_pressure = { ...verdict().blood_pressure, measured_wall: NOW }
    const fresh = verdict({ issued_wall, expires_wall: NOW + HOUR, blood_pressure })
    const facts = { limbs: ['left-arm'] as const, simulatedUnit: false, now_wall: NOW, newestSerialSeen: 0, past }
    return gateRefusals(fresh, { person: 'salt:hash', ...facts }).map(one => one.id)
  }
  const ended = (how: PastSession['ended']) =>
    anySessionOf({ session: 's', ended: how, began_wall: NOW - HOUR, used_ms: 5 * MINUTE })
  const END = NOW - HOUR + 5 * MINUTE

  test.each([
    ['before the session ended', END, ['GATE-UNWELL']],
    ['after it', END + 1, []],
  ])('a symptom ended it, and the verdict was made %s: %3$j', (_, issued, refused) => {
    expect(ids(at([ended('symptom')]), issued)).toEqual(refused)
  })

  test.each<[string, Partial<AfterNote>, string[]]>([
    ['petechiae were many', { petechiae: 'much' }, ['GATE-UNWELL']],
    ['numbness stayed', { numbness: 'stays' }, ['GATE-UNWELL']],
    ['the person felt bad', { wellbeing: 'bad' }, ['GATE-UNWELL']],
    ['there were some petechiae', { petechiae: 'some' }, []],
    ['all was well', {}, []],
  ])('%s after it: %3$j', (_, change, refused) => {
    const past = at([ended('completed')], [note({ ...change, noted_wall: NOW - 1 })])
    expect(ids(past, NOW - 1)).toEqual(refused)
    expect(ids(past, NOW)).toEqual([])
  })

  test.each(['completed', 'released', 'interrupted', 'fault'] as const)(
    'a session that ended %s asks for no new verdict',
    how => {
      expect(ids(at([ended(how)]), END - 1)).toEqual([])
    },
  )
})

test('the last time that the person felt bad is the one that counts', () => {
  const notes = [NOW - 3, NOW - 1, NOW - 2].map(noted_wall => note({ wellbeing: 'bad', noted_wall }))
  expect(at([], notes).unwellAt_wall).toBe(NOW - 1)
})

describe('REQ-LOCK (Section I.6): a venous injury locks the person out for nine weeks', () => {
  const injured = (ago: number) => at([], [note({ venous_injury: 'yes', noted_wall: NOW - ago })])
  const refused = (past: Past, now_wall = NOW) => {
    const facts = {
      person: 'salt:hash',
      limbs: ['left-arm'] as const,
      simulatedUnit: false,
      now_wall,
      newestSerialSeen: 0,
    }
    const fresh = {
      issued_wall: NOW,
      expires_wall: NOW + HOUR,
      blood_pressure: { ...verdict().blood_pressure, measured_wall: NOW },
    }
    return gateRefusals(verdict(fresh), { ...facts, past }).map(one => one.id)
  }

  test.each([
    ['noted just now', 0, ['GATE-LOCKED', 'GATE-UNWELL']],
    ['noted 62 days ago', 62 * DAY, ['GATE-LOCKED']],
    ['noted 63 days ago less 1 ms', 63 * DAY - 1, ['GATE-LOCKED']],
    ['noted 63 days ago', 63 * DAY, []],
    ['noted tomorrow, by a clock that was set back since', -DAY, ['GATE-LOCKED', 'GATE-UNWELL']],
  ] as const)('%s: %3$j', (_, ago, ids) => {
    expect(refused(injured(ago))).toEqual(ids)
  })

  test('two injuries lock until the later one is over, and "no" or "unknown" afterwards lifts nothing', () => {
    const notes = [
      note({ venous_injury: 'yes', noted_wall: NOW - 10 * DAY }),
      note({ venous_injury: 'yes', noted_wall: NOW - 40 * DAY }),
      note({ venous_injury: 'no', noted_wall: NOW - DAY }),
    ]
    expect(at([], notes).lockedUntil_wall).toBe(NOW + 53 * DAY)
    expect(LIMITS.venousLock.value).toBe(63 * DAY)
  })

  test('a time that is no number keeps a locked gate shut', () => {
    expect(refused(injured(63 * DAY), Number.NaN)).toContain('GATE-LOCKED')
  })
})

const wall = fc.integer({ min: NOW - 100 * DAY, max: NOW + DAY })
const names = ['s1', 's2', 's3']
const anySession: fc.Arbitrary<PastSession> = fc.record({
  session: fc.constantFrom(...names),
  began_wall: fc.oneof(wall, fc.integer({ min: NOW - DAY - HOUR, max: NOW })),
  limbs: fc.constantFrom(...LIMB_NAMES).map(limb => [limb]),
  used_ms: fc.integer({ min: 0, max: 1_200_000 }),
  highest_mmHg: fc.integer({ min: 20, max: 250 }),
  ended: fc.constantFrom(...ENDS),
})
const anyNote: fc.Arbitrary<AfterNote> = fc.record({
  session: fc.constantFrom(...names),
  noted_wall: wall,
  petechiae: fc.constantFrom(...AFTER.petechiae),
  numbness: fc.constantFrom(...AFTER.numbness),
  wellbeing: fc.constantFrom(...AFTER.wellbeing),
  venous_injury: fc.constantFrom(...AFTER.venous_injury),
})
const anySessions = fc.array(anySession, { maxLength: 6 })
const anyNotes = fc.array(anyNote, { maxLength: 4 })
const limb = fc.constantFrom(...LIMB_NAMES)
const bad = (one: PastSession) => ['symptom', 'fault', 'unknown'].includes(one.ended)

describe('property: no ledger entry ever raises a bound', () => {
  test('whatever stands in it, every bound is at most what it is without a ledger, and none is no number', () => {
    fc.assert(
      fc.property(anySessions, anyNotes, limb, (sessions, notes, name) => {
        const [cuffs, past] = [cuffsFor([name]), at(sessions, notes)]
        expect(targetBound(cuffs[0]!, { past }).value).toBeLessThanOrEqual(targetBound(cuffs[0]!, {}).value)
        expect(capBound(cuffs, { past }).value).toBeLessThanOrEqual(capBound(cuffs, {}).value)
        expect(Number.isInteger(capBound(cuffs, { past }).value)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  test('one session more never gives more time, and one note more never a higher target or a shorter lock-out', () => {
    fc.assert(
      fc.property(anySessions, anyNotes, anySession, anyNote, limb, (sessions, notes, one, more, name) => {
        const cuffs = cuffsFor([name])
        const [before, longer, noted] = [
          at(sessions, notes),
          at([...sessions, one], notes),
          at(sessions, [...notes, more]),
        ]
        expect(capBound(cuffs, { past: longer }).value).toBeLessThanOrEqual(capBound(cuffs, { past: before }).value)
        const most = (past: Past) => targetBound(cuffs[0]!, { past }).value
        expect(most(noted)).toBeLessThanOrEqual(most(before))
        expect(noted.lockedUntil_wall ?? 0).toBeGreaterThanOrEqual(before.lockedUntil_wall ?? 0)
      }),
      { numRuns: 2_000 },
    )
  })

  test('a target rises by one step at most, and by none after a session that went badly', () => {
    fc.assert(
      fc.property(anySessions, anyNotes, anySession, limb, (sessions, notes, one, name) => {
        const cuff = cuffsFor([name])[0]!
        const most = (past: Past) => targetBound(cuff, { past }).value
        const last = { ...one, session: 'last', began_wall: NOW + 2 * DAY }
        const [before, after] = [at(sessions, notes), at([...sessions, last], notes)]
        // What was planned kept the bounds of its day, as every plan does.
        fc.pre(last.limbs[0]!.slice(-3) !== name.slice(-3) || last.highest_mmHg <= most(before))
        expect(most(after)).toBeLessThanOrEqual(most(before) + (bad(last) ? 0 : 20))
      }),
      { numRuns: 2_000 },
    )
  })
})
