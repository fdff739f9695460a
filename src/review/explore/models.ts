import { guardBeginnings } from './guard/beginnings.ts'
import { GUARD } from './guard/model.ts'
import { type Found, Search } from './search.ts'
import { beginnings } from './session/beginnings.ts'
import { SESSION } from './session/model.ts'

/** What can be explored. Each is asked with everybody else free to say anything at any time, so that together they cover whatever the three can do. */
export const MODELS = ['session', 'guard'] as const
export type ModelName = (typeof MODELS)[number]

/** A search that can go on. */
export interface Exploration {
  readonly invariants: readonly { readonly id: string; readonly text: string }[]
  goOn(most: number): boolean
  readonly found: Found
}

export function exploration(name: ModelName, situations: number): Exploration {
  const { search, invariants } =
    name === 'session'
      ? { search: new Search(SESSION, beginnings(), { situations }), invariants: SESSION.invariants }
      : { search: new Search(GUARD, guardBeginnings(), { situations }), invariants: GUARD.invariants }
  return {
    invariants: invariants.map(({ id, text }) => ({ id, text })),
    goOn: most => search.goOn(most),
    get found() {
      return search.found
    },
  }
}
