import type { Command } from 'commander'
import { CuffError, EXIT } from '../errors.ts'
import type { Identified } from './identify.ts'
import { print } from './output.ts'

interface PortsOptions {
  identify?: true
  port?: string
  json?: true
}

interface PortLine {
  readonly path: string
  readonly manufacturer?: string | undefined
  readonly serialNumber?: string | undefined
}

/** `cuffpilot ports`: where a unit may be. */
export function register(program: Command): void {
  program
    .command('ports')
    .description('list the serial ports')
    .option('--identify', 'ask each whether it is a cuff unit; nothing else is written to it')
    .option('--port <path>', 'with --identify: this one only; a pseudo-terminal is in no list')
    .option('--json', 'NDJSON on stdout')
    .addHelpText('after', '\nExample:\n  $ cuffpilot ports --identify')
    .action(ports)
}

async function ports(options: PortsOptions): Promise<void> {
  if (options.port !== undefined && !options.identify) throw noQuestion()
  const found = options.port === undefined ? await listed() : [{ path: options.port }]
  if (found.length === 0) process.stderr.write('No serial port was found. Is the unit plugged in?\n')
  const { ndjson } = await import('../operator/json.ts')
  for (const port of found) {
    const unit = options.identify ? await asked(port.path) : undefined
    if (options.port !== undefined && unit?.is === 'no unit' && !options.json) throw noUnit(port.path, unit.why)
    if (options.port !== undefined && unit?.is === 'no unit') process.exitCode = EXIT.unit
    print(options.json ? ndjson({ type: 'port', ...port, ...(unit && { unit }) }) : await line(port, unit))
  }
}

const noQuestion = (): CuffError =>
  new CuffError('CP-PORTS-PORT', '--port names the port to ask.', 'Give --identify too.', EXIT.usage)

const noUnit = (path: string, why: string): CuffError =>
  new CuffError('CP-PORTS-NO-UNIT', `${path}: ${why}.`, 'Check the port, the cable and the power.', EXIT.unit)

async function listed(): Promise<PortLine[]> {
  const { SerialPort } = await import('serialport')
  try {
    const all = await SerialPort.list()
    return all.map(({ path, manufacturer, serialNumber }) => ({ path, manufacturer, serialNumber }))
  } catch (error) {
    // On Linux the list comes from udev, which a container often lacks.
    const what = `the serial ports cannot be listed: ${(error as Error).message}.`
    throw new CuffError('CP-PORTS-LIST', what, 'Name one: cuffpilot ports --identify --port /dev/…', EXIT.unit, error)
  }
}

async function asked(path: string): Promise<Identified> {
  const { identify } = await import('./identify.ts')
  return identify(path)
}

async function line({ path, manufacturer, serialNumber }: PortLine, unit?: Identified): Promise<string> {
  const { printable } = await import('../errors.ts')
  const { unitWords } = await import('./identify.ts')
  const known = [manufacturer, serialNumber].filter(Boolean).join(' ')
  return printable([path, unit ? unitWords(unit) : known].filter(Boolean).join('  '))
}
