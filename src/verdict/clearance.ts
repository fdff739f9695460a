import { createHash, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { LIMB_NAMES } from '../../machines/limits.ts'
import type { Verdict } from '../../machines/verdict.ts'
import type { WallMs } from '../../protocol/units.ts'
import { CuffError, EXIT, printable } from '../errors.ts'
import { defined, hex, Limits, Person, parseStrictly, personOf, text, type VerdictBody, Wall } from './body.ts'
import { type OpenedVerdict, openVerdict, readVerdictFile } from './file.ts'
import { openSigned, type Paper, readSigned, signText, untrusted } from './signed.ts'
import type { Trust, TrustedKey } from './trust.ts'

/** A clinician's yes to one verdict that leaves the decision to a clinician. */
export const CLEARANCE: Paper = { code: 'CLEARANCE', name: 'clearance', domain: 'CuffPilot clearance v1\n' }

/** Text that a person typed, and that is shown to others and kept in the journal. */
const typed = (most: number) =>
  text(most).refine(
    one => one.trim() !== '' && printable(one) === one,
    'must be said in printable characters, on one line',
  )
/** Who decided, by name and registration. */
export const Clinician = typed(100)
/** Why, for whoever reads the record. */
export const Reason = typed(500)

const Body = z
  .strictObject({
    schema: z.literal(1),
    /** SHA-256 of the exact bytes of the verdict's file. */
    verdict_sha256: hex(64),
    person: Person,
    clinician: Clinician,
    reason: Reason,
    /** None may be looser than the verdict's. */
    limits: Limits.optional(),
    limbs: z.array(z.enum(LIMB_NAMES)).min(1).optional(),
    issued: Wall,
    expires: Wall,
  })
  .refine(body => body.issued < body.expires, { path: ['expires'], error: 'is not after issued' })

export type ClearanceBody = z.infer<typeof Body>

export interface OpenedClearance {
  readonly body: ClearanceBody
  readonly key: TrustedKey
}

/** @throws CuffError CP-CLEARANCE-… */
export function openClearance(bytes: Uint8Array, trust: Trust): OpenedClearance {
  const { text, key } = openSigned(CLEARANCE, bytes, trust)
  if (key.role !== 'clinician')
    throw untrusted(CLEARANCE, 'ROLE', `a clearance is signed by a clinician, and this key is trusted as ${key.role}.`)
  return { body: parseStrictly(CLEARANCE, Body, text), key }
}

/** The bytes of a clearance. @throws CuffError CP-CLEARANCE-… for a body that `openClearance` would not take */
export function signClearance(body: ClearanceBody, privateKey: KeyObject): Uint8Array {
  const json = JSON.stringify(body, undefined, 2)
  parseStrictly(CLEARANCE, Body, json)
  return signText(CLEARANCE, json, privateKey)
}

export const readClearanceFile = (path: string): Uint8Array => readSigned(CLEARANCE, path)

/**
 * The verdict with its clearance: what the clinician limits is lowered, and nothing else changes. The gate asks again
 * whether the clearance still counts.
 * @throws CuffError CP-CLEARANCE-VERDICT, -PERSON, -RESULT, -TEST: it clears something else, or what cannot be cleared;
 * -EXPIRES, -LIMB, -LIMIT: it is looser than the verdict. Nothing is moved to the verdict's bound in silence
 */
export function cleared(
  { verdict, body: screened }: OpenedVerdict,
  verdictBytes: Uint8Array,
  { body, key }: OpenedClearance,
): Verdict {
  if (body.verdict_sha256 !== sha256(verdictBytes))
    throw notThis(
      'VERDICT',
      'the clearance is for another verdict.',
      'Take the clearance that was signed for this verdict.',
    )
  if (personOf(body.person) !== verdict.person)
    throw notThis(
      'PERSON',
      'the clearance is for another person.',
      'Take the clearance that was signed for this person.',
    )
  mayBeCleared(verdict)
  refuseSame(screened, body)
  refuseLooser(screened, body)
  return {
    ...verdict,
    ...(defined(body.limits ?? {}) as Partial<Verdict>),
    limbs: body.limbs ?? verdict.limbs,
    clearance: {
      clinician: body.clinician,
      reason: body.reason,
      keyId: key.key_id,
      issued_wall: Date.parse(body.issued),
      expires_wall: Date.parse(body.expires),
    },
  }
}

/** The verdict in this file, with the clearance in that one. @throws CuffError CP-VERDICT-…, CP-CLEARANCE-… */
export function openCleared(path: string, clearance: string | undefined, trust: Trust): Verdict {
  const bytes = readVerdictFile(path)
  const opened = openVerdict(bytes, trust)
  return clearance === undefined
    ? opened.verdict
    : cleared(opened, bytes, openClearance(readClearanceFile(clearance), trust))
}

/** @throws CuffError CP-CLEARANCE-TEST, -RESULT */
export function mayBeCleared({ result, needs_test }: Verdict): void {
  if (needs_test)
    throw notThis(
      'TEST',
      'an exercise tolerance test comes first, and no clinician takes its place.',
      'Have the test done, and the person screened again with its result.',
    )
  if (result === 'needs-clinician') return
  const what =
    result === 'accept'
      ? 'the verdict is an acceptance, and needs no clearance.'
      : 'the verdict refuses, and nobody clears that.'
  throw notThis('RESULT', what, 'Only a verdict that leaves the decision to a clinician can be cleared.')
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Limits that bind more the higher they are; all others bind more the lower they are. */
const FLOORS = ['systolic_floor_mmHg', 'one_side_only']

function refuseLooser(screened: VerdictBody, { limits = {}, limbs = [], expires }: ClearanceBody): void {
  if (!(expires <= screened.expires)) throw looser('EXPIRES', 'the clearance says that it outlives its verdict.')
  if (!limbs.every(limb => screened.limbs.includes(limb)))
    throw looser('LIMB', 'the clearance names a limb that the verdict does not allow.')
  for (const [name, value] of Object.entries(limits)) {
    const before = screened.limits?.[name as keyof typeof limits]
    if (before === undefined || value === undefined) continue
    const tighter = FLOORS.includes(name) ? value >= before : value <= before
    if (!tighter) throw looser('LIMIT', `the clearance sets ${name} to ${value}, and the verdict to ${before}.`)
  }
}

/** Names up to the first comma: registration and title may follow. */
function refuseSame({ screener }: VerdictBody, { clinician }: ClearanceBody): void {
  const [a, b] = [screener, clinician].map(who => who.split(',')[0]!.trim().toLowerCase())
  if (a !== b) return
  throw notThis('SAME', 'screener and clinician are the same person.', 'Ask a clinician who did not screen.')
}

const looser = (kind: string, what: string): CuffError =>
  notThis(kind, what, 'Have the clinician sign one that is stricter than its verdict, or says nothing of it.')

const notThis = (kind: string, what: string, action: string): CuffError =>
  new CuffError(`CP-CLEARANCE-${kind}`, what, action, EXIT.refused)

/** What a clinician decides; the rest follows from the verdict and the time. */
export type Decision = Pick<ClearanceBody, 'clinician' | 'reason' | 'limits' | 'limbs'>

/** The body of a clearance of this verdict, good for as long as the verdict itself. @throws as `mayBeCleared` does */
export function clearanceOf(
  { body, verdict }: OpenedVerdict,
  bytes: Uint8Array,
  decision: Decision,
  now: WallMs,
): ClearanceBody {
  mayBeCleared(verdict)
  return {
    schema: 1,
    verdict_sha256: sha256(bytes),
    person: body.person,
    ...decision,
    issued: new Date(now).toISOString(),
    expires: body.expires,
  }
}
