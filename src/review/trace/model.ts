/**
 * A name that the code itself has: a limit, a reason of the gate, an alarm, a safety function of the unit, an invariant; or a kind
 * and a name of that kind, as `names.ts` finds them in what is shipped.
 */
export type Name =
  | `LIM-${string}`
  | `GATE-${string}`
  | `ALARM-${string}`
  | `FW-${number}`
  | `I-${number}`
  | `${Kind} ${string}`

export const KINDS = [
  /** A state of the session, the link or the unit. */
  'state',
  /** An event of one of these machines. */
  'event',
  /** A question that one of these machines asks before it goes on. */
  'guard',
  /** An action of one of these machines. */
  'action',
  /** A reason of the port guard to release. */
  'rule',
  /** A fault bit of the unit. */
  'fault',
  /** An entry of the protocol's timing table. */
  'timing',
  /** A rule of the screening. */
  'screen',
  /** A question of the screening. */
  'asks',
  /** An item of the checklist before START. */
  'item',
  /** A question after a session. */
  'after',
  /** A file, and what it exports. */
  'code',
] as const
export type Kind = (typeof KINDS)[number]

/** An id that stands in the titles of tests: `REQ-GATE`, `I-3`, `F47`, `FW-3`. */
export type TestId = `REQ-${string}` | `I-${number}` | `F${number}` | `FW-${number}`

export type Layer = 'unit' | 'guard' | 'machine' | 'operator' | 'record' | 'screening'

/** What stands between a sequence of events and the harm, in one layer. */
export interface Control {
  readonly layer: Layer
  readonly does: string
  readonly by: readonly Name[]
}

/** A way in which a hazard can come about. */
export interface Sequence {
  /** `H1.2` is the second of hazard H1. */
  readonly id: `H${number}.${number}`
  readonly what: string
  readonly controls: readonly Control[]
  readonly tests: readonly TestId[]
  /** Rows of the fault matrix that begin it, or are part of it. */
  readonly faults: readonly number[]
  /** What is left over when every control does what it should. */
  readonly left?: string
}

export interface Hazard {
  readonly id: `H${number}`
  readonly title: string
  readonly harm: string
  readonly sequences: readonly Sequence[]
}

/** Something that is demanded, by the paper or by the safety concept. */
export interface Requirement {
  readonly id: `SRC-${string}` | `FW-${number}` | `I-${number}`
  readonly text: string
  /** Where it is demanded: a place in the paper by its own structure, or in a text of this project. */
  readonly place: string
  readonly kind: string
  /** What meets it. */
  readonly by: readonly Name[]
  readonly tests: readonly TestId[]
  /** What of it is not met, and why. With nothing in `by` it is not met at all. */
  readonly unmet?: string
}

/** In words, from the data alone: nobody types it. */
export const standing = ({ by, unmet }: Requirement): 'met' | 'in part' | 'not met' =>
  by.length === 0 ? 'not met' : unmet === undefined ? 'met' : 'in part'

export const control = (layer: Layer, does: string, ...by: readonly Name[]): Control => ({ layer, does, by })
