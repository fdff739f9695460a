import { describe, expect, test } from 'vitest'
import type { CauseKind } from '../../machines/cause.ts'
import type { Phase } from '../../machines/view.ts'
import type { MonoMs } from '../../protocol/units.ts'
import { TIMING } from '../../protocol/wire.ts'
import { SHORT } from '../support/programs.ts'
import { Stack, type StackOptions } from '../support/stack.ts'
import { happened, highest, letters, pressesSent } from '../support/trace.ts'

const REPORT = 100

function faultIn(phase: Phase, faults: string, options: StackOptions = {}): { stack: Stack; at: MonoMs } {
  const stack = new Stack({ program: SHORT, ...options })
  stack.untilPhase(phase)
  stack.advance(300)
  expect(stack.phase).toBe(phase)
  for (const fault of faults.split(' ')) stack.inject(fault)
  return { stack, at: stack.now }
}

const firstRelease = (stack: Stack, from: MonoMs): MonoMs =>
  stack.sent.find(one => one.what === 'release' && one.at >= from)?.at ?? Number.POSITIVE_INFINITY
const lastLease = (stack: Stack): MonoMs => stack.framesSent('lease').at(-1)!.at
const wentDown = (stack: Stack, from: MonoMs): MonoMs => happened(stack, 'venting', from)[0] ?? Number.POSITIVE_INFINITY

describe('REQ-LINK (F17 to F30): a link that fails lets the cuff go in time, and nothing is pressed after it', () => {
  test.each<[string, string, Phase, CauseKind]>([
    ['F17', 'link.cut', 'stuck', 'link'],
    ['F19', 'link.rxDrop', 'stuck', 'link'],
    ['F20', 'link.txDrop', 'faulted', 'link'],
    // So few reports come through that nobody can say for 3 s that the line is vented.
    ['F22', 'link.ber=0.01', 'stuck', 'link'],
    ['F23', 'link.drop=0.7', 'faulted', 'link'],
    ['F25', 'link.delay=3000', 'stuck', 'link'],
    ['F25', 'link.burst=3000', 'faulted', 'link'],
    ['F27', 'dev.noNewline', 'faulted', 'link'],
    ['F30', 'dev.noise', 'stuck', 'link'],
  ])('%s %s in a hold ends %s', (_, fault, end, kind) => {
    const { stack, at } = faultIn('holding', fault)
    stack.until(s => s.ended, 30_000)
    expect(stack.phase).toBe(end)
    expect(stack.view.cause?.kind).toBe(kind)
    expect(firstRelease(stack, at) - at).toBeLessThanOrEqual(TIMING.lost + REPORT)
    expect(lastLease(stack) - at).toBeLessThanOrEqual(TIMING.lost)
    expect(wentDown(stack, at) - at).toBeLessThanOrEqual(TIMING.lost + TIMING.silence)
    stack.advance(20_000)
    expect(pressesSent(stack)).toHaveLength(1)
    expect(stack.pressure).toBeLessThan(15)
    expect(stack.faults).toEqual([])
  })

  test.each(['link.cut', 'link.txDrop', 'link.delay=5000'])(
    'FW-3: %s: the unit vents within T_SILENCE of the last lease that it took, by itself',
    fault => {
      const { stack, at } = faultIn('holding', fault)
      const taken = happened(stack, 'lease').at(-1)!
      stack.advance(3_000)
      const [lapse] = happened(stack, 'lapse', at)
      expect(lapse! - taken).toBeLessThanOrEqual(TIMING.silence)
      expect(lapse! - taken).toBeGreaterThan(TIMING.silence - 100)
    },
  )

  test('F19: a host that hears nothing stops the lease within 1 s, and says LINK LOST', () => {
    const { stack, at } = faultIn('holding', 'link.rxDrop')
    stack.advance(2_000)
    expect(lastLease(stack) - at).toBeLessThanOrEqual(TIMING.lost)
    expect(stack.view.alarms.map(alarm => alarm.id)).toContain('ALARM-LINK')
    // I-15: no pressure is shown that is older than 1 s.
    expect(stack.view.limbs.map(limb => limb.measured_mmHg)).toEqual([undefined, undefined])
  })

  test.each(['selfTesting', 'fitting', 'pressurizing', 'holding', 'depressurizing', 'resting'] as const)(
    'I-10, F17: the cable pulled while %s: the cuff empties by itself, and nothing is armed or pressed',
    phase => {
      const { stack, at } = faultIn(phase, 'link.cut', phase === 'fitting' ? { attended: false } : {})
      const presses = pressesSent(stack).length
      stack.until(s => s.ended, 30_000)
      expect(stack.now - at).toBeLessThanOrEqual(12_000)
      expect(stack.pressure).toBeLessThan(15)
      stack.inject('link.restore')
      stack.act(session => session.start())
      stack.advance(30_000)
      expect(['link', 'safety']).toContain(stack.view.cause?.kind)
      expect(pressesSent(stack)).toHaveLength(presses)
    },
  )
})

