import type { Millis } from '../../../protocol/units.ts'
import type { Scenario } from './scenario.ts'

/** Something that was done, and when. */
export interface Act {
  readonly at: Millis
  readonly words: string
}

/** All that a run needs to be the same run again. */
export interface Script {
  readonly scenario: Scenario
  readonly acts: readonly Act[]
  readonly until: Millis
}

const seconds = (at: Millis): string => (at / 1000).toFixed(3).padStart(9)

/** A script as a list for people: what it begins with, then a line for each act with its second, and how far it goes. */
export const textOf = ({ scenario: { program, verdict, seed }, acts, until }: Script): string =>
  [
    `program ${program}, verdict ${verdict}, seed ${seed}`,
    ...acts.map(({ at, words }) => `${seconds(at)}  ${words}`),
    `${seconds(until)}  here`,
    '',
  ].join('\n')

/** Longest list that is read, and longest run. A whole session is over sooner. */
const SCRIPT_MAX_CHARACTERS = 100_000
export const RUN_MAX_MS: Millis = 3_600_000

const HEAD = /^program (\S+), verdict (\S+), seed (\d{1,10})$/
const LINE = /^\s*(\d{1,4}\.\d{3})\s+(.+)$/

/** @throws RangeError that names the line that cannot be read */
export function scriptFrom(text: string): Script {
  if (text.length > SCRIPT_MAX_CHARACTERS) throw new RangeError(`longer than ${SCRIPT_MAX_CHARACTERS} characters`)
  const [first = '', ...rest] = text.trim().split(/\s*\n/)
  const head = HEAD.exec(first)
  if (!head) throw new RangeError(`line 1 is not "program …, verdict …, seed …"`)
  const scenario = { program: head[1]!, verdict: head[2]!, seed: Number(head[3]) }
  const acts = rest.map(actFrom)
  acts.forEach(({ at }, i) => {
    if (at < (acts[i - 1]?.at ?? 0) || at > RUN_MAX_MS) throw new RangeError(`line ${i + 2} is not in its time`)
  })
  const last = acts.pop()
  if (last?.words !== 'here') throw new RangeError('the last line is not "SECONDS here"')
  return { scenario, acts, until: last.at }
}

function actFrom(line: string, i: number): Act {
  const match = LINE.exec(line)
  if (!match) throw new RangeError(`line ${i + 2} is not "SECONDS ACT"`)
  return { at: Math.round(Number(match[1]) * 1000), words: match[2]! }
}
