import type { Millis } from '../protocol/units.ts'
import type { StartCause } from './events.ts'
import type { Firmware } from './firmware/firmware.ts'
import type { Stage } from './link.ts'
import type { Plant } from './plant.ts'
import type { Random } from './random.ts'
import type { Sensor } from './sensor.ts'

/** What a behaviour can lay hands on. */
export interface Rig {
  readonly firmware: Firmware
  readonly plants: readonly Plant[]
  readonly sensors: readonly Sensor[]
  readonly random: Random
  /** The unit's clock. */
  t(): Millis
  /** Takes the power away, and gives it back after off_ms (never, if that is Infinity), or restarts without. */
  restart(cause: StartCause, off_ms?: Millis): void
  /** Says something on the line that is no frame of the firmware. */
  send(bytes: Uint8Array): void
  /** Ends the behaviours whose name begins so. */
  end(prefix: string): void
  /** Swaps the hoses of the first two channels. */
  swapHoses(): void
}

/** What a behaviour goes on doing once it has begun. */
export interface Hooks {
  /** Bytes on their way to the unit, as they came. */
  readonly toUnit?: Stage
  /** Lines on their way to the host. */
  readonly toHost?: Stage
  /** Every step of the unit. */
  readonly step?: (t: Millis) => void
  /** The host has opened the line. */
  readonly opened?: (t: Millis) => void
}
