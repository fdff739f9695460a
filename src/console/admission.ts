import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Millis, MonoMs } from '../../protocol/units.ts'

/** A session of a browser that nobody uses for so long is over. Unit ms; project policy. */
export const IDLE_MS: Millis = 900_000
/** Tries in a minute, right or wrong. Project policy: 128 bits are guessed by nobody at this rate. */
export const TRIES_MAX = 10
const MINUTE_MS: Millis = 60_000

/** 128 bits, as text that needs no escape in an address. */
const secret = (): string => randomBytes(16).toString('base64url')

const isSame = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/**
 * Who may look and act: whoever was given the address that is printed, once. It is worth nothing when it was used; what a
 * browser keeps in its place it cannot read out to a page, and it ends with this process.
 */
export class Admission {
  /** The secret part of the address that is to be given out now. */
  key = secret()
  private readonly tokens = new Map<string, MonoMs>()
  private tries: MonoMs[] = []

  /** A token for the right key; the next one needs a new key. */
  enter(key: string, now: MonoMs): { readonly token: string } | { readonly refused: 'wrong' | 'too often' } {
    this.tries = this.tries.filter(at => now - at < MINUTE_MS)
    if (this.tries.length >= TRIES_MAX) return { refused: 'too often' }
    this.tries.push(now)
    if (!isSame(key, this.key)) return { refused: 'wrong' }
    this.key = secret()
    const token = secret()
    this.tokens.set(token, now)
    return { token }
  }

  /** True for a token in use, which is kept alive by being asked about. */
  knows(token: string | undefined, now: MonoMs): boolean {
    if (token === undefined) return false
    const used = this.tokens.get(token)
    this.tokens.delete(token)
    if (used === undefined || now - used > IDLE_MS) return false
    this.tokens.set(token, now)
    return true
  }
}
