import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LIMITS, type Limit } from '../../../machines/limits.ts'
import { INVARIANTS, UNIT_FUNCTIONS } from './concept.ts'
import { HAZARDS } from './hazards/index.ts'
import type { Name, TestId } from './model.ts'
import { namesIn } from './names.ts'
import type { Chain } from './orphans.ts'
import { SOURCE } from './source/index.ts'
import { testFiles, titlesIn } from './titles.ts'

/** The whole chain, from the hazards to the titles of the tests, as it stands in this checkout. */
export async function chainIn(root: string): Promise<Chain> {
  const files = testFiles(root)
  return {
    hazards: HAZARDS,
    requirements: [...SOURCE, ...UNIT_FUNCTIONS, ...INVARIANTS],
    faults: faultRows(readFileSync(join(root, 'FAULTS.md'), 'utf8')),
    names: await namesIn(root),
    titles: [...files].flatMap(([file, text]) => titlesIn(file, text)),
    files,
    keys: limitKeys(Object.entries(LIMITS)),
  }
}

/** Some limits share an id: one for arms and one for legs. */
function limitKeys(entries: readonly (readonly [string, Limit])[]): ReadonlyMap<Name, readonly string[]> {
  const ids = [...new Set(entries.map(([, { id }]) => id as Name))]
  return new Map(ids.map(id => [id, entries.filter(([, one]) => one.id === id).map(([key]) => `LIMITS.${key}`)]))
}

/** `| F02 | a machine throws … | H1 H5 | …`, or a dash where a fault harms nobody by itself. */
const faultRows = (page: string): ReadonlyMap<TestId, readonly string[]> =>
  new Map(
    [...page.matchAll(/^\| (F\d\d) \| [^|]* \| ([^|]*) \|/gm)].map(([, id, hazards]) => [
      id as TestId,
      hazards!.split(' ').filter(one => one.startsWith('H')),
    ]),
  )
