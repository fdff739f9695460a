import { type Outcome, screen } from '../../src/screening/engine.ts'
import { exampleIntake } from '../../src/screening/example.ts'
import type { Answers, Intake } from '../../src/screening/intake.ts'

/** A fixed moment, so that no test depends on when it runs. */
export const NOW = Date.parse('2026-05-04T10:30:00.000Z')
export const minutesAgo = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString()

/** A man of 32 who trains, whose answers are all good; nothing but a missing right to refuse. */
export const FIT: Intake = exampleIntake('01-fit', NOW)
const { pregnancy: _, ...rest } = FIT.answers
/** A woman of 32 of whom the same is true. */
export const WOMAN: Answers = { ...rest, sex_at_birth: 'female', pregnancy: 'no' }

/** The fit person's intake with other answers; `undefined` takes an answer away. */
export const intake = (change: Answers = {}, limbs: Intake['limbs'] = FIT.limbs): Intake => ({
  ...FIT,
  limbs,
  answers: { ...FIT.answers, ...change },
})

export const judged = (change: Answers = {}, limbs?: Intake['limbs']): Outcome => screen(intake(change, limbs), NOW)
export const idsOf = ({ fired }: Outcome): string[] => fired.map(one => one.rule.id)

/** What a rule does with these answers. */
export function verdictOf(id: string, change: Answers, limbs?: Intake['limbs']): 'fires' | 'unknown' | 'silent' {
  const fired = judged(change, limbs).fired.find(one => one.rule.id === id)
  if (!fired) return 'silent'
  return fired.unknown.length > 0 ? 'unknown' : 'fires'
}

/** From the mildest to the worst. */
export const SEVERITY = ['accept', 'needs-test', 'needs-clinician', 'refuse'] as const
export const severityOf = (outcome: Outcome): number => SEVERITY.indexOf(outcome.result)
