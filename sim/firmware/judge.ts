import { DEMANDS as D, FIRMWARE, STEP_MS } from '../constants.ts'
import { FAULT } from './faults.ts'
import type { Firmware } from './firmware.ts'
import { leaseLapsed } from './watch.ts'

const HOUR_MS = 3_600_000

/** Counts the inflated time of one pass, and notes since when everything has been vented. */
export function keepTime(fw: Firmware): void {
  const { state, memory, links } = fw
  if (fw.uptime() >= HOUR_MS) memory.readable = true
  const below = state.channels.every(channel => channel.pressure_mmHg < D.vented_mmHg)
  memory.inflated.add(STEP_MS, !below || state.channels.some(channel => channel.valve))
  if (!below) {
    state.ventedSince = undefined
    state.pressed = true
  } else if (state.ventedSince === undefined) {
    state.ventedSince = state.t
    if (state.pressed) links.event({ type: 'vented' })
    state.pressed = false
  }
}

/** Sets the faults of one pass: those that the channels gave, and those of the whole unit. */
export function judge(fw: Firmware, word: number): void {
  const { state, profile, flaws } = fw
  const silent = state.mode === 'active' && leaseLapsed(state.session!.leaseAt, profile.silence_ms, state.t)
  if (silent && !flaws.noSilence) {
    fw.event({ type: 'lapse' })
    fw.fail(FAULT.LEASE, 'SILENCE')
  }
  if (word) fw.fail(word)
  ownWay(fw, FAULT.TIME, timeUsedUp(fw))
  ownWay(fw, FAULT.BATTERY, flaws.battery_percent < FIRMWARE.batteryLow.value)
}

/** A fault that comes and goes with what it says. */
function ownWay(fw: Firmware, bit: number, holds: boolean): void {
  if (holds) fw.fail(bit)
  else fw.clear(bit)
}

function timeUsedUp(fw: Firmware): boolean {
  const { inflated, readable } = fw.memory
  if (!readable) return true
  const { inflatedContinuous_s, inflatedHour_s } = fw.profile
  return inflated.continuous_ms >= inflatedContinuous_s * 1000 || inflated.hour_ms >= inflatedHour_s * 1000
}
