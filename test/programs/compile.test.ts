import { expect, test } from 'vitest'
import type { Plan } from '../../machines/plan.ts'
import { planProblems } from '../../machines/planCheck.ts'
import { CuffError, EXIT } from '../../src/errors.ts'
import { compile, type PlanRequest } from '../../src/programs/compile.ts'
import { cuffsFor } from '../../src/programs/cuffs.ts'
import type { Program } from '../../src/programs/schema.ts'
import { profile, program, step, training, verdict } from './helpers.ts'

const arm = cuffsFor(['left-arm'])
const arms = cuffsFor(['left-arm', 'right-arm'])
const leg = cuffsFor(['left-leg'])

function refusal(of: Program, request: PlanRequest): CuffError {
  try {
    compile(of, request)
  } catch (error) {
    if (error instanceof CuffError) return error
    throw error
  }
  throw new Error('it was not refused')
}

/** A bound, what breaks it by the least step, what the message must name, and the same plan just within it. */
interface Case {
  readonly code: string
  readonly says: readonly string[]
  readonly over: readonly [Program, PlanRequest]
  readonly at: readonly [Program, PlanRequest]
}
const target = (mmHg: number) => program({ slew_mmHg_per_s: 30, steps: training({ arm_mmHg: mmHg, leg_mmHg: mmHg }) })
const hold = (ms: number, mode: Program['mode'] = 'cycle') =>
  program({ mode, steps: [step('warm-up'), step('training', { repeat: 1, hold_ms: ms, rest_ms: 5_000 })] })
const wide = cuffsFor(['left-arm'], [5.1])
/** Warm-up 86 s, a press of 514 s with its vent and rest: 600 s. */
const FULL = 506_000

