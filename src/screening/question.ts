import type { Condition } from './logic.ts'

/** The answer to a yes-or-no question; a question that was not answered counts as unknown too. */
export const UNKNOWN = 'unknown'
/** An answer where the source does not ask everybody for the measurement. */
export const NOT_MEASURED = 'not measured'
/** For an age or a time of something that never was. */
export const NEVER = 'never'
/** What is known of a question that another answer makes pointless. */
export const DOES_NOT_APPLY = 'does not apply'

export type Kind =
  | { readonly kind: 'yes-no' }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | NumberKind
  /** In one of several units: the factor turns it into the first, in which the bounds stand. */
  | {
      readonly kind: 'measure'
      readonly units: Readonly<Record<string, number>>
      readonly min: number
      readonly max: number
    }
  /** A moment, ISO 8601 with its offset. */
  | { readonly kind: 'time' }

export interface NumberKind {
  readonly kind: 'number'
  readonly unit: string
  readonly min: number
  readonly max: number
  /** A word that may stand in its place. */
  readonly or?: typeof NOT_MEASURED | typeof NEVER
}

export interface Question {
  /** Key in the intake; it ends in the unit where there is one. */
  readonly id: string
  readonly text: string
  readonly answer: Kind
  /** Who asks for it: a place in the paper by its own structure, or project policy. */
  readonly source: string
  /** Asked, and answered, only where this does not fail. */
  readonly only?: Condition
  /** The answers from the mildest to the worst, where they have such an order; for the property tests and the page. */
  readonly worse?: 'up' | readonly string[]
}

const YES_NO: Kind = { kind: 'yes-no' }

/** A question whose yes never makes a verdict milder. */
export const adverse = (id: string, text: string, source: string, only?: Condition): Question => ({
  id,
  text,
  answer: YES_NO,
  source,
  worse: ['no', 'yes'],
  ...(only && { only }),
})

/** A question whose answer may be good news, such as a test that was passed. */
export const plain = (id: string, text: string, answer: Kind, source: string, only?: Condition): Question => ({
  id,
  text,
  answer,
  source,
  ...(only && { only }),
})

/** A number of which more is never milder. */
export const rising = (id: string, text: string, answer: Kind, source: string, only?: Condition): Question => ({
  ...plain(id, text, answer, source, only),
  worse: 'up',
})
