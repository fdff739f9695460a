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
import { DAY, FIRST, HOUR, MINUTE, NOW, note, session } from './helpers.ts'

const arms = cuffsFor(['left-arm', 'right-arm'])
const legs = cuffsFor(['left-leg'])
const at = (sessions: PastSession[], notes: AfterNote[] = [], now = NOW) => pastAt(sessions, notes, now)
const target = (past: Past, cuffs = arms, change = {}) => targetBound(cuffs[0]!, { past, verdict: verdict(change) })

describe('REQ-DAY (Point 7.11): all sessions of 24 hours together keep the time of one', () => {
  const used = (began_wall: number, now = NOW) => at([session({ began_wall })], [], now).used_ms.arm

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
    const sessions = [session(), session({ used_ms: 2 * MINUTE }), session({ limbs: ['left-leg'], used_ms: MINUTE })]
    expect(at(sessions).used_ms).toEqual({ arm: 7 * MINUTE, leg: MINUTE })
  })

  test.each([
    ['arms', arms, 'LIM-DAY-ARM', 5 * MINUTE],
    ['legs', legs, 'LIM-DAY-LEG', 10 * MINUTE],
  ] as const)(
    'what is left of the day ends the session of %s, and never more than the session limit',
    (_, cuffs, id, left_ms) => {
      const past = at([session(), session({ limbs: ['right-leg'] })])
      expect(capBound(cuffs, { past })).toMatchObject({ id, value: left_ms, name: 'the time left of the rolling day' })
      expect(capBound(cuffs, { past: FIRST })).toEqual(capBound(cuffs, {}))
    },
  )

  test('a program that does not fit in the time left is refused, and the bound is named with its source', () => {
    const past = at([session({ used_ms: 9 * MINUTE })])
    const low = program({ steps: training({ arm_mmHg: 60, leg_mmHg: 60 }) })
    expect(codeOf(() => compile(low, { cuffs: arms, past: FIRST }))).toBe('accepted')
    expect(codeOf(() => compile(low, { cuffs: arms, past }))).toBe('CP-LIM-DAY-ARM')
    expect(() => compile(low, { cuffs: arms, past })).toThrow(/60 s, the time left of the rolling day \(.*Point 7\.11/)
  })

  test('a day that is used up leaves nothing, and never less', () => {
    expect(capBound(arms, { past: at([session({ used_ms: 20 * MINUTE })]) }).value).toBe(0)
  })
})

describe('REQ-PROGRESS (Point 7.5): never too eager from one session to the next', () => {
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
    const raised = [session({ highest_mmHg: 90, began_wall: NOW - DAY }), session({ highest_mmHg: 50 })]
    expect(target(at(raised)).value).toBe(70)
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
    const bad = session({ ended: 'symptom', began_wall: NOW - 3 * HOUR })
    const leg = session({ limbs: ['left-leg'], began_wall: NOW - 4 * HOUR })
    expect(target(at([leg, bad]), legs).id).toBe('LIM-NO-STEP-UP')
    const since = [leg, bad, session({ limbs: ['left-leg'], began_wall: NOW - 2 * HOUR })]
    expect(target(at(since), legs).id).toBe('LIM-STEP-UP')
    expect(target(at(since), arms).id).toBe('LIM-NO-STEP-UP')
    expect(target(at([...since, session()]), arms).id).toBe('LIM-STEP-UP')
  })

  test('of a session whose end nobody saw, its plan is not taken for what was reached', () => {
    const crash = session({ ended: 'unknown', highest_mmHg: 120 })
    expect(target(at([crash])).value).toBe(80)
    expect(target(at([session({ began_wall: NOW - DAY, highest_mmHg: 110 }), crash])).value).toBe(110)
    expect(target(at([session({ began_wall: NOW - DAY, highest_mmHg: 130 }), crash])).value).toBe(120)
  })
})

describe('REQ-LOCK (Section I.6): a venous injury locks the person out for nine weeks', () => {
  const injured = (ago: number) => at([], [note({ venous_injury: 'yes', noted_wall: NOW - ago })])
  const refused = ({ lockedUntil_wall }: Past, now_wall = NOW) => {
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
    return gateRefusals(verdict(fresh), { ...facts, lockedUntil_wall }).map(one => one.id)
  }

  test.each([
    ['noted just now', 0, ['GATE-LOCKED']],
    ['noted 62 days ago', 62 * DAY, ['GATE-LOCKED']],
    ['noted 63 days ago less 1 ms', 63 * DAY - 1, ['GATE-LOCKED']],
    ['noted 63 days ago', 63 * DAY, []],
    ['noted tomorrow, by a clock that was set back since', -DAY, ['GATE-LOCKED']],
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
