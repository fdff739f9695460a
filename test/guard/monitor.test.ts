import { describe, expect, test } from 'vitest'
import { faultWord } from '../../protocol/faults.ts'
import type { ChannelReport, Telemetry } from '../../protocol/unitFrames.ts'
import { TIMING } from '../../protocol/wire.ts'
import { controllerProblem, heard, mayRenew, NO_CONTROLLER, Pings } from '../../src/guard/lease.ts'
import { beginPress, brokenRule, type MonitorFacts, notePress, type PressInForce } from '../../src/guard/monitor.ts'
import { NOTHING_SEEN, type Seen } from '../../src/guard/sight.ts'
import { ENVELOPE, GuardRig, PRESS, PROFILE, report } from '../support/guardRig.ts'

const NOW = 100_000
/** The unit's clock in its last report. */
const UNIT_NOW = 50_000
/** The press began 3 s ago, and everything about it is as it should be. */
const SINCE = NOW - 3_000

const holding = (pressure_mmHg: number, target_mmHg: number): ChannelReport => ({
  pressure_mmHg,
  target_mmHg,
  raw: 1_800,
  pumpOn: true,
  valveClosed: true,
})
const active = (change: Partial<Telemetry> = {}): Telemetry =>
  report({ mode: 'active', lease: 12, channels: [holding(60, 60), holding(50, 50)], ...change })
const seen = (change: Partial<Seen> = {}): Seen => ({
  ...NOTHING_SEEN,
  last: active(),
  at: NOW,
  unit_ms: UNIT_NOW,
  loopAt: NOW,
  boot: 1,
  ...change,
})
const press = (change: Partial<PressInForce> = {}): PressInForce => ({
  ...beginPress(PRESS, SINCE),
  leases: [10, 11, 12],
  inflatedSince_unit_ms: 48_000,
  ...change,
})
const facts = (change: Partial<MonitorFacts> = {}): MonitorFacts => ({
  armedAt: undefined,
  released: false,
  seen: seen(),
  envelope: ENVELOPE,
  press: press(),
  venting: undefined,
  firstPress: SINCE,
  heardAt_unit_ms: UNIT_NOW - 3_000,
  ...change,
})
const idle = (change: Partial<MonitorFacts> = {}): MonitorFacts =>
  facts({ press: undefined, seen: seen({ last: report() }), ...change })
const venting = (since: number, pressure: number, from = 60): Partial<MonitorFacts> => ({
  press: undefined,
  venting: { since, from: [from, from] },
  heardAt_unit_ms: UNIT_NOW - (NOW - since),
  seen: seen({ last: report({ mode: 'venting' }, [pressure, 0]) }),
})
const last = (change: Partial<Telemetry>, more: Partial<Seen> = {}): Partial<MonitorFacts> => ({
  seen: seen({ last: active(change), ...more }),
})
const outside = (ago: number): PressInForce => press({ outside: new Map([[1, NOW - ago]]) })
const pumping = report({ channels: [{ ...holding(0, 0) }, report().channels[1]!] })

