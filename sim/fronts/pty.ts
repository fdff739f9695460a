import { execFileSync } from 'node:child_process'
import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import type { ReadStream } from 'node:tty'
import type { Millis, MonoMs } from '../../protocol/units.ts'
import { type Driven, type Front, hostClock } from './drive.ts'

/** What `open()` of node-pty gives: both ends as streams. Its types leave this out. */
interface Pty {
  readonly master: ReadStream
  readonly slave: ReadStream
  /** Of the master, and set not to block. */
  readonly fd: number
  readonly ptsName: string
}

/** After so long without a reader the line counts as left, and what nobody read is thrown away. */
const LEFT_MS: Millis = 1_000

async function nodePty(): Promise<{ open(options: { encoding: null }): Pty } | undefined> {
  if (process.platform === 'win32') return undefined
  try {
    const module: { default?: unknown } = await import('@lydell/node-pty')
    return (module.default ?? module) as { open(options: { encoding: null }): Pty }
  } catch {
    return undefined
  }
}

/** Whether this machine can give the unit a pseudo-terminal. */
export async function ptyAvailable(): Promise<boolean> {
  return (await nodePty()) !== undefined
}

/**
 * A unit on a pseudo-terminal, which a host opens like any serial port. Who opens and closes it cannot be seen from
 * this side, as on a real line. So "connect" is the first byte; before it the unit is not let speak, because what
 * nobody reads would be the first thing that the next one reads. `link` is a name for the path (a symbolic link).
 *
 * @throws Error where there are no pseudo-terminals.
 */
export async function ptyFront(driven: Driven, link?: string): Promise<Front> {
  const pty = await nodePty()
  if (!pty) throw new Error('no pseudo-terminal can be had here')
  const terminal = pty.open({ encoding: null })
  const { master, slave, ptsName } = terminal
  // Kept open so that the pseudo-terminal, with its settings, outlives the host's closing it. Nothing waits on it.
  const keeper = openSync(ptsName, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)
  slave.destroy()
  makeRaw(ptsName)
  const talk = new Talk(driven, terminal.fd, keeper)
  master.on('data', (bytes: Buffer) => talk.heard(bytes))
  master.on('error', () => {})
  driven.attach(bytes => talk.say(bytes))
  const close = async (): Promise<void> => {
    if (link !== undefined) unlinkOurs(link, ptsName)
    driven.attach(() => {})
    const gone = new Promise(resolve => master.once('close', resolve))
    // Never the terminal's own destroy(): without a child it sends SIGHUP to process -1, which is everybody.
    master.destroy()
    await gone
    closeSync(keeper)
  }
  try {
    if (link !== undefined) linkTo(link, ptsName)
  } catch (error) {
    await close()
    throw error
  }
  return { path: ptsName, close }
}

/** The conversation over one pseudo-terminal: whether anybody is there, and no more kept for him than the kernel does. */
class Talk {
  private connected = false
  private stuckSince: MonoMs | undefined
  /** The end of a line of which the kernel took only the beginning. */
  private rest: Uint8Array = new Uint8Array(0)
  private readonly driven: Driven
  private readonly master: number
  private readonly keeper: number

  constructor(driven: Driven, master: number, keeper: number) {
    this.driven = driven
    this.master = master
    this.keeper = keeper
  }

  heard(bytes: Buffer): void {
    if (!this.connected) this.driven.opened()
    this.connected = true
    this.driven.receive(bytes)
  }

  say(bytes: Uint8Array): void {
    if (!this.connected) return
    if (this.rest.length > 0) this.rest = this.put(this.rest)
    const left = this.rest.length === 0 ? this.put(bytes) : bytes
    if (left.length < bytes.length) {
      this.rest = left
      this.stuckSince = undefined
      return
    }
    this.stuckSince ??= hostClock()
    if (hostClock() - this.stuckSince > LEFT_MS) this.left()
  }

  /**
   * What the kernel did not take. Not by the stream: libuv writes to a master by trying again and again until it is
   * taken, so that a host that does not read would stop the unit's clock.
   */
  private put(bytes: Uint8Array): Uint8Array {
    try {
      return bytes.subarray(writeSync(this.master, bytes))
    } catch {
      return bytes
    }
  }

  private left(): void {
    this.connected = false
    this.stuckSince = undefined
    this.rest = new Uint8Array(0)
    discard(this.keeper)
    this.driven.closed()
  }
}

/** Reads what waits for a reader that is gone. */
function discard(keeper: number): void {
  const scrap = Buffer.alloc(4_096)
  try {
    while (readSync(keeper, scrap) > 0);
  } catch {
    // EAGAIN: there is no more.
  }
}

/**
 * No echo and no translation, also for a host that does not set this itself. Node's raw mode would still turn each
 * line feed of the host into two characters.
 */
function makeRaw(path: string): void {
  try {
    execFileSync('stty', [process.platform === 'darwin' ? '-f' : '-F', path, 'raw', '-echo'], { stdio: 'ignore' })
  } catch {
    // Without stty it is left to the host; serialport sets it on opening.
  }
}

function linkTo(link: string, target: string): void {
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) unlinkSync(link)
  symlinkSync(target, link)
}

function unlinkOurs(link: string, target: string): void {
  try {
    if (readlinkSync(link) === target) unlinkSync(link)
  } catch {
    // Somebody else has taken it away.
  }
}
