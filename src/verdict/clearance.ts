import { createHash, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { LIMB_NAMES } from '../../machines/limits.ts'
import type { Verdict } from '../../machines/verdict.ts'
import type { WallMs } from '../../protocol/units.ts'
import { CuffError, EXIT } from '../errors.ts'
import { hex, Limits, Person, parseStrictly, personOf, text, Wall } from './body.ts'
import { type OpenedVerdict, openVerdict, readVerdictFile } from './file.ts'
import { openSigned, type Paper, readSigned, signText, untrusted } from './signed.ts'
import type { Trust, TrustedKey } from './trust.ts'

/** A clinician's yes to one verdict that leaves the decision to a clinician. */
export const CLEARANCE: Paper = { code: 'CLEARANCE', name: 'clearance', domain: 'CuffPilot clearance v1\n' }

const Body = z
  .strictObject({
    schema: z.literal(1),
    /** SHA-256 of the exact bytes of the verdict's file. */
    verdict_sha256: hex(64),
    person: Person,
    /** Who decided, by name and registration. */
    clinician: text(100),
    reason: text(500),
    /** They can only lower what the verdict says. */
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
 * @throws CuffError CP-CLEARANCE-VERDICT, -PERSON, -RESULT, -TEST: it clears something else, or what cannot be cleared
 */
export function cleared({ verdict }: OpenedVerdict, verdictBytes: Uint8Array, { body, key }: OpenedClearance): Verdict {
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
  return {
    ...verdict,
    ...lowered(verdict, body.limits ?? {}),
    limbs: verdict.limbs.filter(limb => body.limbs?.includes(limb) ?? true),
    clearance: {
      clinician: body.clinician,
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

type Limited = Omit<z.infer<typeof Limits>, 'one_side_only'> & { readonly one_side_only?: boolean | undefined }

/** Each limit by itself: the lower one, but for the floor, of which the higher one is the stricter. */
function lowered(verdict: Verdict, limits: Limited): Partial<Verdict> {
  const { one_side_only, systolic_floor_mmHg: floor, ...most } = limits
  const lower = Object.entries(most).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, Math.min(value, verdict[key as keyof typeof most] ?? Number.POSITIVE_INFINITY)]],
  )
  return {
    ...Object.fromEntries(lower),
    one_side_only: verdict.one_side_only || one_side_only === true,
    ...(floor !== undefined && { systolic_floor_mmHg: Math.max(floor, verdict.systolic_floor_mmHg ?? floor) }),
  }
}

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
