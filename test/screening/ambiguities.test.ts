import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../machines/limits.ts'
import { plannedMs } from '../../machines/planBounds.ts'
import { loadProgram } from '../../src/programs/load.ts'
import { PRESETS } from '../../src/programs/presets.ts'
import { eachPress } from '../../src/programs/schema.ts'
import type { Answers } from '../../src/screening/intake.ts'
import { RULES } from '../../src/screening/rules/index.ts'
import { SHORT } from '../support/programs.ts'
import { Stack } from '../support/stack.ts'
import { idsOf, judged, verdictOf, WOMAN } from './help.ts'

const bmi = (value: number): Answers => ({ height_cm: 200, weight_kg: value * 4 })
const resultOf = (change: Answers, limbs?: Parameters<typeof judged>[1]) => judged(change, limbs).result
const pointsOf = (change: Answers) => judged(change).points.low

describe('REQ-AMBIGUITY: where the paper can be read in two ways, it is read on the careful side', () => {
  test('A1: "(< 160 /> 95 mm Hg)" demands both below, and equal fails', () => {
    expect(resultOf({ systolic_mmHg: 160, diastolic_mmHg: 80 })).toBe('refuse')
    expect(resultOf({ systolic_mmHg: 120, diastolic_mmHg: 95 })).toBe('refuse')
    expect(idsOf(judged({ systolic_mmHg: 159, diastolic_mmHg: 94 }))).not.toContain('BP-160')
  })

  test('A2: at 160-179 or 95-99 there is no start but treatment, at 180 or 100 a contraindication', () => {
    expect([resultOf({ systolic_mmHg: 170 }), judged({ systolic_mmHg: 170 }).grades['high blood pressure']]).toEqual([
      'refuse',
      'conditional indication',
    ])
    expect(judged({ diastolic_mmHg: 100 }).grades['high blood pressure']).toBe('contraindication')
  })

  test('A3: of a pair in two rows the worse one counts', () => {
    expect(judged({ systolic_mmHg: 150, diastolic_mmHg: 97 }).grades['high blood pressure']).toBe(
      'conditional indication',
    )
    expect(resultOf({ systolic_mmHg: 150, diastolic_mmHg: 97 })).toBe('refuse')
  })

  test('A4: there is no lower limit, so a floor has to be set, and without one nobody starts', () => {
    expect(resultOf({ systolic_floor_mmHg: undefined })).toBe('refuse')
    expect(resultOf({ systolic_floor_mmHg: 121 })).toBe('refuse')
    expect(RULES.find(rule => rule.id === 'BP-FLOOR')!.source).toMatch(/^project policy/)
  })

  test('A5: 59 and 60 years score two', () => {
    expect([58, 59, 60, 61].map(age_years => pointsOf({ age_years }))).toEqual([1, 2, 2, 2])
  })

  test('A6: a body mass index of 25.0 scores one, of 30.0 two, and it is rounded up', () => {
    expect([24.9, 25, 29.9, 30].map(value => pointsOf(bmi(value)))).toEqual([0, 1, 1, 2])
    expect(pointsOf({ height_cm: 200, weight_kg: 99.9 })).toBe(1)
  })

  test('A7: Table 2 begins at 24.0 and Point 5 at 25: both are applied and shown', () => {
    const outcome = judged(bmi(24.5))
    expect([outcome.points.low, outcome.grades.obesity]).toEqual([0, 'indication'])
  })

  test('A8: the total that bars training is project policy: five refuse, three go to a clinician', () => {
    const two: Answers = { malignancy: 'yes' }
    expect(resultOf(two)).toBe('accept')
    expect(resultOf({ ...two, age_years: 40 })).toBe('needs-clinician')
    expect(resultOf({ ...two, quadriplegia: 'yes', age_years: 40 })).toBe('refuse')
    expect(resultOf({ antiphospholipid: 'yes' })).toBe('refuse')
    for (const id of ['SUM-3', 'SUM-5']) expect(RULES.find(rule => rule.id === id)!.source).toContain('project policy')
  })

  test('A9: pregnancy is refused at any stage', () => {
    expect(resultOf({ ...WOMAN, pregnancy: 'pregnant' })).toBe('refuse')
  })

  test('A10: after a birth or a Caesarean it counts as pregnancy', () => {
    for (const pregnancy of ['after birth', 'after caesarean']) {
      expect(resultOf({ ...WOMAN, pregnancy })).toBe('refuse')
      expect(pointsOf({ ...WOMAN, pregnancy })).toBe(pointsOf({ ...WOMAN, pregnancy: 'pregnant' }))
    }
  })

  test('A11: any long immobility scores three, being bedridden too, and both together once', () => {
    expect(pointsOf({ prolonged_immobility: 'yes' })).toBe(3)
    expect(pointsOf({ bedridden: 'yes' })).toBe(3)
    expect(pointsOf({ bedridden: 'yes', prolonged_immobility: 'yes' })).toBe(3)
  })

  test('A12: a cuff on a leg counts as a tourniquet on a leg, and says that this is an open question', () => {
    expect(judged({}, ['left-leg']).points.low).toBe(2)
    expect(judged({}, ['left-arm']).points.low).toBe(0)
    expect(RULES.find(rule => rule.id === 'P2-TOURNIQUET')!.source).toContain('open question')
  })

  test('A13: haemoglobin, malignancy and lipids count when yes, and may count when unknown', () => {
    for (const id of ['high_haemoglobin', 'malignancy']) {
      expect(pointsOf({ [id]: 'yes' })).toBe(2)
      expect(judged({ [id]: 'unknown' })).toMatchObject({ result: 'refuse', points: { low: 0, high: 2 } })
    }
    expect(pointsOf({ hyperlipidaemia: 'yes', hyperlipidaemia_treated: 'no' })).toBe(2)
    expect(pointsOf({ total_cholesterol: { value: 320, unit: 'mg/dl' } })).toBe(2)
  })

  test('A14: sex at birth and hormones are both asked; either scores one', () => {
    expect(pointsOf(WOMAN)).toBe(1)
    expect(pointsOf({ hormone_therapy: 'yes' })).toBe(1)
    expect(pointsOf({ ...WOMAN, hormone_therapy: 'yes' })).toBe(1)
  })

  test('A15: any retinopathy refuses', () => {
    const diabetic = { diabetes: 'yes', diabetes_treated: 'no', urinary_ketones: 'negative' }
    expect(resultOf({ ...diabetic, retinopathy: 'yes' })).toBe('refuse')
    expect(resultOf({ ...diabetic, retinopathy: 'no' })).toBe('accept')
  })

  test('A16: "uric protein" is urinary protein, and 100 mg/dl refuses', () => {
    expect(resultOf({ urinary_protein_mg_dl: 100 })).toBe('refuse')
    expect(resultOf({ urinary_protein_mg_dl: 99 })).toBe('accept')
  })

  test('A17: a fundus of IIb is in', () => {
    expect([resultOf({ fundus: 'IIb' }), resultOf({ fundus: 'IIa' })]).toEqual(['refuse', 'accept'])
  })

  test('A18: "over 40" and "over 50" hold from 40 and 50', () => {
    const treated = { diabetes: 'yes', diabetes_treated: 'yes', urinary_ketones: 'negative', retinopathy: 'no' }
    expect([39, 40].map(age_years => verdictOf('DM-TREATED', { ...treated, age_years }))).toEqual(['silent', 'fires'])
    expect([49, 50].map(age_years => verdictOf('DM-TREATED', { ...WOMAN, ...treated, age_years }))).toEqual([
      'silent',
      'fires',
    ])
  })

  test('A19: relatives of exactly 55 and 65 count, and of unknown age too', () => {
    expect(resultOf({ relative_male_event_age_years: 55 })).toBe('needs-test')
    expect(resultOf({ relative_female_event_age_years: 65 })).toBe('needs-test')
    expect(resultOf({ relative_male_event_age_years: 'unknown' })).toBe('refuse')
  })

  test('A20: the caps are 10 minutes for arms and 15 for legs, at most 15 and 20, and no program is longer than 20', () => {
    expect([LIMITS.armCum, LIMITS.legCum, LIMITS.armCumHard, LIMITS.legCumHard].map(one => one.value / 60_000)).toEqual(
      [10, 15, 15, 20],
    )
    for (const name of PRESETS) expect(plannedMs(eachPress(loadProgram(name)))).toBeLessThanOrEqual(20 * 60_000)
    expect(idsOf(judged({}, ['left-arm', 'left-leg']))).toContain('WRONG-LIMBS')
  })

  test('A21: an unstable circulation is refused, a stable weak heart goes to a clinician with a restricted plan', () => {
    expect(resultOf({ haemodynamically_unstable: 'yes' })).toBe('refuse')
    expect(resultOf({ atrial_fibrillation_or_heart_failure: 'yes' })).toBe('needs-clinician')
    const weak = judged({ atrial_fibrillation_or_heart_failure: 'yes', exercise_tolerance_test: 'passed' })
    expect(weak.result).toBe('needs-clinician')
    expect(weak.limits).toMatchObject({ arms_only: true, one_side_only: true, arm_max_mmHg: 80 })
  })

  test('A22: "feels bad" is one key, asks for no severity, and nothing follows it', () => {
    const stack = new Stack({ program: SHORT })
    stack.untilPhase('holding')
    stack.act(session => session.symptom('feels bad'))
    expect(stack.sent.at(-1)!.what).toBe('release')
    stack.untilPhase('stopped')
    const presses = stack.framesSent('target').length
    stack.act(session => {
      session.start()
      session.present()
    })
    stack.advance(120_000)
    expect([stack.phase, stack.framesSent('target').length]).toEqual(['stopped', presses])
  })

  test('A23: anticoagulants for a serious condition, and a recent operation, go to a clinician', () => {
    expect(resultOf({ anticoagulants: 'yes', anticoagulant_condition_serious: 'no' })).toBe('accept')
    expect(resultOf({ anticoagulants: 'yes', anticoagulant_condition_serious: 'yes' })).toBe('needs-clinician')
    expect(resultOf({ recent_surgery: 'yes' })).toBe('needs-clinician')
  })

  test('A24: no pressure is attributed to the paper', () => {
    const pressures = RULES.filter(({ effect }) => 'limits' in effect && effect.limits)
    for (const { id, source } of pressures)
      expect([id, source]).toEqual([id, expect.stringContaining('project policy')])
    for (const limit of [LIMITS.armMax, LIMITS.legMax, LIMITS.targetMin]) expect(limit.source).not.toContain('Nakajima')
  })

  test('A25: the paper is cited by its own structure, and never quoted across its columns', () => {
    for (const { source } of RULES) expect(source).not.toMatch(/\bline \d|\bL\d/)
  })

  test('A26: any ultrasound that a doctor judges clears a suspected thrombosis', () => {
    const suspected = { thrombosis_suspected: 'yes' }
    expect(resultOf({ ...suspected, thrombosis_ultrasound: 'cleared' })).toBe('accept')
    expect(resultOf({ ...suspected, thrombosis_ultrasound: 'not done' })).toBe('refuse')
  })
})
