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

  test.each<[string, string, Partial<Envelope>, Partial<Profile>?]>([
    ['no cuff', 'arms or legs, never both', cuffs()],
    ['arms and legs', 'arms or legs, never both', cuffs(arm, leg)],
    ['a channel twice', 'a channel twice', cuffs(arm, { ...arm, limb: 'right-arm' })],
    ['a limb twice', 'a limb twice', cuffs(arm, { ...arm, channel: 2 })],
    ['a limb that nobody has', 'no such limb', cuffs({ ...arm, limb: 'third-arm' as never })],
    ['one beside one that is', 'no such limb', cuffs(arm, { ...arm, channel: 2, limb: 'third-arm' as never })],
    ['a leg that nobody has', 'no such limb', cuffs({ ...leg, limb: 'tail' as never })],
    [
      'a press longer than the whole time',
      'press must be a number from 1 to 60000, got 60001',
      { press_ms: 60_001, cum_ms: 60_000 },
    ],
    ['channel 0', 'channel must be a number from 1 to 2, got 0', cuffs({ ...arm, channel: 0 })],
    ['channel 1.5', 'there is no channel 1.5', cuffs({ ...arm, channel: 1.5 })],
    ['a channel that the unit has not', 'channel must be a number from 1 to 2, got 3', cuffs({ ...arm, channel: 3 })],
    [
      'a fifth channel, whatever the unit has',
      'channel must be a number from 1 to 4, got 5',
      cuffs({ ...arm, channel: 5 }),
      { ceilings_mmHg: [300, 300, 300, 300, 300] },
    ],
    [
      'an arm above 200 (LIM-ARM-MAX)',
      'target must be a number from 20 to 200, got 201',
      cuffs({ ...arm, max_mmHg: 201 }),
    ],
    [
      'a leg above 250 (LIM-LEG-MAX)',
      'target must be a number from 20 to 250, got 251',
      cuffs({ ...leg, max_mmHg: 251 }),
    ],
    ['a target below 20', 'target must be a number from 20 to 200, got 19', cuffs({ ...arm, max_mmHg: 19 })],
    ['a target that is no number', 'target must be a number from 20 to 200, got NaN', cuffs({ ...arm, max_mmHg: NOT })],
    [
      'less than 50 below the ceiling (LIM-CEILING-MARGIN)',
      'target must be a number from 20 to 150, got 151',
      cuffs({ ...arm, max_mmHg: 151 }),
      { ceilings_mmHg: [200, 300] },
    ],
    ['a fast rise (LIM-SLEW)', 'slew must be a number from 1 to 30, got 31', { slew_mmHg_per_s: 31 }],
    [
      'a rise faster than the unit',
      'slew must be a number from 1 to 29, got 30',
      { slew_mmHg_per_s: 30 },
      { slewMax_mmHg_per_s: 29 },
    ],
    ['no rise', 'slew must be a number from 1 to 30, got 0', { slew_mmHg_per_s: 0 }],
    ['a press of no length', 'press must be a number from 1 to 60000, got NaN', { press_ms: NOT }],
    [
      'a press longer than the unit stays inflated',
      'press must be a number from 1 to 30000, got 30001',
      { press_ms: 30_001 },
      { inflatedContinuous_s: 30 },
    ],
    [
      'a press longer than the time for arms (LIM-ARM-CUM-HARD)',
      'press must be a number from 1 to 900000, got 900001',
      { press_ms: 900_001, cum_ms: 900_001 },
    ],
    ['a short rest (LIM-REST-MIN)', 'rest must be a number from 5000 to 900000, got 4999', { rest_ms: 4_999 }],
    [
      '15 min and more on arms (LIM-ARM-CUM-HARD)',
      'cumulative time must be a number from 1 to 900000, got 900001',
      { cum_ms: 900_001 },
    ],
    [
      'more than the unit allows in an hour',
      'cumulative time must be a number from 1 to 60000, got 60001',
      { cum_ms: 60_001 },
      { inflatedHour_s: 60 },
    ],
    ['no end', 'cumulative time must be a number from 1 to 900000, got Infinity', { cum_ms: Number.POSITIVE_INFINITY }],
    ['a real unit without FW-5', 'the unit does not protect by itself', {}, { simulated: false, declared: 0xfef }],
  ])('%s is refused: %s', (_, why, change, unit = {}) => {
    expect(envelopeProblem({ ...ENVELOPE, ...change }, { ...PROFILE, ...unit })).toBe(why)
  })

  test.each<[string, Partial<Envelope>, Partial<Profile>?]>([
    ['an arm at 200', cuffs({ ...arm, max_mmHg: 200 })],
    ['a leg at 250', cuffs({ ...leg, max_mmHg: 250 })],
    ['50 below the ceiling', cuffs({ ...arm, max_mmHg: 150 }), { ceilings_mmHg: [200, 300] }],
    ['a press as long as the unit stays inflated', { press_ms: 30_000 }, { inflatedContinuous_s: 30 }],
    ['as long as the unit allows in an hour', { cum_ms: 60_000 }, { inflatedHour_s: 60 }],
    ['the fourth channel', cuffs({ ...arm, channel: 4 }), { ceilings_mmHg: [300, 300, 300, 300] }],
    ['a target of 20', cuffs({ ...arm, max_mmHg: 20 })],
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
    expect(envelopeProblem(ENVELOPE, undefined)).toBe('the unit has not said what it is')
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
    expect(pressProblem({ ...PRESS, ...targets([1, 20]) }, facts(), NOW)).toBeUndefined()
    expect(pressProblem(PRESS, facts(seen({ at: NOW - 500 })), NOW)).toBeUndefined()
    expect(pressProblem(PRESS, facts(seen({ last: report({}, [10, -10]) })), NOW)).toBeUndefined()
    expect(pressProblem(PRESS, facts({ ...seen({ ventedSince: NOW - 5_000 }), pressEnded: NOW - 5_000 }), NOW)).toBe(
      undefined,
    )
  })

  test.each<[string, string, Partial<PressFacts>]>([
    ['without an envelope', 'no envelope has been set', { envelope: undefined }],
    ['during another', 'the last press has not ended', { pressing: true }],
    ['with a controller that does not answer', 'the controller does not answer', { controllerWell: false }],
    ['without a report', 'telemetry is stale', { seen: NOTHING_SEEN }],
    ['with a report that is 501 ms old', 'telemetry is stale', seen({ at: NOW - 501 })],
    ['with the unit venting', 'the unit is venting, not armed', seen({ last: report({ mode: 'venting' }) })],
    ['with the unit latched', 'the unit is latched, not armed', seen({ last: report({ mode: 'latched' }) })],
    ['with a channel at 15 mmHg', 'a channel is not below 15 mmHg', seen({ ventedSince: undefined })],
    [
      'with a channel at 15 mmHg before the first press',
      'a channel is not below 15 mmHg',
      { ...seen({ ventedSince: undefined }), firstPress: undefined },
    ],
    ['1 ms before the rest is over', 'the rest is not over', seen({ ventedSince: NOW - 4_999 })],
    [
      'with a press that ended 1 ms too late, whatever the line shows',
      'the rest is not over',
      { pressEnded: NOW - 4_999 },
    ],
    [
      'with a sensor that reads -11 mmHg on a vented line',
      'a sensor is off zero',
      seen({ last: report({}, [-11, 0]) }),
    ],
    ['with one that reads 11 mmHg', 'a sensor is off zero', seen({ last: report({}, [0, 11]) })],
    ['when the time from the first press is used up', 'the time is used up', { firstPress: NOW - 60_000 }],
  ])('%s it is refused: %s', (_, why, change) => {
    expect(pressProblem(PRESS, facts(change), NOW)).toBe(why)
  })

  test('the first press of a session waits for no rest', () => {
    const fresh = { ...seen({ ventedSince: NOW }), firstPress: undefined }
    expect(pressProblem(PRESS, facts(fresh), NOW)).toBeUndefined()
  })

  test.each<[string, string | RegExp, Partial<Press>]>([
    ['without a target', 'not the session’s cuffs', targets()],
    ['with a target above its cuff', 'target must be a number from 20 to 100, got 101', targets([1, 101])],
    ['with a target above the other cuff', 'target must be a number from 20 to 90, got 91', targets([1, 100], [2, 91])],
    ['with a target below 20 mmHg', 'target must be a number from 20 to 100, got 19', targets([1, 19])],
    ['with a target between two numbers', 'a target is a whole number of mmHg', targets([1, 60.5])],
    ['with a target that is no number', 'target must be a number from 20 to 100, got NaN', targets([1, NOT])],
    ['with a target of JSON null', 'target must be a number from 20 to 100, got null', targets([1, null as never])],
    [
      'with an endless target',
      'target must be a number from 20 to 100, got Infinity',
      targets([1, Number.POSITIVE_INFINITY]),
    ],
    ['on a channel without a cuff', 'channel 3 has no cuff in this session', targets([3, 60])],
    ['on channel 0', 'channel 0 has no cuff in this session', targets([0, 60])],
    ['twice on a channel', 'a channel twice', targets([1, 60], [1, 60])],
    ['on more channels than cuffs', 'not the session’s cuffs', targets([1, 60], [2, 60], [3, 60])],
    ['with no list of targets', /./, { targets: undefined as never }],
    ['with a fast rise', 'slew must be a number from 1 to 20, got 21', { slew_mmHg_per_s: 21 }],
    ['with no rise', 'slew must be a number from 1 to 20, got 0', { slew_mmHg_per_s: 0 }],
    ['with a rise between two numbers', 'a slew is a whole number of mmHg/s', { slew_mmHg_per_s: 1.5 }],
    ['with a rise that is no number', 'slew must be a number from 1 to 20, got NaN', { slew_mmHg_per_s: NOT }],
  ])('%s it is refused: %s', (_, why, change) => {
    expect(pressProblem({ ...PRESS, ...change }, facts(), NOW)).toEqual(
      typeof why === 'string' ? why : expect.stringMatching(why),
    )
  })
})

