import { z } from 'zod'
import { LIMB_NAMES, LIMITS } from '../../machines/limits.ts'
import type { Verdict } from '../../machines/verdict.ts'
import { COLUMNS, EFFECTS, GRADED } from '../screening/rule.ts'
import { parseStrictJson, StrictJsonError } from '../strictJson.ts'
import { malformed, type Paper } from './signed.ts'

/** One spelling of a moment: `2026-05-04T10:30:00.000Z`, as Date.toISOString gives it. */
export const Wall = z.string().refine(isUtc, 'must be a time like 2026-05-04T10:30:00.000Z')
export const hex = (digits: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`), `must be ${digits} hex digits`)
export const text = (most: number) => z.string().min(1).max(most)

export const Limits = z.strictObject({
  arm_max_mmHg: z.number().min(LIMITS.targetMin.value).max(LIMITS.armMax.value).optional(),
  leg_max_mmHg: z.number().min(LIMITS.targetMin.value).max(LIMITS.legMax.value).optional(),
  session_max_ms: z.int().min(1).max(LIMITS.legCumHard.value).optional(),
  one_side_only: z.boolean().optional(),
  step_up_max_mmHg: z.number().min(1).max(LIMITS.legMax.value).optional(),
  presence_max_ms: z.int().min(10_000).max(LIMITS.presenceAsk.value).optional(),
  systolic_floor_mmHg: z.number().min(40).max(LIMITS.systolicBelow.value).optional(),
})

/** A pseudonym, see person.ts. */
export const Person = z.strictObject({ salt: hex(32), hash: hex(64) })
export const personOf = ({ salt, hash }: z.infer<typeof Person>): string => `${salt}:${hash}`

export const VERDICT: Paper = { code: 'VERDICT', name: 'verdict', domain: 'CuffPilot verdict v1\n' }

const Body = z
  .strictObject({
    schema: z.literal(1),
    result: z.enum(['accept', 'needs-test', 'needs-clinician', 'refuse']),
    /** Said here too, so that an example is worth nothing on a real unit even if its key was trusted by mistake. */
    signer: z.enum(['screening', 'simulator']),
    person: Person,
    limbs: z.array(z.enum(LIMB_NAMES)).refine(limbs => new Set(limbs).size === limbs.length, 'names a limb twice'),
    limits: Limits.optional(),
    /** Missing only where nobody measured it, which opens no gate. */
    blood_pressure: z
      .strictObject({
        systolic_mmHg: z.number().min(40).max(300),
        diastolic_mmHg: z.number().min(20).max(250),
        measured_wall: Wall,
      })
      .optional(),
    issued: Wall,
    expires: Wall,
    serial: z.int().min(1),
    screener: text(100),
    intake_sha256: hex(64),
    /** By which rules; two verdicts with the same hash were made by the same ones. */
    rule_set: z.strictObject({ version: text(20), sha256: hex(64) }),
    /** Each rule that fired, the worst first, with its place in the source. */
    rules: z.array(
      z.strictObject({
        id: text(60),
        effect: z.enum(EFFECTS),
        /** It fired because an answer is unknown. */
        unknown: z.boolean().optional(),
        source: text(400),
      }),
    ),
    /** Point 5's sum, and what it would be if all that is unknown counted. */
    points: z.strictObject({ least: z.int().min(0), most: z.int().min(0) }),
    /** Table 2's columns. */
    grades: z.partialRecord(z.enum(GRADED), z.enum([...COLUMNS, 'unknown', 'not measured'])),
  })
  .refine(body => body.issued < body.expires, { path: ['expires'], error: 'is not after issued' })
  .refine(body => body.blood_pressure !== undefined || body.result === 'refuse', {
    path: ['blood_pressure'],
    error: 'is missing from a verdict that does not refuse',
  })
  .refine(body => body.blood_pressure === undefined || body.blood_pressure.measured_wall <= body.issued, {
    path: ['blood_pressure', 'measured_wall'],
    error: 'is after issued',
  })

/** What is signed, as it stands in the file. Pressures in mmHg, durations in ms, times in ISO 8601 UTC. */
export type VerdictBody = z.infer<typeof Body>

/** @throws CuffError CP-VERDICT-JSON, -DEPTH, -DUPLICATE, -RESULT, -FIELD or -VALUE */
export const parseBody = (json: string): VerdictBody => parseStrictly(VERDICT, Body, json)

/** What a signed text says, by its schema. @throws CuffError CP-…-JSON, -DEPTH, -DUPLICATE, -RESULT, -FIELD or -VALUE */
export function parseStrictly<T>(paper: Paper, schema: z.ZodType<T>, json: string): T {
  const parsed = schema.safeParse(strictly(paper, json))
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues
  const worst =
    issues.find(issue => issue.path[0] === 'result') ?? issues.find(issue => issue.code === 'unrecognized_keys')
  const { code, path, message } = worst ?? issues[0]!
  const kind = path[0] === 'result' ? 'RESULT' : code === 'unrecognized_keys' ? 'FIELD' : 'VALUE'
  throw malformed(paper, kind, `in the ${paper.name}, ${path.join('.') || 'the body'}: ${message}.`)
}

function strictly(paper: Paper, json: string): unknown {
  try {
    return parseStrictJson(json)
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error
    const kind = { syntax: 'JSON', depth: 'DEPTH', duplicate: 'DUPLICATE' }[error.kind]
    throw malformed(paper, kind, `the body of the ${paper.name} is not usable: ${error.message}.`)
  }
}

/** The gate is written so that what is no number keeps it shut. */
const UNMEASURED = { systolic_mmHg: Number.NaN, diastolic_mmHg: Number.NaN, measured_wall: '' }

/** What the session machine gets to know of it. */
export function toVerdict(body: VerdictBody, keyId: string): Verdict {
  const { one_side_only = false, ...limits } = body.limits ?? {}
  const { systolic_mmHg, diastolic_mmHg, measured_wall } = body.blood_pressure ?? UNMEASURED
  return {
    result: body.result,
    person: personOf(body.person),
    limbs: body.limbs,
    issued_wall: Date.parse(body.issued),
    expires_wall: Date.parse(body.expires),
    serial: body.serial,
    signer: body.signer,
    keyId,
    blood_pressure: { systolic_mmHg, diastolic_mmHg, measured_wall: Date.parse(measured_wall) },
    needs_test: body.result === 'needs-test' || body.rules.some(rule => rule.effect === 'test'),
    ...(defined(limits) as Partial<Verdict>),
    one_side_only,
    new_to_kaatsu: body.rules.some(rule => rule.id === 'NEW-TO-KAATSU'),
  }
}

/** Without the keys that have no value. */
export const defined = (object: object): object =>
  Object.fromEntries(Object.entries(object).filter(([, one]) => one !== undefined))

function isUtc(text: string): boolean {
  const time = new Date(text)
  return /^\d{4}-/u.test(text) && Number.isFinite(time.getTime()) && time.toISOString() === text
}
