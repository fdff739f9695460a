import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LIMB_NAMES } from '../../machines/limits.ts'
import { contradiction } from '../../src/screening/contradiction.ts'
import { screen } from '../../src/screening/engine.ts'
import { type Answer, type Answers, type Intake, IntakeFile, unitsOf } from '../../src/screening/intake.ts'
import { NOT_MEASURED, type Question, UNKNOWN } from '../../src/screening/question.ts'
import { QUESTIONS } from '../../src/screening/questions/index.ts'
import type { Restriction } from '../../src/screening/rule.ts'
import { FIT, NOW, severityOf } from './help.ts'

const RUNS = { numRuns: 2_000 }

/** Any answer to a question, mostly of the kind that it asks for. */
function answerTo({ answer: kind }: Question): fc.Arbitrary<Answer | undefined> {
  const unknown = fc.constantFrom<Answer | undefined>(UNKNOWN, undefined)
  const known = (): fc.Arbitrary<Answer> => {
    switch (kind.kind) {
      case 'yes-no':
        return fc.constantFrom('yes', 'no')
      case 'choice':
        return fc.constantFrom(...kind.of)
      case 'number':
        return fc.oneof(fc.integer({ min: kind.min, max: kind.max }), fc.constant(kind.or ?? kind.min))
      case 'measure':
        return fc.oneof(
          fc.constant(NOT_MEASURED),
          ...unitsOf(kind).map(([unit, min, max]) =>
            fc.integer({ min: Math.ceil(min), max: Math.floor(max) }).map(value => ({ value, unit })),
          ),
        )
      case 'time':
        return fc.integer({ min: 0, max: 300 }).map(minutes => new Date(NOW - minutes * 60_000).toISOString())
    }
  }
  return fc.oneof({ weight: 12, arbitrary: known() }, { weight: 1, arbitrary: unknown })
}

/** Mostly the fit person, with some answers changed: what is refused for everything shows nothing. */
const intakes: fc.Arbitrary<Intake> = fc
  .tuple(
    fc
      .subarray(QUESTIONS.slice(), { minLength: 0, maxLength: 5 })
      .chain(some => fc.record(Object.fromEntries(some.map(question => [question.id, answerTo(question)])))),
    fc.subarray([...LIMB_NAMES], { minLength: 1 }),
  )
  .map(([answers, limbs]) => ({ ...FIT, limbs, answers: { ...FIT.answers, ...(answers as Answers) } }))
  .filter(({ answers }) => contradiction(answers, NOW) === undefined)

const tighter = (a: Restriction, b: Restriction): boolean =>
  Object.entries(b).every(([key, value]) => {
    const own = a[key as keyof Restriction]
    return own !== undefined && (value === true ? own === true : own <= value)
  })

/** The first is at least as strict as the second, in the result, the limits and the limbs. */
function expectNoMilder(worse: Intake, better: Intake): void {
  const [a, b] = [screen(worse, NOW), screen(better, NOW)]
  expect(severityOf(a)).toBeGreaterThanOrEqual(severityOf(b))
  expect(a.points.high).toBeGreaterThanOrEqual(b.points.high)
  if (a.result === 'refuse') return
  expect([a.limits, b.limits, tighter(a.limits, b.limits)]).toEqual([a.limits, b.limits, true])
  expect(b.limbs).toEqual(expect.arrayContaining([...a.limbs]))
}

describe('REQ-SCREEN-MONOTONE', () => {
  test('no missing answer, and no "unknown", ever makes a verdict milder', () => {
    fc.assert(
      fc.property(
        intakes,
        fc.constantFrom(...QUESTIONS),
        fc.constantFrom(UNKNOWN, undefined),
        (intake, { id }, unknown) => {
          const answers = { ...intake.answers, [id]: unknown }
          expectNoMilder({ ...intake, answers }, intake)
        },
      ),
      RUNS,
    )
  })

  const ordered = QUESTIONS.filter(question => question.worse)
  test('no added condition, and no worse value, ever makes a verdict milder', () => {
    expect(ordered.length).toBeGreaterThan(45)
    fc.assert(
      fc.property(
        intakes,
        fc.constantFrom(...ordered).chain(question => fc.tuple(fc.constant(question), pairOf(question))),
        (intake, [{ id, only }, [better, worse]]) => {
          if (only && intake.answers[id] === undefined) return
          const [mild, bad] = [better, worse].map(answer => ({
            ...intake,
            answers: { ...intake.answers, [id]: answer },
          }))
          if ([mild, bad].some(one => contradiction(one!.answers, NOW) !== undefined)) return
          expectNoMilder(bad!, mild!)
        },
      ),
      RUNS,
    )
  })

  test('what is asked of the rules is what the schema takes', () => {
    fc.assert(
      fc.property(intakes, intake => {
        expect(IntakeFile.safeParse(JSON.parse(JSON.stringify(intake))).success).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

/** Two answers of a question, the milder one first. */
function pairOf({ answer: kind, worse }: Question): fc.Arbitrary<[Answer, Answer]> {
  if (Array.isArray(worse)) {
    const order: readonly string[] = worse
    return fc
      .tuple(fc.nat(order.length - 1), fc.nat(order.length - 1))
      .map(([i, j]) => [order[Math.min(i, j)]!, order[Math.max(i, j)]!])
  }
  const [min, max] = kind.kind === 'number' || kind.kind === 'measure' ? [kind.min, kind.max] : [0, 0]
  const value = (number: number): Answer => (kind.kind === 'measure' ? { value: number, unit: 'mg/dl' } : number)
  return fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    .map(([i, j]) => [value(Math.min(i, j)), value(Math.max(i, j))])
}