describe('REQ-LINK-BACK (F18, I-7): a link that comes back takes nothing up again', () => {
  test('the line is looked at, and the session stays over', () => {
    const { stack } = faultIn('holding', 'link.cut')
    stack.advance(3_000)
    stack.inject('link.restore')
    stack.until(s => s.ended)
    expect(stack.phase).toBe('faulted')
    const sent = stack.sent.length
    stack.act(session => session.start())
    stack.advance(30_000)
    expect(stack.sent.slice(sent).filter(one => one.what !== 'release')).toEqual([])
    expect(pressesSent(stack)).toHaveLength(1)
  })

  test('F16, F18: a host that starts anew begins vented and with a session of its own', () => {
    const { stack } = faultIn('holding', 'fw.noSilence')
    stack.killGuard()
    stack.restartHost()
    const at = stack.now
    stack.advance(300)
    expect(stack.sent.filter(one => one.at >= at).map(one => one.what)).toContain('release')
    stack.until(s => s.ended, 30_000)
    expect(stack.phase).toBe('faulted')
    expect(stack.view.cause?.text).toMatch(/found under pressure/)
    expect(stack.pressure).toBeLessThan(15)
    expect(pressesSent(stack)).toHaveLength(1)
  })

  test('F16: a unit that reports pressure and hears nothing is not given up before it is seen vented', () => {
    const { stack } = faultIn('holding', 'fw.noSilence')
    stack.killGuard()
    stack.inject('link.txDrop')
    stack.restartHost()
    const sent = stack.sent.length
    stack.advance(5_000)
    expect(stack.phase).toBe('releasing')
    expect(stack.view.cause?.text).toMatch(/found under pressure/)
    expect(stack.sent.slice(sent).filter(one => one.what === 'release').length).toBeLessThan(55)
    stack.inject('link.restore')
    stack.until(s => s.ended)
    expect(stack.phase).toBe('faulted')
    expect(stack.pressure).toBeLessThan(15)
  })

  test('F16: a unit found under pressure that does not vent is STUCK, not merely faulted', () => {
    const { stack } = faultIn('holding', 'fw.noSilence valve.stuckClosed')
    stack.killGuard()
    stack.restartHost()
    stack.until(s => s.ended, 30_000)
    expect(stack.phase).toBe('stuck')
    expect(stack.guard.mayLeave).toBe(false)
  })
})

