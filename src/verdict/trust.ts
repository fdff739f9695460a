import { join } from 'node:path'
import { z } from 'zod'
import type { Verdict } from '../../machines/verdict.ts'
import type { WallMs } from '../../protocol/units.ts'
import { CuffError, EXIT } from '../errors.ts'
import { writeDurably } from '../home.ts'
import { keyIdOf } from './publicKey.ts'
import { readState } from './state.ts'

const Key = z
  .strictObject({
    key_id: z.string(),
    public_key: z.string().regex(/^[A-Za-z0-9+/]{43}=$/u),
    role: z.enum(['screening', 'simulator', 'clinician']),
    label: z.string().min(1).max(60),
    added: z.iso.datetime(),
  })
  .refine(key => key.key_id === keyIdOf(key.public_key), 'the id is not the one of the key')

const TrustFile = z.strictObject({
  schema: z.literal(1),
  keys: z.array(Key).refine(keys => new Set(keys.map(key => key.key_id)).size === keys.length, 'a key stands twice'),
})

/** What a key is good for: verdicts, those of a simulator, which are worth nothing on a real unit, or clearances. */
export type Role = Verdict['signer'] | 'clinician'

/** A public key whose verdicts count on this machine, and for what. */
export type TrustedKey = z.infer<typeof Key>
export type Trust = readonly TrustedKey[]

export const trustPath = (home: string): string => join(home, 'trust.json')

/** The keys that this machine trusts; none when there is no trust file. @throws CuffError CP-TRUST */
export const loadTrust = (home: string): Trust => readState(trustPath(home), TrustFile, 'CP-TRUST')?.keys ?? []

/**
 * Trusts one more key and returns its entry. A key that is known under the same role stays as it is.
 * @throws CuffError CP-TRUST; CP-KEY-LABEL unless the label has 1 to 60 characters; CP-KEY-ROLE for a known key under
 * another role: no key ever changes what it is for
 */
export function addTrusted(home: string, publicKey: string, role: Role, label: string, now: WallMs): TrustedKey {
  const keys = loadTrust(home)
  const key_id = keyIdOf(publicKey)
  const known = keys.find(key => key.key_id === key_id)
  if (known && known.role !== role)
    throw refused('ROLE', `the key ${key_id} is trusted as ${known.role} already.`, 'Make another key for this role.')
  if (known) return known
  if (label.trim() === '' || label.length > 60)
    throw refused('LABEL', 'the label is empty or too long.', 'Say in 1 to 60 characters whose key it is.')
  const key = { key_id, public_key: publicKey, role, label, added: new Date(now).toISOString() }
  writeDurably(trustPath(home), `${JSON.stringify({ schema: 1, keys: [...keys, key] }, undefined, 2)}\n`)
  return key
}

const refused = (kind: string, what: string, action: string): CuffError =>
  new CuffError(`CP-KEY-${kind}`, what, action, EXIT.usage)
