import type { Requirement } from '../model.ts'
import { BEFORE } from './before.ts'
import { DURING } from './during.ts'
import { SCREENING } from './screening.ts'

/** What the paper asks, in its order: Nakajima, Morita, Sato 2011, Int. J. KAATSU Training Res. 7: 1-6. */
export const SOURCE: readonly Requirement[] = [...BEFORE, ...SCREENING, ...DURING].sort((a, b) =>
  a.id.localeCompare(b.id),
)
