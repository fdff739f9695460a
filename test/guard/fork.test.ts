import { describe, expect, test } from 'vitest'
import type { GuardReport } from '../../machines/guardMessages.ts'
import { encodeUnitFrame, type UnitFrame } from '../../protocol/unitFrames.ts'
import type { Guard } from '../../src/guard/core.ts'
import { GuardRig, PRESS, report } from '../support/guardRig.ts'

/** What a guard does from here on, with no unit but the lines given: every line, byte and report. */
function goOn(guard: Guard, done: unknown[], now: number, frames: readonly UnitFrame[]): unknown[] {
  done.length = 0
  for (const [i, frame] of frames.entries()) {
    const at = now + (i + 1) * 100
    guard.bytes(Buffer.from(encodeUnitFrame(frame), 'latin1'), at)
    guard.tick(at)
  }
  return [...done]
}

/** A fork of a guard, and what it does. */
function forked(guard: Guard): { fork: Guard; done: unknown[] } {
  const done: unknown[] = []
  const report = (one: GuardReport) => done.push(one)
  const fork = guard.fork({ write: line => done.push(line), writeRelease: () => done.push('release'), report })
  return { fork, done }
}

const moments: Record<string, (rig: GuardRig) => void> = {
  armed: () => {},
  'in a press': rig => {
    rig.tell({ do: 'press', ...PRESS })
    rig.advance(3_000)
  },
  'with lines that wait': rig => {
    rig.unit!.inject('link.cut', rig.now)
    for (let i = 0; i < 4; i++) rig.tell({ do: 'self-test' })
  },
  released: rig => rig.guard.release('a reason', rig.now, 'BAND'),
}

describe('REQ-EXPLORE: a guard that looks ahead', () => {
  /** Next reports of a unit whose pressure goes where it should not. */
  const frames = (rig: GuardRig): UnitFrame[] => {
    const { last } = rig.guard.memory.seen
    return Array.from({ length: 20 }, (_, i) => ({
      ...report({}, [60 + 4 * i, 50]),
      ...(last && { seq: last.seq + i + 1, uptime_ms: last.uptime_ms + 100 * (i + 1), loop: last.loop + i + 1 }),
      mode: last?.mode ?? 'armed',
    }))
  }

  test.each(Object.entries(moments))('%s: does what the guard that it was made from would do', (_, come) => {
    const rig = GuardRig.armed()
    come(rig)
    const [one, two] = [forked(rig.guard), forked(rig.guard)]
    const [before, all] = [rig.reports.length + rig.sent.length, frames(rig)]
    const first = goOn(one.fork, one.done, rig.now, all)
    expect(first.length).toBeGreaterThan(0)
    // Whatever the first did has changed nothing for the second, nor for the one that both were made from.
    expect(goOn(two.fork, two.done, rig.now, all)).toEqual(first)
    expect(rig.reports.length + rig.sent.length).toBe(before)
    const third = forked(rig.guard)
    expect(goOn(third.fork, third.done, rig.now, all)).toEqual(first)
    const own = rig.reports.length
    goOn(rig.guard, [], rig.now, all)
    expect(rig.reports.slice(own)).toEqual(first.filter(one => typeof one === 'object'))
  })
})
