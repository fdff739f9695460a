import { kindOf, type LimbKind, lowest } from '../../machines/limits.ts'
import type { CuffOnLimb, Plan, Step } from '../../machines/plan.ts'
import { type CitedBound, capBound, type PlanContext } from '../../machines/planBounds.ts'
import { type PlanProblem, planProblems } from '../../machines/planCheck.ts'
import { CuffError, EXIT } from '../errors.ts'
import { eachPress, type Program, type ProgramStep } from './schema.ts'

export interface PlanRequest extends PlanContext {
  readonly cuffs: readonly CuffOnLimb[]
}

/**
 * The plan for these cuffs, frozen. It takes the program's numbers as they are: what is beyond a bound is refused,
 * never moved to it.
 * @throws CuffError CP-LIM-… named after the bound that binds, CP-PROGRAM-LIMB when the program has no target for a limb
 */
export function compile(program: Program, request: PlanRequest): Plan {
  const plan = draft(program, request)
  const problems = planProblems(plan, request)
  if (problems.length > 0) throw refused(program, problems)
  return frozen(plan)
}

function draft(program: Program, request: PlanRequest): Plan {
  const cuffs = request.cuffs.map(cuff => ({ ...cuff }))
  const steps = eachPress(program).map(step => toStep(program, step, cuffs))
  const cap = capOf(program, request)
  return {
    program: program.name,
    mode: program.mode,
    cuffs,
    steps,
    cap_ms: cap.value,
    cap_by: cap.name,
    max_mmHg: cuffs.map((_, i) => Math.max(...steps.map(step => step.targets_mmHg[i]!))),
  }
}

function toStep(program: Program, step: ProgramStep, cuffs: readonly CuffOnLimb[]): Step {
  return {
    kind: step.kind,
    targets_mmHg: cuffs.map(cuff => targetFor(program, step, kindOf(cuff.limb))),
    slew_mmHg_per_s: program.slew_mmHg_per_s,
    hold_ms: step.hold_ms,
    rest_ms: step.rest_ms,
    segments: (step.segments ?? []).map(segment => ({ ...segment })),
  }
}

function targetFor(program: Program, step: ProgramStep, kind: LimbKind): number {
  const target = kind === 'arm' ? step.arm_mmHg : step.leg_mmHg
  if (target !== undefined) return target
  const what = `program ${program.name} has a press without a target for ${kind}s.`
  throw new CuffError('CP-PROGRAM-LIMB', what, 'Choose other limbs or another program.', EXIT.refused)
}

function capOf(program: Program, request: PlanRequest): CitedBound {
  const cap = capBound(request.cuffs, request)
  if (program.cap_ms === undefined) return cap
  const own = { id: 'LIM-PROGRAM-CAP', name: "the program's own limit", value: program.cap_ms, source: 'the program' }
  return lowest([cap, own])
}

function refused(program: Program, problems: readonly PlanProblem[]): CuffError {
  const [first, ...others] = problems
  const more = others.length > 0 ? ` Also: ${others.map(problem => problem.id).join(', ')}.` : ''
  const what = `program ${program.name} is refused: ${first!.text}${more}`
  return new CuffError(`CP-${first!.id}`, what, first!.action, EXIT.refused)
}

/** Frozen to the last segment: nothing changes a plan after it was checked. */
function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part)
  return Object.freeze(value)
}
