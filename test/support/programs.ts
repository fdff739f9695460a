import { loadProgram } from '../../src/programs/load.ts'
import type { Program } from '../../src/programs/schema.ts'

const warmUp = loadProgram('first-session').steps[0]!

/** Two warm-up presses and two training presses, as short as can be, so that a whole session takes 50 s. */
export const SHORT: Program = {
  ...loadProgram('first-session'),
  name: 'short',
  slew_mmHg_per_s: 30,
  steps: [
    { ...warmUp, repeat: 2, arm_mmHg: 40, leg_mmHg: 40, hold_ms: 5_000, rest_ms: 5_000 },
    { ...warmUp, kind: 'training', repeat: 2, arm_mmHg: 80, leg_mmHg: 100, hold_ms: 10_000, rest_ms: 6_000 },
  ],
}
