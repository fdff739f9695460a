import { kindOf, type Limb } from '../../machines/limits.ts'
import type { WallMs } from '../../protocol/units.ts'
import { DERIVED, factsOf } from './facts.ts'
import type { Intake } from './intake.ts'
import { type Between, type Facts, holds, unknownIn } from './logic.ts'
import { NOT_MEASURED } from './question.ts'
import { tightest } from './restriction.ts'
import {
  COLUMNS,
  type Column,
  EFFECTS,
  type EffectName,
  GRADED,
  type Graded,
  type Restriction,
  type Rule,
} from './rule.ts'
import { RULES } from './rules/index.ts'

/** A rule that fired, and why. */
export interface Fired {
  readonly rule: Rule
  /** Questions whose answers are unknown and would decide; empty for a rule whose condition is true. */
  readonly unknown: readonly string[]
  /** What follows; of an unknown it is a refusal: nobody trains unknown cases. */
  readonly effect: EffectName
}

export type Result = 'accept' | 'needs-test' | 'needs-clinician' | 'refuse'

/** A column of Table 2, or why there is none. */
export type Grade = Column | 'unknown' | typeof NOT_MEASURED

export interface Outcome {
  readonly result: Result
  /** The worst first. */
  readonly fired: readonly Fired[]
  /** Points of Point 5: what they are at least, and at most if what is unknown counts. */
  readonly points: Between
  /** Table 2's columns. */
  readonly grades: Readonly<Record<Graded, Grade>>
  readonly limits: Restriction
  /** The limbs that may carry a cuff when the result allows it. */
  readonly limbs: readonly Limb[]
  /** Questions that are still to be answered, because the answer could change something. */
  readonly missing: readonly string[]
}

/** What the rules make of an intake. The worst rule decides; all that fired are listed. */
export function screen(intake: Intake, now: WallMs): Outcome {
  const facts = withPoints(factsOf(intake, now))
  const fired = RULES.flatMap(rule => fire(rule, facts)).sort((a, b) => rank(b.effect) - rank(a.effect))
  const limits = tightest(fired.flatMap(one => limitsOf(one.rule)))
  const limbs = intake.limbs.filter(limb => !(limits.arms_only && kindOf(limb) === 'leg'))
  const worst = fired[0]?.effect ?? 'notice'
  return {
    result: limbs.length === 0 ? 'refuse' : RESULTS[worst],
    fired,
    points: facts.points as Between,
    grades: Object.fromEntries(GRADED.map(of => [of, gradeOf(of, fired, facts)])) as Outcome['grades'],
    limits,
    limbs,
    missing: [...new Set(fired.flatMap(one => one.unknown))],
  }
}

const RESULTS: Record<EffectName, Result> = {
  notice: 'accept',
  restrict: 'accept',
  test: 'needs-test',
  clinician: 'needs-clinician',
  refuse: 'refuse',
}

const rank = (effect: EffectName): number => EFFECTS.indexOf(effect)

/** What only lifestyle guidance hangs on; not to know it keeps nobody from training. */
const HABITS: readonly string[] = ['smoking', 'alcohol', 'diet']

/** Nobody trains unknown cases: an answer that is unknown, and could change anything, refuses until it is known. */
function fire(rule: Rule, facts: Facts): Fired[] {
  const truth = holds(rule.when, facts)
  if (truth === false) return []
  const own = rule.effect.do
  if (truth === true) return [{ rule, unknown: [], effect: own }]
  const unknown = [...new Set(unknownIn(rule.when, facts).flatMap(name => DERIVED[name] ?? pointsOf(name, facts)))]
  return [{ rule, unknown, effect: unknown.some(id => !HABITS.includes(id)) ? 'refuse' : own }]
}

const limitsOf = ({ effect }: Rule): Restriction[] => ('limits' in effect && effect.limits ? [effect.limits] : [])

const SCORED = RULES.filter(rule => rule.points !== undefined)

/** The sum of Point 5. What is unknown may or may not count. */
function withPoints(facts: Facts): Facts {
  let [low, high] = [0, 0]
  for (const { when, points = 0 } of SCORED) {
    const truth = holds(when, facts)
    if (truth === true) low += points
    if (truth !== false) high += points
  }
  return { ...facts, points: { low, high } }
}

/** The questions behind an unknown sum. */
const pointsOf = (name: string, facts: Facts): readonly string[] =>
  name === 'points'
    ? SCORED.flatMap(({ when }) => unknownIn(when, facts).flatMap(one => DERIVED[one] ?? [one]))
    : [name]

/** Measurements without which nothing is known of a grade. */
const MEASURED_BY: Partial<Record<Graded, readonly string[]>> = {
  diabetes: ['glucose_fasting'],
  hyperlipidaemia: ['total_cholesterol', 'triglycerides'],
}

function gradeOf(of: Graded, fired: readonly Fired[], facts: Facts): Grade {
  const graded = fired.filter(one => one.rule.grade?.of === of)
  const known = graded.filter(one => one.unknown.length === 0).map(one => COLUMNS.indexOf(one.rule.grade!.column))
  const highest = Math.max(0, ...known)
  const could = Math.max(0, ...graded.map(one => COLUMNS.indexOf(one.rule.grade!.column)))
  const unmeasured = MEASURED_BY[of]?.some(id => facts[id] === NOT_MEASURED) && highest === 0
  if (could > highest) return 'unknown'
  return unmeasured ? NOT_MEASURED : COLUMNS[highest]!
}
