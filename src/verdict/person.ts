import { randomBytes, scryptSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CuffError, EXIT } from '../errors.ts'
import { isMissing, writeDurably } from '../home.ts'

/** Patient numbers are few and guessable, so guessing is made slow: about 50 ms and 16 MiB a guess. Project policy. */
const COST = { N: 16_384, r: 8, p: 1 }
const SALT = /^[0-9a-f]{32}$/

/**
 * The pseudonym of the person whom the operator typed: `<salt>:<hash>`, both hex. Case, surrounding blanks, the kind
 * of dash and the Unicode form of what was typed do not matter.
 * @throws CuffError CP-SUBJECT for nothing, or more than 100 characters
 */
export function pseudonym(subject: string, salt: string): string {
  const typed = subject
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .trim()
    .toLowerCase()
  if (typed === '' || typed.length > 100)
    throw new CuffError('CP-SUBJECT', 'the person is missing or too long.', 'Give 1 to 100 characters.', EXIT.usage)
  return `${salt}:${scryptSync(typed, Buffer.from(salt, 'hex'), 32, COST).toString('hex')}`
}

/** The pseudonym of the same person under the salt of `person`, to be compared with it. */
export const pseudonymLike = (person: string, subject: string): string => pseudonym(subject, person.split(':')[0] ?? '')

/**
 * This site's salt, made on first use. All verdicts of a site share it, so that a person's verdicts can be told to be
 * of one person; two sites cannot link theirs.
 * @throws CuffError CP-SALT when it cannot be read: with a new one, older verdicts would look like another person's
 */
export function siteSalt(home: string): string {
  const path = join(home, 'salt')
  try {
    const salt = readFileSync(path, 'utf8').trim()
    if (SALT.test(salt)) return salt
  } catch (error) {
    if (isMissing(error)) return newSalt(path)
  }
  throw new CuffError('CP-SALT', `${path} cannot be read.`, 'Restore it from a backup.', EXIT.refused)
}

function newSalt(path: string): string {
  const salt = randomBytes(16).toString('hex')
  writeDurably(path, `${salt}\n`)
  return salt
}
