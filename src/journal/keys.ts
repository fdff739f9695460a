import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CuffError, EXIT } from '../errors.ts'
import { isMissing } from '../home.ts'
import { sha256 } from './record.ts'
import { openFileSink } from './sink.ts'

const FILE = 'journal-key.pem'
const DOMAIN = 'cuffpilot journal checkpoint 1\n'
/** What follows the signature on a checkpoint's line. */
const TAIL = '"}}'
const SIGNED_TAIL = /^[0-9a-f]{128}"}}$/
const SIGNED_TAIL_LENGTH = 128 + TAIL.length

/** The public half, as a header carries it. */
export interface PublicKey {
  readonly id: string
  /** SPKI, DER, base64. */
  readonly public: string
}

export interface SigningKey extends PublicKey {
  readonly secret: KeyObject
}

/**
 * The Ed25519 key of this folder, made when there is none. It shows changes made by someone who cannot read this
 * folder; whoever can read the key can also sign.
 * @throws CuffError CP-JOURNAL-KEY when the file is there but holds no such key.
 */
export function signingKey(folder: string): SigningKey {
  return readKey(folder) ?? makeKey(folder)
}

/** The key of this folder, or undefined when it has none. @throws CuffError CP-JOURNAL-KEY */
export function readKey(folder: string): SigningKey | undefined {
  try {
    const secret = createPrivateKey(readFileSync(join(folder, FILE)))
    if (secret.asymmetricKeyType !== 'ed25519') throw new Error('not an Ed25519 key')
    return describe(secret)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw new CuffError(
      'CP-JOURNAL-KEY',
      `${join(folder, FILE)} cannot be used: ${(error as Error).message}.`,
      'Put the key back, or move it aside: the next session makes a new one, and older journals then verify as signed by another key.',
      EXIT.usage,
      error,
    )
  }
}

function makeKey(folder: string): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519')
  const sink = openFileSink(join(folder, FILE))
  try {
    sink.append(Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })))
    sink.sync()
  } finally {
    sink.close()
  }
  return describe(privateKey)
}

function describe(secret: KeyObject): SigningKey {
  const der = createPublicKey(secret).export({ type: 'spki', format: 'der' })
  return { id: idOf(der), public: der.toString('base64'), secret }
}

const idOf = (der: Uint8Array): string => sha256(der).slice(0, 32)

/** Signs a checkpoint's line, made with an empty signature as the last thing in it. */
export function signLine(unsigned: string, key: SigningKey): string {
  const open = unsigned.slice(0, -TAIL.length)
  return `${open}${sign(null, Buffer.from(DOMAIN + open), key.secret).toString('hex')}${TAIL}`
}

/** True when every byte of the line is what the holder of the key signed. */
export function isSigned(line: string, key: KeyObject): boolean {
  const at = line.length - SIGNED_TAIL_LENGTH
  if (at < 0 || !SIGNED_TAIL.test(line.slice(at))) return false
  const signature = Buffer.from(line.slice(at, -TAIL.length), 'hex')
  return verify(null, Buffer.from(DOMAIN + line.slice(0, at)), key, signature)
}

/** The key that a header carries, or undefined when it carries none that its id belongs to. */
export function fromHeader(key: PublicKey): KeyObject | undefined {
  const der = Buffer.from(key.public, 'base64')
  if (idOf(der) !== key.id) return undefined
  try {
    const made = createPublicKey({ key: der, type: 'spki', format: 'der' })
    return made.asymmetricKeyType === 'ed25519' ? made : undefined
  } catch {
    return undefined
  }
}
