import type { WallMs } from '../../protocol/units.ts'
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
  if (typeof systolic === 'number' && typeof diastolic === 'number' && systolic <= diastolic)
    return `systolic_mmHg ${systolic} is not above diastolic_mmHg ${diastolic}`
  if (typeof at === 'string' && at !== UNKNOWN && Date.parse(at) > now + AHEAD_MS)
    return `blood_pressure_at ${at} is in the future`
  if (typeof age === 'number' && !Number.isInteger(age)) return `age_years ${age} is not a whole number`
  return pointless(answers)
}

/** Clocks of two machines may differ by so much. Unit ms; as LIM-VERDICT-AHEAD. */
const AHEAD_MS = 60_000

/** A question that another answer makes pointless was answered all the same. */
function pointless(answers: Answers): string | undefined {
  const words = Object.fromEntries(
    Object.entries(answers).map(([id, answer]) => [
      id,
      typeof answer === 'string' && answer !== UNKNOWN ? answer : undefined,
    ]),
  )
  const one = QUESTIONS.find(
    ({ id, only }) =>
      only &&
      answers[id] !== undefined &&
      answers[id] !== UNKNOWN &&
      !isNo(answers[id]) &&
      holds(only, words) === false,
  )
  return one && `${one.id} is ${JSON.stringify(answers[one.id])}, and another answer says that it cannot be`
}

/** That something which does not apply is not so is no contradiction. */
const isNo = (answer: unknown): boolean => answer === 'no' || answer === 'not done'
