import type { Command } from 'commander'
import { EXIT } from '../errors.ts'
import type { Found } from '../review/explore/search.ts'
import { numberFrom } from './numbers.ts'
import { print } from './output.ts'

interface ExploreOptions {
  situations: number
}

/** `cuffpilot explore`: every event in every situation that the session machine can come into, and what must always hold. */
export function register(program: Command): void {
  program
    .command('explore')
    .description(
      'explore the session machine breadth first: every event in every situation, every invariant in every step',
    )
    .option('--situations <n>', 'go no further after so many', numberFrom(1, 100_000_000, true), 100_000)
    .addHelpText(
      'after',
      `
The guard and the unit may say anything at any time; time goes on by seconds, to each time limit, and to just before it.
Status 70 when an invariant is broken; the shortest way to it is printed.

Example:
  $ cuffpilot explore --situations 1000000`,
    )
    .action(explore)
}

/** Situations between two looks at the clock. */
const TURN = 200

async function explore({ situations }: ExploreOptions): Promise<void> {
  const { beginnings } = await import('../review/explore/session/beginnings.ts')
  const { SESSION } = await import('../review/explore/session/model.ts')
  const { Search } = await import('../review/explore/search.ts')
  const search = new Search(SESSION, beginnings(), { situations })
  const began = performance.now()
  let told = began
  while (search.goOn(TURN)) {
    if (performance.now() - told < 1_000) continue
    told = performance.now()
    process.stderr.write(`${counts(search.found)}, ${Math.round((told - began) / 1000)} s …\n`)
  }
  const { found } = search
  print(`${counts(found)}, in ${((performance.now() - began) / 1000).toFixed(1)} s`)
  print(found.isAll ? 'every situation that can be reached was met' : 'not all: the bound was reached')
  print([...found.states].map(([state, count]) => `${state} ${count}`).join(', '))
  for (const { id, text } of SESSION.invariants) {
    const broken = found.broken.find(one => one.invariant.id === id)
    print(`${id.padEnd(5)} ${broken ? `BROKEN: ${broken.what}` : 'holds'}  (${text})`)
    for (const move of broken?.way ?? []) print(`        ${move}`)
  }
  if (found.broken.length > 0) process.exitCode = EXIT.internal
}

const counts = ({ situations, steps, depth }: Found): string =>
  `${situations} situations, ${steps} steps, ${depth} moves deep`
