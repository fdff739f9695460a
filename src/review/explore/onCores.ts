import { Worker } from 'node:worker_threads'
import { MODELS, type ModelName } from './models.ts'
import type { Found } from './search.ts'
import type { Told } from './worker.ts'

/** A frontier of many situations takes some memory. Unit MiB. */
const HEAP_MAX = 8 * 1024

/** Explores each model up to so many situations on a core of its own, and tells once a second how far each has got. */
export async function exploreAll(
  situations: number,
  tellHowFar: (found: ReadonlyMap<ModelName, Found>) => void,
): Promise<ReadonlyMap<ModelName, Found>> {
  const soFar = new Map<ModelName, Found>()
  const progress = setInterval(() => tellHowFar(soFar), 1_000)
  const all = MODELS.map(name => inWorker(name, situations, found => soFar.set(name, found)))
  const results = await Promise.all(all).finally(() => clearInterval(progress))
  return new Map(results.map((found, i) => [MODELS[i]!, found]))
}

function inWorker(name: ModelName, situations: number, tellHowFar: (found: Found) => void): Promise<Found> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
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

/** How far an exploration has got. */
export const countsOf = ({ situations, steps, depth }: Found): string =>
  `${situations} situations, ${steps} steps, ${depth} moves deep`

export const progressOf = (found: ReadonlyMap<ModelName, Found>): string =>
  [...found].map(([name, one]) => `${name} ${countsOf(one)}`).join('; ')
