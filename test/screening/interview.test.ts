import { describe, expect, test } from 'vitest'
import { screen } from '../../src/screening/engine.ts'
import type { Intake } from '../../src/screening/intake.ts'
import { answered, choices, nextQuestion, without } from '../../src/screening/interview.ts'
import { QUESTIONS, questionOf } from '../../src/screening/questions/index.ts'
import { FIT, NOW } from './help.ts'

const EMPTY: Intake = { ...FIT, answers: {} }
const typed = (id: string, text: string, intake = EMPTY) => answered(intake, questionOf(id)!, text, NOW)
const answerOf = (id: string, text: string) => {
  const next = typed(id, text)
  return typeof next === 'string' ? `refused: ${next}` : next.answers[id]
}

/** Answers each question as the fit person would, and returns what was asked. */
function asked(answers: Intake['answers']): { ids: string[]; intake: Intake } {
  let intake = EMPTY
  const ids: string[] = []
  for (let next = nextQuestion(intake, NOW); next; next = nextQuestion(intake, NOW)) {
    ids.push(next.id)
    if (ids.length > QUESTIONS.length) throw new Error('it goes round in circles')
    intake = { ...intake, answers: { ...intake.answers, [next.id]: answers[next.id] ?? 'unknown' } }
  }
  return { ids, intake }
}

describe('REQ-INTERVIEW: only what is still needed is asked', () => {
  test('a fit man is not asked about pregnancy, treatments, or examinations of what he does not have', () => {
    const { ids, intake } = asked(FIT.answers)
    expect(screen(intake, NOW).result).toBe('accept')
    for (const id of [
      'pregnancy',
      'hypertension_treated',
      'diabetes_treated',
      'retinopathy',
      'dermatologist',
      'orthopaedist',
    ])
      expect(ids).not.toContain(id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('what an answer brings up is asked after it', () => {
    const { ids } = asked({ ...FIT.answers, purpura_or_low_platelets: 'yes', dermatologist: 'cleared' })
    expect(ids.indexOf('dermatologist')).toBe(ids.indexOf('purpura_or_low_platelets') + 1)
  })

  test('an answer of "unknown" is not asked again, and refuses', () => {
    const { ids, intake } = asked({ ...FIT.answers, dvt_history: 'unknown' })
    expect(ids.filter(id => id === 'dvt_history')).toHaveLength(1)
    expect(screen(intake, NOW).result).toBe('refuse')
  })

  test('the way back takes the last answer away, and it is asked again', () => {
    const intake = without(FIT, 'dvt_history')
    expect(nextQuestion(intake, NOW)?.id).toBe('dvt_history')
  })

  test('what can be typed is said with the question, for every question', () => {
    for (const question of QUESTIONS) expect(choices(question)).toContain('u unknown')
  })

  test.each([
    ['dvt_history', 'y', 'yes'],
    ['dvt_history', 'No', 'no'],
    ['dvt_history', 'u', 'unknown'],
    ['dvt_history', '', 'refused: please type: y yes, n no, u unknown'],
    ['training_history', '3', 'not at all'],
    ['training_history', 'sometimes', 'sometimes'],
    ['training_history', '4', expect.stringMatching(/^refused/)],
    ['age_years', '32', 32],
    ['age_years', '1e2', expect.stringMatching(/^refused/)],
    ['age_years', '-5', expect.stringMatching(/^refused/)],
    ['weight_kg', '72,5', 72.5],
    ['ctr_percent', '-', 'not measured'],
    ['age_years', '-', expect.stringMatching(/^refused/)],
    ['venous_injury_weeks_ago', '-', 'never'],
    ['glucose_fasting', '5,4 mmol/l', { value: 5.4, unit: 'mmol/l' }],
    ['glucose_fasting', '95 mg/dl', { value: 95, unit: 'mg/dl' }],
    ['glucose_fasting', '95', expect.stringMatching(/^refused/)],
    ['glucose_fasting', '95 mmol/l', expect.stringMatching(/^refused/)],
    ['blood_pressure_at', '', new Date(NOW).toISOString()],
    ['blood_pressure_at', 'yesterday', expect.stringMatching(/^refused/)],
  ])('%s answered with "%s"', (id, text, expected) => {
    expect(answerOf(id, text)).toEqual(expected)
  })

  test('an answer that contradicts another is said, and not taken', () => {
    const intake = { ...EMPTY, answers: { systolic_mmHg: 120 } }
    expect(typed('diastolic_mmHg', '130', intake)).toMatch(/not above/)
  })
})
