import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gateRefusals } from '../../machines/gate.ts'
import { LIMB_NAMES } from '../../machines/limits.ts'
import type { Verdict } from '../../machines/verdict.ts'
import type { VerdictBody } from '../../src/verdict/body.ts'
import {
  type ClearanceBody,
  clearanceOf,
  cleared,
  type Decision,
  openClearance,
  signClearance,
} from '../../src/verdict/clearance.ts'
import { openVerdict, signVerdict } from '../../src/verdict/file.ts'
import { BODY, codeOf, keyPair, NOW } from './helpers.ts'

const station = keyPair('screening')
const clinician = keyPair('clinician')
const simulator = keyPair('simulator')
const trust = [station, clinician, simulator].map(one => one.trusted)
const DECISION: Decision = { clinician: 'Dr. B. Mori, 12345', reason: 'stable for a year' }

const LEFT_OPEN: VerdictBody = {
  ...BODY,
  signer: 'screening',
  result: 'needs-clinician',
  limits: { arm_max_mmHg: 80, session_max_ms: 300_000, systolic_floor_mmHg: 95 },
  rules: [{ id: 'P3-HEART', effect: 'clinician', source: 'Point 5' }],
}
const signed = (change: Partial<VerdictBody> = {}, by = station) =>
  signVerdict({ ...LEFT_OPEN, ...change }, by.privateKey)
const VERDICT = signed()
const OPENED = openVerdict(VERDICT, trust)
const BODY_OF = clearanceOf(OPENED, VERDICT, DECISION, NOW)
const clearance = (change: Partial<ClearanceBody> = {}, by = clinician) =>
  signClearance({ ...BODY_OF, ...change }, by.privateKey)
const GOOD = clearance()

/** The verdict as the machine gets it, with its clearance. */
const loaded = (file: Uint8Array = GOOD, verdict = VERDICT): Verdict =>
  cleared(openVerdict(verdict, trust), verdict, openClearance(file, trust))
const FACTS = {
  person: OPENED.verdict.person,
  limbs: ['left-arm'] as const,
  simulatedUnit: false,
  now_wall: NOW,
  newestSerialSeen: 0,
}
const asked = (verdict: Verdict, facts: Partial<typeof FACTS> = {}) =>
  gateRefusals(verdict, { ...FACTS, ...facts }).map(refusal => refusal.id)