describe('REQ-MONITOR: each rule of the guard trips where it should, and not a step before', () => {
  test('a press under way in which all is well breaks no rule, nor does a rest', () => {
    expect(brokenRule(facts(), NOW)).toBeUndefined()
    expect(brokenRule(idle(), NOW)).toBeUndefined()
  })

  test.each<[string, string, Partial<MonitorFacts>]>([
    ['BOOT', 'another boot count', last({ boot: 2 })],
    ['UNIT', 'the unit latched', last({ mode: 'latched', faults: 2 })],
    [
      'UNIT',
      'the unit armed, 201 ms after its answer',
      { ...last({ mode: 'armed' }), heardAt_unit_ms: UNIT_NOW - 201 },
    ],
    ['STALE', 'no report for 501 ms', { seen: seen({ at: NOW - 501 }) }],
    ['LOOP', 'the control loop still for 1,001 ms', { seen: seen({ loopAt: NOW - 1_001 }) }],
    ['ZERO', 'a sensor at -10.1 mmHg in a press', last({ channels: [holding(60, 60), holding(-10.1, 50)] })],
    ['ZERO', 'a sensor at -10.1 mmHg without one', idle({ seen: seen({ last: report({}, [0, -10.1]) }) })],
    [
      'PUMP',
      'a pump on without a press, 201 ms after the answer',
      idle({ seen: seen({ last: pumping }), heardAt_unit_ms: UNIT_NOW - 201 }),
    ],
    ['PUMP', 'a target that was not set', last({ channels: [holding(60, 61), holding(50, 50)] })],
    ['PUMP', 'a channel that has no cuff', last({ channels: [...active().channels, holding(0, 50)] })],
    [
      'PUMP',
      'a target above the envelope',
      { envelope: { ...ENVELOPE, cuffs: ENVELOPE.cuffs.map(c => ({ ...c, max_mmHg: 59 })) } },
    ],
    ['BAND', '15 mmHg off for 1,501 ms (LIM-BAND, LIM-BAND-DELAY)', { press: outside(1_501) }],
    ['BAND', '30 mmHg above in two reports (LIM-BAND-AT-ONCE)', { press: press({ farAbove: 2 }) }],
    [
      'HOLD',
      'longer than the plan by our clock',
      { press: press({ since: NOW - ENVELOPE.press_ms - TIMING.silence - 1 }) },
    ],
    [
      'HOLD',
      "longer than the plan by the unit's clock",
      { press: press({ inflatedSince_unit_ms: 50_000 - ENVELOPE.press_ms - TIMING.silence - 1 }) },
    ],
    ['CUM', 'the time from the first press is over', { firstPress: NOW - ENVELOPE.cum_ms - 1 }],
    ['ECHO', 'a lease that was not of the last three', last({ lease: 9 })],
    ['VENT', 'fallen by less than a fifth in 1,001 ms (LIM-VENT-FALL)', venting(NOW - 1_001, 48.1)],
    ['VENT', 'at 15 mmHg after 10,001 ms (LIM-VENT-DONE)', venting(NOW - 10_001, 15)],
  ])('%s: %s', (rule, _, change) => {
    expect(brokenRule(facts(change), NOW)?.rule).toBe(rule)
  })

  test.each<[string, string, Partial<MonitorFacts>]>([
    ['BOOT', 'no session yet', { seen: seen({ boot: undefined }) }],
    [
      'UNIT',
      'latched, in a report from before it was armed',
      idle({ armedAt: NOW, seen: seen({ last: report({ mode: 'latched' }) }) }),
    ],
    [
      'BUTTON',
      'pressed before it was armed',
      idle({ armedAt: NOW, seen: seen({ last: report({ faults: faultWord('BUTTON') }) }) }),
    ],
    [
      'UNIT',
      'the unit still armed, 200 ms after its answer',
      { ...last({ mode: 'armed', lease: 12 }), heardAt_unit_ms: UNIT_NOW - 200 },
    ],
    [
      'UNIT',
      'the unit armed, and its answer missing',
      { ...last({ mode: 'armed', lease: 12 }), heardAt_unit_ms: undefined },
    ],
    ['STALE', 'no report for 500 ms', { seen: seen({ at: NOW - 500 }) }],
    ['STALE', 'none for long, and no press', idle({ seen: seen({ last: report(), at: NOW - 60_000 }) })],
    ['LOOP', 'the control loop still for 1,000 ms', { seen: seen({ loopAt: NOW - 1_000 }) }],
    [
      'PUMP',
      'a pump still on, 200 ms after the answer',
      idle({ seen: seen({ last: pumping }), heardAt_unit_ms: UNIT_NOW - 200 }),
    ],
    [
      'PUMP',
      'a pump still on, and the answer missing',
      idle({ seen: seen({ last: pumping }), heardAt_unit_ms: undefined }),
    ],
    ['ZERO', 'a sensor at -10 mmHg', last({ channels: [holding(60, 60), holding(-10, 50)] })],
    [
      'ZERO',
      'a sensor at -10.1 mmHg before any envelope',
      idle({ envelope: undefined, seen: seen({ last: report({}, [0, -10.1]) }) }),
    ],
    ['BAND', '15 mmHg off for 1,500 ms', { press: outside(1_500) }],
    ['BAND', '30 mmHg above in one report', { press: press({ farAbove: 1 }) }],
    ['HOLD', 'as long as plan and T_SILENCE', { press: press({ since: NOW - ENVELOPE.press_ms - TIMING.silence }) }],
    ['CUM', 'all of the time, and no more', { firstPress: NOW - ENVELOPE.cum_ms }],
    ['CUM', 'the time is over, and nothing is pressed', idle({ firstPress: NOW - 10 * ENVELOPE.cum_ms })],
    ['ECHO', 'the third last lease', last({ lease: 10 })],
    ['ECHO', 'an old lease within the first second', { ...last({ lease: 9 }), press: press({ since: NOW - 999 }) }],
    [
      'ECHO',
      'a lease whose number has more than 16 bits',
      { ...last({ lease: 2 }), press: press({ leases: [0x10002] }) },
    ],
    ['VENT', 'fallen by a fifth in 1,001 ms', venting(NOW - 1_001, 48)],
    ['VENT', 'not fallen at all in 1,000 ms', venting(NOW - 1_000, 60)],
    ['VENT', 'below 15 mmHg after 10,001 ms', venting(NOW - 10_001, 14.9)],
    ['VENT', 'half full after 10,000 ms', venting(NOW - 10_000, 30)],
  ])('not %s: %s', (_, __, change) => {
    expect(brokenRule(facts(change), NOW)).toBeUndefined()
  })
})

