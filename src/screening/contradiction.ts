import type { WallMs } from '../../protocol/units.ts'
import { plainFact } from './facts.ts'
import type { Answers } from './intake.ts'
import { holds } from './logic.ts'
import { UNKNOWN } from './question.ts'
import { QUESTIONS } from './questions/index.ts'

/**
 * Answers that cannot both be true, or undefined. They are a slip of the pen, and nobody knows which of the two is
 * wrong, so the intake is not taken at all.
 */
export function contradiction(answers: Answers, now: WallMs): string | undefined {
  const { systolic_mmHg: systolic, diastolic_mmHg: diastolic, blood_pressure_at: at, age_years: age } = answers
  const { height_cm: height, weight_kg: weight } = answers
  if (typeof systolic === 'number' && typeof diastolic === 'number' && systolic < diastolic + PULSE_MIN_MMHG)
    return `systolic_mmHg ${systolic} is not above diastolic_mmHg ${diastolic} by ${PULSE_MIN_MMHG} or more`
  if (typeof at === 'string' && at !== UNKNOWN && Date.parse(at) > now + AHEAD_MS)
    return `blood_pressure_at ${at} is in the future`
  if (typeof height === 'number' && typeof weight === 'number' && !isBody(height, weight))
    return `height_cm ${height} and weight_kg ${weight} are no body (a body mass index of 10 to 80)`
  if (typeof age === 'number' && !Number.isInteger(age)) return `age_years ${age} is not a whole number`
  return pointless(answers)
}

/** A smaller difference is a slip of the pen. Project policy. */
const PULSE_MIN_MMHG = 5
/** Project policy. */
const isBody = (height_cm: number, weight_kg: number): boolean => {
  const bmi = weight_kg / (height_cm / 100) ** 2
  return bmi >= 10 && bmi <= 80
}

/** Clocks of two machines may differ by so much. Unit ms; as LIM-VERDICT-AHEAD. */
const AHEAD_MS = 60_000

/** A question that another answer makes pointless was answered all the same. */
function pointless(answers: Answers): string | undefined {
  const facts = Object.fromEntries(QUESTIONS.map(question => [question.id, plainFact(question, answers[question.id])]))
  const one = QUESTIONS.find(
    ({ id, only }) =>
      only &&
      answers[id] !== undefined &&
      answers[id] !== UNKNOWN &&
      !isNo(answers[id]) &&
      holds(only, facts) === false,
  )
  return one && `${one.id} is ${JSON.stringify(answers[one.id])}, and another answer says that it cannot be`
}

/** That something which does not apply is not so is no contradiction. */
const isNo = (answer: unknown): boolean => answer === 'no' || answer === 'not done'