describe('REQ-HELLO: no session with a unit that is not what it must be', () => {
  const identity = { type: 'identity', version: 1, model: 'M', serial: 'S', firmware: 'F' } as const

  test('a unit that speaks our version and keeps to the protocol gets one', () => {
    expect(helloProblem(identity, PROFILE, false)).toBeUndefined()
    expect(helloProblem(identity, PROFILE, true)).toBeUndefined()
    expect(helloProblem(identity, { ...PROFILE, simulated: false }, false)).toBeUndefined()
  })

  test('a profile at every bound of the protocol gets one', () => {
    const times = { inflatedContinuous_s: 1_200, inflatedHour_s: 1_200 }
    const most = { ...PROFILE, ...times, silence_ms: 1_500, slewMax_mmHg_per_s: 50, ceilings_mmHg: [300, 20] }
    expect(helloProblem(identity, most, false)).toBeUndefined()
    expect(helloProblem(identity, { ...most, silence_ms: 1_000 }, false)).toBeUndefined()
  })

  const saysNothing = 'the unit has not said what it is'
  test.each<[string, string, Parameters<typeof helloProblem>]>([
    ['unknown', saysNothing, [undefined, undefined, false]],
    ['without a profile', saysNothing, [identity, undefined, false]],
    ['without an identity', saysNothing, [undefined, PROFILE, false]],
    ['of another version', 'the unit speaks protocol version 2', [{ ...identity, version: 2 }, PROFILE, false]],
    [
      'real, and our clock runs faster than life',
      'a real unit runs at speed 1',
      [identity, { ...PROFILE, simulated: false }, true],
    ],
    [
      'slow to fall silent',
      'its profile has T_SILENCE in ms 1501, and the protocol allows 1500',
      [identity, { ...PROFILE, silence_ms: 1_501 }, false],
    ],
    [
      'quick to fall silent',
      'its profile has T_SILENCE in ms 999, and the protocol asks for 1000',
      [identity, { ...PROFILE, silence_ms: 999 }, false],
    ],
    [
      'inflated for too long',
      'its profile has unbroken inflated time in s 1201, and the protocol allows 1200',
      [identity, { ...PROFILE, inflatedContinuous_s: 1_201 }, false],
    ],
    [
      'inflated for too long in an hour',
      'its profile has inflated time per hour in s 1201, and the protocol allows 1200',
      [identity, { ...PROFILE, inflatedHour_s: 1_201 }, false],
    ],
    [
      'too fast',
      'its profile has slew in mmHg/s 51, and the protocol allows 50',
      [identity, { ...PROFILE, slewMax_mmHg_per_s: 51 }, false],
    ],
    [
      'too high',
      'its profile has ceiling in mmHg 301, and the protocol allows 300',
      [identity, { ...PROFILE, ceilings_mmHg: [300, 301] }, false],
    ],
  ])('%s: refused, since %s', (_, why, args) => {
    expect(helloProblem(...args)).toBe(why)
  })
})
