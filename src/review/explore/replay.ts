import type { Wanted } from '../../runner.ts'
import { guardBeginnings } from './guard/beginnings.ts'
import { GUARD } from './guard/model.ts'
import type { Put } from './guard/situation.ts'
import type { ModelName } from './models.ts'
import type { Counterexample } from './search.ts'
import { beginnings } from './session/beginnings.ts'
import { SESSION } from './session/model.ts'
import { type Model, wrongWith } from './step.ts'

const BETWEEN = ' > '

/** A way as it is printed, and as it is replayed from. */
export const wayText = (name: ModelName, { beginning, way }: Counterexample): string =>
  `${name} ${beginning}: ${way.join(BETWEEN)}`

/**
 * Goes such a way again, step by step, through what is shipped. Returns a line for each step: what happened, what was put
 * out, the state after it, and what it breaks.
 *
 * @throws RangeError for a text that is no way, and for a move that there is not
 */
export function replay(text: string): readonly string[] {
  const [, name, beginning, moves] = /^(session|guard) (\d{1,3}): (.+)$/.exec(text) ?? []
  if (!moves) throw new RangeError('a way reads "session 0: START > RELEASE"')
  const names = moves.split(BETWEEN)
  return name === 'session'
    ? go(SESSION, beginnings()[Number(beginning)], names, wanted)
    : go(GUARD, guardBeginnings()[Number(beginning)], names, put)
}

const wanted = ({ type, params }: Wanted): string => {
  const { do: what } = (params ?? {}) as { do?: string }
  return what ? `${type} ${what}` : type
}
const put = ({ line }: Put): string => (line === 'release' ? line : line.type)

function go<S, O>(
  model: Model<S, O>,
  begin: S | undefined,
  names: readonly string[],
  words: (output: O) => string,
): string[] {
  if (begin === undefined) throw new RangeError('there is no such beginning')
  const lines = [`begins ${model.stateOf(begin)}`]
  let before: S = begin
  for (const name of names) {
    const move = model.moves.find(one => one.name === name)
    const outcome = move?.apply(before)
    if (!move || !outcome) throw new RangeError(`"${name}" cannot happen here: after "${lines.at(-1)}"`)
    const broken = model.invariants.flatMap(one => {
      const what = wrongWith(one, { before, move, ...outcome })
      return what === undefined ? [] : [` BROKEN ${one.id}: ${what}`]
    })
    const outputs = outcome.outputs.map(words).join(', ') || 'nothing'
    lines.push(`${name} -> ${outputs}; ${model.stateOf(outcome.after)}${broken.join()}`)
    before = outcome.after
  }
  return lines
}
