import { performance } from 'node:perf_hooks'
import { type DemoUnit, startUnit } from '../cli/demoUnit.ts'
import { identify } from '../cli/identify.ts'
import { CuffError, EXIT, type Exit } from '../errors.ts'
import { endQuietlyAfterHangUp } from '../hangUp.ts'
import { dataFolder } from '../home.ts'
import { Desk } from './desk.ts'
import { type Console, serve } from './server.ts'

export interface ConsoleRun {
  /** The serial port; undefined with a simulated unit. */
  readonly path: string | undefined
  readonly unit: Parameters<typeof startUnit>[0] | undefined
  /** TCP port of the page, 0 for any. */
  readonly listen: number
  readonly rate_Hz: number
  readonly speed: number
  /** Opens the page in a browser. */
  readonly open: boolean
}

/**
 * Serves the console until a signal ends it: at once, or when the session under way has come to its end.
 * @throws CuffError CP-CONSOLE-PORT, CP-CONSOLE-LISTEN, CP-DEMO-UNIT
 */
export async function runConsole({ path, unit, listen, rate_Hz, speed, open }: ConsoleRun): Promise<Exit> {
  endQuietlyAfterHangUp()
  const simulated = unit && (await startUnit(unit, print))
  const desk = new Desk({
    home: dataFolder(),
    path: simulated?.path ?? given(path),
    speed,
    rate_Hz,
    keys: process.stdin.isTTY === true,
    identify,
    now: () => performance.now(),
    wall: Date.now,
    changed: () => server?.changed(),
    print,
  })
  let server: Console | undefined
  try {
    server = await serve({
      port: listen,
      desk,
      entered: () => print(`Used. For another browser: ${server!.address()}`),
    })
    print(`The console is at ${server.address()}  (works once)`)
    print('Ctrl-C ends it. In a session, Space, Esc and Ctrl-C here release.')
    if (open) await openBrowser(server.address())
    await signalled()
    const ending = await desk.underWay?.ended
    return ending?.exit ?? EXIT.completed
  } catch (error) {
    throw cannotListen(error, listen)
  } finally {
    await server?.close()
    await stop(simulated)
  }
}

const print = (line: string): void => void process.stdout.write(`${line}\n`)

function given(path: string | undefined): string {
  if (path !== undefined) return path
  throw new CuffError(
    'CP-CONSOLE-PORT',
    'there is no unit.',
    'Give --port PATH, or --sim for a simulated one.',
    EXIT.usage,
  )
}

/** The first signal; a session hears of it too, and releases. */
const signalled = (): Promise<void> =>
  new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })

/** A browser that cannot be opened is no reason not to serve. */
async function openBrowser(address: string): Promise<void> {
  try {
    const { default: openIn } = await import('open')
    const child = await openIn(address)
    child.on('error', () => {})
  } catch {
    print('No browser could be opened: open the address yourself.')
  }
}

function cannotListen(error: unknown, port: number): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error
  return new CuffError(
    'CP-CONSOLE-LISTEN',
    `port ${port} of this machine is not free (${code}).`,
    'Give another one with --listen.',
    EXIT.usage,
    error,
  )
}

const stop = (unit: DemoUnit | undefined): Promise<void> => unit?.stop() ?? Promise.resolve()
