import type { KeyObject } from 'node:crypto'
import { timeRefusals } from '../../machines/gate.ts'
import type { Verdict } from '../../machines/verdict.ts'
import type { WallMs } from '../../protocol/units.ts'
import { CuffError, EXIT } from '../errors.ts'
import { parseBody, toVerdict, VERDICT, type VerdictBody } from './body.ts'
import { openSigned, readSigned, signText, untrusted } from './signed.ts'
import type { Trust, TrustedKey } from './trust.ts'

/** A verdict whose signature holds, with everything that was signed and the key that signed it. */
export interface OpenedVerdict {
  readonly body: VerdictBody
  readonly verdict: Verdict
  readonly key: TrustedKey
}

/**
 * A verdict that may be asked about now. The gate asks again later.
 * @throws CuffError CP-VERDICT-… for a file that is no verdict or not trusted, CP-GATE-EARLY, -EXPIRED or -OLD
 */
export function loadVerdict(source: string | Uint8Array, { trust, now }: { trust: Trust; now: WallMs }): Verdict {
  const { verdict } = openVerdict(typeof source === 'string' ? readVerdictFile(source) : source, trust)
  const [refusal] = timeRefusals(verdict, now)
  if (refusal) throw new CuffError(`CP-${refusal.id}`, refusal.text, refusal.action, EXIT.refused)
  return verdict
}

/** Reads a verdict without looking at the time. @throws CuffError CP-VERDICT-… */
export function openVerdict(bytes: Uint8Array, trust: Trust): OpenedVerdict {
  const { text, key } = openSigned(VERDICT, bytes, trust)
  const body = parseBody(text)
  if (body.signer !== key.role)
    throw untrusted(VERDICT, 'ROLE', `the verdict is of a ${body.signer}, and its key is trusted as ${key.role}.`)
  return { body, verdict: toVerdict(body, key.key_id), key }
}

/** The bytes of a verdict file. @throws CuffError CP-VERDICT-… for a body that `openVerdict` would not take */
export function signVerdict(body: VerdictBody, privateKey: KeyObject): Uint8Array {
  const text = JSON.stringify(body, undefined, 2)
  parseBody(text)
  return signText(VERDICT, text, privateKey)
}

/** The bytes of a file that may be a verdict. @throws CuffError CP-VERDICT-READ */
export const readVerdictFile = (path: string): Uint8Array => readSigned(VERDICT, path)