const CASES: Record<string, Case> = {
  'compiled maximum, arm': {
    code: 'CP-LIM-ARM-MAX',
    says: ['201 mmHg', '200 mmHg', 'the compiled maximum for arms', 'project policy'],
    over: [target(201), { cuffs: arm }],
    at: [target(200), { cuffs: arm, profile: profile(), verdict: verdict() }],
  },
  'compiled maximum, leg': {
    code: 'CP-LIM-LEG-MAX',
    says: ['251 mmHg', '250 mmHg', 'the compiled maximum for legs'],
    over: [target(251), { cuffs: leg }],
    at: [target(250), { cuffs: leg, profile: profile() }],
  },
  "the unit's ceiling less 50": {
    code: 'CP-LIM-UNIT-CEILING',
    says: ['141 mmHg', '140 mmHg', "the unit's ceiling less 50 mmHg", "the unit's profile"],
    over: [target(141), { cuffs: arm, profile: profile({ ceilings_mmHg: [190] }) }],
    at: [target(140), { cuffs: arm, profile: profile({ ceilings_mmHg: [190] }) }],
  },
  "the ceiling of the limb's own channel": {
    code: 'CP-LIM-UNIT-CEILING',
    says: ['right-arm', '141 mmHg', '140 mmHg'],
    over: [target(141), { cuffs: arms, profile: profile({ ceilings_mmHg: [300, 190] }) }],
    at: [target(140), { cuffs: arms, profile: profile({ ceilings_mmHg: [300, 190] }) }],
  },
  'cuff width': {
    code: 'CP-LIM-CUFF-WIDTH',
    says: ['151 mmHg', '150 mmHg', 'the ceiling for a cuff 5.1 cm wide', 'project policy'],
    over: [target(151), { cuffs: wide }],
    at: [target(150), { cuffs: wide }],
  },
  'a cuff width without a known ceiling': {
    code: 'CP-LIM-CUFF-WIDTH',
    says: ['14.1 cm', 'from 2 to 14 cm'],
    over: [target(50), { cuffs: cuffsFor(['left-arm'], [14.1]) }],
    at: [target(50), { cuffs: cuffsFor(['left-arm'], [14]) }],
  },
  "the verdict's maximum for arms": {
    code: 'CP-LIM-VERDICT-MAX',
    says: ['91 mmHg', '90 mmHg', "the verdict's maximum for arms", 'the verdict'],
    over: [target(91), { cuffs: arm, verdict: verdict({ arm_max_mmHg: 90 }) }],
    at: [target(90), { cuffs: arm, verdict: verdict({ arm_max_mmHg: 90, leg_max_mmHg: 60 }) }],
  },
  "the verdict's maximum for legs": {
    code: 'CP-LIM-VERDICT-MAX',
    says: ['91 mmHg', "the verdict's maximum for legs"],
    over: [target(91), { cuffs: leg, verdict: verdict({ leg_max_mmHg: 90 }) }],
    at: [target(90), { cuffs: leg, verdict: verdict({ leg_max_mmHg: 90, arm_max_mmHg: 60 }) }],
  },
  'lowest target': {
    code: 'CP-LIM-TARGET-MIN',
    says: ['19 mmHg', '20 mmHg', 'the lowest target'],
    over: [program({ steps: [step('warm-up', { arm_mmHg: 19 }), step('training')] }), { cuffs: arm }],
    at: [program({ steps: [step('warm-up', { arm_mmHg: 20 }), step('training')] }), { cuffs: arm }],
  },
  'fastest rise': {
    code: 'CP-LIM-SLEW',
    says: ['31 mmHg/s', '30 mmHg/s', 'the fastest rise allowed'],
    over: [program({ slew_mmHg_per_s: 31 }), { cuffs: arm, profile: profile({ slewMax_mmHg_per_s: 50 }) }],
    at: [program({ slew_mmHg_per_s: 30 }), { cuffs: arm, profile: profile({ slewMax_mmHg_per_s: 50 }) }],
  },
  "the unit's fastest rise": {
    code: 'CP-LIM-UNIT-SLEW',
    says: ['20 mmHg/s', '19 mmHg/s', "the unit's fastest rise"],
    over: [program({ slew_mmHg_per_s: 20 }), { cuffs: arm, profile: profile({ slewMax_mmHg_per_s: 19 }) }],
    at: [program({ slew_mmHg_per_s: 19 }), { cuffs: arm, profile: profile({ slewMax_mmHg_per_s: 19 }) }],
  },
  'slowest rise': {
    code: 'CP-LIM-PROGRESS',
    says: ['2 mmHg/s', '2.5 mmHg/s'],
    over: [program({ slew_mmHg_per_s: 2, steps: [step('warm-up'), step('training')] }), { cuffs: arm }],
    at: [program({ slew_mmHg_per_s: 3, steps: [step('warm-up'), step('training')] }), { cuffs: arm }],
  },
  'longest rise': {
    code: 'CP-LIM-INFLATE',
    says: ['30 s', 'the longest rise'],
    over: [program({ slew_mmHg_per_s: 5, steps: training({ arm_mmHg: 151, hold_ms: 60_000 }) }), { cuffs: arm }],
    at: [program({ slew_mmHg_per_s: 5, steps: training({ arm_mmHg: 150, hold_ms: 60_000 }) }), { cuffs: arm }],
  },
  'a rise that is over before the hold is': {
    code: 'CP-LIM-RISE',
    says: ['5 s', 'the hold that it is part of'],
    over: [program({ steps: training({ arm_mmHg: 100, hold_ms: 5_000 }) }), { cuffs: arm }],
    at: [program({ steps: training({ arm_mmHg: 100, hold_ms: 5_001 }) }), { cuffs: arm }],
  },
  'longest hold in a cycle': {
    code: 'CP-LIM-HOLD-CYCLE',
    says: ['180.001 s', '180 s'],
    over: [hold(180_001), { cuffs: arm }],
    at: [hold(180_000), { cuffs: arm }],
  },
  'longest warm-up press in any mode': {
    code: 'CP-LIM-HOLD-CYCLE',
    says: ['180.001 s', '180 s'],
    over: [program({ mode: 'sets', steps: [step('warm-up', { hold_ms: 180_001 }), step('training')] }), { cuffs: leg }],
    at: [program({ mode: 'sets', steps: [step('warm-up', { hold_ms: 180_000 }), step('training')] }), { cuffs: leg }],
  },
  'longest constant hold': {
    code: 'CP-LIM-CONSTANT',
    says: ['600.001 s', '600 s', 'the longest constant hold', 'KAATSU vendor guidance'],
    over: [hold(600_001, 'constant'), { cuffs: leg }],
    at: [hold(600_000, 'constant'), { cuffs: leg, profile: profile() }],
  },
  "the unit's unbroken inflated time": {
    code: 'CP-LIM-UNIT-CONTINUOUS',
    says: ['177.001 s', '177 s', "the unit's unbroken inflated time"],
    over: [hold(177_001), { cuffs: arm, profile: profile({ inflatedContinuous_s: 180 }) }],
    at: [hold(177_000), { cuffs: arm, profile: profile({ inflatedContinuous_s: 180 }) }],
  },
  'shortest rest': {
    code: 'CP-LIM-REST-MIN',
    says: ['4.999 s', '5 s', 'the shortest rest'],
    over: [program({ steps: training({ rest_ms: 4_999 }) }), { cuffs: arm }],
    at: [program({ steps: training({ rest_ms: 5_000 }) }), { cuffs: arm }],
  },
  'session limit, arms: 10 minutes with the rests and the vents (LIM-VENT-NOMINAL)': {
    code: 'CP-LIM-ARM-CUM',
    says: ['600.001 s', '600 s', 'the session limit for arms', 'Point 7.11'],
    over: [hold(FULL + 1, 'sets'), { cuffs: arm }],
    at: [hold(FULL, 'sets'), { cuffs: arm }],
  },
  'session limit, legs: 15 minutes with the rests': {
    code: 'CP-LIM-LEG-CUM',
    says: ['900.001 s', '900 s', 'the session limit for legs', 'Point 7.11'],
    over: [hold(FULL + 300_001, 'sets'), { cuffs: leg }],
    at: [hold(FULL + 300_000, 'sets'), { cuffs: leg }],
  },
  "the verdict's session limit": {
    code: 'CP-LIM-VERDICT-SESSION',
    says: ['300.001 s', '300 s', "the verdict's session limit"],
    over: [hold(FULL - 299_999, 'sets'), { cuffs: arm, verdict: verdict({ session_max_ms: 300_000 }) }],
    at: [hold(FULL - 300_000, 'sets'), { cuffs: arm, verdict: verdict({ session_max_ms: 300_000 }) }],
  },
  'a verdict never raises the session limit': {
    code: 'CP-LIM-ARM-CUM',
    says: ['600.001 s', '600 s'],
    over: [hold(FULL + 1, 'sets'), { cuffs: arm, verdict: verdict({ session_max_ms: 900_000 }) }],
    at: [hold(FULL, 'sets'), { cuffs: arm, verdict: verdict({ session_max_ms: 900_000 }) }],
  },
  "the unit's inflated time per hour": {
    code: 'CP-LIM-UNIT-HOUR',
    says: ['300.001 s', '300 s', "the unit's inflated time per hour"],
    over: [hold(FULL - 299_999, 'sets'), { cuffs: arm, profile: profile({ inflatedHour_s: 300 }) }],
    at: [hold(FULL - 300_000, 'sets'), { cuffs: arm, profile: profile({ inflatedHour_s: 300 }) }],
  },
  "the program's own limit": {
    code: 'CP-LIM-PROGRAM-CAP',
    says: ['300.001 s', '300 s', "the program's own limit"],
    over: [{ ...hold(FULL - 299_999, 'sets'), cap_ms: 300_000 }, { cuffs: arm }],
    at: [{ ...hold(FULL - 300_000, 'sets'), cap_ms: 300_000 }, { cuffs: arm }],
  },
  'a program never raises the session limit': {
    code: 'CP-LIM-ARM-CUM',
    says: ['600.001 s', '600 s'],
    over: [{ ...hold(FULL + 1, 'sets'), cap_ms: 900_000 }, { cuffs: arm }],
    at: [{ ...hold(FULL, 'sets'), cap_ms: 900_000 }, { cuffs: arm }],
  },
  'one side only': {
    code: 'CP-LIM-VERDICT-ONE-SIDE',
    says: ['2 limbs', 'one side'],
    over: [program(), { cuffs: arms, verdict: verdict({ one_side_only: true }) }],
    at: [program(), { cuffs: arm, verdict: verdict({ one_side_only: true }) }],
  },
  'arms or legs, never both': {
    code: 'CP-LIM-LIMBS',
    says: ['left-arm, left-leg'],
    over: [program(), { cuffs: cuffsFor(['left-arm', 'left-leg']) }],
    at: [program(), { cuffs: cuffsFor(['right-leg', 'left-leg']) }],
  },
  'a channel that the unit has': {
    code: 'CP-LIM-CHANNELS',
    says: ['1, 2', 'from 1 to 1'],
    over: [program(), { cuffs: arms, profile: profile({ ceilings_mmHg: [300] }) }],
    at: [program(), { cuffs: arms, profile: profile({ ceilings_mmHg: [300, 300] }) }],
  },
  'two warm-up presses': {
    code: 'CP-LIM-WARM-UP',
    says: ['1 warm-up', '2', 'Nakajima'],
    over: [program({ steps: [step('warm-up', { repeat: 1 }), step('training')] }), { cuffs: arm }],
    at: [program({ steps: [step('warm-up', { repeat: 2 }), step('training')] }), { cuffs: arm }],
  },
  'a warm-up that is no harder than the training': {
    code: 'CP-LIM-WARM-UP-TARGET',
    says: ['warm-up', 'left-arm'],
    over: [program({ steps: [step('warm-up', { arm_mmHg: 61 }), step('training', { arm_mmHg: 60 })] }), { cuffs: arm }],
    at: [program({ steps: [step('warm-up', { arm_mmHg: 60 }), step('training', { arm_mmHg: 60 })] }), { cuffs: arm }],
  },
  'one hold in a constant program': {
    code: 'CP-LIM-CONSTANT-ONE',
    says: ['2 training presses'],
    over: [program({ mode: 'constant', steps: training({ repeat: 2 }) }), { cuffs: arm }],
    at: [program({ mode: 'constant', steps: training({ repeat: 1 }) }), { cuffs: arm }],
  },
  'a target for the kind of limb': {
    code: 'CP-PROGRAM-LIMB',
    says: ['legs'],
    over: [program({ steps: [step('warm-up'), step('training', { leg_mmHg: undefined })] }), { cuffs: leg }],
    at: [program({ steps: [step('warm-up'), step('training', { leg_mmHg: undefined })] }), { cuffs: arm }],
  },
}

