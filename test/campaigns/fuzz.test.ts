import { describe, expect, test } from 'vitest'
import { TO_HOST_MAX } from '../../protocol/wire.ts'
import { ptyAvailable } from '../../sim/fronts/pty.ts'
import { SHORT } from '../support/programs.ts'
import { Stack } from '../support/stack.ts'
import { endless, KEPT_MAX, MIB } from './endless.ts'
import { fuzzActive } from './fuzzActive.ts'
import { fuzzGuard, trickle } from './fuzzGuard.ts'
import { fuzzFramer } from './fuzzHost.ts'
import { CEILING_ALLOWANCE, hostileHost, TIME_ALLOWANCE } from './hostileHost.ts'
import { serialLine } from './serialLine.ts'

const SEED = 20_261
const LINES = 20_000
const PTY = await ptyAvailable()

describe('REQ-HOSTILE-LINES: hostile lines to the host', () => {
  test('exactly those lines are accepted that are right by another grammar and another CRC, byte for byte', () => {
    const { right, accepted, altered } = fuzzFramer(LINES, SEED)
    expect(right).toBeGreaterThan(LINES / 100)
    expect({ accepted, altered }).toEqual({ accepted: right, altered: 0 })
  })

  test('a guard takes no frame from them that is not one, sends no target, and leaves no pressure behind', () => {
    const { wrong, released, accepted, highest_mmHg } = fuzzGuard(LINES / 2, SEED)
    expect(wrong).toEqual([])
    expect(Math.min(released, accepted)).toBeGreaterThan(0)
    expect(highest_mmHg).toBeGreaterThan(60)
  })

  test('damaged lines that are few change nothing: the hold goes on, and the guard reports nothing', () => {
    expect(trickle(1_000, SEED)).toEqual([])
  })

  test('a line of 64 MiB takes no memory in the guard, and the next line after it counts', async () => {
    const stack = new Stack({ program: SHORT })
    stack.untilPhase('holding')
    const { kept_bytes, heldUp_ms } = await endless(chunk => stack.guard.bytes(chunk, stack.now))
    console.log(`guard held up for ${heldUp_ms.toFixed(1)} ms`)
    expect(kept_bytes).toBeLessThan(KEPT_MAX)
    stack.guard.bytes(Buffer.from('\n'), stack.now)
    stack.advance(1_000)
    expect(stack.phase).toBe('holding')
  })

  test.skipIf(!PTY)('an endless line goes by serialport’s own parser too', async () => {
    const line = await serialLine()
    const { kept_bytes, heldUp_ms } = await endless(chunk => line.write(chunk), 16 * MIB)
    console.log(`serialport held up for ${heldUp_ms.toFixed(1)} ms`)
    expect(kept_bytes).toBeLessThan(KEPT_MAX)
    await line.write(Buffer.from('\nnext\n'))
    await expect.poll(() => line.lines).toEqual(['T'.repeat(TO_HOST_MAX - 1), 'next'])
    await line.close()
  })
})

describe('REQ-HOSTILE-LINES: hostile lines to the unit', () => {
  test('a unit under pressure answers the right ones alone, takes no target from them, and vents', () => {
    const { right, answers, inflated, highest_mmHg, left_mmHg } = fuzzActive(LINES, SEED)
    expect(right).toBeGreaterThan(LINES / 100)
    expect({ answers, inflated }).toEqual({ answers: right, inflated: 0 })
    expect(highest_mmHg).toBeGreaterThan(60)
    expect(left_mmHg).toBeLessThan(1)
  })
})

describe('REQ-HOSTILE-HOST: a hostile host with valid commands, a living lease and no mistake', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7])('gets neither pressure nor time beyond the profile (seed %i)', seed => {
    const worst = hostileHost(65, seed)
    expect(worst.inflations).toBeGreaterThan(0)
    expect(worst.overCeiling_mmHg).toBeLessThan(CEILING_ALLOWANCE)
    expect(worst.overContinuous_ms).toBeLessThan(TIME_ALLOWANCE)
    expect(worst.overHour_ms).toBeLessThan(TIME_ALLOWANCE)
  })
})
