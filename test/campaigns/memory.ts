import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
export const collectGarbage = runInNewContext('gc') as () => void

/** What this process keeps, with what lies about until it is collected. Unit bytes. */
export function memory(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** The same without compiled code, of which there is more for as long as something is done for the first time. */
export function data(): number {
  const code = getHeapSpaceStatistics().filter(({ space_name }) => space_name.includes('code'))
  return code.reduce((left, one) => left - one.space_used_size, memory())
}
