import type { Rule } from './guardMessages.ts'

/** Why a session ended before its plan did, from the mildest to the worst. When several come together the worst is named. */
export const CAUSE_KINDS = ['operator', 'presence', 'symptom', 'record', 'link', 'unit', 'safety', 'internal'] as const
export type CauseKind = (typeof CAUSE_KINDS)[number]

/**
 * What ended the session. None of them clears within a session: whatever the cause, pressure comes back only in a new
 * session, with a new guard, a passed self test, the gate, and a person at START.
 */
export interface Cause {
  readonly kind: CauseKind
  readonly text: string
}

const rank = (cause: Cause): number => CAUSE_KINDS.indexOf(cause.kind)

/** The worse of two causes, and of equals the first. */
export const worst = (first: Cause | undefined, next: Cause): Cause =>
  first === undefined || rank(next) > rank(first) ? next : first

/** Every reason of the guard to release, and what kind of cause it is. */
export const KIND_OF_RULE: Record<Rule, CauseKind> = {
  ZERO: 'safety',
  PUMP: 'safety',
  HOLD: 'safety',
  CUM: 'safety',
  BAND: 'safety',
  VENT: 'safety',
  ECHO: 'link',
  STALE: 'link',
  UNKNOWN: 'link',
  'BAD-LINES': 'link',
  LOOP: 'unit',
  BOOT: 'unit',
  UNIT: 'safety',
  BUTTON: 'operator',
  STANDING: 'safety',
  FOUND: 'safety',
  CONTROLLER: 'internal',
  LAG: 'internal',
}

/** The guard released: for a rule of its own, or because a key, a signal or the controller asked it to. */
export const causeOfRelease = (why: string, rule: Rule | undefined): Cause =>
  rule ? { kind: KIND_OF_RULE[rule], text: `${why} (${rule})` } : { kind: 'operator', text: why }