describe('REQ-MONITOR: a rule says what is wrong, and at which limb', () => {
  const channels = (...list: readonly ChannelReport[]) => last({ channels: list })
  const oneArm = press({ targets: new Map([[1, 60]]) })
  const outsideOn = (channel: number): PressInForce => press({ outside: new Map([[channel, NOW - 1_501]]) })
  const full = (more: Partial<MonitorFacts> = {}): Partial<MonitorFacts> =>
    idle({ armedAt: NOW - 10_000, seen: seen({ last: report({}, [15, 0]), fullSince: NOW - 1_501 }), ...more })

  test.each<[string, string, string, Partial<MonitorFacts>]>([
    ['a restart', 'BOOT', 'the unit has restarted', last({ boot: 2 })],
    [
      'a unit that latched in a press, with its faults',
      'UNIT',
      'the unit is latched instead of active, the host fell silent, pressure above the ceiling',
      last({ mode: 'latched', faults: faultWord('LEASE', 'CEILING') }),
    ],
    [
      'a unit that latched in a rest, with its faults',
      'UNIT',
      'the unit let go by itself: the host fell silent: the battery is low',
      idle({
        armedAt: NOW - 1,
        seen: seen({ last: report({ mode: 'latched', faults: faultWord('LEASE', 'BATTERY') }) }),
      }),
    ],
    [
      'the button',
      'BUTTON',
      'released at the unit',
      idle({ armedAt: NOW - 1, seen: seen({ last: report({ mode: 'latched', faults: faultWord('BUTTON') }) }) }),
    ],
    ['nothing seen at all', 'STALE', 'no telemetry for 0.5 s under pressure', { seen: NOTHING_SEEN }],
    ['a loop that hangs', 'LOOP', "the unit's control loop stands still", { seen: seen({ loopAt: NOW - 1_001 }) }],
    [
      'the first sensor below 0',
      'ZERO',
      'the left arm reads -10.1 mmHg',
      channels(holding(-10.1, 60), holding(-20, 50)),
    ],
    ['the second sensor below 0', 'ZERO', 'the right arm reads -11 mmHg', channels(holding(60, 60), holding(-11, 50))],
    [
      'a target that was not set',
      'PUMP',
      'the right arm goes for 51 mmHg instead of 50',
      channels(holding(60, 60), holding(50, 51)),
    ],
    [
      'a target that stays although its pump is off',
      'PUMP',
      'the left arm goes for 61 mmHg instead of 60',
      channels({ ...holding(60, 61), pumpOn: false }, holding(50, 50)),
    ],
    [
      'a target above its own cuff, though not above the other',
      'PUMP',
      'the right arm goes for 91 mmHg instead of 91',
      {
        ...channels(holding(60, 60), holding(91, 91)),
        press: press({
          targets: new Map([
            [1, 60],
            [2, 91],
          ]),
        }),
      },
    ],
    [
      'a cuff that was told nothing',
      'PUMP',
      'the right arm works without having been told to',
      { ...channels(holding(60, 60), holding(50, 50)), press: oneArm },
    ],
    [
      'a channel that has no cuff, even where a press named it',
      'PUMP',
      'channel 3 works without having been told to',
      {
        ...channels(holding(60, 60), holding(50, 50), holding(40, 40)),
        press: press({ targets: new Map([...press().targets, [3, 40]]) }),
      },
    ],
    [
      'a pump before any envelope',
      'PUMP',
      'channel 1 works without having been told to',
      idle({ envelope: undefined, seen: seen({ last: pumping }) }),
    ],
    ['a target missed', 'BAND', 'the left arm is away from its target', { press: outsideOn(1) }],
    ['the other target missed', 'BAND', 'the right arm is away from its target', { press: outsideOn(2) }],
    ['a target far exceeded', 'BAND', 'pressure far above the target', { press: press({ farAbove: 2 }) }],
    [
      'a press too long',
      'HOLD',
      'pressed for longer than the plan allows',
      { press: press({ since: NOW - ENVELOPE.press_ms - TIMING.silence - 1 }) },
    ],
    [
      'the whole time over',
      'CUM',
      'the time from the first press is used up',
      { firstPress: NOW - ENVELOPE.cum_ms - 1 },
    ],
    [
      'an old lease, 1 s after the press began',
      'ECHO',
      'the unit does not take the lease',
      { ...last({ lease: 9 }), press: press({ since: NOW - 1_000 }) },
    ],
    [
      'a valve that stays shut where the vent began at 15 mmHg',
      'VENT',
      'the left arm does not vent',
      venting(NOW - 1_001, 15, 15),
    ],
    ['a valve that stays shut', 'VENT', 'the left arm does not vent', venting(NOW - 1_001, 48.1)],
    ['a vent that takes too long', 'VENT', 'the left arm is not below 15 mmHg after 10 s', venting(NOW - 10_001, 15)],
    [
      'the other valve',
      'VENT',
      'the right arm does not vent',
      { ...venting(NOW - 1_001, 0), seen: seen({ last: report({ mode: 'venting' }, [0, 60]) }) },
    ],
    [
      'the other vent too long',
      'VENT',
      'the right arm is not below 15 mmHg after 10 s',
      { ...venting(NOW - 10_001, 0), seen: seen({ last: report({ mode: 'venting' }, [0, 15]) }) },
    ],
    [
      'a pressure that stands for more than 1.5 s',
      'STANDING',
      'a pressure of 15 mmHg or more stands although nothing is pressed',
      full(),
    ],
  ])('%s: %s, %s', (_, rule, text, change) => {
    expect(brokenRule(facts(change), NOW)).toEqual({ rule, text })
  })

  test.each<[string, Partial<MonitorFacts>]>([
    [
      'a target at the limit of its cuff',
      { envelope: { ...ENVELOPE, cuffs: ENVELOPE.cuffs.map((c, i) => ({ ...c, max_mmHg: [60, 50][i]! })) } },
    ],
    ['an envelope and no report yet', idle({ seen: NOTHING_SEEN })],
    ['a pressure that stands for 1.5 s', full({ seen: seen({ last: report({}, [15, 0]), fullSince: NOW - 1_500 }) })],
    ['a pressure that stands before the unit is armed', full({ armedAt: undefined })],
    ['no pressure, long after it was armed', full({ seen: seen({ last: report() }) })],
    ['a pressure that a vent takes away', full({ venting: { since: NOW - 900, from: [15, 0] } })],
    ['a line below 15 mmHg when the vent began that swings up to it', venting(NOW - 1_001, 15, 14.9)],
    [
      'a report from before the vent, whatever it shows',
      { ...venting(NOW - 1_500, 60), seen: seen({ last: report({ mode: 'venting' }, [60, 0]), at: NOW - 1_501 }) },
    ],
    [
      'what only a session asks, once a release went out',
      { ...full(), ...last({ boot: 2 }), released: true, press: undefined },
    ],
  ])('%s breaks none', (_, change) => {
    expect(brokenRule(facts(change), NOW)).toBeUndefined()
  })

  test('a report of the moment in which the vent began is one of the vent', () => {
    const one = venting(NOW - 1_500, 60)
    const at = seen({ last: report({ mode: 'venting' }, [60, 0]), at: NOW - 1_500 })
    expect(brokenRule(facts({ ...one, seen: at }), NOW)?.rule).toBe('VENT')
  })

  test('behind a release a line that does not vent is still told', () => {
    expect(brokenRule(facts({ ...venting(NOW - 1_001, 60), released: true }), NOW)?.rule).toBe('VENT')
  })
})

