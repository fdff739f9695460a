import type { MmHg } from '../../protocol/units.ts'
import { DEMANDS as D, FIRMWARE, SENSOR } from '../constants.ts'
import type { Firmware } from './firmware.ts'
import type { State, Testing } from './state.ts'

/** Bits of the self test's result. What moves only under pressure (a valve that sticks) it cannot find. */
const FAILED = { zero: 1, pump: 4, sensor: 8 } as const

export interface TestResult {
  readonly failures: number
  readonly offsets_mmHg: readonly MmHg[]
}

export function beginTest(state: State, seq: number): void {
  const until = state.t + FIRMWARE.testTime.value
  state.testing = { seq, until, passes: 0, sums: state.channels.map(() => 0) }
}

/** One pass of the test: sums the counts up; at its end the result. */
export function testPass(fw: Firmware): TestResult | undefined {
  const testing = fw.state.testing!
  testing.passes++
  fw.state.channels.forEach((channel, i) => {
    testing.sums[i]! += channel.raw
  })
  return fw.state.t < testing.until ? undefined : result(fw, testing)
}

function result(fw: Firmware, testing: Testing): TestResult {
  const offsets_mmHg = testing.sums.map(
    sum => (sum / testing.passes - SENSOR.zeroCount.value) / SENSOR.countsPerMmHg.value,
  )
  let failures = offsets_mmHg.some(offset => Math.abs(offset) > D.zeroOff_mmHg) ? FAILED.zero : 0
  if (fw.state.channels.some(channel => channel.railPasses > 0)) failures |= FAILED.sensor
  if (fw.state.channels.some((_, i) => fw.links.pumpShorted(i))) failures |= FAILED.pump
  if (failures === 0) for (const [i, channel] of fw.state.channels.entries()) takeZero(channel, offsets_mmHg[i]!)
  return { failures, offsets_mmHg }
}

/** The pressure moves with its zero at once, not through the filter. */
function takeZero(channel: { zero_mmHg: MmHg; pressure_mmHg: MmHg }, zero_mmHg: MmHg): void {
  channel.pressure_mmHg += channel.zero_mmHg - zero_mmHg
  channel.zero_mmHg = zero_mmHg
}
