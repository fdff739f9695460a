import { Worker } from 'node:worker_threads'
import type { Command } from 'commander'
import { CuffError, EXIT } from '../errors.ts'
import type { ModelName } from '../review/explore/models.ts'
import type { Counterexample, Found } from '../review/explore/search.ts'
import type { Told } from '../review/explore/worker.ts'
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
  const { MODELS, exploration } = await import('../review/explore/models.ts')
  const began = performance.now()
  const seconds = () => ((performance.now() - began) / 1_000).toFixed(1)
  const soFar = new Map<ModelName, Found>()
  const progress = setInterval(() => {
    process.stderr.write(
      `${[...soFar].map(([name, found]) => `${name} ${counts(found)}`).join('; ')}, ${seconds()} s …\n`,
    )
  }, 1_000)
  const all = MODELS.map(name => inWorker(name, situations, found => soFar.set(name, found)))
  const results = await Promise.all(all).finally(() => clearInterval(progress))
  print(`${results.reduce((sum, { situations }) => sum + situations, 0)} situations in ${seconds()} s`)
  for (const [i, found] of results.entries())
    tell(found, exploration(MODELS[i]!, 1).invariants, MODELS[i]!, one => wayText(MODELS[i]!, one))
  if (results.some(found => found.broken.length > 0)) process.exitCode = EXIT.internal
}

/** A frontier of many situations takes some memory. Unit MiB. */
const HEAP_MAX = 8 * 1024

function inWorker(name: ModelName, situations: number, tellHowFar: (found: Found) => void): Promise<Found> {
  const worker = new Worker(new URL('../review/explore/worker.js', import.meta.url), {
    ...{ workerData: { name, situations }, resourceLimits: { maxOldGenerationSizeMb: HEAP_MAX } },
  })
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.on('message', ({ found, isDone }: Told) => {
      tellHowFar(found)
      if (isDone) resolve(found)
    })
  })
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

function tell(found: Found, invariants: Invariants, name: string, wayOf: (one: Counterexample) => string): void {
  print('')
  print(`${name}: ${counts(found)}; ${found.isAll ? 'all that can be reached' : 'not all: the bound was reached'}`)
  print([...found.states].map(([state, count]) => `${state} ${count}`).join(', '))
  for (const { id, text } of invariants) {
    const broken = found.broken.find(one => one.invariant.id === id)
    print(`${id.padEnd(9)} ${broken ? `BROKEN: ${broken.what}` : 'holds'}  (${text})`)
    if (broken) print(`          --replay ${JSON.stringify(wayOf(broken))}`)
  }
}

const counts = ({ situations, steps, depth }: Found): string =>
  `${situations} situations, ${steps} steps, ${depth} moves deep`
