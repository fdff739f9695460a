/** Whom an output that goes away concerns now. */
let onOutputGone: (() => void) | undefined

/** Stays for good once it is there: without a listener, an output that went away would end this program. */
function outputGone(): void {
  const tell = onOutputGone
  onOutputGone = undefined
  tell?.()
}

/** Signals, and an output that nobody reads any more, release. Returns how to stop listening. */
export function onSignals(release: (why: string) => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'] as const
  const handlers = signals.map(signal => [signal, () => release(`signal ${signal}`)] as const)
  for (const [signal, handler] of handlers) process.on(signal, handler)
  onOutputGone = () => release('the output went away')
  process.stdout.off('error', outputGone).on('error', outputGone)
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler)
    onOutputGone = undefined
  }
}
