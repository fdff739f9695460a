/** What comes of it when something happens: where that leads, and what was put out on the way, in order. */
export interface Outcome<S, O> {
  readonly after: S
  readonly outputs: readonly O[]
}

/** One thing that may happen in a situation. */
export interface Move<S, O> {
  readonly name: string
  /** Who or what does it. */
  readonly by: 'person' | 'controller' | 'unit' | 'guard' | 'time' | 'fault'
  readonly apply: (situation: S) => Outcome<S, O> | undefined
}

/** One step of the exploration: a situation, what happened, and what came of it. */
export interface Step<S, O> extends Outcome<S, O> {
  readonly before: S
  readonly move: Move<S, O>
}

/** Something that must hold in every step. */
export interface Invariant<S, O> {
  readonly id: string
  readonly text: string
  /** What is wrong, or undefined. */
  readonly broken: (step: Step<S, O>) => string | undefined
  /** What is wrong with a situation, whatever way led there: asked of each one once. */
  readonly brokenIn?: (situation: S) => string | undefined
}

/** What is wrong with a step and where it led, or undefined. */
export const wrongWith = <S, O>({ broken, brokenIn }: Invariant<S, O>, step: Step<S, O>): string | undefined =>
  broken(step) ?? brokenIn?.(step.after)

/** What is explored. */
export interface Model<S, O> {
  readonly moves: readonly Move<S, O>[]
  readonly invariants: readonly Invariant<S, O>[]
  /** Two situations with the same key are one to the exploration. */
  readonly keyOf: (situation: S) => string
  /** The state in which a situation is, for the counts. */
  readonly stateOf: (situation: S) => string
}