test.each(Object.entries(CASES))(
  'REQ-PLAN: %s: just beyond is refused with the bound’s name, its value and source',
  (_, one) => {
    const error = refusal(...one.over)
    expect([error.code, error.exit]).toEqual([one.code, EXIT.refused])
    for (const text of one.says) expect(error.line()).toContain(text)
    expect(error.action).toMatch(/^[A-Z].*\.$/)
    expect(error.line()).not.toMatch(/undefined|NaN|\n/)
  },
)

test.each(Object.entries(CASES))(
  'REQ-PLAN: %s: just within compiles, with the numbers of the program untouched',
  (_, one) => {
    const [source, request] = one.at
    const plan = compile(source, request)
    const presses = source.steps.flatMap(part => Array.from({ length: part.repeat }, () => part))
    expect(plan.steps.map(press => [press.hold_ms, press.rest_ms])).toEqual(presses.map(p => [p.hold_ms, p.rest_ms]))
  },
)

test('REQ-PLAN: more than 100 presses are refused', () => {
  const many = program({ steps: [step('warm-up'), step('training', { repeat: 99, hold_ms: 4_000, rest_ms: 5_000 })] })
  const ids = refusal(many, { cuffs: leg })
  expect(ids.message).toContain('101')
  expect(ids.code).toBe('CP-LIM-PRESSES')
})

