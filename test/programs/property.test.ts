import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kindOf, LIMB_NAMES, widthCeiling } from '../../machines/limits.ts'
import type { Plan } from '../../machines/plan.ts'
import { CuffError, EXIT } from '../../src/errors.ts'
import { compile, type PlanRequest } from '../../src/programs/compile.ts'
import { cuffsFor } from '../../src/programs/cuffs.ts'
import { parseProgram } from '../../src/programs/load.ts'
import type { Program } from '../../src/programs/schema.ts'
import { LIMB_CHOICES, profile, program, step, verdict } from './helpers.ts'

const mmHg = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 15, max: 140 }) }, fc.integer({ min: 1, max: 400 }))
const anyStep = (kind: 'warm-up' | 'training', longest: number) =>
  fc
    .record({
      repeat: fc.integer({ min: kind === 'training' ? 1 : 2, max: 4 }),
      arm_mmHg: kind === 'warm-up' ? fc.integer({ min: 18, max: 60 }) : mmHg,
      leg_mmHg: kind === 'warm-up' ? fc.integer({ min: 18, max: 60 }) : mmHg,
      hold_ms: fc.integer({ min: 3_000, max: longest }),
      rest_ms: fc.integer({ min: 4_500, max: 30_000 }),
    })
    .map(numbers => step(kind, numbers))

const anyProgram: fc.Arbitrary<Program> = fc
  .constantFrom('cycle' as const, 'constant' as const, 'sets' as const)
  .chain(mode =>
    fc
      .record({
        slew: fc.integer({ min: 2, max: 40 }),
        cap_ms: fc.option(fc.integer({ min: 60_000, max: 2_000_000 }), { nil: undefined }),
        warm: fc.array(anyStep('warm-up', 40_000), { minLength: 1, maxLength: 2 }),
        work: fc.array(anyStep('training', 200_000), { minLength: 1, maxLength: 3 }),
      })
      .map(({ slew, cap_ms, warm, work }) => {
        const steps = mode === 'constant' ? [...warm, { ...work[0]!, repeat: 1 }] : [...warm, ...work]
        return program({ mode, slew_mmHg_per_s: slew, steps, ...(cap_ms === undefined ? {} : { cap_ms }) })
      }),
  )

const anyProfile = fc
  .record({
    inflatedContinuous_s: fc.integer({ min: 20, max: 1200 }),
    inflatedHour_s: fc.integer({ min: 100, max: 1200 }),
    slewMax_mmHg_per_s: fc.integer({ min: 5, max: 50 }),
    ceilings_mmHg: fc.array(fc.integer({ min: 100, max: 300 }), { minLength: 1, maxLength: 4 }),
  })
  .map(profile)
