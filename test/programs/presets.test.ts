import { readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kindOf, LIMITS, widthCeiling } from '../../machines/limits.ts'
import type { Plan } from '../../machines/plan.ts'
import { plannedMs } from '../../machines/planBounds.ts'
import { compile } from '../../src/programs/compile.ts'
import { cuffsFor } from '../../src/programs/cuffs.ts'
import { loadProgram } from '../../src/programs/load.ts'
import { DEFAULT_PROGRAM, PRESETS, presetPath } from '../../src/programs/presets.ts'
import { LIMB_CHOICES, profile, verdict } from './helpers.ts'

const read = (name: string): unknown => JSON.parse(readFileSync(presetPath(name), 'utf8'))
const plans = (name: string): Plan[] =>
  LIMB_CHOICES.map(limbs =>
    compile(loadProgram(name), { cuffs: cuffsFor(limbs), profile: profile(), verdict: verdict() }),
  )
const inflatedMs = (plan: Plan): number => plan.steps.reduce((sum, step) => sum + step.hold_ms, 0)

test('the presets are the files in the presets folder', () => {
  const files = readdirSync(dirname(presetPath('any')))
  expect(files.toSorted()).toEqual(PRESETS.map(name => `${name}.json`).toSorted())
  for (const name of PRESETS) expect(loadProgram(name).name).toBe(name)
})

describe.each(PRESETS)('%s', name => {
  test('compiles for arms and legs, one side and the pair, and keeps every limit', () => {
    for (const plan of plans(name)) {
      const arm = kindOf(plan.cuffs[0]!.limb) === 'arm'
      expect(plan.cap_ms).toBe(arm ? LIMITS.armCum.value : LIMITS.legCum.value)
      expect(plannedMs(plan.steps)).toBeLessThanOrEqual(plan.cap_ms)
      for (const step of plan.steps) {
        for (const target of step.targets_mmHg) {
          expect(target).toBeGreaterThanOrEqual(20)
          expect(target).toBeLessThanOrEqual(arm ? 200 : 250)
        }
        expect(step.rest_ms).toBeGreaterThanOrEqual(5_000)
        expect(step.hold_ms).toBeLessThanOrEqual(plan.mode === 'cycle' ? 180_000 : 600_000)
        expect(step.slew_mmHg_per_s).toBeLessThanOrEqual(30)
      }
    }
  })

  test('keeps the pressure limit of the widest cuff that is known, too', () => {
    const cuffs = cuffsFor(['left-leg', 'right-leg'], [20, 20])
    const plan = compile(loadProgram(name), { cuffs })
    expect(Math.max(...plan.max_mmHg)).toBeLessThanOrEqual(widthCeiling('leg', 20)!)
  })

  test('begins with two warm-up presses of 30 s and 10 s at 50 mmHg', () => {
    for (const { steps } of plans(name))
      for (const step of steps.slice(0, 2)) {
        expect(step).toMatchObject({ kind: 'warm-up', hold_ms: 30_000, rest_ms: 10_000 })
        expect(new Set(step.targets_mmHg)).toEqual(new Set([50]))
      }
  })

  test('has a source beside every number', () => expect(unsourced(read(name), name)).toEqual([]))
})

/** Paths of numbers without a text in the `sources` of the object that holds them; segments are cited as one. */
function unsourced(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return []
  const sources = (value as { sources?: Record<string, string> }).sources ?? {}
  return Object.entries(value).flatMap(([key, part]) => {
    const cited = typeof sources[key] === 'string' && sources[key].trim() !== ''
    if (typeof part === 'number' || (Array.isArray(part) && key === 'segments')) return cited ? [] : [`${path}.${key}`]
    return unsourced(part, `${path}.${key}`)
  })
}

test('the check for sources finds a number without one', () => {
  expect(unsourced({ steps: [{ hold_ms: 1, sources: {} }] }, 'x')).toEqual(['x.steps.0.hold_ms'])
})

test('first-session, the default, is the lowest of all in pressure, in planned time and in inflated time', () => {
  expect(DEFAULT_PROGRAM).toBe('first-session')
  const first = plans('first-session')
  for (const name of PRESETS.filter(preset => preset !== 'first-session'))
    plans(name).forEach((plan, i) => {
      expect(Math.max(...first[i]!.max_mmHg)).toBeLessThan(Math.min(...plan.max_mmHg))
      expect(plannedMs(first[i]!.steps)).toBeLessThan(plannedMs(plan.steps))
      expect(inflatedMs(first[i]!)).toBeLessThan(inflatedMs(plan))
    })
})

test('progressive: each training press is higher than the last', () => {
  for (const plan of plans('progressive')) {
    const targets = plan.steps.filter(step => step.kind === 'training').map(step => step.targets_mmHg[0]!)
    expect(targets.length).toBeGreaterThan(2)
    expect(targets).toEqual([...new Set(targets)].toSorted((a, b) => a - b))
  }
})

test('cycle-30-5 is eight cycles of 30 s and 5 s, and cycle-20-5 says that its source is still to be added', () => {
  const [, cycles] = loadProgram('cycle-30-5').steps
  expect(cycles).toMatchObject({ repeat: 8, hold_ms: 30_000, rest_ms: 5_000 })
  expect(cycles!.sources.hold_ms).toContain('kaatsublog 2019-12-24')
  const [, quoted] = loadProgram('cycle-20-5').steps
  expect(quoted).toMatchObject({ repeat: 8, hold_ms: 20_000, rest_ms: 5_000 })
  expect(quoted!.sources.hold_ms).toBe('commonly quoted, source to be added')
})

test('sets: held is one press with the rests counted in it, released is one press for each set', () => {
  const reps = (name: string) =>
    plans(name)[0]!
      .steps.filter(step => step.kind === 'training')
      .map(step => step.segments.map(segment => segment.name))
  const set = (count: number) => `${count} repetitions`
  const ready = 'inflate, get ready'
  const rest = 'rest with pressure'
  expect(reps('sets-held')).toEqual([[ready, set(30), rest, set(15), rest, set(15), rest, set(15)]])
  expect(reps('sets-released')).toEqual([30, 15, 15, 15].map(count => [ready, set(count)]))
})