test('a plan is frozen to the last segment, and shares nothing with the request', () => {
  const cuffs = cuffsFor(['left-arm'])
  const source = program({
    steps: [step('warm-up'), step('training', { segments: [{ name: '15 repetitions', duration_ms: 30_000 }] })],
  })
  const plan = compile(source, { cuffs })
  const parts: unknown[] = [plan]
  for (const part of parts) {
    expect(Object.isFrozen(part)).toBe(true)
    parts.push(...Object.values(part as object).filter(value => typeof value === 'object'))
  }
  expect(parts).toContain(plan.steps[3]!.segments[0])
  expect(Object.isFrozen(cuffs[0])).toBe(false)
  expect(Object.isFrozen(source.steps[1]!.segments![0])).toBe(false)
  expect(() => Object.assign(plan.steps[0]!, { hold_ms: 1 })).toThrow(TypeError)
})

test('each limb has its own target and its own highest target', () => {
  const plan = compile(program(), { cuffs: cuffsFor(['left-leg', 'right-leg']) })
  expect(plan.steps.map(press => press.targets_mmHg)).toEqual([
    [50, 50],
    [50, 50],
    [120, 120],
    [120, 120],
  ])
  expect(plan.max_mmHg).toEqual([120, 120])
})

test('REQ-PLAN: a finished plan meets the same bounds again when the unit says what it is', () => {
  const plan = compile(program(), { cuffs: arms })
  const ids = (change: Parameters<typeof profile>[0]) =>
    planProblems(plan, { profile: profile(change) }).map(problem => problem.id)
  expect(ids({})).toEqual([])
  expect(ids({ ceilings_mmHg: [149, 149] })).toEqual(['LIM-UNIT-CEILING'])
  expect(ids({ ceilings_mmHg: [300] })).toContain('LIM-CHANNELS')
  expect(ids({ slewMax_mmHg_per_s: 10 })).toEqual(['LIM-UNIT-SLEW'])
  expect(ids({ inflatedContinuous_s: 30 })).toEqual(['LIM-UNIT-CONTINUOUS'])
  expect(ids({ inflatedHour_s: 599 })).toEqual(['LIM-UNIT-HOUR'])
  const low = verdict({ arm_max_mmHg: 99, session_max_ms: 599_999 })
  expect(planProblems(plan, { verdict: low }).map(p => p.id)).toEqual(['LIM-VERDICT-MAX', 'LIM-VERDICT-SESSION'])
})

