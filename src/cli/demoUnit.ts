import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { CuffError, EXIT, type Exit } from '../errors.ts'
import { packageRoot } from '../packageRoot.ts'

export interface DemoUnit {
  /** Where a controller finds it. */
  readonly path: string
  stop(): Promise<void>
}

interface UnitOptions {
  readonly channels: number
  readonly speed: number
  readonly faults: readonly string[]
}

const MAIN = join(packageRoot(), 'dist/src/cli/main.js')
/** Longest wait for the unit to be there, and for it to go. Unit ms. */
const READY_MAX_MS = 15_000
const STOP_MAX_MS = 2_000

/**
 * Starts a simulated unit in a process of its own, on a pseudo-terminal, or where there is none on a TCP port of this
 * machine. It ends with us, however we end: its standard input is a pipe of ours.
 * @throws CuffError CP-DEMO-UNIT
 */
export async function startUnit(options: UnitOptions, say: (line: string) => void): Promise<DemoUnit> {
  try {
    return await start(['--pty'], options)
  } catch (error) {
    if (!(error instanceof CuffError) || error.exit !== EXIT.unit) throw error
    say('No pseudo-terminal can be had here; the unit takes a TCP port of this machine in its place.')
    return start(['--tcp', '0'], options)
  }
}

async function start(front: readonly string[], { channels, speed, faults }: UnitOptions): Promise<DemoUnit> {
  const args = ['sim', ...front, '--channels', `${channels}`, '--speed', `${speed}`]
  const given = faults.flatMap(fault => ['--fault', fault])
  // Detached: a Ctrl-C at the terminal is for us, and the unit has to live to be released.
  const child = spawn(process.execPath, [MAIN, ...args, ...given], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => {})
  let told = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text
  })
  const path = await readyPath(child, () => told.trim())
  return { path, stop: () => stop(child) }
}

function readyPath(child: ChildProcess, told: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (exit: Exit) => {
      clearTimeout(timer)
      child.kill()
      const why = told() || 'it said nothing'
      reject(new CuffError('CP-DEMO-UNIT', `the simulated unit did not start: ${why}`, '', exit))
    }
    const timer = setTimeout(() => fail(EXIT.unit), READY_MAX_MS)
    child.once('exit', code => fail(code === EXIT.usage ? EXIT.usage : EXIT.unit))
    child.once('error', () => fail(EXIT.unit))
    createInterface({ input: child.stdout! }).once('line', line => {
      clearTimeout(timer)
      child.removeAllListeners('exit')
      resolve((JSON.parse(line) as { path: string }).path)
    })
  })
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise(resolve => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MAX_MS)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    child.stdin?.end()
  })
}
