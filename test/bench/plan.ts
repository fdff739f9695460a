import { LIMITS } from '../../machines/limits.ts'
import { loadProgram } from '../../src/programs/load.ts'
import type { Program, ProgramStep } from '../../src/programs/schema.ts'
import type { StackOptions } from '../support/stack.ts'

const BASE = loadProgram('first-session')
const lasting = (step: Pick<ProgramStep, 'hold_ms' | 'rest_ms'>) =>
  step.hold_ms + LIMITS.ventNominal.value + step.rest_ms

/** The longest session that the limits allow, and the one with the most work in it: legs, 30 s on and 5 s off to the end. */
export function longestPlan(): Pick<StackOptions, 'program' | 'limbs'> {
  const press = { ...BASE.steps[0]!, leg_mmHg: 100, hold_ms: 30_000, rest_ms: 5_000 }
  const presses = Math.floor(LIMITS.legCum.value / lasting(press))
  const steps: ProgramStep[] = [
    { ...press, kind: 'warm-up', repeat: 2 },
    { ...press, kind: 'training', repeat: presses - 2 },
  ]
  const program: Program = { ...BASE, name: 'longest', mode: 'cycle', steps }
  return { program, limbs: ['left-leg', 'right-leg'] }
}
