import { z } from 'zod'
import { LIMB_NAMES } from '../../machines/limits.ts'
import type { WallMs } from '../../protocol/units.ts'
import { CuffError, EXIT, printable } from '../errors.ts'
import { readRegularFile } from '../home.ts'
import { parseStrictJson } from '../strictJson.ts'
import { contradiction } from './contradiction.ts'
import { type Kind, NOT_MEASURED, type Question, UNKNOWN } from './question.ts'
import { QUESTIONS, questionOf } from './questions/index.ts'

/** An intake has a few KiB. Project policy. */
const MAX_BYTES = 65_536

/** What may stand as an answer, in words for people. */
export function expected(kind: Kind): string {
  switch (kind.kind) {
    case 'yes-no':
      return '"yes", "no" or "unknown"'
    case 'choice':
      return [...kind.of, UNKNOWN].map(word => `"${word}"`).join(', ')
    case 'number':
      return `a number from ${kind.min} to ${kind.max} (${kind.unit}), ${kind.or ? `"${kind.or}" ` : ''}or "unknown"`
    case 'measure':
      return `${unitsOf(kind)
        .map(([unit, min, max]) => `{"value": ${min} to ${max}, "unit": "${unit}"}`)
        .join(' or ')}, "${NOT_MEASURED}" or "unknown"`
    case 'time':
      return 'a time like 2026-05-04T10:30:00+02:00, or "unknown"'
  }
}

/** Each unit of a measure with its bounds. */
export const unitsOf = ({ units, min, max }: Kind & { kind: 'measure' }): [string, number, number][] =>
  Object.entries(units).map(([unit, factor]) => [unit, tenth(min / factor), tenth(max / factor)])

const tenth = (value: number): number => Math.round(value * 10) / 10

function schemaOf(kind: Kind): z.ZodType<Answer> {
  const words = (...of: readonly string[]) => z.enum([...of, UNKNOWN])
  switch (kind.kind) {
    case 'yes-no':
      return words('yes', 'no')
    case 'choice':
      return words(...kind.of)
    case 'number':
      return z.union([z.number().min(kind.min).max(kind.max), words(...(kind.or ? [kind.or] : []))])
    case 'measure':
      return z.union([...unitsOf(kind).map(measured), words(NOT_MEASURED)])
    case 'time':
      return z.union([z.iso.datetime({ offset: true }), words()])
  }
}

const measured = ([unit, min, max]: [string, number, number]) =>
  z.strictObject({ value: z.number().min(min).max(max), unit: z.literal(unit) })

const short = (input: unknown): string => {
  const text = JSON.stringify(input) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

/** What is wrong with an answer to a question, or undefined; one sentence, whatever part of it is wrong. */
export const wrongAnswer = ({ answer }: Question, given: unknown): string | undefined =>
  schemaOf(answer).safeParse(given).success ? undefined : `${short(given)} is not ${expected(answer)}`

const answered = ({ answer, text, source }: Question) => schemaOf(answer).describe(`${text} (${source})`).optional()

/** An intake file: the limbs that are to carry a cuff, and the answers. A question without an answer is unknown. */
export const IntakeFile = z.strictObject({
  format: z.literal('cuffpilot-intake/1'),
  limbs: z
    .array(z.enum(LIMB_NAMES))
    .min(1)
    .refine(limbs => new Set(limbs).size === limbs.length, 'names a limb twice'),
  answers: z.strictObject(Object.fromEntries(QUESTIONS.map(question => [question.id, answered(question)]))),
})

export type Measured = { readonly value: number; readonly unit: string }
export type Answer = string | number | Measured
export type Answers = Readonly<Record<string, Answer | undefined>>

export interface Intake {
  readonly format: 'cuffpilot-intake/1'
  readonly limbs: readonly (typeof LIMB_NAMES)[number][]
  readonly answers: Answers
}

/** The intake in this file. @throws CuffError CP-INTAKE with what is wrong first, in one line */
export function loadIntake(path: string, now: WallMs): Intake {
  let bytes: Buffer
  try {
    bytes = readRegularFile(path, MAX_BYTES)
  } catch (error) {
    throw bad(path, `it cannot be read: ${(error as Error).message}`)
  }
  return parseIntake(bytes, path, now)
}

/** @throws CuffError CP-INTAKE */
export function parseIntake(bytes: Uint8Array, label: string, now: WallMs): Intake {
  let value: unknown
  try {
    value = parseStrictJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw bad(label, (error as Error).message)
  }
  const result = IntakeFile.safeParse(value)
  if (!result.success) throw bad(label, firstIssue(result.error, value))
  const intake = result.data as Intake
  const wrong = contradiction(intake.answers, now)
  if (wrong) throw bad(label, wrong)
  return intake
}

function firstIssue({ issues }: z.ZodError, value: unknown): string {
  const { path, message } = issues[0]!
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''
  const question = path[0] === 'answers' ? questionOf(String(path[1])) : undefined
  if (!question) return `${path.join('.') || 'the file'}: ${message}${more}`
  return `${question.id}: ${wrongAnswer(question, (value as Intake).answers[question.id])}${more}`
}

const bad = (label: string, what: string): CuffError =>
  new CuffError(
    'CP-INTAKE',
    `${label} is no intake: ${printable(what, 400)}.`,
    'Correct it; "cuffpilot screen --schema" describes the format.',
    EXIT.usage,
  )
