import { expect, test } from 'vitest'
import { type GateFacts, gateRefusals } from '../../machines/gate.ts'
import { CuffError, EXIT } from '../../src/errors.ts'
import type { VerdictBody } from '../../src/verdict/body.ts'
import { type ClearanceBody, clearanceOf, cleared, openClearance, signClearance } from '../../src/verdict/clearance.ts'
import { openVerdict, signVerdict } from '../../src/verdict/file.ts'
import { BODY, keyPair, NOW } from './helpers.ts'

const HOUR = 3_600_000
/** What a screening station says of a person about whom a clinician has to decide. */
const TO_CLEAR: VerdictBody = { ...BODY, signer: 'screening', result: 'needs-clinician' }
const DECISION = { clinician: 'Dr. B. Mori, 12345', reason: 'stable' }
const [station, clinician, simulator, stranger] = [
  keyPair('screening'),
  keyPair('clinician'),
  keyPair('simulator'),
  keyPair('screening'),
]
const trust = [station.trusted, clinician.trusted, simulator.trusted]
const person = `${TO_CLEAR.person.salt}:${TO_CLEAR.person.hash}`
const FACTS: GateFacts = { person, limbs: ['left-arm'], simulatedUnit: false, now_wall: NOW, newestSerialSeen: NOW }

interface Case {
  verdict?: Partial<VerdictBody>
  clearance?: Partial<ClearanceBody>
  facts?: Partial<GateFacts>
  /** Who signs each of the two files. */
  by?: ReturnType<typeof keyPair>
  clearedBy?: ReturnType<typeof keyPair>
  /** What somebody did to the file of the verdict afterwards. */
  edit?: (text: string) => string
}

/** A clearance of the verdict with these bytes, whatever the verdict says. */
function written(bytes: Uint8Array, change: Partial<ClearanceBody>, by: ReturnType<typeof keyPair>) {
  const good = clearanceOf(openVerdict(signVerdict(TO_CLEAR, station.privateKey), trust), bytes, DECISION, NOW)
  return openClearance(signClearance({ ...good, ...change }, by.privateKey), trust)
}

/** The lines that a person gets for a real unit: of the files, or else of the gate. */
function answers({
  verdict,
  clearance,
  facts,
  by = station,
  clearedBy = clinician,
  edit = text => text,
}: Case): string[] {
  try {
    const signed = Buffer.from(signVerdict({ ...TO_CLEAR, ...verdict }, by.privateKey)).toString()
    const bytes = Buffer.from(edit(signed))
    const opened = openVerdict(bytes, trust)
    const asked = clearance ? cleared(opened, bytes, written(bytes, clearance, clearedBy)) : opened.verdict
    const refusals = gateRefusals(asked, { ...FACTS, ...facts })
    return refusals.map(one => new CuffError(`CP-${one.id}`, one.text, one.action, EXIT.refused).line())
  } catch (error) {
    return [(error as CuffError).line()]
  }
}

const accepted = { result: 'accept' } as const
const test_due = [{ id: 'T', effect: 'test', source: 'test' }] as VerdictBody['rules']
const iso = (ms: number) => new Date(NOW + ms).toISOString()

/** What can be wrong with a verdict or with its clearance, one thing each. */
const CASES: Record<string, [string, Case]> = {
  'an expired verdict': ['GATE-EXPIRED', { verdict: accepted, facts: { now_wall: NOW + HOUR } }],
  'a verdict from the future': ['GATE-EARLY', { verdict: accepted, facts: { now_wall: NOW - HOUR } }],
  'another person': ['GATE-PERSON', { verdict: accepted, facts: { person: 'salt:other' } }],
  'another limb': ['GATE-LIMB', { verdict: accepted, facts: { limbs: ['left-leg'] } }],
  'an older serial': ['GATE-SERIAL', { verdict: accepted, facts: { newestSerialSeen: NOW + 1 } }],
  'a result that was renamed': ['VERDICT-SIGNATURE', { edit: text => text.replace('needs-clinician', 'accept') }],
  'a verdict that was cut': ['VERDICT-FORM', { verdict: accepted, edit: text => text.slice(0, -2) }],
  'an unknown key': ['VERDICT-KEY', { verdict: accepted, by: stranger }],
  "a clinician's key under a verdict": ['VERDICT-ROLE', { verdict: accepted, by: clinician }],
  'a simulator key on a real unit': ['GATE-SIGNER', { verdict: { ...accepted, signer: 'simulator' }, by: simulator }],
  'a refusal': ['GATE-RESULT', { verdict: { result: 'refuse' } }],
  'a test that is due': ['GATE-TEST', { verdict: { result: 'needs-test' } }],
  'a clinician who was not asked': ['GATE-CLINICIAN', {}],
  'the screening key under a clearance': ['CLEARANCE-ROLE', { clearance: {}, clearedBy: station }],
  'an unknown key under a clearance': ['CLEARANCE-KEY', { clearance: {}, clearedBy: stranger }],
  'a clearance for another person': [
    'CLEARANCE-PERSON',
    { clearance: { person: { ...TO_CLEAR.person, hash: 'b'.repeat(64) } } },
  ],
  'a clearance of another verdict': ['CLEARANCE-VERDICT', { clearance: { verdict_sha256: 'b'.repeat(64) } }],
  'a clearance of a refusal': ['CLEARANCE-RESULT', { verdict: { result: 'refuse' }, clearance: {} }],
  'a clearance while a test is due': ['CLEARANCE-TEST', { verdict: { rules: test_due }, clearance: {} }],
  'a clearance for another limb': ['CLEARANCE-LIMB', { clearance: { limbs: ['left-leg'] } }],
  'a clearance that raises a limit': [
    'CLEARANCE-LIMIT',
    { verdict: { limits: { arm_max_mmHg: 80 } }, clearance: { limits: { arm_max_mmHg: 90 } } },
  ],
  'a clearance that outlives its verdict': ['CLEARANCE-EXPIRES', { clearance: { expires: iso(2 * HOUR) } }],
  'an expired clearance': [
    'GATE-CLEARANCE-EXPIRED',
    { clearance: { expires: iso(HOUR / 2) }, facts: { now_wall: NOW + HOUR / 2 } },
  ],
  'a clearance from the future': ['GATE-CLEARANCE-EARLY', { clearance: { issued: iso(HOUR / 2) } }],
}

test.each(Object.entries(CASES))('%s is refused on a real unit, for that reason alone', (_, [id, given]) => {
  expect(answers(given)).toEqual([expect.stringMatching(new RegExp(`^CP-${id}: [^\\n]+\\. [A-Z][^\\n]+\\.$`, 'u'))])
})

test('no two of these reasons share a code or a message', () => {
  const lines = Object.values(CASES).flatMap(([, given]) => answers(given))
  expect(new Set(lines.map(line => line.split(':')[0])).size).toBe(Object.keys(CASES).length)
  expect(new Set(lines.map(line => line.replace(/^[^:]+: /u, ''))).size).toBe(Object.keys(CASES).length)
})

test('with nothing wrong, an acceptance and a cleared verdict open the gate of a real unit', () => {
  expect(answers({ verdict: accepted })).toEqual([])
  expect(answers({ clearance: {} })).toEqual([])
})
