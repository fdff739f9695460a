import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { UnitEvent } from '../../sim/events.ts'
import { packageRoot } from '../../src/packageRoot.ts'
import { hasEnded } from './processes.ts'

export const MAIN = join(packageRoot(), 'dist/src/cli/main.js')

/** What the unit saw or did, on its own clock and on this machine's monotonic one. */
export type Seen = UnitEvent & { readonly host_ms: number }

/** The simulated unit in a process of its own, on a real pseudo-terminal, in real time. It ends when we do. */
export class UnitProcess {
  path = ''
  readonly events: Seen[] = []
  private readonly child: ChildProcess
  private readonly looking = new Set<() => void>()

  constructor(seed: number) {
    const args = [MAIN, 'sim', '--pty', '--events', '--seed', String(seed)]
    this.child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.child.stdin?.on('error', () => {})
    createInterface({ input: this.child.stdout! }).on('line', line => this.take(JSON.parse(line)))
  }

  get pid(): number {
    return this.child.pid ?? -1
  }

  /** Undefined when it does not come true in time. */
  async until<T>(what: (unit: UnitProcess) => T | undefined, most_ms: number): Promise<T | undefined> {
    const found = what(this)
    if (found !== undefined) return found
    return new Promise(resolve => {
      const done = (value?: T) => {
        clearTimeout(timer)
        this.looking.delete(look)
        resolve(value)
      }
      const timer = setTimeout(done, most_ms)
      const look = () => {
        const now = what(this)
        if (now !== undefined) done(now)
      }
      this.looking.add(look)
    })
  }

  stop(): Promise<void> {
    if (hasEnded(this.child)) return Promise.resolve()
    return new Promise(resolve => {
      this.child.once('exit', () => resolve())
      this.child.stdin?.end()
    })
  }

  private take(line: { ready?: true; path?: string } & Seen): void {
    if (line.ready) this.path = line.path ?? ''
    else this.events.push(line)
    for (const look of this.looking) look()
  }
}
