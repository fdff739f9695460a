import type { Millis, MmHg } from '../protocol/units.ts'

/** What the unit itself sees and does. `t_ms` is the unit's own clock: ms since the unit was made, whatever restarts. */
export type UnitEvent = { readonly t_ms: Millis } & UnitHappening

export type UnitHappening =
  | { readonly type: 'connect' | 'disconnect' | 'release' | 'armed' | 'venting' }
  /** The unit was started; the cause is what started it. */
  | { readonly type: 'start'; readonly boot: number; readonly cause: StartCause }
  | { readonly type: 'power-off' }
  | { readonly type: 'hello'; readonly nonce: number }
  | {
      readonly type: 'target'
      readonly channel: number
      readonly target_mmHg: MmHg
      readonly slew_mmHg_per_s: number
    }
  | { readonly type: 'lease'; readonly seq: number }
  /** The lease ran out while active. */
  | { readonly type: 'lapse' }
  /** Every channel is below 15 mmHg again, as the unit measures. */
  | { readonly type: 'vented' }
  | { readonly type: 'fault'; readonly faults: readonly string[] }
  | { readonly type: 'buzzer'; readonly on: boolean }
  | { readonly type: 'behaviour'; readonly spec: string }
  /** At most ten a second, while there is pressure: as measured, and as it truly is on the limb. */
  | { readonly type: 'pressure'; readonly measured_mmHg: readonly MmHg[]; readonly true_mmHg: readonly MmHg[] }

export type StartCause = 'power' | 'reset' | 'watchdog'
