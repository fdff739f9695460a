import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Envelope, GuardCommand, Press } from '../../machines/guardMessages.ts'
import { LIMB_NAMES, LIMITS } from '../../machines/limits.ts'
import { TIMING } from '../../protocol/wire.ts'
import { ENVELOPE, GuardRig, PRESS } from '../support/guardRig.ts'

/** Numbers of every kind; null is what JSON makes of one that is none. */
const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 0.5, 1.5, 20, 90, 91, 100, 101, 250, 1e9, null as never),
  fc.integer({ min: -10, max: 400 }),
  fc.double(),
)
const aChannel = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(1, 2) }, { weight: 1, arbitrary: anyNumber })
const orAny = (usual: fc.Arbitrary<number>) =>
  fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: anyNumber })

const anyEnvelope: fc.Arbitrary<Envelope> = fc.record({
  cuffs: fc.array(
    fc.record({
      channel: aChannel,
      limb: fc.constantFrom(...LIMB_NAMES),
      max_mmHg: orAny(fc.integer({ min: 20, max: 260 })),
    }),
    { maxLength: 3 },
  ),
  slew_mmHg_per_s: orAny(fc.integer({ min: 1, max: 40 })),
  press_ms: orAny(fc.constantFrom(3_000, 8_000, 2_000_000)),
  rest_ms: orAny(fc.constantFrom(4_999, 5_000, 6_000)),
  cum_ms: orAny(fc.constantFrom(20_000, 600_000, 900_001)),
})

const anyPress: fc.Arbitrary<Press> = fc.record({
  targets: fc.array(fc.record({ channel: aChannel, target_mmHg: orAny(fc.integer({ min: 15, max: 110 })) }), {
    maxLength: 3,
  }),
  slew_mmHg_per_s: orAny(fc.integer({ min: 1, max: 25 })),
})

const plain = (...commands: readonly GuardCommand[]) => fc.constantFrom(...commands)
const anyCommand: fc.Arbitrary<GuardCommand> = fc.oneof(
  { weight: 6, arbitrary: plain({ do: 'press', ...PRESS }) },
  { weight: 4, arbitrary: anyPress.map(press => ({ do: 'press', ...press }) as const) },
  { weight: 6, arbitrary: plain({ do: 'vent' }) },
  { weight: 2, arbitrary: anyEnvelope.map(envelope => ({ do: 'envelope', envelope }) as const) },
  { weight: 2, arbitrary: plain({ do: 'arm' }, { do: 'self-test' }, { do: 'identify' }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hello' as const), nonce: anyNumber, rate_Hz: anyNumber }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pong' as const), ping: anyNumber, step: anyNumber }) },
  { weight: 1, arbitrary: plain({ do: 'release', why: 'x' }) },
)

interface Turn {
  readonly command: GuardCommand
  readonly wait_ms: number
  readonly well: boolean
}
const someTurns: fc.Arbitrary<Turn[]> = fc.array(
  fc.record({
    command: anyCommand,
    wait_ms: fc.constantFrom(0, 0, 10, 100, 1_000, 5_000, 7_000, 9_000),
    well: fc.integer({ min: 0, max: 9 }).map(n => n > 0),
  }),
  { minLength: 5, maxLength: 25 },
)

/** Lives through the turns. Returns when each press was asked for. */
function play(rig: GuardRig, turns: readonly Turn[]): number[] {
  const pressed: number[] = []
  for (const { command, wait_ms, well } of turns) {
    rig.well = well
    if (command.do === 'press') pressed.push(rig.now)
    rig.tell(command)
    rig.advance(wait_ms)
  }
  rig.advance(2_000)
  return pressed
}

function expectWithin(rig: GuardRig, envelope: Envelope): void {
  for (const { what } of rig.frames('target')) {
    if (typeof what !== 'object' || what.type !== 'target') continue
    const cuff = envelope.cuffs.find(one => one.channel === what.channel)
    expect(what.target_mmHg).toBeLessThanOrEqual(cuff!.max_mmHg)
    expect(what.target_mmHg).toBeGreaterThanOrEqual(LIMITS.targetMin.value)
    expect(what.slew_mmHg_per_s).toBeLessThanOrEqual(envelope.slew_mmHg_per_s)
  }
}

/** Presses as the line shows them: a lease without one, a press too long, too soon or too late fails here. */
function expectPresses(rig: GuardRig, asked: readonly number[], envelope: Envelope): void {
  let [since, first, ended] = [-1, -1, false]
  for (const { at, what } of rig.sent) {
    const type = typeof what === 'object' ? what.type : what
    expect(type).not.toBe('no frame')
    if (ended) expect(type).toBe('release')
    if (type === 'release') ended = true
    if (type === 'vent' || ended) since = -1
    if (type === 'lease' && since < 0) {
      expect(asked).toContain(at)
      since = at
      first = first < 0 ? at : first
      expect(at - first).toBeLessThanOrEqual(envelope.cum_ms)
    }
    if (type === 'target') expect(since).toBe(at)
    if (type === 'lease') expect(at - since).toBeLessThanOrEqual(envelope.press_ms + TIMING.silence)
  }
}

/** By the unit's clock: the rest between the vented line and the next target. */
function expectRests(rig: GuardRig, envelope: Envelope): void {
  let vented: number | undefined
  for (const event of rig.events) {
    if (event.type === 'vented') vented = event.t_ms
    if (event.type === 'target' && vented !== undefined)
      expect(event.t_ms - vented).toBeGreaterThanOrEqual(envelope.rest_ms)
    if (event.type === 'pressure' && event.measured_mmHg.some(p => p >= 15)) vented = undefined
  }
}

describe('REQ-ENVELOPE (I-4, I-6, I-17): whatever a controller says, the line stays within the envelope', () => {
  test('armed, with an envelope that was set once', () => {
    let presses = 0
    fc.assert(
      fc.property(someTurns, turns => {
        const rig = GuardRig.armed()
        const asked = play(rig, turns)
        expectWithin(rig, ENVELOPE)
        expectPresses(rig, asked, ENVELOPE)
        expectRests(rig, ENVELOPE)
        presses += rig.frames('target').length
      }),
      { numRuns: 120 },
    )
    expect(presses).toBeGreaterThan(100)
  })

  test('from the beginning, with any envelope: nothing above what the program was compiled with', () => {
    fc.assert(
      fc.property(anyEnvelope, someTurns, (envelope, turns) => {
        const rig = GuardRig.armed({}, envelope)
        const taken = rig.outcome('envelope')
        play(rig, turns)
        for (const { what } of rig.frames('target'))
          if (typeof what === 'object' && what.type === 'target') expect(what.target_mmHg).toBeLessThanOrEqual(250)
        if (taken?.is === 'outcome' && taken.outcome === 'done') expectWithin(rig, envelope)
      }),
      { numRuns: 60 },
    )
  })
})
