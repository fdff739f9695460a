import type { Hooks, Rig } from '../rig.ts'

export type Arg = number | string

/** Times at which a behaviour can begin, besides so long after the start. */
export const PHASES = ['inflate', 'hold'] as const
export type Phase = (typeof PHASES)[number]

/** One thing that can be wrong with the unit, its air or its line. */
export interface Behaviour {
  readonly name: string
  /** Names of the arguments, in order, with their defaults. The unit is in the name. */
  readonly args: Readonly<Record<string, Arg>>
  /** One line: what it does. */
  readonly about: string
  begin(rig: Rig, args: readonly Arg[]): Hooks | undefined
}

/** The things of one channel, or of all when it is 0. */
export const chosen = <T>(all: readonly T[], channel: Arg | undefined): readonly T[] =>
  channel === 0 ? all : all.slice(Number(channel) - 1, Number(channel))
