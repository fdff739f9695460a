import { describe, expect, test } from 'vitest'
import { CuffError } from '../../src/errors.ts'
import { parseIntake } from '../../src/screening/intake.ts'
import { FIT, NOW } from './help.ts'

/** What is said of an intake file, or "taken". */
function said(text: string | Uint8Array): string {
  try {
    parseIntake(typeof text === 'string' ? Buffer.from(text) : text, 'p.json', NOW)
    return 'taken'
  } catch (error) {
    if (error instanceof CuffError) return error.line()
    throw error
  }
}
const withAnswers = (change: object) => said(JSON.stringify({ ...FIT, answers: { ...FIT.answers, ...change } }))

describe('REQ-INTAKE: what is no intake gets one clear line, and nothing of it is taken', () => {
  test('the fit person, and an intake with no answer at all, are taken', () => {
    expect(said(JSON.stringify(FIT))).toBe('taken')
    expect(said(JSON.stringify({ ...FIT, answers: {} }))).toBe('taken')
  })

  test.each<[string, string, RegExp]>([
    ['not JSON', '{"format":', /not JSON/],
    ['another format', JSON.stringify({ ...FIT, format: 'x' }), /format/],
    ['no limb', JSON.stringify({ ...FIT, limbs: [] }), /limbs/],
    ['a limb twice', JSON.stringify({ ...FIT, limbs: ['left-arm', 'left-arm'] }), /names a limb twice/],
    ['another limb', JSON.stringify({ ...FIT, limbs: ['neck'] }), /limbs\.0/],
    ['a question that nobody asks', JSON.stringify({ ...FIT, answers: { shoe_size: 44 } }), /shoe_size/],
    [
      'an answer twice',
      `{"format":"cuffpilot-intake/1","limbs":["left-arm"],"answers":{"smoking":"no","smoking":"yes"}}`,
      /twice/,
    ],
    ['a list of a list of a list', `${'['.repeat(50)}${']'.repeat(50)}`, /nests deeper/],
  ])('%s', (_, text, pattern) => {
    expect(said(text)).toMatch(/^CP-INTAKE: p\.json is no intake: /)
    expect(said(text)).toMatch(pattern)
    expect(said(text)).not.toMatch(/\n/)
  })

  test.each<[string, object, RegExp]>([
    ['a number in words', { age_years: 'thirty' }, /age_years: "thirty" is not a number from 0 to 120/],
    ['a number as text', { age_years: '32' }, /age_years: "32" is not a number/],
    ['a yes as a truth value', { dvt_history: true }, /dvt_history: true is not "yes", "no" or "unknown"/],
    ['null', { dvt_history: null }, /dvt_history: null is not/],
    ['an age beyond belief', { age_years: 121 }, /age_years: 121 is not a number from 0 to 120/],
    ['half a year', { age_years: 32.5 }, /not a whole number/],
    ['a systolic pressure in kPa', { systolic_mmHg: 16 }, /systolic_mmHg: 16 is not a number from 40 to 300/],
    [
      'a systolic pressure below the diastolic',
      { systolic_mmHg: 70, diastolic_mmHg: 80 },
      /systolic_mmHg 70 is not above diastolic_mmHg 80/,
    ],
    ['both nearly the same', { systolic_mmHg: 84, diastolic_mmHg: 80 }, /not above/],
    ['a body that cannot be', { height_cm: 250, weight_kg: 25 }, /are no body/],
    [
      'glucose in mmol/l with the unit mg/dl',
      { glucose_fasting: { value: 5.4, unit: 'mg/dl' } },
      /glucose_fasting: .*is not {"value": 20 to 1000, "unit": "mg\/dl"} or {"value": 1.1 to 55.5, "unit": "mmol\/l"}/,
    ],
    ['glucose in mg/dl with the unit mmol/l', { glucose_fasting: { value: 95, unit: 'mmol/l' } }, /glucose_fasting/],
    ['glucose without a unit', { glucose_fasting: 95 }, /glucose_fasting: 95 is not/],
    ['cholesterol in a unit that nobody uses', { total_cholesterol: { value: 2, unit: 'g/l' } }, /total_cholesterol/],
    ['height in metres', { height_cm: 1.78 }, /height_cm: 1\.78 is not a number from 100 to 250/],
    ['weight in grams', { weight_kg: 72_000 }, /weight_kg/],
    ['a reading of tomorrow', { blood_pressure_at: '2026-05-05T10:30:00Z' }, /is in the future/],
    ['a reading without its offset', { blood_pressure_at: '2026-05-04T10:30:00' }, /blood_pressure_at/],
    ['a pregnant man', { pregnancy: 'pregnant' }, /pregnancy is "pregnant", and another answer says that it cannot be/],
    ['retinopathy of no diabetes', { retinopathy: 'yes' }, /retinopathy is "yes"/],
    ['a treated illness that is not there', { hypertension_treated: 'yes' }, /hypertension_treated is "yes"/],
  ])('%s', (_, change, pattern) => {
    expect(withAnswers(change)).toMatch(pattern)
    expect(withAnswers(change)).not.toMatch(/\n/)
  })

  test('bytes that are no text, and text that could move a terminal, are said in plain characters', () => {
    expect(said(Uint8Array.of(0xff, 0xfe, 0x00))).toMatch(/^CP-INTAKE/)
    expect(withAnswers({ 'x\u001b[2J': 'yes' })).not.toContain('\u001b')
  })
})
