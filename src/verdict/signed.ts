import { type KeyObject, sign, verify } from 'node:crypto'
import { CuffError, EXIT } from '../errors.ts'
import { readRegularFile } from '../home.ts'
import { keyIdOf, publicKeyOf, rawPublicKey } from './publicKey.ts'
import type { Trust, TrustedKey } from './trust.ts'

/*
 * A signed file is a JSON body, a line feed, and a last line `signature <key id> <base64>` with its line feed. The
 * signature is Ed25519 over a prefix of our own and the exact bytes of the body, and it is verified before anything
 * reads the body. The file does not name an algorithm, so nobody can choose one.
 */

/** A kind of signed file. The prefix keeps one kind from being taken for another. */
export interface Paper {
  readonly code: 'VERDICT' | 'CLEARANCE'
  readonly name: string
  readonly domain: string
}

/** Such a file has one or two KiB. Project policy. */
export const MAX_BYTES = 16_384
const LAST_LINE = /^signature ([0-9a-f]{16}) (\S+)$/u
const LF = 0x0a

/** The text of a file whose signature holds, and the key that made it. @throws CuffError CP-VERDICT-…, CP-CLEARANCE-… */
export function openSigned(paper: Paper, bytes: Uint8Array, trust: Trust): { text: string; key: TrustedKey } {
  checkText(paper, bytes)
  const { signed, keyId, signature } = split(paper, Buffer.from(bytes))
  const key = trust.find(known => known.key_id === keyId)
  if (!key) throw untrusted(paper, 'KEY', `the ${paper.name} is signed by the key ${keyId}, which is not trusted here.`)
  if (!verify(null, prefixed(paper, signed), publicKeyOf(key.public_key), signature))
    throw untrusted(
      paper,
      'SIGNATURE',
      `the signature does not hold: the ${paper.name} was changed, or cut, or made by others.`,
    )
  return { text: signed.toString('utf8'), key }
}

/** The bytes of a signed file. @throws CuffError when they are more than would be taken */
export function signText(paper: Paper, text: string, privateKey: KeyObject): Uint8Array {
  const signature = sign(null, prefixed(paper, Buffer.from(text)), privateKey).toString('base64')
  const bytes = Buffer.from(`${text}\nsignature ${keyIdOf(rawPublicKey(privateKey))} ${signature}\n`)
  checkText(paper, bytes)
  return bytes
}

const prefixed = ({ domain }: Paper, signed: Buffer): Buffer => Buffer.concat([Buffer.from(domain), signed])

/** The bytes of a file that may be one. @throws CuffError CP-VERDICT-READ, CP-CLEARANCE-READ */
export function readSigned({ code, name }: Paper, path: string): Uint8Array {
  try {
    return readRegularFile(path, MAX_BYTES)
  } catch (error) {
    const what = `the ${name} ${path} cannot be read: ${(error as Error).message}.`
    throw new CuffError(`CP-${code}-READ`, what, 'Check the path.', EXIT.usage)
  }
}

function checkText(paper: Paper, bytes: Uint8Array): void {
  if (bytes.length > MAX_BYTES)
    throw malformed(paper, 'SIZE', `the file is longer than a ${paper.name} may be (${MAX_BYTES} bytes).`)
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    throw malformed(paper, 'BOM', `the ${paper.name} begins with a byte order mark: an editor has changed it.`)
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw malformed(paper, 'TEXT', `the ${paper.name} is not UTF-8 text.`)
  }
}

function split(paper: Paper, bytes: Buffer): { signed: Buffer; keyId: string; signature: Buffer } {
  const end = bytes.length - 1
  const start = end > 0 ? bytes.lastIndexOf(LF, end - 1) : -1
  const [, keyId, base64] = LAST_LINE.exec(bytes.toString('utf8', start + 1, end)) ?? []
  if (bytes[end] !== LF || start < 0 || keyId === undefined || base64 === undefined)
    throw malformed(
      paper,
      'FORM',
      `the ${paper.name} does not end with the line of its signature: it was cut, or is something else.`,
    )
  const signature = Buffer.from(base64, 'base64')
  if (signature.length !== 64 || signature.toString('base64') !== base64)
    throw malformed(paper, 'BASE64', `the signature of the ${paper.name} is not written as 64 bytes of base64.`)
  return { signed: bytes.subarray(0, start), keyId, signature }
}

/** A file that none of our stations would write. */
export const malformed = ({ code, name }: Paper, kind: string, what: string): CuffError =>
  new CuffError(`CP-${code}-${kind}`, what, `Fetch the ${name} again from where it was made.`, EXIT.usage)

/** A file that is well made, and not by those whom this machine trusts for it. */
export const untrusted = ({ code, name }: Paper, kind: string, what: string): CuffError =>
  new CuffError(
    `CP-${code}-${kind}`,
    what,
    `Take the ${name} from whom you trust for it; "cuffpilot keys list" shows whom this machine trusts.`,
    EXIT.refused,
  )
