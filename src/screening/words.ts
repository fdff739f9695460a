import type { Millis } from '../../protocol/units.ts'
import type { Fired, Outcome, Result } from './engine.ts'
import type { Condition } from './logic.ts'
import { questionOf } from './questions/index.ts'
import type { EffectName, Restriction } from './rule.ts'
import { RULES_SHA256, RULES_VERSION } from './rules/index.ts'
import { PAPER } from './sources.ts'

export const RESULT_WORDS: Record<Result, string> = {
  accept: 'ACCEPTED',
  'needs-test': 'NOT NOW: an exercise tolerance test comes first',
  'needs-clinician': 'NOT WITHOUT A CLINICIAN, who is named and signs for it',
  refuse: 'REFUSED',
}

export const EFFECT_WORDS: Record<EffectName, string> = {
  notice: 'allowed, and said',
  restrict: 'allowed with limits',
  test: 'exercise tolerance test first',
  clinician: 'a named clinician decides',
  refuse: 'refused',
}

/** Point 7.13. */
const ROUTE = 'When unsure, ask a specialist or a medical institution (Point 7.13).'

/** What a screening came to, in lines for a person; `all` rules with their sources, or those that decide. */
export function outcomeLines(outcome: Outcome, all: boolean): string[] {
  const { result, fired, missing } = outcome
  const decide = fired.filter(one => one.effect === fired[0]?.effect)
  const shown = all ? fired : result === 'accept' ? [] : decide
  return [
    `result     ${RESULT_WORDS[result]}`,
    `points     ${pointWords(outcome)} (Point 5)`,
    `Table 2    ${Object.entries(outcome.grades)
      .map(([of, column]) => `${of}: ${column}`)
      .join('; ')}`,
    ...allowance(outcome),
    ...shown.flatMap(one => firedLines(one, all)),
    ...missing.map(id => `unknown    ${questionWords(id)}`),
    ...(result === 'accept' ? [] : [`now        ${ROUTE}`]),
    ...(all ? [`rules      version ${RULES_VERSION}, ${RULES_SHA256.slice(0, 16)}; ${PAPER}`] : []),
  ]
}

/** What may be done, or might be once a clinician says yes. */
function allowance({ result, limbs, limits }: Outcome): string[] {
  if (result !== 'accept' && result !== 'needs-clinician') return []
  return [`limbs      ${limbs.join(', ')}`, ...limitWords(limits).map(words => `limit      ${words}`)]
}

/** Point 5's sum, or its bounds. */
export const pointWords = ({ points: { low, high } }: Outcome): string =>
  low === high ? `${low}` : `${low} to ${high}`

function firedLines({ rule, unknown, effect }: Fired, all: boolean): string[] {
  const why = unknown.length > 0 ? `Not known: ${unknown.map(questionWords).join('; ')}. ${rule.reason}` : rule.reason
  const line = `${effect.padEnd(10)} ${rule.id}: ${why}`
  return all
    ? [line, `           ${rule.source}`, `           what would change it: ${liftOf(rule.lift, unknown)}`]
    : [line]
}

const questionWords = (id: string): string => `${questionOf(id)?.text ?? id} (${id})`

const liftOf = (lift: string, unknown: readonly string[]): string =>
  unknown.length > 0 ? 'The answer to what is not known.' : lift

/** The limits of a restriction, a line each. */
export function limitWords({ arms_only, leg_max_mmHg, ...others }: Restriction): string[] {
  const limits = arms_only ? { arms_only, ...others } : { ...others, ...(leg_max_mmHg && { leg_max_mmHg }) }
  const words: Record<keyof Restriction, (value: never) => string> = {
    arms_only: () => 'arms only',
    one_side_only: () => 'one side only',
    arm_max_mmHg: (mmHg: number) => `at most ${mmHg} mmHg on an arm`,
    leg_max_mmHg: (mmHg: number) => `at most ${mmHg} mmHg on a leg`,
    session_max_ms: (ms: Millis) => `at most ${ms / 60_000} minutes from the first press`,
    step_up_max_mmHg: (mmHg: number) => `at most ${mmHg} mmHg more than in the last session`,
    presence_max_ms: (ms: Millis) => `somebody answers every ${ms / 1000} s`,
  }
  return Object.entries(limits).map(([key, value]) => words[key as keyof Restriction](value as never))
}

/** A condition in words, for the page of the rules. */
export function conditionWords(condition: Condition): string {
  if ('is' in condition) return `${condition.is} is ${condition.of.join(' or ')}`
  if ('atLeast' in condition) return `${condition.atLeast} ≥ ${condition.value}${unitOf(condition.atLeast)}`
  if ('all' in condition) return condition.all.map(part => inner(part)).join(' and ')
  if ('any' in condition) return condition.any.map(part => inner(part)).join(' or ')
  const { not } = condition
  if ('is' in not) return `${not.is} is not ${not.of.join(' or ')}`
  if ('atLeast' in not) return `${not.atLeast} < ${not.value}${unitOf(not.atLeast)}`
  return `not (${conditionWords(not)})`
}

const inner = (condition: Condition): string =>
  'any' in condition && condition.any.length > 1 ? `(${conditionWords(condition)})` : conditionWords(condition)

function unitOf(name: string): string {
  const kind = questionOf(name)?.answer
  if (kind?.kind === 'measure') return ` ${Object.keys(kind.units)[0]}`
  return kind?.kind === 'number' ? ` ${kind.unit}` : ''
}
