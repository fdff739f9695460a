import { expect, test } from 'vitest'
import type { Plan } from '../../machines/plan.ts'
import { capBound } from '../../machines/planBounds.ts'
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

/** A bound, what breaks it by the least step, what the person reads, and the same plan just within it. */
interface Case {
  readonly code: string
  readonly says: string
  readonly now: string
  readonly over: readonly [Program, PlanRequest]
  readonly at: readonly [Program, PlanRequest]
}
const atMost = (bound: string) => `Use a program with at most ${bound} there.`
const atLeast = (bound: string) => `Use a program with at least ${bound} there.`
const POINT_7_11 =
  'Nakajima, Morita, Sato 2011, Int. J. KAATSU Training Res. 7: 1-6, Point 7.11: arms 10 to 15 minutes, legs 15 to 20; the lower end as default, the clock from the first inflation and rests included are project policy'
const target = (mmHg: number) => program({ slew_mmHg_per_s: 30, steps: training({ arm_mmHg: mmHg, leg_mmHg: mmHg }) })
const hold = (ms: number, mode: Program['mode'] = 'cycle') =>
  program({ mode, steps: [step('warm-up'), step('training', { repeat: 1, hold_ms: ms, rest_ms: 5_000 })] })
const wide = cuffsFor(['left-arm'], [5.1])
/** Warm-up 86 s, a press of 514 s with its vent and rest: 600 s. */
const FULL = 506_000