/** What spoils a plan for both arms, and the bound that must find it. */
const BROKEN: Record<string, readonly [string, (plan: Plan) => Plan]> = {
  'NaN target': ['LIM-ARM-MAX', plan => change(plan, { targets_mmHg: [50, Number.NaN] })],
  'half a mmHg': ['LIM-SHAPE', plan => change(plan, { targets_mmHg: [50, 49.5] })],
  'half a mmHg per second': ['LIM-SHAPE', plan => change(plan, { slew_mmHg_per_s: 20.5 })],
  'a target missing': ['LIM-SHAPE', plan => change(plan, { targets_mmHg: [50] })],
  'NaN hold': ['LIM-HOLD-CYCLE', plan => change(plan, { hold_ms: Number.NaN })],
  'endless hold': ['LIM-HOLD-CYCLE', plan => change(plan, { hold_ms: Number.POSITIVE_INFINITY })],
  'negative hold': ['LIM-RISE', plan => change(plan, { hold_ms: -1 })],
  'NaN rest': ['LIM-REST-MIN', plan => change(plan, { rest_ms: Number.NaN })],
  'endless rest': ['LIM-ARM-CUM', plan => change(plan, { rest_ms: Number.POSITIVE_INFINITY })],
  'NaN slew': ['LIM-SLEW', plan => change(plan, { slew_mmHg_per_s: Number.NaN })],
  'slew 0': ['LIM-PROGRESS', plan => change(plan, { slew_mmHg_per_s: 0 })],
  'NaN end': ['LIM-ARM-CUM', plan => ({ ...plan, cap_ms: Number.NaN })],
  'a later end': ['LIM-ARM-CUM', plan => ({ ...plan, cap_ms: plan.cap_ms + 1 })],
  'a higher envelope': ['LIM-MAX', plan => ({ ...plan, max_mmHg: [100, 101] })],
  'no steps': ['LIM-WARM-UP', plan => ({ ...plan, steps: [] })],
  'no cuffs': ['LIM-LIMBS', plan => ({ ...plan, cuffs: [] })],
  'a limb twice': ['LIM-LIMBS', plan => ({ ...plan, cuffs: plan.cuffs.map(cuff => ({ ...cuff, limb: 'left-arm' })) })],
  'a channel twice': ['LIM-CHANNELS', plan => ({ ...plan, cuffs: plan.cuffs.map(cuff => ({ ...cuff, channel: 1 })) })],
  'channel 0': ['LIM-CHANNELS', plan => ({ ...plan, cuffs: plan.cuffs.map((cuff, i) => ({ ...cuff, channel: i })) })],
}
const change = (plan: Plan, to: Partial<Plan['steps'][number]>): Plan => ({
  ...plan,
  steps: plan.steps.map((press, i) => (i === 0 ? { ...press, ...to } : press)),
})

test.each(Object.entries(BROKEN))('REQ-PLAN: a plan spoilt after compiling is found: %s', (_, [id, spoil]) => {
  const plan = compile(program(), { cuffs: arms })
  expect(planProblems(plan, {})).toEqual([])
  expect(planProblems(spoil(plan), {}).map(problem => problem.id)).toContain(id)
})
