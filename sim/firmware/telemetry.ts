import type { Profile, Telemetry } from '../../protocol/unitFrames.ts'
import type { Millis } from '../../protocol/units.ts'
import type { FirmwareFlaws, State, UnitProfile } from './state.ts'

const DECLARED = 0xfff
/** Widest pressure that the field can carry. Unit mmHg. */
const PRESSURE_MOST = 3276.7

export function profileFrame(profile: UnitProfile, flaws: FirmwareFlaws): Profile {
  return { type: 'profile', ...profile, declared: DECLARED & ~flaws.undeclared }
}

export function telemetryFrame(state: State, boot: number, uptime_ms: Millis, unitFactor: number): Telemetry {
  return {
    type: 'telemetry',
    seq: state.telemetrySeq,
    uptime_ms: Math.floor(uptime_ms) % 2 ** 32,
    boot,
    loop: state.loop,
    lease: (state.session?.lease ?? 0) & 0xffff,
    faults: state.faults,
    mode: state.mode,
    channels: state.channels.map(channel => ({
      pressure_mmHg: Math.max(-PRESSURE_MOST, Math.min(PRESSURE_MOST, channel.pressure_mmHg * unitFactor)),
      target_mmHg: channel.target_mmHg,
      raw: channel.raw,
      pumpOn: channel.duty > 0,
      valveClosed: channel.valve,
    })),
  }
}