describe('REQ-BAND: what a report says of a press is remembered', () => {
  /** What is noted after reports of these pressures on channel 1, whose target is 60. */
  const noted = (...pressures: number[]): PressInForce => {
    const one = press({ inflatedSince_unit_ms: undefined })
    pressures.forEach((p, i) => {
      notePress(one, active({ channels: [holding(p, 60), holding(50, 50)] }), 50_000 + i * 100, NOW + i * 100)
    })
    return one
  }

  test.each<[string, number[], boolean]>([
    ['on the way up, far below the target', [0, 20], false],
    ['15 below a target that had been reached', [56, 45], false],
    ['more than 15 below a target that had been reached', [56, 44.9], true],
    ['15 above', [75], false],
    ['more than 15 above', [75.1], true],
    ['back within the band', [56, 44, 60], false],
    ['5 below the target counts as reached', [55, 44.9], true],
    ['5.1 below it does not', [54.9, 44.9], false],
  ])('%s', (_, pressures, isOutside) => {
    expect(noted(...pressures).outside.has(1)).toBe(isOutside)
  })

  test('how long it has been outside runs from the first report that says so', () => {
    expect(noted(60, 80, 81, 80).outside.get(1)).toBe(NOW + 100)
  })

  test('a press begins with nothing reached, away from its target, inflated, sent or waited for', () => {
    const { since, reached, outside, farAbove, inflatedSince_unit_ms, awaited, leases } = beginPress(PRESS, NOW)
    expect({ since, reached, outside, farAbove, inflatedSince_unit_ms, awaited, leases }).toEqual({
      since: NOW,
      reached: new Set(),
      outside: new Map(),
      farAbove: 0,
      inflatedSince_unit_ms: undefined,
      awaited: [],
      leases: [],
    })
  })

  test('a channel that a report leaves out is no pressure: away from a target that had been reached', () => {
    const one = press({ inflatedSince_unit_ms: undefined, reached: new Set([1]) })
    notePress(one, active({ channels: [] }), 50_000, NOW)
    expect([one.inflatedSince_unit_ms, ...one.outside]).toEqual([undefined, [1, NOW]])
  })

  test('a channel without a target is away from it since the first report of 15 mmHg', () => {
    const one = press({ targets: new Map([[1, 60]]) })
    const at = (mmHg: number, now: number) =>
      notePress(one, active({ channels: [holding(60, 60), holding(mmHg, 0)] }), 50_000, now)
    at(15, NOW)
    at(16, NOW + 100)
    expect([...one.outside]).toEqual([[2, NOW]])
    at(14.9, NOW + 200)
    expect([...one.outside]).toEqual([])
  })

  test.each<[number[], number]>([
    [[90], 0],
    [[90.1], 1],
    [[91, 91], 2],
    [[91, 60, 91], 1],
  ])('after %j there are %i reports in a row far above', (pressures, count) => {
    expect(noted(...pressures).farAbove).toBe(count)
  })

  test("inflated time runs by the unit's clock from the first report of 15 mmHg", () => {
    const one = press({ inflatedSince_unit_ms: undefined })
    const low = [holding(14.9, 60), holding(0, 50)]
    notePress(one, active({ channels: low }), 1_000, NOW)
    expect(one.inflatedSince_unit_ms).toBeUndefined()
    notePress(one, active({ channels: [low[0]!, holding(15, 50)] }), 1_100, NOW)
    notePress(one, active(), 1_200, NOW)
    expect(one.inflatedSince_unit_ms).toBe(1_100)
  })
})

