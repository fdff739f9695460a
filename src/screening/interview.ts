import type { WallMs } from '../../protocol/units.ts'
import { utc } from '../verdict/issue.ts'
import { contradiction } from './contradiction.ts'
import { screen } from './engine.ts'
import { type Answer, type Intake, unitsOf, wrongAnswer } from './intake.ts'
import { NOT_MEASURED, type Question, UNKNOWN } from './question.ts'
import { QUESTIONS } from './questions/index.ts'

/** The next question whose answer could still change something, in the order of the questions; undefined at the end. */
export function nextQuestion(intake: Intake, now: WallMs): Question | undefined {
  const missing = new Set(screen(intake, now).missing)
  return QUESTIONS.find(({ id }) => missing.has(id) && intake.answers[id] === undefined)
}

/** How many questions are left as far as can be said now; an answer may bring up others. */
export const questionsLeft = (intake: Intake, now: WallMs): number =>
  screen(intake, now).missing.filter(id => intake.answers[id] === undefined).length

/** The intake without an answer: the way back. */
export const without = (intake: Intake, id: string): Intake => ({
  ...intake,
  answers: Object.fromEntries(Object.entries(intake.answers).filter(([one]) => one !== id)),
})

/** What the person at the keys may type, in one line. */
export function choices({ answer: kind }: Question): string {
  const always = 'u unknown'
  switch (kind.kind) {
    case 'yes-no':
      return `y yes, n no, ${always}`
    case 'choice':
      return `${kind.of.map((word, i) => `${i + 1} ${word}`).join(', ')}, ${always}`
    case 'number':
      return `${kind.min} to ${kind.max} ${kind.unit}${kind.or ? `, - ${kind.or}` : ''}, ${always}`
    case 'measure':
      return `${unitsOf(kind)
        .map(([unit, min, max]) => `${min} to ${max} ${unit}`)
        .join(' or ')}, with its unit, - ${NOT_MEASURED}, ${always}`
    case 'time':
      return `Enter for now, or a time like 2026-05-04T10:30:00+02:00, ${always}`
  }
}

/** The intake with what was typed, or what is wrong with it. */
export function answered(intake: Intake, question: Question, typed: string, now: WallMs): Intake | string {
  const meant = meaning(question, typed.trim(), now)
  const wrong = meant === undefined ? `please type: ${choices(question)}` : wrongAnswer(question, meant)
  if (wrong !== undefined) return wrong
  const next = { ...intake, answers: { ...intake.answers, [question.id]: meant } }
  return contradiction(next.answers, now) ?? next
}

function meaning({ answer: kind }: Question, typed: string, now: WallMs): Answer | undefined {
  if (/^u(nknown)?$/i.test(typed)) return UNKNOWN
  switch (kind.kind) {
    case 'yes-no':
      return { y: 'yes', yes: 'yes', n: 'no', no: 'no' }[typed.toLowerCase()]
    case 'choice':
      return kind.of.includes(typed) ? typed : /^\d+$/.test(typed) ? kind.of[Number(typed) - 1] : undefined
    case 'number':
      return typed === '-' ? kind.or : numberIn(typed)
    case 'measure':
      return typed === '-' ? NOT_MEASURED : measured(typed)
    case 'time':
      return typed === '' ? utc(now) : typed
  }
}

/** Digits with a point or a comma; nothing else is a number here. */
const numberIn = (typed: string): number | undefined =>
  /^\d{1,5}([.,]\d{1,3})?$/.test(typed) ? Number(typed.replace(',', '.')) : undefined

function measured(typed: string): Answer | undefined {
  const [, digits = '', unit = ''] = /^([\d.,]+)\s*([a-z]+\/[a-z]+)$/i.exec(typed) ?? []
  const value = numberIn(digits)
  return value === undefined ? undefined : { value, unit: unit.toLowerCase() }
}
