import { Guard } from '../../../guard/core.ts'
import { MOVES } from './moves.ts'
import { begin, type Situation } from './situation.ts'

const SESSION = ['the unit says what it is', 'a report: latched', 'hello', 'the oldest line is acknowledged'] as const
const ARMED = [...SESSION, 'envelope', 'arm', 'all is well for 1 s'] as const
const PRESSED = [...ARMED, 'press', 'all is well for 1 s'] as const
const RESTED = [...PRESSED, 'vent', 'all is well for 5 s'] as const

/** Where a guard is after such moves. @throws RangeError for a move that there is not */
export const guardAfter = (names: readonly string[], Kind: typeof Guard = Guard): Situation =>
  names.reduce<Situation>(
    (one, name) => {
      const outcome = MOVES.find(move => move.name === name)?.apply(one)
      if (!outcome) throw new RangeError(`there is no move "${name}" here`)
      return outcome.after
    },
    begin(Kind, 1_000),
  )

/** A guard that has just been started, one with a session, one that is armed, one in a press, and one after it. */
export const guardBeginnings = (Kind?: typeof Guard): readonly Situation[] =>
  [[], SESSION, ARMED, PRESSED, RESTED].map(way => guardAfter(way, Kind))
