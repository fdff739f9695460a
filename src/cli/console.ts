import { type Command, Option } from 'commander'
import { numberFrom } from './numbers.ts'
import { speed } from './run.ts'

interface ConsoleOptions {
  port?: string
  sim?: true
  channels: number
  fault: string[]
  listen: number
  rate: number
  speed: number
  open: boolean
}

/** `cuffpilot console`: the operator's page. */
export function register(program: Command): void {
  program
    .command('console')
    .description("the operator's page, on this machine alone. Space or Esc releases, there and at this terminal")
    .option('--port <path>', 'the serial port of the unit; see cuffpilot ports')
    .addOption(new Option('--sim', 'a simulated unit in place of a port').conflicts('port'))
    .option('--channels <n>', 'cuffs of the simulated unit', numberFrom(1, 4, true), 2)
    .addOption(
      new Option('--fault <spec>', 'what goes wrong with it, as often as wanted; see cuffpilot sim --list-faults')
        .argParser((spec: string, before: string[]) => [...before, spec])
        .default([], 'nothing'),
    )
    .option(
      '--listen <port>',
      'port of the page on 127.0.0.1 (default: any that is free)',
      numberFrom(0, 65_535, true),
      0,
    )
    .option('--rate <hz>', 'reports of the unit in a second, 10 to 100', numberFrom(10, 100, true), 10)
    .option('--speed <n>', "how many of the unit's seconds pass in one of yours; simulated units only", speed, 1)
    .option('--no-open', 'print the address, and open no browser')
    .addHelpText(
      'after',
      `
The address that is printed works once, and is worth nothing then; the next one is printed for another browser.

Example:
  $ cuffpilot console --sim`,
    )
    .action(async (options: ConsoleOptions) => {
      const { runConsole } = await import('../console/run.ts')
      process.exitCode = await runConsole({
        path: options.port,
        listen: options.listen,
        rate_Hz: options.rate,
        speed: options.speed,
        open: options.open,
        unit: options.sim && { channels: options.channels, faults: options.fault, speed: options.speed },
      })
    })
}
