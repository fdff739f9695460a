import type { Millis } from '../../protocol/units.ts'
import { printable } from '../errors.ts'
import { follow, type Watcher } from './watcher.ts'

/** One JSON object as a line that does nothing to a terminal: what else a character could do is escaped in it. */
export const ndjson = (value: object): string => printable(JSON.stringify(value), Number.POSITIVE_INFINITY)

/** NDJSON: one object for each happening. */
export const jsonWatcher = (print: (line: string) => void, now: () => Millis): Watcher =>
  follow(happening => print(ndjson(happening)), now)
