import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { type IPty, spawn as spawnInTerminal } from '@lydell/node-pty'
import xterm, { type Terminal as Emulator } from '@xterm/headless'
import type { Limb } from '../../machines/limits.ts'
import type { UnitEvent } from '../../sim/events.ts'
import { exampleVerdict } from '../../src/screening/example.ts'
import { signerFor } from '../../src/verdict/keys.ts'
import { whenFinished } from './sideBySide.ts'

/** The program as it is shipped. */
export const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

/** A failure to be told, not a time that anything should take. */
const PATIENCE_MS = 80_000

/** An empty data folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cuffpilot-'))
  whenFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Lines as they come in, to be waited for. */
export class Lines {
  readonly all: string[] = []
  private waiting: (() => void)[] = []

  constructor(input?: Readable) {
    if (input) createInterface({ input }).on('line', line => this.add(line))
  }

  add(line: string): void {
    this.all.push(line)
    for (const look of this.waiting) look()
  }

  /** The first line, also of those that came already, for which `wanted` holds. */
  until(what: string, wanted: (line: string) => boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.all.find(wanted)
        if (found === undefined) return
        clearTimeout(timer)
        this.waiting = this.waiting.filter(one => one !== look)
        resolve(found)
      }
      const timer = setTimeout(
        () => reject(new Error(`${what} never came; there was:\n${this.all.slice(-40).join('\n')}`)),
        PATIENCE_MS,
      )
      this.waiting.push(look)
      look()
    })
  }
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A process of the program, with its output. It is killed when the test ends. */
export class Program {
  readonly child: ChildProcess
  readonly out: Lines
  readonly err: Lines
  readonly ended: Promise<Ended>

  constructor(home: string, args: readonly string[], stdin: 'pipe' | 'ignore' = 'ignore') {
    const env = { ...process.env, CUFFPILOT_HOME: home, NO_COLOR: '1' }
    this.child = spawn(process.execPath, [MAIN, ...args], { env, stdio: [stdin, 'pipe', 'pipe'] })
    this.out = new Lines(this.child.stdout!)
    this.err = new Lines(this.child.stderr!)
    this.ended = new Promise(resolve => this.child.once('close', (code, signal) => resolve({ code, signal })))
    whenFinished(() => {
      this.child.kill('SIGKILL')
    })
  }
}

/** A simulated unit in a process of its own, and what it itself sees and does. */
export interface SimulatedUnit {
  /** To be given to `--port`. */
  readonly path: string
  readonly events: () => UnitEvent[]
  /** The first event of a type, from the `from`-th event on. */
  readonly until: (type: UnitEvent['type'], from?: number) => Promise<UnitEvent>
  readonly process: Program
}

const parsed = (line: string) => JSON.parse(line) as { type?: UnitEvent['type'] } & Record<string, unknown>

/** Starts `cuffpilot sim --events` on a pseudo-terminal. */
export async function startSim(home: string, ...args: string[]): Promise<SimulatedUnit> {
  const process = new Program(home, ['sim', '--pty', '--events', ...args], 'pipe')
  const ready = parsed(await process.out.until('"ready"', line => parsed(line).ready === true))
  const events = () => process.out.all.map(parsed).filter(one => one.type) as unknown as UnitEvent[]
  return {
    path: ready.path as string,
    events,
    process,
    async until(type, from = 0) {
      const seen = () =>
        events()
          .slice(from)
          .find(one => one.type === type)
      await process.out.until(`the unit's ${type}`, () => seen() !== undefined)
      return seen()!
    },
  }
}

/** An acceptance by this machine's simulator key, made at `now`; returns its path. */
export function writeVerdict(
  home: string,
  { subject = 'P-017', limbs = ['left-arm'] as Limb[], now = Date.now() } = {},
) {
  const path = join(home, `${subject}.verdict`)
  writeFileSync(path, exampleVerdict({ subject, limbs, now, signer: signerFor(home, 'simulator', now) }))
  return path
}

