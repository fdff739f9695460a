import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { GuardCommand, GuardReport } from '../../machines/guardMessages.ts'
import type { Millis, MonoMs } from '../../protocol/units.ts'
import { packageRoot } from '../packageRoot.ts'

export interface GuardOptions {
  /** Path of a serial port, or tcp:PORT for a simulated unit on loopback. */
  readonly path: string
  /** 1, or for a simulated unit how many times faster than life its clock and ours run. */
  readonly speed: number
  /** The guard reads the operator's keys from this program's terminal. */
  readonly keys: boolean
}

/** Longest wait for the channel to take the last words. Unit ms. */
const LEAVE_MS = 150
/** The longest that a guard takes to see the unit vented, and a little more: then it is ended. Unit ms. */
const CLOSE_MS = 18_000
/** A guard pings every 100 ms. Unit ms; project policy, above T_SILENCE. */
const SILENT_MAX_MS = 2_000
/** How often it is looked for. Unit ms. */
const LOOK_MS = 100
/** A longer time between two looks was no time in which the guard could be heard. Unit ms. */
const LOOK_MAX_MS = 200

const MAIN = join(packageRoot(), 'dist/src/guard/main.js')

/** The port guard's process, as the controller sees it. Its end is reported like a port that closed. */
export class GuardClient {
  private readonly child: ChildProcess
  private readonly channel: Socket
  private rest = ''
  /** Its process is not there any more. */
  gone = false
  /** It has said something at all, and since the last look. */
  private hasSpoken = false
  private wasHeard = false
  private silent_ms: Millis = 0
  private lookedAt: MonoMs = 0

  constructor(options: GuardOptions, onReport: (report: GuardReport) => void) {
    this.child = spawn(process.execPath, [MAIN, options.path, String(options.speed)], {
      stdio: [options.keys ? 'inherit' : 'ignore', 'ignore', 'inherit', 'pipe'],
    })
    this.channel = this.child.stdio[3] as Socket
    this.channel.setEncoding('utf8')
    this.channel.on('data', (text: string) => this.take(text, onReport))
    this.channel.on('error', () => {})
    const gone = (why: string) => {
      this.gone = true
      onReport({ is: 'closed', why })
    }
    this.child.on('error', error => gone(`the guard did not start: ${error.message}`))
    this.child.on('exit', (code, signal) => gone(`the guard ended (${signal ?? code})`))
  }

  get pid(): number | undefined {
    return this.child.pid
  }

  send(command: GuardCommand): void {
    this.channel.write(`${JSON.stringify(command)}\n`)
  }

  /** Lets the guard go: it releases, waits until the unit shows that it is vented, and ends. */
  close(): Promise<void> {
    const ended = new Promise<void>(resolve => this.child.once('exit', () => resolve()))
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve()
    this.channel.end()
    const patience = setTimeout(() => this.kill(), CLOSE_MS)
    const looks = setInterval(() => this.watch(performance.now()), LOOK_MS)
    return ended.then(() => {
      clearTimeout(patience)
      clearInterval(looks)
    })
  }

  /**
   * To be called ten times a second. A guard that says nothing for 2 s, while this program ran, hangs: it is ended, so that
   * port and keys are free again. The unit has let go by itself before.
   */
  watch(now: MonoMs): void {
    this.silent_ms = this.wasHeard ? 0 : this.silent_ms + Math.min(now - this.lookedAt, LOOK_MAX_MS)
    this.lookedAt = now
    this.wasHeard = false
    if (this.hasSpoken && this.silent_ms > SILENT_MAX_MS) this.kill()
  }

  private kill(): void {
    this.child.kill('SIGKILL')
  }

  /** Hands over what was sent, and waits for nothing else: the guard does the rest alone. */
  leave(): Promise<void> {
    this.child.unref()
    return new Promise(resolve => {
      this.channel.end(() => {
        this.channel.destroy()
        resolve()
      })
      setTimeout(resolve, LEAVE_MS).unref()
    })
  }

  private take(text: string, onReport: (report: GuardReport) => void): void {
    this.hasSpoken = this.wasHeard = true
    const lines = (this.rest + text).split('\n')
    this.rest = lines.pop() ?? ''
    for (const line of lines) onReport(JSON.parse(line) as GuardReport)
  }
}
