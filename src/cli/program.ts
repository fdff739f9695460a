import { Command } from 'commander'
import { CuffError, EXIT, printable } from '../errors.ts'
import { closeDebugger } from '../noDebugger.ts'
import { tellUsage, watchOutput } from './output.ts'
import { registerAll } from './register.ts'

closeDebugger()
const program = new Command('cuffpilot')
  .description(
    'A controller for KAATSU-style pneumatic cuff units. Research and engineering software, no medical device.',
  )
  .version('0.1.0')
  .showSuggestionAfterError()
  .exitOverride()
  .addHelpText(
    'after',
    `
Example:
  $ cuffpilot demo              a whole session on the simulated unit

Exit status: 0 completed, 2 usage or invalid file, 3 refused by the gate, 4 link or unit,
5 ended early by a release, 6 ended by a safety fault, or stuck, 70 internal fault (after release)`,
  )
watchOutput()
tellUsage(program)
registerAll(program)

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

/** Prints one line for a person and returns the exit status. */
function report(error: unknown): number {
  if (error instanceof CuffError) {
    process.stderr.write(`${error.line()}\n`)
    return error.exit
  }
  if (isUsage(error)) return error.exitCode === 0 ? EXIT.completed : EXIT.usage
  const what = error instanceof Error ? error.message : String(error)
  process.stderr.write(`CP-INTERNAL: ${printable(what)} Please report this, with the command that you gave.\n`)
  if (process.env.CUFFPILOT_TRACE) process.stderr.write(`${printable((error as Error)?.stack ?? '', 8000)}\n`)
  return EXIT.internal
}

function isUsage(error: unknown): error is { exitCode: number } {
  return error instanceof Error && error.name === 'CommanderError'
}
