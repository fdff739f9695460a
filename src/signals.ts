/** Signals, and an output that nobody reads any more, release. Returns how to stop listening. */
export function onSignals(release: (why: string) => void): () => void {
  // Without a listener, SIGUSR1 would open a debugger in here.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'] as const
  const handlers = signals.map(signal => [signal, () => release(`signal ${signal}`)] as const)
  for (const [signal, handler] of handlers) process.on(signal, handler)
  let gone = false
  process.stdout.on('error', () => {
    if (!gone) release('the output went away')
    gone = true
  })
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler)
  }
}
