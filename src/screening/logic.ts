/**
 * Conditions of rules and questions, as data: they are evaluated, printed in the rules' page, and part of the rule set's
 * hash. Every answer may be unknown, so a condition is true, false or unknown.
 */
export type Truth = true | false | 'unknown'

/** A number that is known only to lie between two bounds; both the same for one that is known. */
export interface Between {
  readonly low: number
  readonly high: number
}

/** What is known under a name: a word, a number, or nothing. */
export type Fact = string | Between | undefined
export type Facts = Readonly<Record<string, Fact>>

export type Condition =
  | { readonly is: string; readonly of: readonly string[] }
  | { readonly atLeast: string; readonly value: number }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }

/** The answer is one of these words. */
export const is = (name: string, ...of: readonly string[]): Condition => ({ is: name, of })
export const yes = (name: string): Condition => is(name, 'yes')
export const atLeast = (name: string, value: number): Condition => ({ atLeast: name, value })
export const below = (name: string, value: number): Condition => not(atLeast(name, value))
/** From `low` up to, and without, `high`. */
export const from = (name: string, low: number, high: number): Condition => all(atLeast(name, low), below(name, high))
export const all = (...conditions: readonly Condition[]): Condition => ({ all: conditions })
export const any = (...conditions: readonly Condition[]): Condition => ({ any: conditions })
export const not = (condition: Condition): Condition => ({ not: condition })

/** A number that is known. */
export const exactly = (value: number): Between => ({ low: value, high: value })
export const isNumber = (fact: Fact): fact is Between => typeof fact === 'object'

export function holds(condition: Condition, facts: Facts): Truth {
  if ('is' in condition) return isOneOf(facts[condition.is], condition.of)
  if ('atLeast' in condition) return isAtLeast(facts[condition.atLeast], condition.value)
  if ('not' in condition) return opposite(holds(condition.not, facts))
  if ('all' in condition) return opposite(anyOf(condition.all.map(one => opposite(holds(one, facts)))))
  return anyOf(condition.any.map(one => holds(one, facts)))
}

function isOneOf(fact: Fact, words: readonly string[]): Truth {
  if (fact === undefined) return 'unknown'
  return typeof fact === 'string' && words.includes(fact)
}

/** Where a word stands in place of a number, such as "not measured", nothing is known to be above anything. */
function isAtLeast(fact: Fact, value: number): Truth {
  if (fact === undefined) return 'unknown'
  if (typeof fact === 'string' || fact.high < value) return false
  return fact.low >= value || 'unknown'
}

const opposite = (truth: Truth): Truth => (truth === 'unknown' ? 'unknown' : !truth)

function anyOf(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true
  return truths.includes('unknown') ? 'unknown' : false
}

/** Names whose being unknown keeps the condition from being true or false. */
export function unknownIn(condition: Condition, facts: Facts): readonly string[] {
  if (holds(condition, facts) !== 'unknown') return []
  if ('is' in condition) return [condition.is]
  if ('atLeast' in condition) return [condition.atLeast]
  if ('not' in condition) return unknownIn(condition.not, facts)
  const parts = 'all' in condition ? condition.all : condition.any
  return [...new Set(parts.flatMap(part => unknownIn(part, facts)))]
}
