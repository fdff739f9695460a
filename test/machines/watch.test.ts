import { describe, expect, test } from 'vitest'
import type { Cause } from '../../machines/cause.ts'
import {
  clockProblem,
  fellTooFast,
  isAtTargets,
  NOTHING_WATCHED,
  type Pressing,
  type Watch,
  watched,
  watchProblem,
  wentBack,
} from '../../machines/watch.ts'
import type { ChannelReport, Telemetry } from '../../protocol/unitFrames.ts'
import { report } from '../support/guardRig.ts'

const NOW = 100_000
const UPTIME = 50_000
const WALL = 1_000_000_000
const channel = (pressure_mmHg: number, change: Partial<ChannelReport> = {}): ChannelReport => ({
  pressure_mmHg,
  target_mmHg: 60,
  raw: 1_800,
  pumpOn: false,
  valveClosed: true,
  ...change,
})
const channels = (...pressures: readonly number[]) => ({ channels: pressures.map(p => channel(p)) })
const seen = (change: Partial<Telemetry> = {}): Telemetry =>
  report({ uptime_ms: UPTIME, mode: 'active', ...channels(60, 60), ...change })
const PRESSING: Pressing = {
  since: NOW - 9_000,
  hold_ms: 20_000,
  targets: [
    { channel: 1, target_mmHg: 60 },
    { channel: 2, target_mmHg: 60 },
  ],
}
/** Up to NOW all was well. */
const WATCH: Watch = {
  ...NOTHING_WATCHED,
  last: seen(),
  at: NOW,
  wallOffset_ms: WALL,
  unit_ms: UPTIME,
  clockDelta_ms: NOW - UPTIME,
  rawSince: [NOW, NOW],
  windowAt: NOW,
  windowFrom: [60, 60],
  toppingSince: [undefined, undefined],
}

interface Moment {
  readonly watch?: Partial<Watch>
  readonly report?: Partial<Telemetry>
  /** After the last report, by our clock; the unit's goes alike unless `uptime` says otherwise. */
  readonly after?: number
  readonly uptime?: number
  readonly pressing?: Partial<Pressing>
}

/** Of time and of pressure. */
const both: typeof watchProblem = (watch, next, at, pressing) =>
  clockProblem(watch, next, at) ?? watchProblem(watch, next, at, pressing)

/** What the next report is taken for, with a press under way. */
function problem({ watch, report: change, after = 100, uptime = after, pressing }: Moment): string | undefined {
  const next = seen({ uptime_ms: UPTIME + uptime, ...change })
  return both({ ...WATCH, ...watch }, next, NOW + after, { ...PRESSING, ...pressing })?.text
}

/** Two channels of which the second is the one in question. */
const second = <T>(good: T, bad: T): readonly T[] => [good, bad]
const moving = { channels: [channel(60, { raw: 1_801 }), channel(60, { raw: 1_801 })] }
const rising = (from: number, to: number, target = 100, over = 2_000): Moment => ({
  watch: { windowAt: NOW + 100 - over, windowFrom: second(100, from) },
  report: channels(100, to),
  pressing: { targets: PRESSING.targets.map(t => ({ ...t, target_mmHg: target })) },
})

const CLOCKS = /clocks.*disagree/
const GAP = /no report/
const FROZEN = /sensor of channel 2 does not move/
const PROGRESS = /channel 2 does not rise/
const LEAK = /leak/
const ZERO = /channel 2 reads/
const OVERDUE = /hold was not ended/
const LATE = /more than 1 s behind/

describe('REQ-GATE: a wall clock that was set back dates no verdict', () => {
  test('as soon as it is asked, and not with the next report', () => {
    const first = watched(NOTHING_WATCHED, seen(), NOW, 1_000_000)
    expect(wentBack(first, NOW + 500, 1_000_500 - 60_000)).toBe(false)
    expect(wentBack(first, NOW + 500, 1_000_500 - 60_001)).toBe(true)
  })
})

describe('REQ-WATCH: what was not seen for 1 s begins anew', () => {
  const report = (mmHg: number) => seen({ channels: channels(mmHg, mmHg).channels! })
  const since = (gap_ms: number, mmHg: number) => {
    const first = watched(NOTHING_WATCHED, report(mmHg), NOW, NOW)
    const next = watched(first, report(mmHg), NOW + gap_ms, NOW + gap_ms)
    return mmHg < 15 ? next.ventedSince : next.fullSince
  }

  test.each([0, 40])('a line at %i mmHg', mmHg => {
    expect(since(1_000, mmHg)).toBe(NOW)
    expect(since(1_001, mmHg)).toBe(NOW + 1_001)
  })
})