describe('REQ-LEASE (I-8): the lease is renewed only while everything behind it is well', () => {
  const controller = heard(NO_CONTROLLER, 1, NOW)
  const well = { pressing: true, controller, seenAt: NOW, rulesHold: true }

  test.each<[string, Partial<typeof well>, number]>([
    ['nothing is pressed', { pressing: false }, NOW],
    ['a rule is broken', { rulesHold: false }, NOW],
    ['the last report is 501 ms old', {}, NOW + 501],
    ['the controller has not answered for 1,001 ms', { seenAt: NOW + 1_001 }, NOW + 1_001],
    ['the controller was never heard', { controller: NO_CONTROLLER }, NOW],
  ])('not when %s', (_, change, now) => {
    expect(mayRenew({ ...well, ...change }, now)).toBe(false)
  })

  test('a controller that does not answer is told from one that does not get on', () => {
    expect(controllerProblem(NO_CONTROLLER, NOW)).toBe('the controller does not answer')
    expect(controllerProblem(controller, NOW + TIMING.lost + 1)).toBe('the controller does not answer')
    const idle = heard(controller, 1, NOW + TIMING.lost)
    expect(controllerProblem(idle, NOW + TIMING.lost + 1)).toBe('the controller answers but does not get on')
  })

  test('but when all is well, with a report of 500 ms and an answer of 1,000 ms ago', () => {
    expect(mayRenew(well, NOW)).toBe(true)
    expect(mayRenew(well, NOW + TIMING.stale)).toBe(true)
    expect(mayRenew({ ...well, seenAt: NOW + TIMING.lost }, NOW + TIMING.lost)).toBe(true)
  })

  test('F03: a controller that answers with the same step, or a lower one, does not get on', () => {
    let one = heard(NO_CONTROLLER, 5, NOW)
    for (const [i, step] of [5, 4, 4, Number.NaN, Number.NaN].entries()) one = heard(one, step, NOW + (i + 1) * 250)
    expect(controllerProblem(one, NOW + TIMING.lost)).toBeUndefined()
    expect(controllerProblem(one, NOW + TIMING.lost + 1)).toMatch(/does not get on/)
  })
})

describe('REQ-HEARTBEAT: no lease by a beat of its own', () => {
  test('a guard whose clock runs on without a press sends nothing', () => {
    const rig = GuardRig.armed()
    const sent = rig.sent.length
    rig.advance(60_000)
    expect(rig.sent).toHaveLength(sent)
  })

  test('F37, F36: with the loop hung and no watchdog, the last lease is sent within 1 s', () => {
    const rig = GuardRig.armed({ behaviours: ['fw.noWatchdog'] })
    rig.tell({ do: 'press', ...PRESS })
    rig.advance(4_000)
    rig.unit!.inject('fw.loopHang', rig.now)
    const at = rig.now
    rig.advance(3_000)
    expect(rig.released[0]).toMatchObject({ rule: 'LOOP' })
    expect(rig.frames('lease').at(-1)!.at - at).toBeLessThanOrEqual(TIMING.lost)
  })

  test('a vent ends the leases', () => {
    const rig = GuardRig.armed()
    rig.tell({ do: 'press', ...PRESS })
    rig.advance(2_000)
    rig.tell({ do: 'vent' })
    const leases = rig.frames('lease').length
    rig.advance(10_000)
    expect(rig.frames('lease')).toHaveLength(leases)
    expect(leases).toBe(1 + 2_000 / TIMING.lease)
    expect(rig.released).toEqual([])
  })

  test('a rest that is too short is refused, and one that is long enough is not', () => {
    const rig = GuardRig.armed()
    const vented = (): number => rig.events.filter(event => event.type === 'vented').length
    rig.tell({ do: 'press', ...PRESS })
    rig.advance(3_000)
    rig.tell({ do: 'vent' })
    while (vented() === 0) rig.advance(10)
    rig.advance(ENVELOPE.rest_ms - 100)
    rig.tell({ do: 'press', ...PRESS })
    expect(rig.outcome('press')).toMatchObject({ outcome: 'refused', why: 'the rest is not over' })
    rig.advance(200)
    rig.tell({ do: 'press', ...PRESS })
    rig.advance(100)
    expect(rig.outcome('press')).toMatchObject({ outcome: 'done' })
  })

  test('CUM: no press begins after the time is used up, and one that runs into its end is released', () => {
    const rig = GuardRig.armed({}, { ...ENVELOPE, cum_ms: 14_000 })
    rig.tell({ do: 'press', ...PRESS })
    const first = rig.now
    rig.advance(4_000)
    rig.tell({ do: 'vent' })
    rig.advance(7_500)
    rig.tell({ do: 'press', ...PRESS })
    while (rig.released.length === 0 && rig.now < first + 30_000) rig.advance(10)
    expect(rig.released).toMatchObject([{ rule: 'CUM' }])
    expect(rig.now - first).toBeLessThanOrEqual(14_000 + 110)
  })
})

