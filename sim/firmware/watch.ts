import type { Millis } from '../../protocol/units.ts'
import { DEMANDS as D, FIRMWARE, STEP_MS } from '../constants.ts'
import { FAULT } from './faults.ts'
import { type Channel, FALL_PASSES } from './state.ts'

/** `channel.since[key]` is when `holds` began to hold; true when that is at least `for_ms` ago. */
function lasts(channel: Channel, key: keyof Channel['since'], holds: boolean, for_ms: Millis, t: Millis): boolean {
  if (!holds) channel.since[key] = t
  return holds && t - channel.since[key] >= for_ms
}

/** The faults of one channel at this pass, as bits: PROTOCOL.md section 6. */
export function channelFaults(channel: Channel, active: boolean, ceiling: number, t: Millis): number {
  let word = 0
  const rail = channel.raw < D.railLow || channel.raw > D.railHigh
  channel.railPasses = rail ? channel.railPasses + 1 : 0
  if (channel.railPasses > 1) word |= FAULT.SENSOR
  const low = active && channel.pressure_mmHg < D.belowZero_mmHg
  if (lasts(channel, 'low', low, D.belowZeroFor_ms, t)) word |= FAULT.SENSOR
  if (channel.pressure_mmHg > ceiling) word |= FAULT.CEILING
  const full = !channel.valve && channel.pressure_mmHg >= D.vented_mmHg
  if (lasts(channel, 'open', full, D.ventTime_ms, t)) word |= FAULT.VALVE
  if (active && channel.target_mmHg > 0) word |= over(channel, t) | leak(channel, t) | pump(channel, t)
  else resetTimers(channel, t)
  return word
}

/** A count that stays the same for 3 s while active is no measurement. */
export function frozen(channel: Channel, newRaw: number, active: boolean, t: Millis): boolean {
  return lasts(channel, 'raw', active && newRaw === channel.raw, D.frozen_ms, t)
}

function resetTimers(channel: Channel, t: Millis): void {
  const { since } = channel
  since.under = since.over = since.farOver = since.pump = since.window = t
  channel.closedPasses = 0
}

function over(channel: Channel, t: Millis): number {
  const above = channel.pressure_mmHg - Math.max(channel.target_mmHg, channel.setPoint_mmHg)
  const far = lasts(channel, 'farOver', above > D.farOver_mmHg, D.farOverFor_ms, t)
  const long = lasts(channel, 'over', above > D.overBy_mmHg, D.overFor_ms, t)
  return far || long ? FAULT.OVERSHOOT : 0
}

function leak(channel: Channel, t: Millis): number {
  const under = channel.reached && channel.pressure_mmHg < channel.target_mmHg - D.underBy_mmHg
  const keeps = lasts(channel, 'pump', channel.reached && channel.duty > 0, D.pumpKeeps_ms, t)
  const low = lasts(channel, 'under', under, D.underFor_ms, t)
  return falls(channel) || low || keeps ? FAULT.LEAK : 0
}

/** A fast fall with the valve closed. What the unit lets out itself is not meant. */
function falls(channel: Channel): boolean {
  channel.closedPasses = channel.valve ? channel.closedPasses + 1 : 0
  const at = channel.closedPasses % FALL_PASSES
  const before = channel.history[at]!
  channel.history[at] = channel.pressure_mmHg
  const most = (D.fall_mmHg_per_s * FALL_PASSES * STEP_MS) / 1000
  return channel.closedPasses > FALL_PASSES + SETTLE_PASSES && before - channel.pressure_mmHg > most
}

/** After the valve has closed, the line is lower than the cuff and the reading lags. Unit passes. */
const SETTLE_PASSES = 5

function pump(channel: Channel, t: Millis): number {
  const climbing = !channel.reached && channel.duty > 0
  if (!climbing) channel.windowFrom_mmHg = channel.pressure_mmHg
  if (!lasts(channel, 'window', climbing, D.pumpWindow_ms, t)) return 0
  const asked = (channel.slew_mmHg_per_s * D.pumpWindow_ms) / 2000
  const weak = channel.pressure_mmHg - channel.windowFrom_mmHg < Math.min(D.pumpRise_mmHg, asked)
  channel.since.window = t
  channel.windowFrom_mmHg = channel.pressure_mmHg
  return weak ? FAULT.PUMP : 0
}

/** The unit vents this early, so that pass and lease together stay within T_SILENCE. */
export const leaseLapsed = (leaseAt: Millis, silence_ms: Millis, t: Millis): boolean =>
  t - leaseAt > silence_ms - FIRMWARE.step.value