describe('REQ-WATCH: each check of the session machine trips at its bound, and not a step before', () => {
  test('in a press in which all is well there is nothing to say', () => {
    expect(problem({})).toBeUndefined()
  })

  test.each<[string, RegExp, Moment]>([
    ['another boot count (I-13)', /has restarted/, { report: { boot: 2, uptime_ms: 3 } }],
    ['our clock 1,001 ms ahead (LIM-CLOCK-GAP)', CLOCKS, { after: 1_001, uptime: 0 }],
    ["the unit's clock 1,001 ms ahead", CLOCKS, { uptime: 1_101 }],
    ["the unit's clock set back", CLOCKS, { uptime: -1 }],
    ['no report for 1,001 ms', GAP, { after: 1_001 }],
    ['a report 1,001 ms behind the others', LATE, { watch: { clockDelta_ms: NOW - UPTIME - 1_003 } }],
    ['a sensor at -10.1 mmHg (LIM-ZERO)', ZERO, { report: channels(60, -10.1) }],
    ['a hold 1,001 ms too long', OVERDUE, { pressing: { hold_ms: 8_099 } }],
    ['a count still for 3,001 ms (LIM-FROZEN)', FROZEN, { watch: { rawSince: second(NOW, NOW - 2_901) } }],
    [
      'a count still for 3,001 ms at 15 mmHg',
      FROZEN,
      { watch: { rawSince: second(NOW, 0) }, report: channels(60, 15), pressing: { since: NOW - 2_901 } },
    ],
    ['4.9 mmHg gained in 2,000 ms (LIM-PROGRESS, LIM-PROGRESS-WINDOW)', PROGRESS, rising(50, 54.9)],
    ['nothing gained, 15.1 mmHg below the target', PROGRESS, rising(84.9, 84.9)],
    ['topped up for 9,001 ms (LIM-LEAK)', LEAK, { watch: { toppingSince: [undefined, NOW - 8_901] } }],
  ])('%s', (_, text, moment) => {
    expect(problem(moment)).toMatch(text)
  })

  test.each<[string, Moment]>([
    ['our clock 1,000 ms ahead', { after: 1_000, uptime: 0 }],
    ["the unit's clock 1,000 ms ahead", { uptime: 1_100 }],
    [
      "the unit's clock that went round at 2^32 ms",
      { watch: { last: seen({ uptime_ms: 2 ** 32 - 50 }) }, report: { uptime_ms: 50 } },
    ],
    ['no report for 1,000 ms', { after: 1_000 }],
    // In 100 ms two honest clocks run apart by 2 ms at most.
    ['a report 1,000 ms behind the others', { watch: { clockDelta_ms: NOW - UPTIME - 1_002 } }],
    ['a sensor at -10 mmHg', { report: channels(60, -10) }],
    ['a hold 1,000 ms too long', { pressing: { hold_ms: 8_100 } }],
    ['a count still for 3,000 ms', { watch: { rawSince: second(NOW, NOW - 2_900) } }],
    ['a count still for long, that moves now', { watch: { rawSince: [0, 0] }, report: moving }],
    ['a count still for long, at 14.9 mmHg', { watch: { rawSince: [0, 0] }, report: channels(14.9, 14.9) }],
    [
      'a count still for long, 3,000 ms of it pressed',
      { watch: { rawSince: [0, 0] }, pressing: { since: NOW - 2_900 } },
    ],
    [
      'a count still for long on a channel without a cuff',
      { watch: { rawSince: second(NOW, 0) }, pressing: { targets: [PRESSING.targets[0]!] } },
    ],
    ['5 mmHg gained in 2,000 ms', rising(50, 55)],
    ['nothing gained in 1,999 ms', rising(50, 50, 100, 1_999)],
    ['nothing gained, 15 mmHg below the target', rising(85, 85)],
    [
      'nothing gained since before the press',
      { ...rising(50, 50), pressing: { ...rising(50, 50).pressing, since: NOW - 1_899 } },
    ],
    ['topped up for 9,000 ms', { watch: { toppingSince: [undefined, NOW - 8_900] } }],
  ])('not: %s', (_, moment) => {
    expect(problem(moment)).toBeUndefined()
  })

  const onChannel = (channel: number): Partial<Pressing> => ({ targets: [{ channel, target_mmHg: 100 }] })
  test.each<[string, Cause, Moment]>([
    ['a restart', { kind: 'unit', text: 'the unit has restarted' }, { report: { boot: 2 } }],
    [
      'clocks that disagree',
      { kind: 'safety', text: 'the clocks of the unit and of this computer disagree' },
      { uptime: 5_000 },
    ],
    ['a gap', { kind: 'link', text: 'there was no report for more than 1 s' }, { after: 1_001 }],
    [
      'reports taken in too late',
      { kind: 'internal', text: 'this program is more than 1 s behind the reports' },
      { watch: { clockDelta_ms: 0 } },
    ],
    [
      'a gauge below zero',
      { kind: 'safety', text: 'the sensor of channel 1 reads -11 mmHg' },
      { report: channels(-11, 60) },
    ],
    ['a hold', { kind: 'safety', text: 'the hold was not ended in time' }, { pressing: { hold_ms: 0 } }],
    [
      'a sensor',
      { kind: 'safety', text: 'the sensor of the right arm does not move' },
      {
        watch: { rawSince: [0, 0] },
        pressing: { targets: [{ channel: 2, limb: 'right-arm', target_mmHg: 60 }] },
      },
    ],
    [
      'a rise',
      { kind: 'safety', text: 'the left leg does not rise' },
      { ...rising(50, 50), pressing: { targets: [{ channel: 2, limb: 'left-leg', target_mmHg: 100 }] } },
    ],
    [
      'a leak',
      { kind: 'safety', text: 'the pump makes up for a leak' },
      { watch: { toppingSince: [NOW - 9_000, undefined] } },
    ],
    [
      'a channel that the unit does not report',
      { kind: 'safety', text: 'channel 3 does not rise' },
      { ...rising(50, 50), pressing: onChannel(3) },
    ],
  ])('%s is called what it is', (_, cause, { watch, report: change, after = 100, uptime = after, pressing }) => {
    const next = seen({ uptime_ms: UPTIME + uptime, ...change })
    expect(both({ ...WATCH, ...watch }, next, NOW + after, { ...PRESSING, ...pressing })).toEqual(cause)
  })

  test('before the first report there is nothing to compare it with', () => {
    expect(both(NOTHING_WATCHED, seen(), NOW, PRESSING)).toBeUndefined()
  })

  test('a target is reached 5 mmHg below it, and by every cuff', () => {
    const at = (...pressures: readonly number[]) => isAtTargets(seen(channels(...pressures)), PRESSING)
    expect([at(55, 55), at(54.9, 55), at(55, 54.9), at(60)]).toEqual([true, false, false, false])
  })

  test.each<[string, RegExp, string, Moment]>([
    ['clocks', CLOCKS, 'safety', { uptime: 5_000 }],
    ['a gap', GAP, 'link', { after: 1_001 }],
    ['a sensor below zero', ZERO, 'safety', { report: channels(60, -11) }],
  ])('%s count between two presses too', (_, text, kind, { after = 100, uptime = after, report: change }) => {
    const next = seen({ uptime_ms: UPTIME + uptime, ...change })
    expect(both(WATCH, next, NOW + after)).toMatchObject({ kind, text: expect.stringMatching(text) })
  })

  test('what is asked of a press is asked during a press only', () => {
    const bad = { rawSince: [0, 0], toppingSince: [0, 0], windowAt: NOW - 5_000 }
    expect(watchProblem({ ...WATCH, ...bad }, seen({ uptime_ms: UPTIME + 100 }), NOW + 100)).toBeUndefined()
  })
})

