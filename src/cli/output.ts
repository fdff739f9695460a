import type { Command } from 'commander'
import { CuffError, EXIT, printable } from '../errors.ts'

/** One line on stdout. */
export const print = (line: string): void => void process.stdout.write(`${line}\n`)

/**
 * To be called once at the start: what happens when the output takes nothing more. A reader that has seen enough ends
 * nothing; a full disk ends the program, with status 2. A session and a simulated unit hear of it themselves, and
 * release or end.
 */
export function watchOutput(): void {
  process.stderr.on('error', () => {})
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (process.stdout.listenerCount('error') > 1 || error.code === 'EPIPE') return
    process.stderr.write(`${unwritten(error).line()}\n`)
    process.exit(EXIT.usage)
  })
}

const unwritten = ({ message }: Error): CuffError =>
  new CuffError('CP-OUTPUT', `the output cannot be written: ${message}.`, 'Check where it goes.', EXIT.usage)

/** What commander has to say of a command line, as one line of ours. Commands made after this inherit it. */
export function tellUsage(program: Command): void {
  program.configureOutput({
    outputError: (text, write) => {
      const what = text
        .replace(/^error: /, '')
        .trim()
        .replaceAll('\n', ' ')
      write(`CP-USAGE: ${printable(what)}${/[.?!)]$/.test(what) ? '' : '.'} See cuffpilot --help.\n`)
    },
  })
}