/** A program with short presses: two to warm up, one to train. Returns its path. */
export function writeProgram(home: string, hold_ms = 4_000): string {
  const policy = 'project policy'
  const sources = { repeat: policy, arm_mmHg: policy, hold_ms: policy, rest_ms: policy }
  const step = { arm_mmHg: 40, hold_ms, rest_ms: 5_000, sources }
  const program = {
    format: 'cuffpilot-program/1',
    name: 'short',
    title: 'Short',
    description: 'Short presses, for tests.',
    mode: 'cycle',
    slew_mmHg_per_s: 20,
    sources: { slew_mmHg_per_s: policy },
    steps: [
      { ...step, kind: 'warm-up', repeat: 2 },
      { ...step, kind: 'training', repeat: 1 },
    ],
  }
  const path = join(home, 'short.json')
  writeFileSync(path, JSON.stringify(program))
  return path
}

/** Arguments of `cuffpilot run` for a session on the left arm that would be let through. */
export function runArgs(home: string, port: string, ...more: string[]): string[] {
  const verdict = ['--verdict', writeVerdict(home), '--subject', 'P-017', '--limbs', 'left-arm']
  const who = ['--operator', 'C. Abe, KAATSU trainer']
  return ['run', '--port', port, ...verdict, ...who, '--program', writeProgram(home, 20_000), ...more]
}

/** Processes that a process started, by their ids. */
export function childrenOf(pid: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  const pairs = table.map(line => line.trim().split(/\s+/).map(Number))
  return pairs.filter(([, parent]) => parent === pid).map(([child]) => child!)
}

/** Waits until a process that is no child of ours is gone. */
export async function untilGone(pid: number): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  throw new Error(`process ${pid} does not end`)
}

const ROWS = 30

/** A terminal with a program in it. What was written to it is kept without colours and cursor movements. */
export class Terminal {
  readonly ended: Promise<number>
  private readonly pty: IPty
  private readonly chunks = new Lines()
  private readonly emulator: Emulator

  constructor(home: string, command: readonly string[], columns = 80) {
    const env = { ...process.env, CUFFPILOT_HOME: home, TERM: 'xterm-256color' }
    this.pty = spawnInTerminal(command[0]!, command.slice(1), { env, cols: columns, rows: ROWS })
    this.emulator = new xterm.Terminal({ cols: columns, rows: ROWS, allowProposedApi: true })
    this.pty.onData(text => {
      this.emulator.write(text)
      this.chunks.add(text)
    })
    this.ended = new Promise(resolve => this.pty.onExit(({ exitCode }) => resolve(exitCode)))
    whenFinished(() => {
      this.pty.kill('SIGKILL')
    })
  }

  get pid(): number {
    return this.pty.pid
  }

  /** Everything that came so far. */
  get text(): string {
    return stripVTControlCharacters(this.raw)
  }

  get raw(): string {
    return this.chunks.all.join('')
  }

  /** What a person sees now, line by line; nothing below the last line with something on it. */
  async screen(): Promise<string[]> {
    await new Promise<void>(resolve => this.emulator.write('', resolve))
    const { buffer, rows } = this.emulator
    const lines = Array.from({ length: rows }, (_, i) =>
      (buffer.active.getLine(buffer.active.viewportY + i)?.translateToString(true) ?? '').trimEnd(),
    )
    return lines.slice(0, lines.findLastIndex(line => line !== '') + 1)
  }

  type(keys: string): void {
    this.pty.write(keys)
  }

  /** Waits until `wanted` has been on the screen; after `from` characters, if given. */
  async until(wanted: string, from = 0): Promise<void> {
    await this.chunks.until(wanted, () => this.text.slice(from).includes(wanted))
  }

  /** Somebody confirms the whole checklist and presses START. */
  async start(): Promise<void> {
    await this.until('checklist 1 of ')
    const items = Number(/checklist 1 of (\d+)/.exec(this.text)?.[1])
    for (let i = 1; i <= items; i++) {
      await this.until(`checklist ${i} of`)
      this.type('y')
    }
    await this.until('g: START')
    this.type('g')
  }

  /** Closes the window: what runs in it is hung up. */
  close(): void {
    ;(this.pty as unknown as { _socket: Socket })._socket.destroy()
  }
}
