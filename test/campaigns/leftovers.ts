import type { EventEmitter } from 'node:events'

/** What would keep this process alive, and who listens to it: each by name, with how many. */
export function standing(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of process.getActiveResourcesInfo()) counts.set(name, (counts.get(name) ?? 0) + 1)
  const emitters: Record<string, EventEmitter> = { process, stdout: process.stdout, stderr: process.stderr }
  for (const [of, emitter] of Object.entries(emitters))
    for (const event of emitter.eventNames())
      counts.set(`listener of ${of} to ${String(event)}`, emitter.listenerCount(event))
  return counts
}

/** What stands now and did not stand then. */
export const leftSince = (then: ReadonlyMap<string, number>): string[] =>
  [...standing()].flatMap(([name, many]) => {
    const more = many - (then.get(name) ?? 0)
    return more > 0 ? [`${more} ${name}`] : []
  })

/** What is still there after a while: a process that has ended takes a moment until its pipes are closed. */
export async function leftForGood(then: ReadonlyMap<string, number>, most_ms = 5_000): Promise<string[]> {
  const until = performance.now() + most_ms
  while (leftSince(then).length > 0 && performance.now() < until) await new Promise(resolve => setImmediate(resolve))
  return leftSince(then)
}
