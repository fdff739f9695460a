import { FIRMWARE, SENSOR, STEP_MS } from '../constants.ts'
import type { Channel } from './state.ts'

const { rampGain, holdGain, holdOn, holdOff, bleedOn, bleedOff, bleedEvery, reached } = FIRMWARE
const WEIGHT = FIRMWARE.filter.value

/** Takes a converter count in: the pressure is filtered, and its zero taken off. */
export function takeIn(channel: Channel, raw: number): void {
  channel.raw = raw
  const mmHg = (raw - SENSOR.zeroCount.value) / SENSOR.countsPerMmHg.value - channel.zero_mmHg
  const weight = Number.isNaN(channel.pressure_mmHg) ? 1 : WEIGHT
  const before = weight === 1 ? 0 : channel.pressure_mmHg
  channel.pressure_mmHg = before + (mmHg - before) * weight
}

/** Outputs as with the power off: valve open, pump off, no target. */
export function letGo(channel: Channel): void {
  channel.target_mmHg = 0
  channel.setPoint_mmHg = 0
  channel.reached = false
  channel.duty = 0
  channel.valve = false
}

/** One pass towards the target of one channel that has one. */
export function regulate(channel: Channel): void {
  const { target_mmHg, pressure_mmHg } = channel
  moveSetPoint(channel)
  if (pressure_mmHg >= target_mmHg - reached.value) channel.reached = true
  const below = channel.setPoint_mmHg - pressure_mmHg
  channel.valve = !bleeds(channel, -below)
  channel.duty = channel.valve ? duty(channel, below) : 0
}

function bleeds(channel: Channel, above: number): boolean {
  if (channel.setPoint_mmHg > channel.target_mmHg) return above > (channel.valve ? bleedOn : bleedOff).value
  if (above <= bleedOn.value) return false
  channel.bleed = (channel.bleed + 1) % bleedEvery.value
  return channel.bleed === 1
}

function moveSetPoint(channel: Channel): void {
  const most = (channel.slew_mmHg_per_s * STEP_MS) / 1000
  const left = channel.target_mmHg - channel.setPoint_mmHg
  channel.setPoint_mmHg += Math.max(-most, Math.min(most, left))
}

function duty(channel: Channel, below: number): number {
  const holding = channel.reached && channel.setPoint_mmHg === channel.target_mmHg
  if (!holding) return limited(rampGain.value * below)
  const on = channel.duty > 0 ? below > holdOff.value : below > holdOn.value
  return on ? limited(holdGain.value * below + rampGain.value * Math.max(0, below - holdOn.value)) : 0
}

const limited = (duty: number): number => Math.max(0, Math.min(1, duty))
