import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { CuffError, EXIT } from '../errors.ts'
import { readRegularFile } from '../home.ts'

/** The 32 bytes of an Ed25519 public key, or of the public half of a private one, in base64. */
export function rawPublicKey(key: KeyObject): string {
  const { crv, x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  if (crv !== 'Ed25519' || x === undefined) throw notEd25519()
  return Buffer.from(x, 'base64url').toString('base64')
}

/** The first 16 hex digits of the SHA-256 of the 32 bytes. */
export const keyIdOf = (publicKey: string): string =>
  createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex').slice(0, 16)

/** A public key as people give it: 32 bytes in base64, or a file with that or with PEM. @throws CuffError CP-KEY-PUBLIC */
export function readPublicKey(given: string): string {
  const text = (BASE64.test(given) ? given : textOf(given)).trim()
  if (text.includes('PRIVATE KEY'))
    throw new CuffError('CP-KEY-PUBLIC', 'this is a private key.', 'Never copy it; take the public one.', EXIT.usage)
  try {
    return text.startsWith('-----') ? rawPublicKey(createPublicKey(text)) : rawPublicKey(publicKeyOf(text))
  } catch (error) {
    throw notEd25519(error)
  }
}

/** A PEM file has a few hundred bytes. Project policy. */
const MAX_BYTES = 16_384
const BASE64 = /^[A-Za-z0-9+/]{43}=$/u

function textOf(path: string): string {
  try {
    return readRegularFile(path, MAX_BYTES).toString('utf8')
  } catch (error) {
    const what = `${path} cannot be read: ${(error as Error).message}.`
    throw new CuffError('CP-KEY-READ', what, 'Check the path, or give base64.', EXIT.usage, error)
  }
}

/** The key object of 32 bytes in canonical base64. */
export function publicKeyOf(publicKey: string): KeyObject {
  const raw = Buffer.from(publicKey, 'base64')
  if (raw.length !== 32 || raw.toString('base64') !== publicKey) throw notEd25519()
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' })
}

const notEd25519 = (cause?: unknown): CuffError =>
  new CuffError(
    'CP-KEY-PUBLIC',
    'this is not an Ed25519 public key.',
    'Give the base64 that "cuffpilot keys list" prints there, or a PEM file.',
    EXIT.usage,
    cause,
  )