describe('REQ-CONTRADICTION: what cannot be is not waited for', () => {
  test('a fault of a unit that says it is active', () => {
    expect(brokenRule(facts(last({ faults: faultWord('SENSOR') })), NOW)?.rule).toBe('UNIT')
  })

  test('a unit that latched once it was armed, in a rest too; before it was armed that is as it should be', () => {
    const rest = { seen: seen({ last: report({ mode: 'latched' }) }) }
    expect(brokenRule(idle({ ...rest, armedAt: NOW - 1_000 }), NOW)?.rule).toBe('UNIT')
    expect(brokenRule(idle({ ...rest, armedAt: undefined }), NOW)).toBeUndefined()
  })

  test('the button at the unit is a release by a person', () => {
    const let_go = { seen: seen({ last: report({ mode: 'latched', faults: faultWord('BUTTON') }) }) }
    expect(brokenRule(idle({ ...let_go, armedAt: NOW - 1_000 }), NOW)?.rule).toBe('BUTTON')
  })

  test('a channel without a target at 15 mmHg for more than 1.5 s', () => {
    const begun = press({ targets: new Map([[1, 60]]), reached: new Set([1]) })
    const two = active({ channels: [holding(60, 60), { ...holding(15, 0), pumpOn: false, valveClosed: false }] })
    notePress(begun, two, 50_000, NOW - 1_501)
    expect(brokenRule(facts({ press: begun, seen: seen({ last: two }) }), NOW)?.rule).toBe('BAND')
    notePress(begun, active({ channels: [holding(60, 60), holding(14.9, 0)] }), 50_000, NOW)
    expect(begun.outside.has(2)).toBe(false)
  })

  test('a report that leaves a channel out is a damaged line, and shows nothing vented', () => {
    const mayLeaveAfter = (channels: Telemetry['channels']) => {
      const rig = new GuardRig()
      rig.hear(PROFILE, report({ seq: 1, uptime_ms: 100 }))
      rig.tell({ do: 'release', why: 'x' })
      for (let seq = 2; seq <= 50; seq++) {
        rig.advance(100)
        rig.hear(report({ mode: 'latched', seq, loop: seq, uptime_ms: seq * 100, channels }))
      }
      return rig.guard.mayLeave
    }
    const { channels } = report()
    expect(mayLeaveAfter(channels.slice(0, 1))).toBe(false)
    expect(mayLeaveAfter([...channels, ...channels])).toBe(false)
    expect(mayLeaveAfter(channels)).toBe(true)
  })
})

describe('REQ-PROFILE: what the unit first said of itself is what counts', () => {
  const identity = { type: 'identity', version: 1, model: 'M', serial: 'S', firmware: 'F' } as const

  test('another profile later widens no envelope', () => {
    const rig = new GuardRig()
    rig.hear(identity, { ...PROFILE, ceilings_mmHg: [120, 120] }, PROFILE)
    rig.tell({ do: 'envelope', envelope: ENVELOPE })
    expect(rig.outcome('envelope')).toMatchObject({ outcome: 'refused' })
  })

  test('another identity later makes no session', () => {
    const rig = new GuardRig()
    rig.hear({ ...identity, version: 9 }, identity, PROFILE)
    rig.tell({ do: 'hello', nonce: 7, rate_Hz: 10 })
    expect(rig.outcome('hello')).toMatchObject({ outcome: 'refused', why: expect.stringMatching(/version 9/) })
  })
})

describe('REQ-FOUND (F16): a unit under pressure that no session of this guard inflated is released', () => {
  const found = (rig: GuardRig) => rig.released.map(one => one.is === 'released' && one.rule)

  test('in the first report', () => {
    const rig = new GuardRig()
    rig.hear(report({ seq: 1 }, [0, 15]))
    expect(found(rig)).toEqual(['FOUND'])
  })

  test('in a later one, as long as there is no session; a vented line is nothing to release', () => {
    const rig = new GuardRig()
    rig.hear(report({ seq: 1 }, [0, 14.9]))
    expect(found(rig)).toEqual([])
    rig.hear(report({ seq: 2, uptime_ms: 1_100, loop: 2 }, [0, 15]))
    expect(found(rig)).toEqual(['FOUND'])
    expect(rig.sent.map(one => one.what)).toEqual(['release'])
  })
})

