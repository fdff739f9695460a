import type { Millis } from '../../protocol/units.ts'

/** START counts when it was held down for so long. Unit ms; project policy. */
export const PRESS_MS: Millis = 1_000
