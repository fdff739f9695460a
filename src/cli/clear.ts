import type { Limb } from '../../machines/limits.ts'
import { dataFolder } from '../home.ts'
import type { Decision } from '../verdict/clearance.ts'
import { print } from './output.ts'
import { ndjson } from './verdict.ts'

interface ClearOptions {
  clinician: string
  reason: string
  out: string
  limbs?: Limb[]
  oneSide?: true
  armMax?: number
  legMax?: number
  sessionMax?: number
  json?: true
}

/** Signs a clearance with the clinician's key of this machine; the verdict is one that this machine trusts. */
export async function clear(file: string, options: ClearOptions): Promise<void> {
  const { writeDurably } = await import('../home.ts')
  const { issueClearance } = await import('../verdict/clear.ts')
  const { readVerdictFile } = await import('../verdict/file.ts')
  const { bytes, body } = issueClearance(dataFolder(), readVerdictFile(file), decisionOf(options), Date.now())
  writeDurably(options.out, bytes)
  if (options.json) print(ndjson({ file: options.out, clears: file, expires: body.expires }))
  else print(`Wrote ${options.out}: ${body.clinician} clears ${file}, until ${body.expires}.`)
}

function decisionOf({ clinician, reason, limbs, oneSide, armMax, legMax, sessionMax }: ClearOptions): Decision {
  const limits = {
    ...(armMax !== undefined && { arm_max_mmHg: armMax }),
    ...(legMax !== undefined && { leg_max_mmHg: legMax }),
    ...(sessionMax !== undefined && { session_max_ms: Math.round(sessionMax * 60_000) }),
    ...(oneSide && { one_side_only: true }),
  }
  return { clinician, reason, ...(Object.keys(limits).length > 0 && { limits }), ...(limbs && { limbs }) }
}