describe('REQ-VENT-TIME: the 10 s for a vent run from the first vent or release, whatever is asked again', () => {
  test.each<[string, (rig: GuardRig) => void]>([
    ['a release after a vent', rig => rig.tell({ do: 'vent' })],
    ['a release after a release', rig => rig.tell({ do: 'release', why: 'first' })],
  ])('%s', (_, first) => {
    const rig = GuardRig.armed()
    rig.tell({ do: 'press', ...PRESS })
    rig.advance(5_000)
    // It loses the fifth that must be gone after 1 s, and then no more.
    rig.unit?.inject('valve.slow=0.3', rig.now)
    first(rig)
    rig.advance(1_100)
    rig.unit?.inject('valve.stuckClosed', rig.now)
    rig.advance(3_900)
    expect(rig.released.filter(one => one.is === 'released' && one.rule)).toEqual([])
    rig.tell({ do: 'release', why: 'again' })
    rig.advance(4_900)
    const rules = () => rig.released.map(one => (one.is === 'released' ? one.rule : undefined)).filter(Boolean)
    expect(rules()).toEqual([])
    rig.advance(300)
    expect(rules()).toEqual(['VENT'])
  })
})

describe('REQ-VENT: behind a release a vented line of a unit that has not latched ends no watch', () => {
  test('when pressure is there again after 10 s, the guard says so at once', () => {
    const rig = new GuardRig()
    const see = (mmHg: number, seq: number) => rig.hear(report({ seq, loop: seq, uptime_ms: seq * 100 }, [mmHg, 0]))
    const rules = () => rig.released.map(one => one.is === 'released' && one.rule).filter(Boolean)
    see(0, 1)
    rig.tell({ do: 'release', why: 'x' })
    for (let seq = 2; seq <= 103; seq++) {
      rig.advance(100)
      see(0, seq)
    }
    expect(rules()).toEqual([])
    see(15, 104)
    expect(rules()).toContain('VENT')
  })

  /** A release with nothing in the cuff, a second and a half ago; then one pressure after the other, 100 ms apart. */
  const vents = (...pressures: readonly number[]) => {
    const rig = new GuardRig()
    const see = (mmHg: number, seq: number) => rig.hear(report({ seq, loop: seq, uptime_ms: seq * 100 }, [mmHg, 0]))
    see(0, 1)
    rig.tell({ do: 'release', why: 'x' })
    for (const [i, mmHg] of [...Array(15).fill(0), ...pressures].entries()) {
      rig.advance(100)
      see(mmHg, i + 2)
    }
    return rig.released.map(one => one.is === 'released' && one.rule).filter(rule => rule === 'VENT')
  }

  test('a line that was vented already and swings up for a moment is no vent that fails', () => {
    expect(vents(15, 0, 0)).toEqual([])
    expect(vents(...Array(15).fill(28), 0)).toEqual([])
  })

  test('a pressure that stands there for 1.5 s is one', () => {
    expect(vents(...Array(17).fill(15))).toEqual(['VENT'])
  })
})

describe('REQ-BACKLOG: a report is as old as its clock says, however late it is read', () => {
  /** A vent, with 450 ms of reading nothing behind it; then what the unit had sent before the vent, and its answer. */
  const heldUp = () => {
    const rig = GuardRig.armed()
    rig.tell({ do: 'press', ...PRESS })
    rig.advance(3_000)
    const before = rig.reports.flatMap(one => (one.is === 'telemetry' ? [one.frame] : [])).at(-1)!
    const sent = (ms: number) => ({ ...before, seq: before.seq + ms / 50, uptime_ms: before.uptime_ms + ms })
    rig.unit!.inject('link.txDrop', rig.now)
    rig.tell({ do: 'vent' })
    rig.now += 450
    rig.hear(sent(100), { type: 'ack', seq: (rig.frames('vent').at(-1)!.what as { seq: number }).seq })
    return { rig, sent }
  }

  test('a pump that was on before the vent is no pump that runs on after it', () => {
    expect(heldUp().rig.released).toEqual([])
  })

  test('a pump that is on 250 ms after its unit acknowledged the vent is one', () => {
    const { rig, sent } = heldUp()
    rig.hear(sent(350))
    expect(rig.released).toMatchObject([{ rule: 'PUMP' }])
  })

  test('a vent with nothing pressed hides no pump that runs, before it is acknowledged', () => {
    const rig = GuardRig.armed()
    const { seq, uptime_ms, loop } = rig.guard.memory.seen.last!
    rig.unit!.inject('link.cut', rig.now)
    rig.tell({ do: 'vent' })
    rig.now += 100
    rig.hear({ ...pumping, seq: seq + 1, uptime_ms: uptime_ms + 100, loop: loop + 1 })
    expect(rig.released).toMatchObject([{ rule: 'PUMP' }])
  })

  test('vents that are asked for again and again do not hide it', () => {
    const { rig, sent } = heldUp()
    for (const ms of [200, 300, 400]) {
      rig.guard.command({ do: 'vent' }, rig.now)
      rig.hear(sent(ms), { type: 'ack', seq: (rig.frames('vent').at(-1)!.what as { seq: number }).seq })
    }
    expect(rig.released).toMatchObject([{ rule: 'PUMP' }])
  })
})

