import type { Millis, MmHg, MmHgPerS } from '../protocol/units.ts'
import type { Limb } from './limits.ts'

/** A channel of the unit, bound to one limb and one cuff for the whole session. */
export interface CuffOnLimb {
  readonly channel: number
  readonly limb: Limb
  readonly width_cm: number
}

/** Part of a hold that the operator sees counted: a set of repetitions, or the pause between two sets. */
export interface Segment {
  readonly name: string
  readonly duration_ms: Millis
}

/** One press: to the target, hold, down to a vented line, rest. All limbs of the session do it together. */
export interface Step {
  readonly kind: 'warm-up' | 'training'
  /** One target for each entry of `Plan.cuffs`, in the same order. */
  readonly targets_mmHg: readonly MmHg[]
  readonly slew_mmHg_per_s: MmHgPerS
  readonly hold_ms: Millis
  readonly rest_ms: Millis
  readonly segments: readonly Segment[]
}

/**
 * What the session machine runs: steps that were checked against every limit before the unit was armed.
 * Nothing raises any number in it afterwards.
 */
export interface Plan {
  readonly program: string
  readonly mode: 'cycle' | 'constant' | 'sets'
  readonly cuffs: readonly CuffOnLimb[]
  readonly steps: readonly Step[]
  /** Time from the first inflation after which the session ends whatever the step. */
  readonly cap_ms: Millis
  /** The name of the bound that gave `cap_ms`. */
  readonly cap_by: string
  /** Highest target of the plan for each cuff: the guard's envelope. */
  readonly max_mmHg: readonly MmHg[]
}

/** Longest hold of the plan. Unit ms. */
export const longestHold = (plan: Plan): Millis => Math.max(...plan.steps.map(step => step.hold_ms))

/** Shortest rest of the plan between two presses. Unit ms. */
export const shortestRest = (plan: Plan): Millis => Math.min(...plan.steps.map(step => step.rest_ms))
