import type { Identity, Profile, SelfTest, Telemetry } from '../protocol/unitFrames.ts'
import type { Millis, MmHg, MmHgPerS } from '../protocol/units.ts'
import type { Limb } from './limits.ts'

/** What the guard lets pass in this session. Set once, before arming; nothing widens it afterwards. */
export interface Envelope {
  readonly cuffs: readonly { readonly channel: number; readonly limb: Limb; readonly max_mmHg: MmHg }[]
  readonly slew_mmHg_per_s: MmHgPerS
  /** Longest press, rise included. */
  readonly press_ms: Millis
  /** Shortest time vented between two presses. */
  readonly rest_ms: Millis
  /** From the first press on, rests included. */
  readonly cum_ms: Millis
}

export interface Press {
  readonly targets: readonly { readonly channel: number; readonly target_mmHg: MmHg }[]
  readonly slew_mmHg_per_s: MmHgPerS
}

/** From the controller to the guard. Each command but `release` and `pong` is answered by an outcome. */
export type GuardCommand =
  | { readonly do: 'identify' }
  | { readonly do: 'self-test' | 'arm' | 'vent' }
  | { readonly do: 'hello'; readonly nonce: number; readonly rate_Hz: number }
  | { readonly do: 'envelope'; readonly envelope: Envelope }
  | ({ readonly do: 'press' } & Press)
  | { readonly do: 'release'; readonly why: string }
  /** Answers the ping of that number. */
  | { readonly do: 'pong'; readonly ping: number; readonly step: number }

export type Commanded = Exclude<GuardCommand['do'], 'release' | 'pong'>

/** Unknown: not answered, so it may or may not have happened. */
export type Outcome = 'done' | 'refused' | 'unknown'

/** From the guard to the controller. */
export type GuardReport =
  | { readonly is: 'opened' }
  | { readonly is: 'closed'; readonly why: string }
  | { readonly is: 'ping'; readonly ping: number }
  | { readonly is: 'outcome'; readonly of: Commanded; readonly outcome: Outcome; readonly why?: string }
  | { readonly is: 'telemetry'; readonly frame: Telemetry }
  | { readonly is: 'identity'; readonly frame: Identity }
  | { readonly is: 'profile'; readonly frame: Profile }
  | { readonly is: 'self-test'; readonly frame: SelfTest }
  /** The release byte went out; `rule` names the guard's own reason when it had one. */
  | { readonly is: 'released'; readonly why: string; readonly rule?: Rule }
  | { readonly is: 'key'; readonly key: string }

/** The guard's own reasons to release. */
export type Rule =
  | 'ZERO'
  | 'PUMP'
  | 'HOLD'
  | 'CUM'
  | 'BAND'
  | 'VENT'
  | 'STALE'
  | 'LOOP'
  | 'BOOT'
  | 'ECHO'
  | 'BAD-LINES'
  | 'UNIT'
  | 'BUTTON'
  | 'STANDING'
  | 'CONTROLLER'
  | 'LAG'
  | 'UNKNOWN'
  | 'FOUND'
