import { LIMITS, lowest } from './limits.ts'
import type { CuffOnLimb, Plan, Step } from './plan.ts'
import {
  type CitedBound,
  capBound,
  holdBound,
  type PlanContext,
  plannedMs,
  slewBound,
  targetBound,
} from './planBounds.ts'
import { above, type Found, least, most, type PlanProblem } from './planProblem.ts'
import { cuffProblems, orderProblems } from './planShape.ts'

export type { PlanProblem }

/**
 * Every bound that the plan breaks, each bound once, at its first press. The compiler asks before it hands out a plan;
 * the session machine asks again when the unit has said what it is, and before arming.
 */
export function planProblems(plan: Plan, context: PlanContext): readonly PlanProblem[] {
  const steps = plan.steps.flatMap((step, index) => stepProblems(plan, step, index, context))
  const found = [...cuffProblems(plan, context), ...orderProblems(plan), ...steps, ...timeProblems(plan, context)]
  const first = new Map<string, PlanProblem>()
  for (const problem of found) if (problem && !first.has(problem.id)) first.set(problem.id, problem)
  return [...first.values()]
}

function stepProblems(plan: Plan, step: Step, index: number, context: PlanContext): Found[] {
  const at = `press ${index + 1} of ${plan.steps.length}:`
  const { slew_mmHg_per_s: slew, hold_ms, rest_ms } = step
  const rise_ms = (Math.max(...step.targets_mmHg) / slew) * 1000
  const { inflateMax, progressStep, progressWindow, restMin } = LIMITS
  const slewMin = (progressStep.value / progressWindow.value) * 1000
  return [
    ...plan.cuffs.flatMap((cuff, i) => targetProblems(`${at} target`, step.targets_mmHg[i]!, cuff, context)),
    most(`${at} slew`, slew, 'mmHg/s', slewBound(context)),
    least(`${at} slew`, slew, 'mmHg/s', {
      ...progressStep,
      name: 'the slowest rise that is told from a leak',
      value: slewMin,
    }),
    most(`${at} hold`, hold_ms, 'ms', holdBound(plan, step, context)),
    least(`${at} rest`, rest_ms, 'ms', { ...restMin, name: 'the shortest rest' }),
    most(`${at} rise`, rise_ms, 'ms', { ...inflateMax, name: 'the longest rise' }),
    !(rise_ms < hold_ms) && {
      id: 'LIM-RISE',
      text: `${at} the rise takes ${rise_ms / 1000} s, and the hold that it is part of ends at ${hold_ms / 1000} s (the program).`,
      action: 'Use a program with a longer hold, a lower target or a faster rise.',
    },
  ]
}

function targetProblems(what: string, target: number, cuff: CuffOnLimb, context: PlanContext): Found[] {
  const on = `${what} on the ${cuff.limb}`
  return [
    most(on, target, 'mmHg', targetBound(cuff, context)),
    least(on, target, 'mmHg', { ...LIMITS.targetMin, name: 'the lowest target' }),
  ]
}

function timeProblems(plan: Plan, context: PlanContext): Found[] {
  const cap = capBound(plan.cuffs, context)
  const own: CitedBound = { id: 'LIM-PROGRAM-CAP', name: plan.cap_by, value: plan.cap_ms, source: 'the program' }
  return [
    most('planned time with rests', plannedMs(plan.steps), 'ms', lowest([cap, own])),
    !(plan.cap_ms <= cap.value) && {
      ...above("the plan's end", plan.cap_ms, 'ms', cap),
      action: `Give the program a cap_ms of at most ${cap.value}.`,
    },
  ]
}
