import { beforeAll, describe, expect, test } from 'vitest'
import { compiledMax, kindOf, LIMITS, type Limb, widthCeiling } from '../../machines/limits.ts'
import { TIMING } from '../../protocol/wire.ts'
import { PRESETS } from '../../src/programs/presets.ts'
import { Stack } from '../support/stack.ts'
import { happened, letters, pressesSent, samples } from '../support/trace.ts'

const ARMS: Limb[] = ['left-arm', 'right-arm']
const LEGS: Limb[] = ['left-leg', 'right-leg']

/** Every program on arms and on legs, on one side and on both. */
const RUNS = PRESETS.flatMap((program, i): [string, Limb[]][] =>
  i % 2 === 0
    ? [
        [program, ARMS],
        [program, ['right-leg']],
      ]
    : [
        [program, LEGS],
        [program, ['left-arm']],
      ],
)

/** The unit answers within the same millisecond here; its control loop passes every 20 ms. */
const LOOP_MS = 20

describe.each(RUNS)('a whole session of %s on %j', (program, limbs) => {
  let stack: Stack
  beforeAll(() => {
    stack = new Stack({ program, limbs, unit: { limbs: limbs.map(l => ({ kind: kindOf(l), width_cm: 5 })) } })
    stack.until(s => s.ended, 1_300_000)
    stack.advance(5_000)
  })
  const plan = () => stack.session.snapshot.context.plan

  test('REQ-END: it finishes by itself, behind a release and with the cuff below 15 mmHg, and nothing is left to do', () => {
    expect(stack.phase).toBe('finished')
    expect(stack.pressure).toBeLessThan(15)
    expect([stack.view.alarms, stack.view.cause]).toEqual([[], undefined])
    expect(stack.guard.mayLeave).toBe(true)
  })

  test('REQ-ORDER: identify, hello, self test, arm; for each press lease, targets, leases, vent; then the release', () => {
    const press = `LP{${limbs.length}}L+V`
    expect(letters(stack)).toMatch(new RegExp(`^IHZA(${press}){${plan().steps.length}}X+$`))
  })

  test('REQ-COUNT: every press of the plan is made, in its order, warm-up first', () => {
    expect(pressesSent(stack).map(press => press.targets_mmHg)).toEqual(plan().steps.map(step => step.targets_mmHg))
    expect(plan().steps.findIndex(step => step.kind === 'training')).toBeGreaterThanOrEqual(2)
    expect(stack.view.press).toMatchObject({ number: plan().steps.length, of: plan().steps.length })
  })

  test('REQ-LEASE (I-8): leases come every 250 ms while a press is in force, and none between presses', () => {
    for (const { at, leasesAt, ventedAt } of pressesSent(stack)) {
      const beats = leasesAt.filter(lease => lease <= ventedAt!)
      for (const [i, beat] of beats.entries()) expect(Math.abs(beat - at - (i + 1) * 250)).toBeLessThanOrEqual(10)
      expect(at + beats.length * 250).toBeGreaterThan(ventedAt! - 260)
      // The one lease after a vent is the first of the next press.
      expect(leasesAt.length - beats.length).toBeLessThanOrEqual(1)
    }
  })

  test('REQ-PAIR: both limbs get their targets at the same moment, and let go at the same moment', () => {
    const targets = stack.events.flatMap(e => (e.type === 'target' ? [[e.channel, e.t_ms]] : []))
    const at = (channel: number) => targets.filter(([c]) => c === channel).map(([, t]) => t)
    for (let channel = 1; channel <= limbs.length; channel++) expect(at(channel)).toEqual(at(1))
    expect(at(1)).toHaveLength(plan().steps.length)
    expect(happened(stack, 'venting')).toHaveLength(plan().steps.length)
  })

  test('REQ-HOLD: each press lasts what the plan says, from the target to the vent', () => {
    for (const [i, { at, ventedAt }] of pressesSent(stack).entries())
      expect(Math.abs(ventedAt! - at - plan().steps[i]!.hold_ms)).toBeLessThanOrEqual(LOOP_MS)
  })

  test('REQ-REST (I-6): each target comes no sooner after the line was vented than the rest is long', () => {
    const vented = happened(stack, 'vented')
    const presses = pressesSent(stack)
    expect(vented).toHaveLength(presses.length)
    for (const [i, { at }] of presses.slice(1).entries()) {
      const rest = at - vented[i]!
      expect(rest).toBeGreaterThanOrEqual(Math.max(plan().steps[i]!.rest_ms, LIMITS.restMin.value))
      expect(rest).toBeLessThanOrEqual(plan().steps[i]!.rest_ms + 100)
    }
  })

  test('REQ-LIMIT (I-4): no target is above any limit, and the pressure stays within 15 mmHg of it', () => {
    for (const { what } of stack.framesSent('target')) {
      if (what.type !== 'target') continue
      const limb = limbs[what.channel - 1]!
      const max = Math.min(compiledMax(kindOf(limb)).value, widthCeiling(kindOf(limb), 5)!, 300 - 50)
      expect(what.target_mmHg).toBeLessThanOrEqual(max)
      expect(what.slew_mmHg_per_s).toBeLessThanOrEqual(LIMITS.slewMax.value)
    }
    const most = Math.max(...plan().max_mmHg)
    for (const { true_mmHg } of samples(stack)) expect(Math.max(...true_mmHg)).toBeLessThan(most + 15)
  })

  test("REQ-TIME (I-5): by the unit's clock a limb is inflated for hold and T_SILENCE at most, and then empties", () => {
    const opened = happened(stack, 'venting')
    for (const [i, { at }] of pressesSent(stack).entries()) {
      const next = pressesSent(stack)[i + 1]?.at ?? Number.POSITIVE_INFINITY
      const inflated = samples(stack).filter(s => s.at >= at && s.at < next && s.true_mmHg.some(p => p >= 15))
      const lasted = opened[i]! - inflated[0]!.at
      expect(lasted).toBeGreaterThan(plan().steps[i]!.hold_ms / 2)
      expect(lasted).toBeLessThanOrEqual(plan().steps[i]!.hold_ms + TIMING.silence)
      expect(inflated.at(-1)!.at - opened[i]!).toBeLessThan(LIMITS.ventDone.value)
    }
    const [first, last] = [samples(stack)[0]!.at, samples(stack).at(-1)!.at]
    expect(last - first).toBeLessThanOrEqual(plan().cap_ms)
  })
})

describe('REQ-REST (I-6): what swings up in a rest begins it anew, for the machine and for the guard', () => {
  /** Some air comes back into a vented cuff, as when somebody leans on what is left in it. */
  const swing = (stack: Stack): void => {
    const { plants } = stack.unit as unknown as { plants: { air_mmHg: number; line_mmHg: number }[] }
    plants[0]!.air_mmHg = plants[0]!.line_mmHg = 30
  }

  test.each([10, 50])('at %i reports a second the next press comes, and no refusal', rate_Hz => {
    for (const after_ms of [300, 1_700, 3_111, 4_800]) {
      const stack = new Stack({ program: 'cycle-20-5', limbs: ['left-arm'], rate_Hz, unit: { seed: after_ms } })
      stack.until(one => one.phase === 'resting' && one.view.press.number === 4, 300_000)
      stack.advance(after_ms)
      swing(stack)
      stack.advance(1_000)
      const swung = stack.now
      stack.until(one => one.phase !== 'resting', 20_000)
      expect(stack.phase).toBe('pressurizing')
      expect(stack.now - swung).toBeGreaterThan(LIMITS.restMin.value - 1_000)
      stack.untilPhase('holding')
    }
  })
})