describe('REQ-UNKNOWN: what a slow line does not tell in time', () => {
  test('a vent overtaken by a release is no failure: who released stays who released', () => {
    const rig = GuardRig.armed()
    rig.tell({ do: 'press', ...PRESS })
    rig.advance(3_000)
    rig.unit?.inject('link.txDrop', rig.now)
    rig.tell({ do: 'vent' })
    rig.advance(100)
    rig.tell({ do: 'release', why: 'key Space' })
    rig.unit?.inject('link.restore', rig.now)
    rig.advance(5_000)
    expect(rig.released).toEqual([{ is: 'released', why: 'key Space' }])
    expect(rig.outcome('vent')).toBeUndefined()
  })

  test('a vent that is not answered is unknown after 300 ms, whatever the reports show: the line is the reason', () => {
    const rig = GuardRig.armed()
    rig.tell({ do: 'press', ...PRESS })
    rig.advance(3_040)
    rig.unit?.inject('link.txDrop', rig.now)
    rig.tell({ do: 'vent' })
    const sent = rig.now
    rig.advance(2_000)
    expect(rig.released[0]).toMatchObject({ rule: 'UNKNOWN' })
    expect(rig.sent.find(one => one.what === 'release')!.at - sent).toBe(TIMING.ack + 1)
  })

  test('a line that takes 100 ms each way is slow and nothing else', () => {
    for (let phase_ms = 0; phase_ms < 100; phase_ms += 10) {
      const rig = GuardRig.armed()
      rig.unit?.inject('link.delay=100', rig.now)
      rig.advance(1_000 + phase_ms)
      rig.tell({ do: 'press', ...PRESS })
      rig.advance(3_000)
      expect(rig.outcome('press')).toMatchObject({ outcome: 'done' })
      rig.tell({ do: 'vent' })
      rig.advance(5_000)
      expect(rig.outcome('vent')).toMatchObject({ outcome: 'done' })
      expect(rig.released).toEqual([])
    }
  })
})

describe('REQ-ALIVE: an answer is as old as the ping that it answers', () => {
  test('an answer that comes 900 ms late keeps the lease for 100 ms, and not for another 1 s', () => {
    const rig = GuardRig.armed()
    rig.tell({ do: 'press', ...PRESS })
    rig.advance(2_000)
    rig.well = false
    const asked = rig.now
    const last = rig.reports.findLast(one => one.is === 'ping')
    const ping = last?.is === 'ping' ? last.ping : 0
    rig.advance(900)
    rig.tell({ do: 'pong', ping, step: 1_000_000 })
    rig.advance(1_000)
    expect(rig.released).toMatchObject([{ rule: 'CONTROLLER' }])
    expect(rig.sent.find(one => one.what === 'release')!.at - asked).toBeLessThanOrEqual(1_200)
  })

  test('answers that come in the wrong order take nothing back, and old pings are forgotten', () => {
    const first = heard(NO_CONTROLLER, 5, 2_000)
    expect(heard(first, 5, 1_000)).toMatchObject({ pongAt: 2_000, stepAt: 2_000 })
    const pings = new Pings()
    const one = pings.next(0)
    const two = pings.next(TIMING.lost)
    expect(pings.sentAt(one)).toBe(0)
    const three = pings.next(TIMING.lost + 1)
    expect([one, two, three].map(ping => pings.sentAt(ping))).toEqual([undefined, TIMING.lost, TIMING.lost + 1])
    expect([one, two, three]).toEqual([1, 2, 3])
  })

  test('every ping answered, but two seconds late: the controller does not count as alive', () => {
    const pings = new Pings()
    let controller = NO_CONTROLLER
    const late: { ping: number; at: number }[] = []
    for (let now = 0; now < 10_000; now += 100) {
      late.push({ ping: pings.next(now), at: now })
      const due = late.filter(one => one.at + 2_000 === now)
      for (const { ping } of due) {
        const sentAt = pings.sentAt(ping)
        if (sentAt !== undefined) controller = heard(controller, now, sentAt)
      }
    }
    expect(controllerProblem(controller, 10_000)).toBeTypeOf('string')
  })

  test('answered within 100 ms it does', () => {
    const pings = new Pings()
    let controller = NO_CONTROLLER
    for (let now = 0; now < 10_000; now += 100) controller = heard(controller, now, pings.sentAt(pings.next(now))!)
    expect(controllerProblem(controller, 10_000)).toBeUndefined()
  })
})