const CASES: Record<string, Case> = {
  'compiled maximum, arm': {
    code: 'CP-LIM-ARM-MAX',
    says: 'press 3 of 4: target on the left-arm of 201 mmHg is above 200 mmHg, the compiled maximum for arms (project policy).',
    now: atMost('200 mmHg'),
    over: [target(201), { cuffs: arm }],
    at: [target(200), { cuffs: arm, profile: profile(), verdict: verdict() }],
  },
  'compiled maximum, leg': {
    code: 'CP-LIM-LEG-MAX',
    says: 'press 3 of 4: target on the left-leg of 251 mmHg is above 250 mmHg, the compiled maximum for legs (project policy).',
    now: atMost('250 mmHg'),
    over: [target(251), { cuffs: leg }],
    at: [target(250), { cuffs: leg, profile: profile() }],
  },
  "the unit's ceiling less 50": {
    code: 'CP-LIM-UNIT-CEILING',
    says: "press 3 of 4: target on the left-arm of 141 mmHg is above 140 mmHg, the unit's ceiling less 50 mmHg (the unit's profile).",
    now: atMost('140 mmHg'),
    over: [target(141), { cuffs: arm, profile: profile({ ceilings_mmHg: [190] }) }],
    at: [target(140), { cuffs: arm, profile: profile({ ceilings_mmHg: [190] }) }],
  },
  "the ceiling of the limb's own channel": {
    code: 'CP-LIM-UNIT-CEILING',
    says: "press 3 of 4: target on the right-arm of 141 mmHg is above 140 mmHg, the unit's ceiling less 50 mmHg (the unit's profile).",
    now: atMost('140 mmHg'),
    over: [target(141), { cuffs: arms, profile: profile({ ceilings_mmHg: [300, 190] }) }],
    at: [target(140), { cuffs: arms, profile: profile({ ceilings_mmHg: [300, 190] }) }],
  },
  'cuff width': {
    code: 'CP-LIM-CUFF-WIDTH',
    says: 'press 3 of 4: target on the left-arm of 151 mmHg is above 150 mmHg, the ceiling for a cuff 5.1 cm wide (project policy).',
    now: atMost('150 mmHg'),
    over: [target(151), { cuffs: wide }],
    at: [target(150), { cuffs: wide }],
  },
  'a cuff width without a known ceiling': {
    code: 'CP-LIM-CUFF-WIDTH',
    says: 'no pressure limit is known for a cuff 14.1 cm wide on the left-arm (project policy).',
    now: 'Use a cuff from 2 to 14 cm wide.',
    over: [target(50), { cuffs: cuffsFor(['left-arm'], [14.1]) }],
    at: [target(50), { cuffs: cuffsFor(['left-arm'], [14]) }],
  },
  "the verdict's maximum for arms": {
    code: 'CP-LIM-VERDICT-MAX',
    says: "press 3 of 4: target on the left-arm of 91 mmHg is above 90 mmHg, the verdict's maximum for arms (the verdict).",
    now: atMost('90 mmHg'),
    over: [target(91), { cuffs: arm, verdict: verdict({ arm_max_mmHg: 90 }) }],
    at: [target(90), { cuffs: arm, verdict: verdict({ arm_max_mmHg: 90, leg_max_mmHg: 60 }) }],
  },
  "the verdict's maximum for legs": {
    code: 'CP-LIM-VERDICT-MAX',
    says: "press 3 of 4: target on the left-leg of 91 mmHg is above 90 mmHg, the verdict's maximum for legs (the verdict).",
    now: atMost('90 mmHg'),
    over: [target(91), { cuffs: leg, verdict: verdict({ leg_max_mmHg: 90 }) }],
    at: [target(90), { cuffs: leg, verdict: verdict({ leg_max_mmHg: 90, arm_max_mmHg: 60 }) }],
  },
  'lowest target': {
    code: 'CP-LIM-TARGET-MIN',
    says: 'press 1 of 4: target on the left-arm of 19 mmHg is below 20 mmHg, the lowest target (project policy).',
    now: atLeast('20 mmHg'),
    over: [program({ steps: [step('warm-up', { arm_mmHg: 19 }), step('training')] }), { cuffs: arm }],
    at: [program({ steps: [step('warm-up', { arm_mmHg: 20 }), step('training')] }), { cuffs: arm }],
  },
  'fastest rise': {
    code: 'CP-LIM-SLEW',
    says: 'press 1 of 4: slew of 31 mmHg/s is above 30 mmHg/s, the fastest rise allowed (project policy).',
    now: atMost('30 mmHg/s'),
    over: [program({ slew_mmHg_per_s: 31 }), { cuffs: arm, profile: profile({ slewMax_mmHg_per_s: 50 }) }],
    at: [program({ slew_mmHg_per_s: 30 }), { cuffs: arm, profile: profile({ slewMax_mmHg_per_s: 50 }) }],
  },
  "the unit's fastest rise": {
    code: 'CP-LIM-UNIT-SLEW',
    says: "press 1 of 4: slew of 20 mmHg/s is above 19 mmHg/s, the unit's fastest rise (the unit's profile).",
    now: atMost('19 mmHg/s'),
    over: [program({ slew_mmHg_per_s: 20 }), { cuffs: arm, profile: profile({ slewMax_mmHg_per_s: 19 }) }],
    at: [program({ slew_mmHg_per_s: 19 }), { cuffs: arm, profile: profile({ slewMax_mmHg_per_s: 19 }) }],
  },
  'slowest rise': {
    code: 'CP-LIM-PROGRESS',
    says: 'press 1 of 4: slew of 2 mmHg/s is below 2.5 mmHg/s, the slowest rise that is told from a leak (project policy).',
    now: atLeast('2.5 mmHg/s'),
    over: [program({ slew_mmHg_per_s: 2, steps: [step('warm-up'), step('training')] }), { cuffs: arm }],
    at: [program({ slew_mmHg_per_s: 3, steps: [step('warm-up'), step('training')] }), { cuffs: arm }],
  },
  'longest rise': {
    code: 'CP-LIM-INFLATE',
    says: 'press 3 of 4: rise of 30.2 s is above 30 s, the longest rise (project policy).',
    now: atMost('30 s'),
    over: [program({ slew_mmHg_per_s: 5, steps: training({ arm_mmHg: 151, hold_ms: 60_000 }) }), { cuffs: arm }],
    at: [program({ slew_mmHg_per_s: 5, steps: training({ arm_mmHg: 150, hold_ms: 60_000 }) }), { cuffs: arm }],
  },
  'a rise that is over before the hold is': {
    code: 'CP-LIM-RISE',
    says: 'press 3 of 4: the rise takes 5 s, and the hold that it is part of ends at 5 s (the program).',
    now: 'Use a program with a longer hold, a lower target or a faster rise.',
    over: [program({ steps: training({ arm_mmHg: 100, hold_ms: 5_000 }) }), { cuffs: arm }],
    at: [program({ steps: training({ arm_mmHg: 100, hold_ms: 5_001 }) }), { cuffs: arm }],
  },
  'longest hold in a cycle': {
    code: 'CP-LIM-HOLD-CYCLE',
    says: 'press 3 of 3: hold of 180.001 s is above 180 s, the longest hold of a cycle or warm-up press (project policy).',
    now: atMost('180 s'),
    over: [hold(180_001), { cuffs: arm }],
    at: [hold(180_000), { cuffs: arm }],
  },
  'longest warm-up press in any mode': {
    code: 'CP-LIM-HOLD-CYCLE',
    says: 'press 1 of 4: hold of 180.001 s is above 180 s, the longest hold of a cycle or warm-up press (project policy).',
    now: atMost('180 s'),
    over: [program({ mode: 'sets', steps: [step('warm-up', { hold_ms: 180_001 }), step('training')] }), { cuffs: leg }],
    at: [program({ mode: 'sets', steps: [step('warm-up', { hold_ms: 180_000 }), step('training')] }), { cuffs: leg }],
  },
  'longest constant hold': {
    code: 'CP-LIM-CONSTANT',
    says: 'press 3 of 3: hold of 600.001 s is above 600 s, the longest constant hold (KAATSU vendor guidance, constant mode).',
    now: atMost('600 s'),
    over: [hold(600_001, 'constant'), { cuffs: leg }],
    at: [hold(600_000, 'constant'), { cuffs: leg, profile: profile() }],
  },
  "the unit's unbroken inflated time": {
    code: 'CP-LIM-UNIT-CONTINUOUS',
    says: "press 3 of 3: hold of 177.001 s is above 177 s, the unit's unbroken inflated time less a vent (the unit's profile).",
    now: atMost('177 s'),
    over: [hold(177_001), { cuffs: arm, profile: profile({ inflatedContinuous_s: 180 }) }],
    at: [hold(177_000), { cuffs: arm, profile: profile({ inflatedContinuous_s: 180 }) }],
  },
  'shortest rest': {
    code: 'CP-LIM-REST-MIN',
    says: 'press 3 of 4: rest of 4.999 s is below 5 s, the shortest rest (KAATSU cycle: 5 s of no pressure).',
    now: atLeast('5 s'),
    over: [program({ steps: training({ rest_ms: 4_999 }) }), { cuffs: arm }],
    at: [program({ steps: training({ rest_ms: 5_000 }) }), { cuffs: arm }],
  },
  'session limit, arms: 10 minutes with the rests and the vents (LIM-VENT-NOMINAL)': {
    code: 'CP-LIM-ARM-CUM',
    says: `planned time with rests of 600.001 s is above 600 s, the session limit for arms (${POINT_7_11}).`,
    now: atMost('600 s'),
    over: [hold(FULL + 1, 'sets'), { cuffs: arm }],
    at: [hold(FULL, 'sets'), { cuffs: arm }],
  },
  'session limit, legs: 15 minutes with the rests': {
    code: 'CP-LIM-LEG-CUM',
    says: `planned time with rests of 900.001 s is above 900 s, the session limit for legs (${POINT_7_11}).`,
    now: atMost('900 s'),
    over: [hold(FULL + 300_001, 'sets'), { cuffs: leg }],
    at: [hold(FULL + 300_000, 'sets'), { cuffs: leg }],
  },
  "the verdict's session limit": {
    code: 'CP-LIM-VERDICT-SESSION',
    says: "planned time with rests of 300.001 s is above 300 s, the verdict's session limit (the verdict).",
    now: atMost('300 s'),
    over: [hold(FULL - 299_999, 'sets'), { cuffs: arm, verdict: verdict({ session_max_ms: 300_000 }) }],
    at: [hold(FULL - 300_000, 'sets'), { cuffs: arm, verdict: verdict({ session_max_ms: 300_000 }) }],
  },
  'a verdict never raises the session limit': {
    code: 'CP-LIM-ARM-CUM',
    says: `planned time with rests of 600.001 s is above 600 s, the session limit for arms (${POINT_7_11}).`,
    now: atMost('600 s'),
    over: [hold(FULL + 1, 'sets'), { cuffs: arm, verdict: verdict({ session_max_ms: 900_000 }) }],
    at: [hold(FULL, 'sets'), { cuffs: arm, verdict: verdict({ session_max_ms: 900_000 }) }],
  },
  "the unit's inflated time per hour": {
    code: 'CP-LIM-UNIT-HOUR',
    says: "planned time with rests of 300.001 s is above 300 s, the unit's inflated time per hour (the unit's profile).",
    now: atMost('300 s'),
    over: [hold(FULL - 299_999, 'sets'), { cuffs: arm, profile: profile({ inflatedHour_s: 300 }) }],
    at: [hold(FULL - 300_000, 'sets'), { cuffs: arm, profile: profile({ inflatedHour_s: 300 }) }],
  },
  "the program's own limit": {
    code: 'CP-LIM-PROGRAM-CAP',
    says: "planned time with rests of 300.001 s is above 300 s, the program's own limit (the program).",
    now: atMost('300 s'),
    over: [{ ...hold(FULL - 299_999, 'sets'), cap_ms: 300_000 }, { cuffs: arm }],
    at: [{ ...hold(FULL - 300_000, 'sets'), cap_ms: 300_000 }, { cuffs: arm }],
  },
  'a program never raises the session limit': {
    code: 'CP-LIM-ARM-CUM',
    says: `planned time with rests of 600.001 s is above 600 s, the session limit for arms (${POINT_7_11}).`,
    now: atMost('600 s'),
    over: [{ ...hold(FULL + 1, 'sets'), cap_ms: 900_000 }, { cuffs: arm }],
    at: [{ ...hold(FULL, 'sets'), cap_ms: 900_000 }, { cuffs: arm }],
  },
  'one side only': {
    code: 'CP-LIM-VERDICT-ONE-SIDE',
    says: "2 limbs are above 1, the verdict's limit to one side (the verdict).",
    now: 'Choose one limb.',
    over: [program(), { cuffs: arms, verdict: verdict({ one_side_only: true }) }],
    at: [program(), { cuffs: arm, verdict: verdict({ one_side_only: true }) }],
  },
  'arms or legs, never both': {
    code: 'CP-LIM-LIMBS',
    says: 'the limbs left-arm, left-leg are not one side or one pair of arms or of legs (project policy).',
    now: 'Choose one or both arms, or one or both legs.',
    over: [program(), { cuffs: cuffsFor(['left-arm', 'left-leg']) }],
    at: [program(), { cuffs: cuffsFor(['right-leg', 'left-leg']) }],
  },
  'a channel that the unit has': {
    code: 'CP-LIM-CHANNELS',
    says: "the channels 1, 2 are not different ones from 1 to 1 (the unit's profile).",
    now: 'Choose fewer limbs, or a unit with more channels.',
    over: [program(), { cuffs: arms, profile: profile({ ceilings_mmHg: [300] }) }],
    at: [program(), { cuffs: arms, profile: profile({ ceilings_mmHg: [300, 300] }) }],
  },
  'two warm-up presses': {
    code: 'CP-LIM-WARM-UP',
    says: '1 warm-up presses before training are below 2 (Nakajima, Morita, Sato 2011, Int. J. KAATSU Training Res. 7: 1-6, on accustoming the vessels; the number is project policy).',
    now: 'Begin the program with the warm-up presses.',
    over: [program({ steps: [step('warm-up', { repeat: 1 }), step('training')] }), { cuffs: arm }],
    at: [program({ steps: [step('warm-up', { repeat: 2 }), step('training')] }), { cuffs: arm }],
  },
  'a warm-up that is no harder than the training': {
    code: 'CP-LIM-WARM-UP-TARGET',
    says: 'a warm-up press on the left-arm is above the lowest training press (project policy).',
    now: 'Lower the warm-up.',
    over: [program({ steps: [step('warm-up', { arm_mmHg: 61 }), step('training', { arm_mmHg: 60 })] }), { cuffs: arm }],
    at: [program({ steps: [step('warm-up', { arm_mmHg: 60 }), step('training', { arm_mmHg: 60 })] }), { cuffs: arm }],
  },
  'one hold in a constant program': {
    code: 'CP-LIM-CONSTANT-ONE',
    says: '2 training presses in a constant program are not 1 (project policy).',
    now: 'Use the mode cycle or sets for several.',
    over: [program({ mode: 'constant', steps: training({ repeat: 2 }) }), { cuffs: arm }],
    at: [program({ mode: 'constant', steps: training({ repeat: 1 }) }), { cuffs: arm }],
  },
  'a target for the kind of limb': {
    code: 'CP-PROGRAM-LIMB',
    says: 'program sample has a press without a target for legs.',
    now: 'Choose other limbs or another program.',
    over: [program({ steps: [step('warm-up'), step('training', { leg_mmHg: undefined })] }), { cuffs: leg }],
    at: [program({ steps: [step('warm-up'), step('training', { leg_mmHg: undefined })] }), { cuffs: arm }],
  },
}

