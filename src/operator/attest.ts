import { z } from 'zod'
import { CHECKLIST_ITEMS } from '../../machines/checklist.ts'
import { LIMITS } from '../../machines/limits.ts'
import type { WallMs } from '../../protocol/units.ts'
import { CuffError, EXIT, printable } from '../errors.ts'
import { readRegularFile } from '../home.ts'
import { parseStrictJson } from '../strictJson.ts'

const Attestation = z.strictObject({
  operator: z.string().trim().min(1).max(100),
  confirmed: z.array(z.enum(CHECKLIST_ITEMS)),
  at: z.iso.datetime({ offset: true }),
})

/** What an operator says in writing to have seen, in place of answering the checklist at the terminal. */
export type Attestation = z.infer<typeof Attestation>

const MAX_BYTES = 16_384
/** An attestation is about this visit, like the blood pressure: LIM-BP-AGE. Project policy. */
const AGE_MAX_MS = LIMITS.bloodPressureAge.value

/**
 * Reads an attestation.
 * @throws CuffError CP-ATTEST for a file that is none, CP-ATTEST-OLD for one of another visit (status 3)
 */
export function loadAttestation(path: string, now: WallMs): Attestation {
  const attestation = read(path)
  const age_ms = now - Date.parse(attestation.at)
  if (age_ms <= AGE_MAX_MS && age_ms >= -LIMITS.verdictAhead.value) return attestation
  throw new CuffError(
    'CP-ATTEST-OLD',
    `the attestation ${path} is of ${attestation.at}, and counts for ${AGE_MAX_MS / 3_600_000} hours.`,
    'Look at the person and the cuffs again, and attest that.',
    EXIT.refused,
  )
}

function read(path: string): Attestation {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readRegularFile(path, MAX_BYTES))
    const result = Attestation.safeParse(parseStrictJson(text))
    if (result.success) return result.data
    const [issue] = result.error.issues
    throw new Error(`${issue?.path.join('.') || 'the file'}: ${issue?.message}`)
  } catch (error) {
    throw new CuffError(
      'CP-ATTEST',
      `${path} is no attestation: ${printable((error as Error).message, 300)}.`,
      `Give {"operator": …, "confirmed": [${CHECKLIST_ITEMS.join(', ')}], "at": ISO time}.`,
      EXIT.usage,
      error,
    )
  }
}
