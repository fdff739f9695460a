import type { Wanted } from '../../../runner.ts'
import type { Model } from '../step.ts'
import { INVARIANTS } from './invariants.ts'
import { keyOf } from './key.ts'
import { MOVES } from './moves.ts'
import { phase, type Situation } from './situation.ts'

/** The session machine, with a guard and a unit that may say anything at any time. */
export const SESSION: Model<Situation, Wanted> = { moves: MOVES, invariants: INVARIANTS, keyOf, stateOf: phase }
