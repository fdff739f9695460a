import type { Cause } from './cause.ts'
import type { GuardCommand } from './guardMessages.ts'

/** The ways out of a session under way: what a state of it may do when something is wrong. */

/** Leaves for the release, saying why. */
export const release = (kind: Cause['kind'], text: string) =>
  ({ target: '#session.flow.releasing', actions: { type: 'blame', params: { kind, text } } }) as const
export const releaseForEvent = { target: '#session.flow.releasing', actions: 'blameEvent' } as const
export const failed = (of: GuardCommand['do']) =>
  ({ ...releaseForEvent, guard: { type: 'failed', params: { of } } }) as const

/** The valve has been told to open for as long as a cuff takes: another 10 s of the same would show nothing new. */
export const stuckIn = (text: string) =>
  ({
    target: '#session.flow.stuck',
    actions: [
      { type: 'release', params: { why: text } },
      { type: 'blame', params: { kind: 'safety', text } },
    ],
  }) as const

export const KINK: Cause = {
  kind: 'safety',
  text: 'the line vented faster than a cuff can: the hose may be kinked, and the cuff full',
}

/** Why a session that went as planned is released at its end. */
export const SESSION_OVER = 'the session is over'

/** What stands for it: a pressure that nobody asked for. */
export const STANDS = 'a pressure of 15 mmHg or more stands although nothing is pressed'
