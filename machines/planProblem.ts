import type { CitedBound } from './planBounds.ts'

/** Why a plan may not run: the bound that binds, one line for a person, and what to do about it. */
export interface PlanProblem {
  readonly id: string
  readonly text: string
  readonly action: string
}

export type Found = PlanProblem | false | undefined

/** Written as "not at most", so that what is no number is refused too. */
export const most = (what: string, value: number, unit: string, bound: CitedBound): Found =>
  !(value <= bound.value) && above(what, value, unit, bound)

export const above = (what: string, value: number, unit: string, bound: CitedBound): PlanProblem =>
  beyond(what, value, unit, bound, 'above', 'at most')

export const least = (what: string, value: number, unit: string, bound: CitedBound): Found =>
  !(value >= bound.value) && beyond(what, value, unit, bound, 'below', 'at least')

function beyond(what: string, value: number, unit: string, bound: CitedBound, side: string, use: string): PlanProblem {
  const limit = show(bound.value, unit)
  return {
    id: bound.id,
    text: `${what} of ${show(value, unit)} is ${side} ${limit}, ${bound.name} (${bound.source}).`,
    action: `Use a program with ${use} ${limit} there.`,
  }
}

const show = (value: number, unit: string): string =>
  unit === 'ms' ? `${value / 1000} s` : `${value}${unit && ` ${unit}`}`
