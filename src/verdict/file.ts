import { type KeyObject, sign, verify } from 'node:crypto'
import { timeRefusals } from '../../machines/gate.ts'
import type { Verdict } from '../../machines/verdict.ts'
import type { WallMs } from '../../protocol/units.ts'
import { CuffError, EXIT } from '../errors.ts'
import { readRegularFile } from '../home.ts'
import { malformed, parseBody, toVerdict, type VerdictBody } from './body.ts'
import { keyIdOf, publicKeyOf, rawPublicKey } from './publicKey.ts'
import type { Trust, TrustedKey } from './trust.ts'

/*
 * A verdict file is a JSON body, a line feed, and a last line `signature <key id> <base64>` with its line feed. The
 * signature is Ed25519 over a prefix of our own and the exact bytes of the body, and it is verified before anything
 * reads the body. The file does not name an algorithm, so nobody can choose one.
 */

const DOMAIN = Buffer.from('CuffPilot verdict v1\n')
/** A verdict has one or two KiB. Project policy. */
export const MAX_BYTES = 16_384
const LAST_LINE = /^signature ([0-9a-f]{16}) (\S+)$/u
const LF = 0x0a

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
  checkText(bytes)
  const { signed, keyId, signature } = split(Buffer.from(bytes))
  const key = trust.find(known => known.key_id === keyId)
  if (!key) throw untrusted('KEY', `the verdict is signed by the key ${keyId}, which is not trusted here.`)
  if (!verify(null, Buffer.concat([DOMAIN, signed]), publicKeyOf(key.public_key), signature))
    throw untrusted('SIGNATURE', 'the signature does not hold: the verdict was changed, or cut, or made by others.')
  const body = parseBody(signed.toString('utf8'))
  if (body.signer !== key.role)
    throw untrusted('ROLE', `the verdict is of a ${body.signer}, and its key is trusted as ${key.role}.`)
  return { body, verdict: toVerdict(body, keyId), key }
}

/** The bytes of a verdict file. @throws CuffError CP-VERDICT-… for a body that `openVerdict` would not take */
export function signVerdict(body: VerdictBody, privateKey: KeyObject): Uint8Array {
  const signed = Buffer.from(JSON.stringify(body, undefined, 2))
  parseBody(signed.toString('utf8'))
  const signature = sign(null, Buffer.concat([DOMAIN, signed]), privateKey).toString('base64')
  const bytes = Buffer.from(`${signed}\nsignature ${keyIdOf(rawPublicKey(privateKey))} ${signature}\n`)
  checkText(bytes)
  return bytes
}

/** The bytes of a file that may be a verdict. @throws CuffError CP-VERDICT-READ */
export function readVerdictFile(path: string): Uint8Array {
  try {
    return readRegularFile(path, MAX_BYTES)
  } catch (error) {
    throw unreadable(path, (error as Error).message)
  }
}

const unreadable = (path: string, why: string): CuffError =>
  new CuffError('CP-VERDICT-READ', `the verdict ${path} cannot be read: ${why}.`, 'Check the path.', EXIT.usage)

function checkText(bytes: Uint8Array): void {
  if (bytes.length > MAX_BYTES) throw tooLong()
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    throw malformed('BOM', 'the verdict begins with a byte order mark: an editor has changed it.')
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw malformed('TEXT', 'the verdict is not UTF-8 text.')
  }
}

function split(bytes: Buffer): { signed: Buffer; keyId: string; signature: Buffer } {
  const end = bytes.length - 1
  const start = end > 0 ? bytes.lastIndexOf(LF, end - 1) : -1
  const [, keyId, base64] = LAST_LINE.exec(bytes.toString('utf8', start + 1, end)) ?? []
  if (bytes[end] !== LF || start < 0 || keyId === undefined || base64 === undefined)
    throw malformed(
      'FORM',
      'the verdict does not end with the line of its signature: it was cut, or is something else.',
    )
  const signature = Buffer.from(base64, 'base64')
  if (signature.length !== 64 || signature.toString('base64') !== base64)
    throw malformed('BASE64', 'the signature of the verdict is not written as 64 bytes of base64.')
  return { signed: bytes.subarray(0, start), keyId, signature }
}

const tooLong = (): CuffError => malformed('SIZE', `the file is longer than a verdict may be (${MAX_BYTES} bytes).`)

const untrusted = (kind: string, what: string): CuffError =>
  new CuffError(
    `CP-VERDICT-${kind}`,
    what,
    'Take the verdict from your screening station; "cuffpilot keys list" shows whom this machine trusts.',
    EXIT.refused,
  )
