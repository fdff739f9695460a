import { slopeOf } from './slope.ts'

/** Sessions in which code is compiled and caches are filled for the first time. */
export const WARM_UP = 60
/** What counts as flat: no growth of more than this is shown with 95 % confidence. Unit bytes a session; project policy. */
export const GROWTH_MAX = 512

/** Fewer sessions tell nothing. */
export const LEAST = 10

export const isFlat = (kept: readonly number[], warmUp = WARM_UP): boolean =>
  kept.length - warmUp < LEAST || slopeOf(kept.slice(warmUp)).from <= GROWTH_MAX
