import type { Hooks, Rig } from '../rig.ts'

export type Arg = number | string

/** What an argument may be: a number within bounds, or a word of a form. */
export type ArgSpec =
  | { readonly value: number; readonly min: number; readonly max: number }
  | { readonly value: string; readonly form: RegExp; readonly words: string }

export const number = (value: number, min: number, max: number): ArgSpec => ({ value, min, max })
/** `words` says what may be given. */
export const word = (value: string, form: RegExp, words: string): ArgSpec => ({ value, form, words })
/** From nothing to all. */
export const share = (value: number): ArgSpec => number(value, 0, 1)

/** Times at which a behaviour can begin, besides so long after the start. */
export const PHASES = ['inflate', 'hold'] as const
export type Phase = (typeof PHASES)[number]

/** One thing that can be wrong with the unit, its air or its line. */
export interface Behaviour {
  readonly name: string
  /** Names of the arguments, in order, with their defaults. The unit is in the name. */
  readonly args: Readonly<Record<string, ArgSpec>>
  /** One line: what it does. */
  readonly about: string
  begin(rig: Rig, args: readonly Arg[]): Hooks | undefined
}

/** The things of one channel, or of all when it is 0. */
export const chosen = <T>(all: readonly T[], channel: Arg | undefined): readonly T[] =>
  channel === 0 ? all : all.slice(Number(channel) - 1, Number(channel))
