import { describe, expect, test } from 'vitest'
import type { Envelope, Press } from '../../machines/guardMessages.ts'
import type { Profile } from '../../protocol/unitFrames.ts'
import { envelopeProblem, helloProblem, type PressFacts, pressProblem } from '../../src/guard/envelope.ts'
import { NOTHING_SEEN } from '../../src/guard/sight.ts'
import { ENVELOPE, GuardRig, PRESS, PROFILE, report } from '../support/guardRig.ts'

const cuffs = (...of: Envelope['cuffs'][number][]): Partial<Envelope> => ({ cuffs: of })
const arm = { channel: 1, limb: 'left-arm', max_mmHg: 100 } as const
const leg = { channel: 2, limb: 'left-leg', max_mmHg: 100 } as const
const NOT = Number.NaN

describe('REQ-ENVELOPE (I-4, F65 to F67): an envelope is never wider than what was compiled in, or than the unit', () => {
  test('one within every bound is taken', () => {
    expect(envelopeProblem(ENVELOPE, PROFILE)).toBeUndefined()
  })

  test.each<[string, Partial<Envelope>, Partial<Profile>?]>([
    ['no cuff', cuffs()],
    ['arms and legs', cuffs(arm, leg)],
    ['a channel twice', cuffs(arm, { ...arm, limb: 'right-arm' })],
    ['a limb twice', cuffs(arm, { ...arm, channel: 2 })],
    ['a limb that nobody has', cuffs({ ...arm, limb: 'third-arm' as never })],
    ['a leg that nobody has', cuffs({ ...leg, limb: 'tail' as never })],
    ['a press longer than the whole time', { press_ms: 60_001, cum_ms: 60_000 }],
    ['channel 0', cuffs({ ...arm, channel: 0 })],
    ['channel 1.5', cuffs({ ...arm, channel: 1.5 })],
    ['a channel that the unit has not', cuffs({ ...arm, channel: 3 })],
    ['an arm above 200 (LIM-ARM-MAX)', cuffs({ ...arm, max_mmHg: 201 })],
    ['a leg above 250 (LIM-LEG-MAX)', cuffs({ ...leg, max_mmHg: 251 })],
    ['a target below 20', cuffs({ ...arm, max_mmHg: 19 })],
    ['a target that is no number', cuffs({ ...arm, max_mmHg: NOT })],
    [
      'less than 50 below the ceiling (LIM-CEILING-MARGIN)',
      cuffs({ ...arm, max_mmHg: 151 }),
      { ceilings_mmHg: [200, 300] },
    ],
    ['a fast rise (LIM-SLEW)', { slew_mmHg_per_s: 31 }],
    ['a rise faster than the unit', { slew_mmHg_per_s: 30 }, { slewMax_mmHg_per_s: 29 }],
    ['no rise', { slew_mmHg_per_s: 0 }],
    ['a press of no length', { press_ms: NOT }],
    ['a press longer than the unit stays inflated', { press_ms: 60_001 }, { inflatedContinuous_s: 60 }],
    ['a press longer than the time for arms (LIM-ARM-CUM-HARD)', { press_ms: 900_001 }],
    ['a short rest (LIM-REST-MIN)', { rest_ms: 4_999 }],
    ['15 min and more on arms (LIM-ARM-CUM-HARD)', { cum_ms: 900_001 }],
    ['more than the unit allows in an hour', { cum_ms: 60_001 }, { inflatedHour_s: 60 }],
    ['no end', { cum_ms: Number.POSITIVE_INFINITY }],
    ['a real unit without FW-5', {}, { simulated: false, declared: 0xfef }],
  ])('%s is refused', (_, change, unit = {}) => {
    expect(envelopeProblem({ ...ENVELOPE, ...change }, { ...PROFILE, ...unit })).toBeTypeOf('string')
  })

  test.each<[string, Partial<Envelope>, Partial<Profile>?]>([
    ['an arm at 200', cuffs({ ...arm, max_mmHg: 200 })],
    ['a leg at 250', cuffs({ ...leg, max_mmHg: 250 })],
    ['50 below the ceiling', cuffs({ ...arm, max_mmHg: 150 }), { ceilings_mmHg: [200, 300] }],
    ['a press as long as the whole time', { press_ms: 60_000, cum_ms: 60_000 }],
    ['a rise of 30', { slew_mmHg_per_s: 30 }],
    ['a rest of 5 s', { rest_ms: 5_000 }],
    ['15 min on arms', { cum_ms: 900_000 }],
    ['20 min on legs (LIM-LEG-CUM-HARD)', { ...cuffs(leg), cum_ms: 1_200_000 }],
    ['a real unit with FW-1 to FW-5', {}, { simulated: false, declared: 0x01f }],
  ])('%s is taken', (_, change, unit = {}) => {
    expect(envelopeProblem({ ...ENVELOPE, ...change }, { ...PROFILE, ...unit })).toBeUndefined()
  })

  test('before the unit has said what it is there is none', () => {
    expect(envelopeProblem(ENVELOPE, undefined)).toBeTypeOf('string')
  })

  test('it is set once: nothing widens it afterwards', () => {
    const rig = GuardRig.armed()
    const wider = { ...ENVELOPE, cuffs: ENVELOPE.cuffs.map(cuff => ({ ...cuff, max_mmHg: 200 })) }
    rig.tell({ do: 'envelope', envelope: wider })
    expect(rig.outcome('envelope')).toMatchObject({ outcome: 'refused' })
    rig.tell({ do: 'press', ...PRESS, targets: [{ channel: 1, target_mmHg: 101 }] })
    expect(rig.outcome('press')).toMatchObject({ outcome: 'refused' })
    expect(rig.frames('target')).toEqual([])
  })
})

