import { close } from 'node:inspector'

// The first thing that a process of ours does: without a listener, SIGUSR1 would open Node's debugger in it.
process.on('SIGUSR1', () => {})

/** A debugger that nobody asked for when this process was started. */
const unasked = !/--inspect\b(?!-port)/.test([...process.execArgv, process.env.NODE_OPTIONS].join(' '))

/**
 * To be called once everything is loaded, and before anything begins: closes the debugger that a SIGUSR1 opened while Node
 * itself was starting, when no listener can be there yet.
 */
export function closeDebugger(): void {
  if (unasked) close()
}