test.each(Object.entries(CASES))(
  'REQ-PLAN: %s: just beyond is refused with the bound’s name, its value and source',
  (_, one) => {
    const error = refusal(...one.over)
    expect([error.code, error.exit]).toEqual([one.code, EXIT.refused])
    expect(error.message.replace('program sample is refused: ', '')).toBe(one.says)
    expect(error.action).toBe(one.now)
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

test('arms and legs together, which is refused anyway, would have no more time than arms', () => {
  expect(capBound(cuffsFor(['left-leg', 'left-arm']), {}).id).toBe('LIM-ARM-CUM')
})

test('the rise is as long as that of the highest target', () => {
  const plan = compile(program(), { cuffs: arms })
  const steep = change(plan, { targets_mmHg: [50, 151], slew_mmHg_per_s: 5, hold_ms: 60_000 })
  expect(planProblems(steep, {}).map(problem => problem.text)).toContain(
    'press 1 of 4: rise of 30.2 s is above 30 s, the longest rise (project policy).',
  )
})

test('an end that is later than the session limit is refused in seconds, with the cap_ms that is allowed', () => {
  const plan = compile(program(), { cuffs: arms })
  expect(planProblems({ ...plan, cap_ms: 600_001 }, {})).toEqual([
    {
      id: 'LIM-ARM-CUM',
      text: `the plan's end of 600.001 s is above 600 s, the session limit for arms (${POINT_7_11}).`,
      action: 'Give the program a cap_ms of at most 600000.',
    },
  ])
})

test('a bound that several presses break is told once, at the first of them', () => {
  const plan = compile(program(), { cuffs: arms })
  expect(planProblems(plan, { profile: profile({ slewMax_mmHg_per_s: 10 }) }).map(problem => problem.text)).toEqual([
    "press 1 of 4: slew of 20 mmHg/s is above 10 mmHg/s, the unit's fastest rise (the unit's profile).",
  ])
})
