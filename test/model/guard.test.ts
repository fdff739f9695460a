import { describe, expect, test } from 'vitest'
import type { Guard } from '../../src/guard/core.ts'
import { guardAfter, guardBeginnings } from '../../src/review/explore/guard/beginnings.ts'
import { INVARIANTS } from '../../src/review/explore/guard/invariants.ts'
import { stateOf } from '../../src/review/explore/guard/key.ts'
import { GUARD } from '../../src/review/explore/guard/model.ts'
import { Search } from '../../src/review/explore/search.ts'
import { GUARD_MUTANTS } from './guardMutants.ts'

/** Explores until `wanted` is broken, or the bound is reached. */
function explored(situations: number, Kind?: typeof Guard, wanted = '') {
  const search = new Search(GUARD, guardBeginnings(Kind), { situations })
  while (search.goOn(20) && !search.found.broken.some(one => one.invariant.id === wanted));
  return search.found
}
const idsIn = ({ broken }: ReturnType<typeof explored>) => broken.map(one => one.invariant.id)

describe('REQ-EXPLORE (I-1 to I-10, I-12, I-13, I-16, I-18): whatever controller and unit say, the guard keeps what must always hold', () => {
  test('from a guard without a session, with one, armed, in a press, and in a rest', () => {
    expect(guardBeginnings().map(stateOf)).toEqual(['no session', 'not armed', 'armed', 'pressing', 'armed'])
    const found = explored(4_000)
    expect(idsIn(found)).toEqual([])
    // Whoever changes what can be reached sees it here, and says why.
    const { situations, steps, depth } = found
    expect({ situations, steps, depth }).toMatchInlineSnapshot(`
      {
        "depth": 3,
        "situations": 4000,
        "steps": 28132,
      }
    `)
  })

  test.each(Object.entries(GUARD_MUTANTS))('%s is broken by a guard that breaks it', (id, Kind) => {
    expect(idsIn(explored(6_000, Kind, id))).toContain(id)
  })

  test('each invariant has such a guard', () => {
    expect(Object.keys(GUARD_MUTANTS)).toEqual(INVARIANTS.map(({ id }) => id))
  })

  test('the way that is printed leads there', () => {
    const [broken] = explored(1_000, GUARD_MUTANTS['I-2, I-18'], 'I-2, I-18').broken
    expect(broken).toMatchObject({ beginning: 0, way: ['release'] })
  })

  test('a fork goes its own way: what happens to it leaves the first as it was', () => {
    const one = guardAfter(['the unit says what it is', 'a report: latched', 'hello'])
    const key = GUARD.keyOf(one)
    for (const move of GUARD.moves) move.apply(one)
    expect(GUARD.keyOf(one)).toBe(key)
  })
})
