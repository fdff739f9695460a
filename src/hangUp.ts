import { isatty } from 'node:tty'

/**
 * To be called once at the start. Node restores the terminal when it ends, and aborts with a trace and a core file when
 * the terminal is gone by then. Nothing is left to be done at that point, so the process just ends.
 */
export function endQuietlyAfterHangUp(): void {
  const terminals = [0, 1, 2].filter(fd => isatty(fd))
  process.on('exit', () => {
    if (terminals.some(fd => !isatty(fd))) process.kill(process.pid, 'SIGKILL')
  })
}