/** Reports every 100 ms from the press on, until one is taken for a problem: when that was, and what. */
function firstProblem(of: (t: number) => readonly ChannelReport[], most_ms = 12_000) {
  const pressing = { ...PRESSING, since: 0, hold_ms: 60_000 }
  let watch = NOTHING_WATCHED
  for (let t = 0; t <= most_ms; t += 100) {
    const next = seen({ uptime_ms: UPTIME + t, channels: of(t) })
    const found = t > 0 ? watchProblem(watch, next, t, pressing) : undefined
    if (found) return { t, text: found.text }
    watch = watched(watch, next, t, WALL + t, pressing)
  }
  return undefined
}
const live = (p: number, t: number, change: Partial<ChannelReport> = {}) =>
  channel(p, { raw: 1_000 + t / 100, ...change })

describe('REQ-WATCH: what is remembered from report to report', () => {
  test('a press at its target, measured and not topped up, goes on', () => {
    expect(firstProblem(t => [live(60, t), live(60, t)])).toBeUndefined()
  })

  test('F38: a count that never changes is noticed at the first report after 3 s', () => {
    expect(firstProblem(t => [live(60, t), channel(60)])).toMatchObject({
      t: 3_100,
      text: expect.stringMatching(FROZEN),
    })
  })

  test('F38: a count that changed after 2 s is given 3 s more', () => {
    expect(firstProblem(t => [live(60, t), channel(60, { raw: t < 2_000 ? 1 : 2 })])).toMatchObject({ t: 5_100 })
  })

  test('F44: a pressure that does not rise is noticed after 2 s', () => {
    expect(firstProblem(t => [live(60, t), live(20, t)])).toMatchObject({
      t: 2_000,
      text: expect.stringMatching(PROGRESS),
    })
  })

  test('F44: one that stops rising is noticed at the end of the window in which it gained too little', () => {
    const rise = (t: number) => Math.min(30, t / 100)
    expect(firstProblem(t => [live(60, t), live(rise(t), t)])).toMatchObject({ t: 6_000 })
  })

  test('F44: a pump that runs without a break at the target is noticed after 9 s', () => {
    const on = { pumpOn: true }
    expect(firstProblem(t => [live(60, t), live(60, t, on)])).toMatchObject({
      t: 9_100,
      text: expect.stringMatching(LEAK),
    })
    expect(firstProblem(t => [live(60, t, on), live(60, t)])).toMatchObject({ t: 9_100 })
    expect(firstProblem(t => [live(60, t), live(60, t, { pumpOn: t !== 5_000 })])).toBeUndefined()
  })

  test('a pump that raises the pressure to the target makes up for no leak yet', () => {
    const rise = (t: number) => live(Math.min(60, t / 100), t, { pumpOn: true })
    expect(firstProblem(t => [rise(t), rise(t)], 20_000)).toMatchObject({ t: 5_500 + 9_100 })
  })

  test('the 2 s of a rise count from the first report of the press', () => {
    const pressing = { ...PRESSING, since: 1_050, hold_ms: 60_000 }
    let watch = NOTHING_WATCHED
    const stuck = (t: number) => seen({ uptime_ms: UPTIME + t, channels: [live(20, t), live(20, t)] })
    let t = 0
    for (; t < 1_050; t += 100) watch = watched(watch, stuck(t), t, WALL + t)
    for (; !watchProblem(watch, stuck(t), t, pressing); t += 100)
      watch = watched(watch, stuck(t), t, WALL + t, pressing)
    expect(t).toBe(1_100 + 2_000)
  })

  test('a channel that appears in the reports is measured from then on', () => {
    const one = watched(NOTHING_WATCHED, seen(channels(60)), 0, WALL)
    expect(watched(one, seen(channels(60, 60)), 100, WALL + 100).rawSince).toEqual([0, 100])
  })

  test('I-15: a program that falls behind little by little is found out when it is 1 s behind, however the neighbours look', () => {
    const behind = (step_ms: number) => {
      let watch = NOTHING_WATCHED
      for (let i = 0, at = 0; i < 1_200; i++, at += step_ms) {
        const next = seen({ uptime_ms: i * 100 })
        const cause = clockProblem(watch, next, at)
        if (cause) return { ...cause, lag: Math.round(at - i * 100) }
        watch = watched(watch, next, at, WALL + at)
      }
      return undefined
    }
    expect(behind(100)).toBeUndefined()
    expect(behind(101)).toBeUndefined()
    expect(behind(110)).toMatchObject({ kind: 'internal', text: expect.stringContaining('behind') })
    expect(behind(110)!.lag).toBeLessThan(1_400)
  })

  /** Each report, by how late it comes, in ms; 700 ms of the unit's clock lie between two. */
  const lastOf = (...late: readonly number[]) => {
    const at = (i: number) => NOW + i * 700 + late[i]!
    const report = (i: number) => seen({ uptime_ms: UPTIME + i * 700 })
    const last = late.length - 1
    const before = late.slice(0, -1).reduce((watch, _, i) => watched(watch, report(i), at(i), WALL), NOTHING_WATCHED)
    return clockProblem(before, report(last), at(last))?.text
  }

  test('how late a report is counts from the one that came soonest, the first of all too', () => {
    expect(lastOf(0, 300, 600, 900)).toBeUndefined()
    expect(lastOf(0, 300, 600, 900, 1_200)).toMatch(LATE)
    expect(lastOf(600, 300, 0, 300, 600, 900, 1_200)).toMatch(LATE)
    expect(lastOf(900, 600, 300, 0)).toBeUndefined()
  })

  test('a unit that has restarted is dated anew', () => {
    const before = { ...WATCH, last: seen({ uptime_ms: 1_000 }), unit_ms: 1_000, clockDelta_ms: NOW - 1_000 }
    const again = seen({ boot: 2, uptime_ms: 1_010 })
    expect(clockProblem(before, again, NOW + 5_000)).toMatchObject({ kind: 'unit' })
    const after = watched(before, again, NOW + 5_000, WALL)
    expect(clockProblem(after, seen({ boot: 2, uptime_ms: 1_110 }), NOW + 5_100)).toBeUndefined()
  })

  test('since when every line is vented: from the first of the reports that say so without a break', () => {
    const reported = (...pressures: readonly number[]) =>
      pressures.reduce((watch, p, i) => watched(watch, seen(channels(0, p)), i * 100, WALL + i * 100), NOTHING_WATCHED)
    expect(reported(14.9, 0, 0).ventedSince).toBe(0)
    expect(reported(0, 15, 0, 0).ventedSince).toBe(200)
    expect(reported(0, 0, 15).ventedSince).toBeUndefined()
    expect(reported(0, -10.1, 0, 0).ventedSince).toBe(200)
    expect(reported(0, 0, -10.1).ventedSince).toBeUndefined()
    expect(reported(0, 0, -10.1).fullSince).toBeUndefined()
  })

  test.each([
    [60_000, false],
    [60_001, true],
  ])('F08: a wall clock set back by %i ms went back: %s', (back, wentBack) => {
    const once = watched(NOTHING_WATCHED, seen(), 0, WALL)
    const then = watched(once, seen(), 100, WALL + 100 - back)
    expect(then.wallWentBack).toBe(wentBack)
    expect(watched(then, seen(), 200, WALL + 200).wallWentBack).toBe(wentBack)
  })
})

