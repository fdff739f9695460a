/** One exploration on a core of its own: started with its name and bound, it tells how far it has got, and what was found. */
import { parentPort, workerData } from 'node:worker_threads'
import { exploration, type ModelName } from './models.ts'
import type { Found } from './search.ts'

export interface Told {
  readonly found: Found
  readonly isDone: boolean
}

/** Situations between two words about them. */
const TURN = 200

const { name, situations } = workerData as { name: ModelName; situations: number }
const search = exploration(name, situations)
for (let isDone = false; !isDone; ) {
  isDone = !search.goOn(TURN)
  parentPort!.postMessage({ found: search.found, isDone } satisfies Told)
}