describe("REQ-CLEARANCE: only a clinician's own signature opens what the screening left to a clinician", () => {
  test('without it the gate is shut, with it open, and the clinician is named', () => {
    expect(asked(OPENED.verdict)).toEqual(['GATE-CLINICIAN'])
    expect(asked(loaded())).toEqual([])
    expect(loaded().clearance).toMatchObject({ ...DECISION, keyId: clinician.trusted.key_id })
  })

  const REFUSED: [string, string, () => unknown][] = [
    ['signed by the screening station', 'CP-CLEARANCE-ROLE', () => loaded(clearance({}, station))],
    ['signed by a simulator', 'CP-CLEARANCE-ROLE', () => loaded(clearance({}, simulator))],
    ['signed by a key that nobody trusts', 'CP-CLEARANCE-KEY', () => loaded(clearance({}, keyPair('clinician')))],
    ['of another verdict', 'CP-CLEARANCE-VERDICT', () => loaded(GOOD, signed({ serial: BODY.serial + 1 }))],
    [
      'of another person',
      'CP-CLEARANCE-PERSON',
      () => loaded(clearance({ person: { ...BODY.person, hash: '0'.repeat(64) } })),
    ],
    ['a verdict in its place', 'CP-CLEARANCE-SIGNATURE', () => loaded(VERDICT)],
    ['in place of a verdict', 'CP-VERDICT-SIGNATURE', () => openVerdict(GOOD, trust)],
    ['signed as a verdict by the clinician', 'CP-VERDICT-ROLE', () => openVerdict(signed({}, clinician), trust)],
    [
      'of a refusal',
      'CP-CLEARANCE-RESULT',
      () => clearanceOf(openVerdict(signed({ result: 'refuse' }), trust), VERDICT, DECISION, NOW),
    ],
    [
      'of an acceptance',
      'CP-CLEARANCE-RESULT',
      () => clearanceOf(openVerdict(signed({ result: 'accept' }), trust), VERDICT, DECISION, NOW),
    ],
    [
      'while a test comes first',
      'CP-CLEARANCE-TEST',
      () => {
        const rules = [{ id: 'T1-CHEST', effect: 'test' as const, source: 'Table 1' }, ...LEFT_OPEN.rules]
        return clearanceOf(openVerdict(signed({ rules }), trust), VERDICT, DECISION, NOW)
      },
    ],
    [
      'with a field of its own',
      'CP-CLEARANCE-FIELD',
      () => signClearance({ ...BODY_OF, ...{ more: 1 } } as ClearanceBody, clinician.privateKey),
    ],
    [
      'that raises a pressure beyond any limit',
      'CP-CLEARANCE-VALUE',
      () => clearance({ limits: { arm_max_mmHg: 201 } }),
    ],
  ]
  test.each(REFUSED)('%s: %s', (_, code, act) => {
    expect(codeOf(act)).toBe(code)
  })

  test('a test that comes first keeps the gate shut even if somebody put a clearance beside the verdict', () => {
    const { clearance } = loaded()
    expect(asked({ ...OPENED.verdict, needs_test: true, clearance: clearance! })).toEqual(['GATE-TEST'])
    expect(asked({ ...OPENED.verdict, result: 'refuse', clearance: clearance! })).toEqual(['GATE-RESULT'])
  })

  test('it ends with its own time, whatever the verdict says, and counts from its own time on', () => {
    const short = loaded(clearance({ expires: new Date(NOW + 60_000).toISOString() }))
    expect(asked(short, { now_wall: NOW + 59_999 })).toEqual([])
    expect(asked(short, { now_wall: NOW + 60_000 })).toEqual(['GATE-CLEARANCE-EXPIRED'])
    const later = { issued: new Date(NOW + 120_000).toISOString() }
    expect(asked(loaded(clearance(later)), { now_wall: NOW })).toEqual(['GATE-CLEARANCE-EARLY'])
  })

  test('each of the 8,192 single bit flips and every truncation of a 1 KiB clearance is refused', () => {
    const sized = (length: number) => clearance({ reason: 'x'.repeat(length), clinician: 'y'.repeat(100) })
    const bytes = Buffer.from(sized(1 + 1024 - sized(1).length))
    expect([bytes.length, codeOf(() => openClearance(bytes, trust))]).toEqual([1024, 'accepted'])
    const accepted: string[] = []
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      if (codeOf(() => openClearance(flipped, trust)) === 'accepted') accepted.push(`bit ${bit}`)
    }
    for (let length = 0; length < bytes.length; length++)
      if (codeOf(() => openClearance(bytes.subarray(0, length), trust)) === 'accepted')
        accepted.push(`length ${length}`)
    expect(accepted).toEqual([])
  })

  test('it can lower every limit of the verdict, and raise none', () => {
    const limits = {
      arm_max_mmHg: 60,
      leg_max_mmHg: 70,
      session_max_ms: 200_000,
      one_side_only: true,
      systolic_floor_mmHg: 100,
    }
    expect(loaded(clearance({ limits, limbs: ['left-arm'] }))).toMatchObject({ ...limits, limbs: ['left-arm'] })
  })

  test.each<[string, Partial<ClearanceBody>, string]>([
    ['a higher maximum', { limits: { arm_max_mmHg: 81 } }, 'LIMIT'],
    ['the same maximum', { limits: { arm_max_mmHg: 80 } }, 'accepted'],
    ['a longer session', { limits: { session_max_ms: 300_001 } }, 'LIMIT'],
    ['a lower floor', { limits: { systolic_floor_mmHg: 94 } }, 'LIMIT'],
    ['a maximum where there was none', { limits: { leg_max_mmHg: 250 } }, 'accepted'],
    ['a limb that the verdict does not allow', { limbs: ['left-arm', 'right-leg'] }, 'LIMB'],
    ['an end after the verdict', { expires: new Date(Date.parse(BODY.expires) + 1).toISOString() }, 'EXPIRES'],
  ])('%s is refused by its name, and never lowered in silence: %s', (_, change, code) => {
    expect(codeOf(() => loaded(clearance(change))).replace('CP-CLEARANCE-', '')).toBe(code)
  })

  test('both sides, where the verdict allows one, are refused', () => {
    const one = signed({ limits: { one_side_only: true } })
    const file = clearance({ verdict_sha256: shaOf(one), limits: { one_side_only: false } })
    expect(codeOf(() => loaded(file, one))).toBe('CP-CLEARANCE-LIMIT')
  })

  test.each([
    ['nobody who clears', { clinician: ' ' }],
    ['no reason', { reason: '' }],
    ['a name with a terminal command in it', { clinician: 'Dr \u001b[2J' }],
    ['a reason on two lines', { reason: 'a\nb' }],
  ])('%s: not signed, and not taken', (_, change) => {
    expect(codeOf(() => clearance(change))).toBe('CP-CLEARANCE-VALUE')
  })

  test('no clearance opens the gate for any other reason, or widens anything', () => {
    const anyLimits = fc.record(
      {
        // Few values each, so that two of them often stand in an order that is allowed.
        arm_max_mmHg: fc.constantFrom(20, 80, 200),
        leg_max_mmHg: fc.constantFrom(20, 120, 250),
        session_max_ms: fc.constantFrom(1, 300_000, 1_200_000),
        one_side_only: fc.boolean(),
        step_up_max_mmHg: fc.constantFrom(1, 10, 250),
        presence_max_ms: fc.constantFrom(10_000, 60_000, 120_000),
        systolic_floor_mmHg: fc.constantFrom(40, 95, 160),
      },
      { requiredKeys: [] },
    )
    const anyVerdict = fc.record({
      limits: anyLimits,
      limbs: fc.constantFrom<VerdictBody['limbs']>([...LIMB_NAMES], ['left-arm', 'right-arm']),
      result: fc.oneof(fc.constant('needs-clinician'), fc.constantFrom('accept', 'needs-test', 'refuse')),
    })
    const anyFacts = fc.record({
      person: fc.constantFrom(FACTS.person, 'another'),
      limbs: fc.subarray([...LIMB_NAMES]),
      now_wall: fc.integer({ min: NOW - 200_000, max: NOW + 90_000_000 }),
      newestSerialSeen: fc.constantFrom(0, BODY.serial + 1),
    })
    let taken = 0
    fc.assert(
      fc.property(
        anyVerdict,
        anyLimits,
        fc.subarray([...LIMB_NAMES], { minLength: 1 }),
        anyFacts,
        (change, limits, limbs, facts) => {
          const verdictFile = signed(change as Partial<VerdictBody>)
          const plain = openVerdict(verdictFile, trust)
          const body = { ...BODY_OF, verdict_sha256: '', limits, limbs } as ClearanceBody
          const file = clearance({ ...body, verdict_sha256: shaOf(verdictFile) })
          let both: Verdict
          try {
            both = cleared(plain, verdictFile, openClearance(file, trust))
          } catch {
            return
          }
          taken++
          expect(change.result).toBe('needs-clinician')
          const without = gateRefusals(plain.verdict, { ...FACTS, ...facts }).map(one => one.id)
          const withIt = gateRefusals(both, { ...FACTS, ...facts }).map(one => one.id)
          for (const id of without) if (id !== 'GATE-CLINICIAN') expect(withIt).toContain(id)
          for (const key of [
            'arm_max_mmHg',
            'leg_max_mmHg',
            'session_max_ms',
            'step_up_max_mmHg',
            'presence_max_ms',
          ] as const)
            if (plain.verdict[key] !== undefined) expect(both[key]!).toBeLessThanOrEqual(plain.verdict[key])
          expect(both.systolic_floor_mmHg ?? 0).toBeGreaterThanOrEqual(plain.verdict.systolic_floor_mmHg ?? 0)
          if (plain.verdict.one_side_only) expect(both.one_side_only).toBe(true)
          expect(plain.verdict.limbs).toEqual(expect.arrayContaining([...both.limbs]))
        },
      ),
      { numRuns: 1_500 },
    )
    // Enough of them were taken for this to have asked anything.
    expect(taken).toBeGreaterThan(50)
  })
})

const shaOf = (bytes: Uint8Array): string => clearanceOf(OPENED, bytes, DECISION, NOW).verdict_sha256
