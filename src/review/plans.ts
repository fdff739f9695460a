import { compile } from '../programs/compile.ts'
import { cuffsFor } from '../programs/cuffs.ts'
import { loadProgram } from '../programs/load.ts'
import { demoPath, PRESETS } from '../programs/presets.ts'
import type { Plans } from './live/scenario.ts'

/** The plans of the demo and of the presets on both arms, as they are compiled for any session. */
export function livePlans(): Plans {
  const cuffs = cuffsFor(['left-arm', 'right-arm'])
  const plans = [demoPath(), ...PRESETS].map(program => compile(loadProgram(program), { cuffs, verdict: undefined }))
  return Object.fromEntries(plans.map(plan => [plan.program, plan]))
}
