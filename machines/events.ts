import type { Identity, Profile, SelfTest, Telemetry } from '../protocol/unitFrames.ts'
import type { MonoMs, WallMs } from '../protocol/units.ts'
import type { CauseKind } from './cause.ts'
import type { ChecklistItem } from './checklist.ts'
import type { Commanded, Outcome, Rule } from './guardMessages.ts'

/** Each event carries when it happened: `at` decides, `wall` only dates the verdict. */
export interface Stamp {
  readonly at: MonoMs
  readonly wall: WallMs
}

export interface OutcomeEvent extends Stamp {
  readonly type: 'OUTCOME'
  readonly of: Commanded
  readonly outcome: Outcome
  readonly why?: string
}

export interface TelemetryEvent extends Stamp {
  readonly type: 'TELEMETRY'
  readonly frame: Telemetry
}

/** What the link machine reacts to: all of it comes from the port guard, but the first. */
export type LinkEvent =
  | ({ readonly type: 'CONNECT' } & Stamp)
  | ({ readonly type: 'OPENED' } & Stamp)
  | ({ readonly type: 'CLOSED'; readonly why: string } & Stamp)
  | ({ readonly type: 'IDENTITY'; readonly frame: Identity } & Stamp)
  | ({ readonly type: 'PROFILE'; readonly frame: Profile } & Stamp)
  | OutcomeEvent
  | TelemetryEvent

/** What the link machine tells the session machine. */
export type LinkNews =
  | { readonly type: 'LINK_UP'; readonly identity: Identity; readonly profile: Profile }
  | { readonly type: 'LINK_LOST' | 'LINK_FAILED'; readonly why: string }

/** Why a person, or the program on their behalf, asks for release. */
export type ReleaseKind = Extract<CauseKind, 'operator' | 'presence' | 'record'>

export type SessionEvent =
  | (LinkNews & Stamp)
  | ({ readonly type: 'SELF_TEST'; readonly frame: SelfTest } & Stamp)
  | OutcomeEvent
  | TelemetryEvent
  /** The guard has written the release byte. */
  | ({ readonly type: 'GUARD_RELEASED'; readonly why: string; readonly rule?: Rule } & Stamp)
  /** The machine's own watch found something; raised within the step that found it. */
  | ({ readonly type: 'TRIP'; readonly kind: CauseKind; readonly text: string } & Stamp)
  | ({ readonly type: 'CONFIRM'; readonly item: ChecklistItem; readonly by: string } & Stamp)
  | ({ readonly type: 'START' } & Stamp)
  /** The operator is there. */
  | ({ readonly type: 'PRESENT' } & Stamp)
  | ({ readonly type: 'RELEASE'; readonly kind: ReleaseKind; readonly why: string } & Stamp)
  /** The nail bed was pressed and let go: whether the colour took more than 3 s to come back. */
  | ({ readonly type: 'REFILL'; readonly slow: boolean } & Stamp)
  /** The person feels bad, or shows a symptom. */
  | ({ readonly type: 'SYMPTOM'; readonly what: string } & Stamp)
