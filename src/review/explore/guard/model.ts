import type { Model } from '../step.ts'
import { INVARIANTS } from './invariants.ts'
import { keyOf, stateOf } from './key.ts'
import { MOVES } from './moves.ts'
import type { Put, Situation } from './situation.ts'

/** The guard's core, with a controller and a unit that may say anything at any time. */
export const GUARD: Model<Situation, Put> = { moves: MOVES, invariants: INVARIANTS, keyOf, stateOf }
