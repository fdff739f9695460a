import type { Name, TestId } from './model.ts'
import { faultId } from './orphans.ts'

/** A name as a page has it: what kind it is of, and the name as the code spells it. */
export function nameWords(name: Name): string {
  const [kind, ...rest] = name.split(' ')
  if (rest.length === 0) return name
  if (kind !== 'code') return `${kind} \`${rest.join(' ')}\``
  const [path, exported] = rest
  return exported === undefined ? `\`${path}\`` : `\`${exported}\` of \`${path}\``
}

export const namesWords = (names: readonly Name[]): string => names.map(nameWords).join(', ')

/** The faults of a sequence, as links into the fault matrix. */
export const faultWords = (faults: readonly number[]): string =>
  faults.map(n => `[${faultId(n)}](FAULTS.md)`).join(', ')

export const testWords = (tests: readonly TestId[]): string => tests.join(', ')
