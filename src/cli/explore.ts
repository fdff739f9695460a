import type { Command } from 'commander'
import { CuffError, EXIT } from '../errors.ts'
import type { Counterexample, Found } from '../review/explore/search.ts'
import { numberFrom } from './numbers.ts'
import { print } from './output.ts'

interface ExploreOptions {
  situations: number
  replay?: string
}

/** `cuffpilot explore`: every event in every situation that session machine and guard can come into, and what must always hold. */
export function register(program: Command): void {
  program
    .command('explore')
    .description('explore session machine and guard breadth first: every event in every situation, with the invariants')
    .option('--situations <n>', 'go no further after so many of each', numberFrom(1, 100_000_000, true), 100_000)
    .option('--replay <way>', 'go one way again, step by step, as it is printed for a broken invariant')
    .addHelpText(
      'after',
      `
The session machine is explored with a guard and a unit that may say anything at any time, the guard with a controller
and a unit that may, each on a core of its own. Status 70 when an invariant is broken; the shortest way to it is printed.

Example:
  $ cuffpilot explore --situations 500000
  $ cuffpilot explore --replay "session 11: START > RELEASE"`,
    )
    .action(explore)
}

async function explore({ situations, replay: way }: ExploreOptions): Promise<void> {
  const { replay, wayText } = await import('../review/explore/replay.ts')
  if (way !== undefined) return print(goAgain(() => replay(way)))
  const { exploration } = await import('../review/explore/models.ts')
  const { exploreAll, progressOf } = await import('../review/explore/onCores.ts')
  const began = performance.now()
  const seconds = () => ((performance.now() - began) / 1_000).toFixed(1)
  const results = await exploreAll(situations, soFar =>
    process.stderr.write(`${progressOf(soFar)}, ${seconds()} s …\n`),
  )
  print(`${[...results.values()].reduce((sum, { situations }) => sum + situations, 0)} situations in ${seconds()} s`)
  for (const [name, found] of results)
    await tell(found, exploration(name, 1).invariants, name, one => wayText(name, one))
  if ([...results.values()].some(found => found.broken.length > 0)) process.exitCode = EXIT.internal
}

function goAgain(replay: () => readonly string[]): string {
  try {
    return replay().join('\n')
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const how = 'Give a way as it is printed, as in the example of --help.'
    throw new CuffError('CP-EXPLORE-WAY', `${error.message}.`, how, EXIT.usage, error)
  }
}

type Invariants = readonly { readonly id: string; readonly text: string }[]

async function tell(found: Found, invariants: Invariants, name: string, wayOf: (one: Counterexample) => string) {
  const { countsOf } = await import('../review/explore/onCores.ts')
  print('')
  print(`${name}: ${countsOf(found)}; ${found.isAll ? 'all that can be reached' : 'not all: the bound was reached'}`)
  print([...found.states].map(([state, count]) => `${state} ${count}`).join(', '))
  for (const { id, text } of invariants) {
    const broken = found.broken.find(one => one.invariant.id === id)
    print(`${id.padEnd(9)} ${broken ? `BROKEN: ${broken.what}` : 'holds'}  (${text})`)
    if (broken) print(`          --replay ${JSON.stringify(wayOf(broken))}`)
  }
}