const anyVerdict = fc
  .record(
    {
      arm_max_mmHg: fc.integer({ min: 40, max: 400 }),
      leg_max_mmHg: fc.integer({ min: 40, max: 400 }),
      session_max_ms: fc.integer({ min: 100_000, max: 2_000_000 }),
      one_side_only: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .map(verdict)
const anyCuffs = fc
  .oneof(
    { weight: 4, arbitrary: fc.constantFrom(...LIMB_CHOICES) },
    fc.uniqueArray(fc.constantFrom(...LIMB_NAMES), { maxLength: 4 }),
  )
  .chain(limbs =>
    fc
      .array(fc.oneof(fc.constant(5), fc.double({ min: 0, max: 25, noNaN: true })), {
        minLength: limbs.length,
        maxLength: limbs.length,
      })
      .map(widths => cuffsFor(limbs, widths)),
  )
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const anyRequest: fc.Arbitrary<PlanRequest> = fc.record({
  cuffs: anyCuffs,
  profile: optional(anyProfile),
  verdict: optional(anyVerdict),
})

/** Every bound written out once more, without the code under test. */
function expectWithinEveryBound(plan: Plan, { profile: unit, verdict: screened }: PlanRequest, source: Program): void {
  const arm = kindOf(plan.cuffs[0]!.limb) === 'arm'
  expect(plan.cuffs.every(cuff => (kindOf(cuff.limb) === 'arm') === arm)).toBe(true)
  expect(plan.cuffs.length).toBeLessThanOrEqual(screened?.one_side_only ? 1 : 2)
  const cap = Math.min(
    arm ? 600_000 : 900_000,
    screened?.session_max_ms ?? Infinity,
    source.cap_ms ?? Infinity,
    (unit?.inflatedHour_s ?? Infinity) * 1000,
  )
  expect(plan.cap_ms).toBe(cap)
  let total = 0
  for (const press of plan.steps) {
    plan.cuffs.forEach((cuff, i) => {
      const most = Math.min(
        arm ? 200 : 250,
        widthCeiling(kindOf(cuff.limb), cuff.width_cm) ?? 0,
        (arm ? screened?.arm_max_mmHg : screened?.leg_max_mmHg) ?? Infinity,
        unit ? unit.ceilings_mmHg[cuff.channel - 1]! - 50 : Infinity,
      )
      expect(press.targets_mmHg[i]).toBeGreaterThanOrEqual(20)
      expect(press.targets_mmHg[i]).toBeLessThanOrEqual(most)
      expect(press.targets_mmHg[i]).toBeLessThanOrEqual(plan.max_mmHg[i]!)
    })
    expect(press.slew_mmHg_per_s).toBeLessThanOrEqual(Math.min(30, unit?.slewMax_mmHg_per_s ?? Infinity))
    expect(press.slew_mmHg_per_s).toBeGreaterThanOrEqual(2.5)
    const long = plan.mode === 'cycle' || press.kind === 'warm-up' ? 180_000 : plan.mode === 'constant' ? 600_000 : cap
    const unbroken = (unit?.inflatedContinuous_s ?? Infinity) * 1000
    expect(press.hold_ms).toBeLessThanOrEqual(Math.min(long, cap, unbroken))
    const rise_ms = (Math.max(...press.targets_mmHg) / press.slew_mmHg_per_s) * 1000
    expect(rise_ms).toBeLessThan(press.hold_ms)
    expect(rise_ms).toBeLessThanOrEqual(30_000)
    expect(press.rest_ms).toBeGreaterThanOrEqual(5_000)
    total += press.hold_ms + press.rest_ms
  }
  expect(total).toBeLessThanOrEqual(cap)
  expect(plan.steps.slice(0, 2).every(press => press.kind === 'warm-up')).toBe(true)
}

test('REQ-PLAN: whatever the program and the bounds: it is refused, or every number of the plan keeps every bound', () => {
  let compiled = 0
  fc.assert(
    fc.property(anyProgram, anyRequest, (source, request) => {
      let plan: Plan
      try {
        plan = compile(source, request)
      } catch (error) {
        if (!(error instanceof CuffError)) throw error
        expect(error.exit).toBe(EXIT.refused)
        return
      }
      compiled++
      expectWithinEveryBound(plan, request, source)
    }),
    { numRuns: 20_000 },
  )
  expect(compiled).toBeGreaterThan(50)
})

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A program, or one clear line with the exit status of an invalid file; anything else fails the test. */
function readsOrRefuses(input: Uint8Array): void {
  try {
    parseProgram(input, 'any.json')
  } catch (error) {
    if (!(error instanceof CuffError)) throw error
    expect([error.code, error.exit]).toEqual(['CP-PROGRAM-INVALID', EXIT.usage])
    expect(error.line()).not.toMatch(/[\u0000-\u001f]|undefined|\[object/)
    expect(error.line().length).toBeLessThan(500)
  }
}

test('REQ-PROGRAM-FILE (F67): arbitrary bytes and arbitrary JSON give a program or one line, and never anything else', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), readsOrRefuses))
  fc.assert(fc.property(fc.json({ maxDepth: 12 }), text => readsOrRefuses(bytes(text))))
})

test('a program with any one part replaced by arbitrary JSON gives a program or one line', () => {
  const hostile = fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 0, 1e15, -1e15, 0.5, '30', '30,5', null, true))
  const places = fc.constantFrom(...paths(program()))
  fc.assert(
    fc.property(fc.array(fc.tuple(places, hostile), { minLength: 1, maxLength: 3 }), changes => {
      const copy: unknown = structuredClone(program())
      for (const [path, value] of changes) put(copy, path, value)
      readsOrRefuses(bytes(JSON.stringify(copy)))
    }),
    { numRuns: 3_000 },
  )
})

function paths(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at]
  const below = Object.entries(value).flatMap(([key, part]) => paths(part, [...at, key]))
  return at.length > 0 ? [at, ...below] : below
}

function put(root: unknown, path: readonly string[], value: unknown): void {
  let holder = root as Record<string, unknown>
  for (const key of path.slice(0, -1)) {
    if (typeof holder[key] !== 'object' || holder[key] === null) return
    holder = holder[key] as Record<string, unknown>
  }
  holder[path.at(-1)!] = value
}
