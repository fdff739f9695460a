import type { Limb } from '../../machines/limits.ts'
import type { Verdict } from '../../machines/verdict.ts'
import type { Profile } from '../../protocol/unitFrames.ts'
import type { Program, ProgramStep } from '../../src/programs/schema.ts'

const POLICY = 'project policy'

/** A step that every limit lets pass on arms and on legs. */
export function step(kind: ProgramStep['kind'], change: Partial<ProgramStep> = {}): ProgramStep {
  const numbers = { repeat: 2, arm_mmHg: 50, leg_mmHg: 50, hold_ms: 30_000, rest_ms: 10_000 }
  const sources = { repeat: POLICY, arm_mmHg: POLICY, leg_mmHg: POLICY, hold_ms: POLICY, rest_ms: POLICY }
  return { kind, ...numbers, sources, ...change }
}

/** A program that compiles for every limb, with changes. */
export function program(change: Partial<Program> = {}): Program {
  return {
    format: 'cuffpilot-program/1',
    name: 'sample',
    title: 'Sample',
    description: 'For tests',
    mode: 'cycle',
    slew_mmHg_per_s: 20,
    sources: { slew_mmHg_per_s: POLICY, cap_ms: POLICY },
    steps: [step('warm-up'), step('training', { arm_mmHg: 100, leg_mmHg: 120 })],
    ...change,
  }
}

export const training = (change: Partial<ProgramStep>): ProgramStep[] => [step('warm-up'), step('training', change)]

export const profile = (change: Partial<Profile> = {}): Profile => ({
  type: 'profile',
  simulated: true,
  declared: 0xfff,
  silence_ms: 1500,
  inflatedContinuous_s: 1200,
  inflatedHour_s: 1200,
  slewMax_mmHg_per_s: 30,
  ceilings_mmHg: [300, 300],
  ...change,
})

export const verdict = (change: Partial<Verdict> = {}): Verdict => ({
  result: 'accept',
  person: 'salt:hash',
  limbs: ['left-arm', 'right-arm', 'left-leg', 'right-leg'],
  issued_wall: 0,
  expires_wall: 86_400_000,
  serial: 1,
  signer: 'screening',
  keyId: 'key',
  blood_pressure: { systolic_mmHg: 120, diastolic_mmHg: 80, measured_wall: 0 },
  needs_test: false,
  one_side_only: false,
  ...change,
})

/** One side and the pair, of arms and of legs. */
export const LIMB_CHOICES: readonly (readonly Limb[])[] = [
  ['left-arm'],
  ['right-arm', 'left-arm'],
  ['right-leg'],
  ['left-leg', 'right-leg'],
]
