import { type ChildProcess, execFileSync, fork, type StdioOptions, spawn } from 'node:child_process'
import { closeSync, constants, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ReadStream } from 'node:tty'
import pty from '@lydell/node-pty'
import { packageRoot } from '../../src/packageRoot.ts'

const built = (file: string): string => join(packageRoot(), 'dist', file)
export const CLI = built('src/cli/main.js')
/** How Node runs the controller, as its own first line says. */
export const CONTROLLER_FLAGS = readFileSync(CLI, 'utf8').split('\n', 1)[0]!.match(/--\S+/g) ?? []

/** A pseudo-terminal that this process holds at both ends. */
export interface Pty {
  readonly path: string
  readonly master: ReadStream
  /** The other end; for a child's standard input. */
  readonly slave: number
  close(): void
}

/** What `open()` of node-pty gives; its types leave this out. */
type Opened = { master: ReadStream; slave: ReadStream; ptsName: string }

export function openPty(): Pty {
  const open = (pty as unknown as { open(options: { encoding: null }): Opened }).open
  const { master, slave, ptsName: path } = open({ encoding: null })
  const kept = openSync(path, constants.O_RDWR | constants.O_NOCTTY)
  slave.destroy()
  execFileSync('stty', [process.platform === 'darwin' ? '-f' : '-F', path, 'raw', '-echo'])
  master.on('error', () => {})
  const close = () => {
    master.destroy()
    closeSync(kept)
  }
  return { path, master, slave: kept, close }
}

interface Start {
  readonly stdin?: number | 'ignore'
  /** Of Node. */
  readonly flags?: readonly string[]
}

/** A process of the bench, and the first thing that it says. It ends when we hang up. */
export async function startChild<Hello>(name: string, args: string[], { stdin = 'ignore', flags = [] }: Start = {}) {
  const stdio: StdioOptions = [stdin, 'ignore', 'inherit', 'ipc']
  const child = fork(built(`test/bench/${name}.js`), args, { stdio, execArgv: [...flags] })
  return { child, hello: await said<Hello>(child, (one): one is Hello => one !== undefined) }
}

/** Waits for a message. @throws Error when the process ends without it. */
export function said<M>(child: ChildProcess, wanted: (message: M) => message is M): Promise<M> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('a process of the bench ended early'))
    if (child.exitCode !== null || child.signalCode !== null) return gone()
    const take = (message: unknown) => {
      if (!wanted(message as M)) return
      child.off('message', take)
      child.off('exit', gone)
      resolve(message as M)
    }
    child.on('message', take)
    child.once('exit', gone)
  })
}

/** Hangs up and waits for the end. */
export async function endChild(child: ChildProcess): Promise<void> {
  const ended = child.exitCode === null && child.signalCode === null
  const gone = new Promise(resolve => child.once('exit', resolve))
  if (child.connected) child.disconnect()
  if (ended) await gone
}

/** What `cuffpilot sim --events` prints. */
export interface SimEvent {
  readonly type: string
  /** The monotonic clock of this machine. */
  readonly host_ms: number
}

export interface SimProcess {
  readonly path: string
  readonly events: SimEvent[]
  close(): Promise<void>
}

/** A simulated unit on a pseudo-terminal, in its own process, at the speed of life. */
export async function startSim(): Promise<SimProcess> {
  const child = spawn(process.execPath, [CLI, 'sim', '--events'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const events: SimEvent[] = []
  const path = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the simulated unit did not start')))
    createInterface(child.stdout).on('line', text => {
      const line = JSON.parse(text) as SimEvent & { path?: string }
      if (line.path !== undefined) resolve(line.path)
      else events.push(line)
    })
  })
  const close = () =>
    new Promise<void>(resolve => {
      child.removeAllListeners('exit').once('exit', () => resolve())
      child.stdin.end()
    })
  return { path, events, close }
}

export const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
