import { fstatSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { CuffError, EXIT } from '../errors.ts'
import { numberFrom } from './numbers.ts'

interface SimOptions {
  pty?: boolean
  tcp?: number
  link?: string
  channels: number
  speed: number
  seed: number
  fault?: string[]
  listFaults?: boolean
  events?: boolean
  baud?: number
  claimReal?: boolean
}

const collect = (text: string, before: string[] = []): string[] => [...before, text]

export function register(program: Command): void {
  program
    .command('sim')
    .description('run a simulated cuff unit on a pseudo-terminal or a TCP port of this machine')
    .option('--pty', 'on a pseudo-terminal (the default)')
    .option('--link <path>', 'a symbolic link to the pseudo-terminal')
    .addOption(
      new Option('--tcp <port>', 'on 127.0.0.1; 0 takes a free port')
        .argParser(numberFrom(0, 65_535, true))
        .conflicts(['pty', 'link']),
    )
    .option('--channels <n>', 'channels of the unit, 1 to 4', numberFrom(1, 4, true), 2)
    .option('--speed <n>', "how many of the unit's seconds pass in one of yours", numberFrom(0.01, 1_000, false), 1)
    .option('--seed <n>', 'the same seed gives the same unit', numberFrom(0, 0xffff_ffff, true), 1)
    .option(
      '--fault <spec>',
      'NAME[=ARGS][@WHEN], as often as wanted; WHEN is 2s, 300ms, inflate, hold or hold+1s',
      collect,
    )
    .option('--list-faults', 'list what can be wrong, and end')
    .option('--events', 'print what the unit itself sees and does, one JSON object a line')
    .option('--baud <n>', 'bytes take their time, as on a line of this rate', numberFrom(1_200, 4_000_000, true))
    .option('--claim-real', 'the unit says that it is not simulated; for testing refusals')
    .addHelpText('after', '\nExample:\n  $ cuffpilot sim --link ./unit --fault pneu.leak=20@hold+5s --events')
    .action(run)
}

const LIST_HEAD =
  'NAME[=VALUES][@WHEN]. The values shown are the defaults; channel 0 is every channel. WHEN: @2s, @300ms, @inflate, @hold, @hold+1s.'

async function run(options: SimOptions): Promise<void> {
  const { behaviourTable } = await import('../../sim/behaviours/index.ts')
  if (options.listFaults) {
    process.stdout.write(`${LIST_HEAD}\n\n${behaviourTable().join('\n')}\n`)
    return
  }
  const output = new Output()
  const driven = start(await import('../../sim/fronts/drive.ts'), options, output)
  try {
    const front = await attach(driven, options)
    // Who reads "ready" may end it at once.
    const told = untilTold()
    output.ready({ ready: true, path: front.path, channels: options.channels, speed: options.speed })
    await told
    await front.close()
  } finally {
    driven.stop()
  }
}

type Fronts = typeof import('../../sim/fronts/drive.ts')
type Driven = ReturnType<Fronts['drive']>

function start({ drive, hostClock }: Fronts, options: SimOptions, output: Output): Driven {
  const { channels, speed, seed } = options
  const baud = options.baud === undefined ? [] : [`line.baud=${options.baud}`]
  // The line comes last, so that what disturbs a line meets it whole.
  const behaviours = [...(options.fault ?? []), ...baud]
  const event = options.events && { event: (one: object) => output.event({ ...one, host_ms: hostClock() }) }
  try {
    return drive({ channels, speed, seed, simulated: !options.claimReal, behaviours, ...event })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new CuffError('CP-SIM-FAULT', `${error.message}.`, 'See cuffpilot sim --list-faults.', EXIT.usage, error)
  }
}

async function attach(driven: Driven, options: SimOptions) {
  if (options.tcp !== undefined) return listen(driven, options.tcp)
  const { ptyAvailable, ptyFront } = await import('../../sim/fronts/pty.ts')
  if (!(await ptyAvailable()))
    throw new CuffError('CP-SIM-PTY', 'no pseudo-terminal can be had here.', 'Give --tcp 0 instead.', EXIT.unit)
  try {
    return await ptyFront(driven, options.link)
  } catch (error) {
    throw new CuffError(
      'CP-SIM-PTY',
      `${(error as Error).message}.`,
      'Check --link, or give --tcp 0.',
      EXIT.unit,
      error,
    )
  }
}

async function listen(driven: Driven, port: number) {
  const { tcpFront } = await import('../../sim/fronts/tcp.ts')
  try {
    return await tcpFront(driven, port)
  } catch (error) {
    throw new CuffError('CP-SIM-TCP', `${(error as Error).message}.`, 'Give another port, or 0.', EXIT.unit, error)
  }
}

/** The line that says "ready" comes first; what happened before it follows. */
class Output {
  private early: object[] | undefined = []

  event(event: object): void {
    if (this.early) this.early.push(event)
    else print(event)
  }

  ready(line: object): void {
    for (const one of [line, ...(this.early ?? [])]) print(one)
    this.early = undefined
  }
}

const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 1000) / 1000 : value

function print(object: object): void {
  process.stdout.write(`${JSON.stringify(object, rounded)}\n`)
}

/** A signal; or the end of standard input when that is a pipe, so that a parent that dies leaves no unit behind. */
async function untilTold(): Promise<void> {
  const { stdin, stdout } = process
  const told = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
    stdout.on('error', () => resolve())
    if (isPipe())
      stdin
        .on('error', () => resolve())
        .on('end', () => resolve())
        .resume()
  })
  await told
  if (isPipe()) stdin.destroy()
}

function isPipe(): boolean {
  const stdin = fstatSync(0)
  return stdin.isFIFO() || stdin.isSocket()
}