const NOW = 100_000
const facts = (change: Partial<PressFacts> = {}): PressFacts => ({
  envelope: ENVELOPE,
  seen: { ...NOTHING_SEEN, last: report(), at: NOW, ventedSince: NOW - 5_000 },
  controllerWell: true,
  pressing: false,
  firstPress: NOW - 59_999,
  pressEnded: NOW - 6_000,
  ...change,
})
const seen = (change: Partial<PressFacts['seen']>): Partial<PressFacts> => ({ seen: { ...facts().seen, ...change } })
const targets = (...list: [number, number][]): Partial<Press> => ({
  targets: list.map(([channel, target_mmHg]) => ({ channel, target_mmHg })),
})

describe('REQ-PRESS (I-6, I-8): a press passes only when everything about it is right', () => {
  test('one within every bound passes', () => {
    expect(pressProblem(PRESS, facts(), NOW)).toBeUndefined()
    expect(pressProblem({ ...PRESS, ...targets([1, 100], [2, 90]) }, facts(), NOW)).toBeUndefined()
  })

  test.each<[string, Partial<PressFacts>]>([
    ['without an envelope', { envelope: undefined }],
    ['during another', { pressing: true }],
    ['with a controller that does not answer', { controllerWell: false }],
    ['without a report', { seen: NOTHING_SEEN }],
    ['with a report that is 501 ms old', seen({ at: NOW - 501 })],
    ['with the unit venting', seen({ last: report({ mode: 'venting' }) })],
    ['with the unit latched', seen({ last: report({ mode: 'latched' }) })],
    ['with a channel at 15 mmHg', seen({ ventedSince: undefined })],
    ['1 ms before the rest is over', seen({ ventedSince: NOW - 4_999 })],
    ['with a press that ended 1 ms too late, whatever the line shows', { pressEnded: NOW - 4_999 }],
    ['with a sensor that reads -11 mmHg on a vented line', seen({ last: report({}, [-11, 0]) })],
    ['when the time from the first press is used up', { firstPress: NOW - 60_000 }],
  ])('%s it is refused', (_, change) => {
    expect(pressProblem(PRESS, facts(change), NOW)).toBeTypeOf('string')
  })

  test('the first press of a session waits for no rest', () => {
    const fresh = { ...seen({ ventedSince: NOW }), firstPress: undefined }
    expect(pressProblem(PRESS, facts(fresh), NOW)).toBeUndefined()
  })

  test.each<[string, Partial<Press>]>([
    ['without a target', targets()],
    ['with a target above its cuff', targets([1, 101])],
    ['with a target above the other cuff', targets([1, 100], [2, 91])],
    ['with a target below 20 mmHg', targets([1, 19])],
    ['with a target between two numbers', targets([1, 60.5])],
    ['with a target that is no number', targets([1, NOT])],
    ['with a target of JSON null', targets([1, null as never])],
    ['with an endless target', targets([1, Number.POSITIVE_INFINITY])],
    ['on a channel without a cuff', targets([3, 60])],
    ['on channel 0', targets([0, 60])],
    ['twice on a channel', targets([1, 60], [1, 60])],
    ['on more channels than cuffs', targets([1, 60], [2, 60], [3, 60])],
    ['with no list of targets', { targets: undefined as never }],
    ['with a fast rise', { slew_mmHg_per_s: 21 }],
    ['with no rise', { slew_mmHg_per_s: 0 }],
    ['with a rise between two numbers', { slew_mmHg_per_s: 1.5 }],
    ['with a rise that is no number', { slew_mmHg_per_s: NOT }],
  ])('%s it is refused', (_, change) => {
    expect(pressProblem({ ...PRESS, ...change }, facts(), NOW)).toBeTypeOf('string')
  })
})

test('a press is no longer than the unit itself allows without a break', () => {
  const short = { ...PROFILE, inflatedContinuous_s: 30 }
  expect(envelopeProblem({ ...ENVELOPE, press_ms: 30_000 }, short)).toBeUndefined()
  expect(envelopeProblem({ ...ENVELOPE, press_ms: 30_001 }, short)).toBeTypeOf('string')
})

describe('REQ-HELLO: no session with a unit that is not what it must be', () => {
  const identity = { type: 'identity', version: 1, model: 'M', serial: 'S', firmware: 'F' } as const

  test('a unit that speaks our version and keeps to the protocol gets one', () => {
    expect(helloProblem(identity, PROFILE, false)).toBeUndefined()
    expect(helloProblem(identity, PROFILE, true)).toBeUndefined()
  })

  test.each<[string, Parameters<typeof helloProblem>]>([
    ['unknown', [undefined, undefined, false]],
    ['of another version', [{ ...identity, version: 2 }, PROFILE, false]],
    ['real, and our clock runs faster than life', [identity, { ...PROFILE, simulated: false }, true]],
    ['slow to fall silent', [identity, { ...PROFILE, silence_ms: 1_501 }, false]],
    ['quick to fall silent', [identity, { ...PROFILE, silence_ms: 999 }, false]],
    ['inflated for too long', [identity, { ...PROFILE, inflatedContinuous_s: 1_201 }, false]],
    ['inflated for too long in an hour', [identity, { ...PROFILE, inflatedHour_s: 1_201 }, false]],
    ['too fast', [identity, { ...PROFILE, slewMax_mmHg_per_s: 51 }, false]],
    ['too high', [identity, { ...PROFILE, ceilings_mmHg: [300, 301] }, false]],
  ])('%s: refused', (_, args) => {
    expect(helloProblem(...args)).toBeTypeOf('string')
  })
})
