import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { CuffError } from '../../src/errors.ts'
import { exampleBody } from '../../src/screening/example.ts'
import { keyIdOf, rawPublicKey } from '../../src/verdict/publicKey.ts'
import type { Role, TrustedKey } from '../../src/verdict/trust.ts'

/** A fixed moment, so that no test depends on when it runs. */
export const NOW = Date.parse('2026-05-04T10:30:00.000Z')
export const LIMBS = ['left-arm', 'right-arm'] as const

export const BODY = exampleBody({ subject: 'P-017', limbs: LIMBS, now: NOW })

export function keyPair(role: Role = 'simulator') {
  const { privateKey } = generateKeyPairSync('ed25519')
  const public_key = rawPublicKey(privateKey)
  const trusted: TrustedKey = {
    key_id: keyIdOf(public_key),
    public_key,
    role,
    label: 'test',
    added: '2026-05-04T10:00:00.000Z',
  }
  return { privateKey, trusted }
}

/** The code of the CuffError that `act` throws, or "accepted". Any other error fails the test. */
export function codeOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof CuffError) return error.code
    throw error
  }
  return 'accepted'
}

export function temporaryHome(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cuffpilot-verdict-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
