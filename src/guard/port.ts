import { writeSync } from 'node:fs'
import { createConnection } from 'node:net'
import { autoDetect } from '@serialport/bindings-cpp'
import { BAUD, RELEASE } from '../../protocol/wire.ts'
import { portProblem } from '../portProblem.ts'

/** What the guard needs of a port. A port is opened once; after it closed it is never used again. */
export interface Port {
  /** Never waits: what the operating system does not take at once is lost, and the line counts as unanswered. */
  write(line: string): void
  writeRelease(): void
}

export interface PortEvents {
  bytes(chunk: Uint8Array): void
  closed(why: string): void
}

const RELEASE_BYTE = Buffer.of(RELEASE)
const READ_SIZE = 4096

/**
 * Opens a serial port for this process alone. `hupcl: false`, so that closing it does not pulse DTR.
 * @throws what the operating system says: no such port, in use, not permitted.
 */
export async function openSerial(path: string, events: PortEvents): Promise<Port> {
  const port = await autoDetect().open({ path, baudRate: BAUD, hupcl: false, lock: true }).catch(explained)
  const fd = 'fd' in port && process.platform !== 'win32' ? port.fd : undefined
  const write = (bytes: Buffer) => {
    if (typeof fd !== 'number') void port.write(bytes).catch(error => events.closed(text(error)))
    else writeNow(fd, bytes, events)
  }
  void readOn(port, events)
  return { write: line => write(Buffer.from(line, 'latin1')), writeRelease: () => write(RELEASE_BYTE) }
}

const explained = (error: Error): never => {
  throw new Error(portProblem(error), { cause: error })
}

/** The write that passes no queue and no thread pool: the byte is with the driver when this returns. */
function writeNow(fd: number, bytes: Buffer, events: PortEvents): void {
  try {
    writeSync(fd, bytes)
  } catch (error) {
    // A full buffer: a line counts as unanswered, and a release is repeated every 100 ms.
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') events.closed(text(error))
  }
}

type Reading = { read(buffer: Buffer, offset: number, length: number): Promise<{ bytesRead: number }> }

async function readOn(port: Reading, events: PortEvents): Promise<void> {
  const buffer = Buffer.alloc(READ_SIZE)
  try {
    for (;;) {
      const { bytesRead } = await port.read(buffer, 0, READ_SIZE)
      events.bytes(buffer.subarray(0, bytesRead))
    }
  } catch (error) {
    events.closed(text(error))
  }
}

/** A unit behind a loopback TCP port: for simulated units where there is no pseudo-terminal. */
export function openTcp(tcpPort: number, events: PortEvents): Promise<Port> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port: tcpPort, noDelay: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      socket.on('error', () => {})
      socket.on('data', chunk => events.bytes(chunk))
      socket.on('close', () => events.closed('the connection ended'))
      resolve({ write: line => void socket.write(line, 'latin1'), writeRelease: () => void socket.write(RELEASE_BYTE) })
    })
  })
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error))
