import { writeSync } from 'node:fs'
import { setImmediate as breath } from 'node:timers/promises'
import type { ReadStream } from 'node:tty'
import pty from '@lydell/node-pty'
import { ReadlineParser } from '@serialport/parser-readline'
import { SerialPort } from 'serialport'
import { BAUD } from '../../protocol/wire.ts'
import { bounded } from '../../src/cli/identify.ts'

/** Both ends of a pseudo-terminal; node-pty's types leave this out. */
interface Pty {
  readonly master: ReadStream
  readonly slave: ReadStream
  /** Of the master, and set not to block. */
  readonly fd: number
  readonly ptsName: string
}

export interface SerialLine {
  /** What comes out of the parser. */
  readonly lines: string[]
  /** Sends from the unit's side, and waits while the line is full. */
  write(bytes: Uint8Array): Promise<void>
  close(): Promise<void>
}

/** A real serialport on a pseudo-terminal, its readline parser, and our bound in front of it. */
export async function serialLine(): Promise<SerialLine> {
  const open = (pty as unknown as { open(options: { encoding: null }): Pty }).open
  const { master, slave, fd, ptsName } = open({ encoding: null })
  master.on('error', () => {})
  const port = new SerialPort({ path: ptsName, baudRate: BAUD, autoOpen: false })
  await new Promise<void>((resolve, reject) => port.open(error => (error ? reject(error) : resolve())))
  slave.destroy()
  const lines: string[] = []
  const parser = port.pipe(bounded()).pipe(new ReadlineParser({ delimiter: '\n', encoding: 'latin1' }))
  parser.on('data', (line: string) => lines.push(line))
  return {
    lines,
    write: bytes => writeAll(fd, bytes),
    async close() {
      await new Promise<void>(resolve => port.close(() => resolve()))
      master.destroy()
    },
  }
}

/** Not by the stream: libuv tries again and again until a master takes all, and the reader is in this same process. */
async function writeAll(fd: number, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0; await breath()) {
    try {
      rest = rest.subarray(writeSync(fd, rest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}