describe('REQ-STALE (I-12): damaged, repeated, late and swapped lines change nothing', () => {
  test.each<[string, string]>([
    ['F24', 'link.dup'],
    ['F25', 'link.reorder'],
    ['F25', 'link.burst=300'],
    ['F26', 'link.replay'],
    ['F28', 'dev.flood'],
    ['F29', 'dev.escapes'],
    ['', 'link.delay=50'],
    ['', 'line.baud'],
    ['F33', 'dev.resetOnOpen'],
  ])('%s %s: the session is made as planned, each press once', (_, fault) => {
    const { stack } = faultIn('holding', fault)
    stack.until(s => s.ended, 120_000)
    expect(stack.phase).toBe('finished')
    expect(letters(stack)).toMatch(/^IHZA(LPPL+V){4}X+$/)
    expect(happened(stack, 'target')).toHaveLength(8)
    expect(highest(stack)).toBeLessThan(80 + 15)
  })

  test.each([
    [400, 'finished'],
    [700, 'faulted'],
  ] as const)('F23: with the reports of %i ms missing in a hold the session ends %s', (ms, end) => {
    const { stack } = faultIn('holding', 'link.rxDrop')
    stack.advance(ms)
    stack.inject('link.restore')
    stack.until(s => s.ended, 120_000)
    expect(stack.phase).toBe(end)
  })

  test('F29: what a unit calls itself reaches the screen as printable text only', () => {
    const stack = new Stack({ program: SHORT, unit: { behaviours: ['dev.escapes'] } })
    stack.until(s => s.ended, 30_000)
    expect(stack.phase).toBe('faulted')
    const shown = JSON.stringify([stack.view, stack.said])
    expect(shown).not.toMatch(/owned|<img|\\u001b/)
    expect(letters(stack)).toMatch(/^I+$/)
  })

  test('F25, F26: reports that were held up for 3 s count for nothing when they come', () => {
    const { stack, at } = faultIn('holding', 'link.burst=3000')
    stack.until(s => s.now >= at + 2_900)
    const before = stack.session.snapshot.context.watch.at
    expect(before).toBeLessThanOrEqual(at + REPORT)
    stack.advance(100)
    const ages = stack.reports.flatMap(one =>
      one.is === 'telemetry' ? [stack.now - stack.startedAt - one.frame.uptime_ms] : [],
    )
    // Of the burst only what is younger than 500 ms came through.
    expect(ages.filter(age => age > TIMING.stale && age < 3_000 - REPORT)).toEqual([])
    expect(ages.filter(age => age <= TIMING.stale).length).toBeGreaterThan(2)
  })

  test('F30: a port on which something else talks is refused, and nothing but the question is sent', () => {
    const stack = new Stack({ program: SHORT, unit: { behaviours: ['dev.noise'] } })
    stack.until(s => s.ended, 30_000)
    expect(stack.view.cause?.text).toMatch(/no cuff unit answers/)
    expect(letters(stack)).toMatch(/^I{5}$/)
  })

  test('F31: a unit that speaks the next version of the protocol is refused', () => {
    const stack = new Stack({ program: SHORT, unit: { behaviours: ['dev.version=2'] } })
    stack.until(s => s.ended, 30_000)
    expect(letters(stack)).toBe('I')
  })
})

describe('REQ-STORM: an answer to a release calls for no other release', () => {
  test.each(['link.ber=0.2', 'dev.noise'])(
    'F22: with %s the byte is repeated ten times a second, and no more',
    fault => {
      const { stack, at } = faultIn('holding', fault)
      stack.advance(10_000)
      const times = stack.sent.filter(one => one.what === 'release' && one.at >= at).map(one => one.at)
      for (const time of times)
        expect(times.filter(other => other >= time && other < time + 1_000).length).toBeLessThan(16)
      expect(times.length).toBeGreaterThan(80)
    },
  )

  test('a unit found under pressure that does not vent is told ten times a second, and no more', () => {
    const { stack, at } = faultIn('holding', 'fw.noSilence valve.stuckClosed')
    stack.killGuard()
    stack.inject('link.txDrop')
    stack.restartHost()
    stack.advance(2_000)
    stack.inject('link.restore')
    stack.advance(8_000)
    expect(stack.sent.filter(one => one.what === 'release' && one.at >= at).length).toBeLessThan(120)
  })
})

describe('REQ-BOOT (I-13): a unit that restarted is let go, and gets no target again', () => {
  test.each(['fitting', 'pressurizing', 'holding', 'depressurizing', 'resting'] as const)('while %s', phase => {
    const { stack, at } = faultIn(phase, 'fw.reset', phase === 'fitting' ? { attended: false } : {})
    const presses = pressesSent(stack).length
    stack.until(s => s.ended, 30_000)
    expect(stack.phase).toBe('faulted')
    // Its first report comes 300 ms after the restart.
    expect(firstRelease(stack, at) - at).toBeLessThanOrEqual(300 + REPORT)
    stack.act(session => session.start())
    stack.advance(30_000)
    expect(pressesSent(stack)).toHaveLength(presses)
  })
})
