import { kindOf } from '../../machines/limits.ts'
import type { WallMs } from '../../protocol/units.ts'
import type { Answer, Intake } from './intake.ts'
import { type Between, exactly, type Fact, type Facts, holds, isNumber } from './logic.ts'
import { DOES_NOT_APPLY, type Question, UNKNOWN } from './question.ts'
import { QUESTIONS } from './questions/index.ts'

/** What the rules ask for besides the answers, and the answers that it comes from. */
export const DERIVED: Readonly<Record<string, readonly string[]>> = {
  bmi: ['height_cm', 'weight_kg'],
  blood_pressure_age_min: ['blood_pressure_at'],
  systolic_above_floor_mmHg: ['systolic_mmHg', 'systolic_floor_mmHg'],
  legs_wanted: ['limbs'],
  arms_and_legs_wanted: ['limbs'],
}

const ANYTHING: Between = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }

/** Everything that the rules may ask about, as far as the intake tells it. `now` dates the blood pressure. */
export function factsOf({ limbs, answers }: Intake, now: WallMs): Facts {
  const facts: Record<string, Fact> = {}
  for (const question of QUESTIONS) facts[question.id] = factOf(question, answers[question.id], facts)
  const number = (id: string): Between => (isNumber(facts[id]) ? facts[id] : ANYTHING)
  const kinds = new Set(limbs.map(kindOf))
  return {
    ...facts,
    bmi: bmi(number('height_cm'), number('weight_kg')),
    blood_pressure_age_min: minus(exactly(now / 60_000), number('blood_pressure_at')),
    systolic_above_floor_mmHg: minus(number('systolic_mmHg'), number('systolic_floor_mmHg')),
    legs_wanted: kinds.has('leg') ? 'yes' : 'no',
    arms_and_legs_wanted: kinds.size > 1 ? 'yes' : 'no',
  }
}

/** A question that another answer makes pointless is one whose answer is known. */
function factOf(question: Question, answer: Answer | undefined, facts: Facts): Fact {
  return question.only && holds(question.only, facts) === false ? DOES_NOT_APPLY : plainFact(question, answer)
}

/** What an answer says by itself. */
export function plainFact({ answer: kind }: Question, answer: Answer | undefined): Fact {
  if (answer === undefined || answer === UNKNOWN) return undefined
  if (typeof answer === 'object') return exactly(inFirstUnit(kind, answer))
  if (typeof answer === 'number') return exactly(answer)
  return kind.kind === 'time' ? exactly(Date.parse(answer) / 60_000) : answer
}

/** In the first unit of the question, rounded up to a whole one: a value at a boundary counts as beyond it. */
function inFirstUnit(kind: Question['answer'], { value, unit }: { value: number; unit: string }): number {
  const factor = kind.kind === 'measure' ? kind.units[unit]! : 1
  return factor === 1 ? value : Math.ceil(value * factor - ROUNDING)
}
const ROUNDING = 1e-9

/** Weight by the square of the height, rounded up to a tenth. */
function bmi(height_cm: Between, weight_kg: Between): Between {
  const of = (kg: number, cm: number) => Math.ceil((kg / (cm / 100) ** 2) * 10 - ROUNDING) / 10
  if (!Number.isFinite(height_cm.low) || !Number.isFinite(weight_kg.low)) return ANYTHING
  return exactly(of(weight_kg.low, height_cm.low))
}

const minus = (a: Between, b: Between): Between => ({ low: a.low - b.high, high: a.high - b.low })
