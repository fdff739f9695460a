import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WallMs } from '../../protocol/units.ts'
import { CuffError, EXIT } from '../errors.ts'
import { isMissing, writeDurably } from '../home.ts'
import { keyIdOf, rawPublicKey } from './publicKey.ts'
import { addTrusted, loadTrust, type Role } from './trust.ts'

/** Someone who can sign on this machine. */
export interface Signer {
  readonly keyId: string
  readonly role: Role
  readonly privateKey: KeyObject
}

/**
 * Makes a key pair, keeps the private half in `keys/<id>.pem` (0600), and trusts the public half on this machine.
 * @throws CuffError CP-TRUST, CP-KEY-LABEL
 */
export function createSigner(home: string, role: Role, label: string, now: WallMs): Signer {
  const { privateKey } = generateKeyPairSync('ed25519')
  const { key_id: keyId } = addTrusted(home, rawPublicKey(privateKey), role, label, now)
  writeDurably(pemPath(home, keyId), privateKey.export({ format: 'pem', type: 'pkcs8' }))
  return { keyId, role, privateKey }
}

/**
 * The newest key of that role whose private half is on this machine. A simulator key is made when there is none; it
 * is worth nothing on a real unit.
 * @throws CuffError CP-KEY-NONE, CP-KEY-READ, CP-TRUST
 */
export function signerFor(home: string, role: Role, now: WallMs): Signer {
  for (const { key_id } of loadTrust(home)
    .filter(key => key.role === role)
    .reverse()) {
    const privateKey = loadPrivateKey(home, key_id)
    if (privateKey) return { keyId: key_id, role, privateKey }
  }
  if (role === 'simulator') return createSigner(home, role, 'made for examples', now)
  throw new CuffError('CP-KEY-NONE', `this machine has no ${role} key.`, HOW_TO_SIGN[role], EXIT.refused)
}

/** Nobody is told to make the laptop that runs sessions a clinician too. */
const HOW_TO_SIGN = {
  screening: 'Run: cuffpilot keys init --role screening',
  clinician: 'Have a clinician sign on a machine of their own; once, there: cuffpilot keys init --role clinician',
}

/** The private half of a key, or undefined when it is not on this machine. @throws CuffError CP-KEY-READ */
export function loadPrivateKey(home: string, keyId: string): KeyObject | undefined {
  const path = pemPath(home, keyId)
  try {
    const key = createPrivateKey(readFileSync(path))
    if (keyIdOf(rawPublicKey(key)) === keyId) return key
  } catch (error) {
    if (isMissing(error)) return undefined
  }
  throw new CuffError('CP-KEY-READ', `${path} is not the private key ${keyId}.`, 'Restore it.', EXIT.usage)
}

const pemPath = (home: string, keyId: string): string => join(home, 'keys', `${keyId}.pem`)