describe('a cuff takes longer to vent than a line alone: what is faster is a kink', () => {
  const pressed = (...mmHg: readonly number[]) => seen({ ...channels(...mmHg), mode: 'active' })
  const vents = (mmHg: readonly number[], after: number, boot = 1) =>
    seen({ ...channels(...mmHg), mode: 'venting', uptime_ms: UPTIME + after, boot })

  /** Both channels in the last report in which the unit pressed, and again `after` ms of its clock: is it the line alone? */
  const fell = (from: readonly number[], to: readonly number[], after: number, boot = 1) => {
    const well = watched(NOTHING_WATCHED, pressed(...from), NOW, WALL)
    const falling = watched(well, vents([20, 20], 1, boot), NOW + 1, WALL)
    return fellTooFast(falling, vents(to, after, boot), NOW + 2)
  }

  test.each<[string, boolean, Parameters<typeof fell>]>([
    ['35 mmHg to 14.9 in 299 ms (LIM-VENT-FASTEST-FROM less 5)', true, [[0, 35], [20, 14.9], 299]],
    ['on the first channel', true, [[35, 0], [14.9, 20], 299]],
    ['to -10 mmHg', true, [[35, 35], [-10, 20], 299]],
    ['in 300 ms (LIM-VENT-FASTEST)', false, [[60, 60], [0, 0], 300]],
    ['from 34.9 mmHg', false, [[34.9, 34.9], [0, 0], 100]],
    ['to 15 mmHg', false, [[60, 60], [15, 15], 100]],
    ['to what no gauge measures', false, [[60, 60], [-10.1, -10.1], 100]],
    ['behind a restart, whose clock is another', false, [[60, 60], [0, 0], 100, 2]],
  ])('%s: %s', (_, tooFast, about) => {
    expect(fell(...about)).toBe(tooFast)
  })

  test('a restart between the last two reports is none either', () => {
    const well = watched(NOTHING_WATCHED, pressed(60, 60), NOW, WALL)
    expect(fellTooFast(well, vents([0, 0], 100, 2), NOW + 100)).toBe(false)
  })

  test('what is high once more while it vents, because the limb moves, is none', () => {
    const well = watched(NOTHING_WATCHED, pressed(60, 60), NOW, WALL)
    const moved = watched(well, vents([50, 50], 400), NOW + 400, WALL)
    expect(fellTooFast(moved, vents([0, 0], 500), NOW + 500)).toBe(false)
  })
})
