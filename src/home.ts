import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import envPaths from 'env-paths'
import { CuffError, EXIT } from './errors.ts'

/** The folder of keys, trust file, ledgers and journals: `CUFFPILOT_HOME`, or else the platform's data folder. */
export function dataFolder(): string {
  const chosen = process.env.CUFFPILOT_HOME
  return chosen ? resolve(chosen) : envPaths('cuffpilot', { suffix: '' }).data
}

/**
 * Creates the folder for its owner alone (0700), durably. One that exists keeps the mode that its owner gave it. One level at a
 * time: Node's own way of making several does not end where nothing can be made, such as below /proc.
 */
export function ensurePrivateFolder(path: string): string {
  if (isFolder(path)) return path
  if (dirname(path) !== path) ensurePrivateFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
    if (process.platform !== 'win32') syncFolder(dirname(path))
  } catch (error) {
    // Another session may have been faster.
    if (!isFolder(path)) throw error
  }
  return path
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/**
 * Opens a file for reading, and refuses what is none: a device or a pipe may have no end.
 * @throws Error as the system says it, or what it is that was named
 */
export function openRegularFile(path: string): number {
  const stats = statSync(path)
  if (!stats.isFile()) throw new Error(stats.isDirectory() ? 'it is a folder' : 'it is not a file')
  return openSync(path, 'r')
}

/** The bytes of a file of at most `most` bytes. @throws Error as `openRegularFile` does, or that it is longer */
export function readRegularFile(path: string, most: number): Buffer {
  const file = openRegularFile(path)
  try {
    const { size } = fstatSync(file)
    if (size > most) throw new Error(`it has ${size} bytes, at most ${most} are read`)
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}

/**
 * Writes a whole file (0600) such that a reader, also one after a power cut, finds the old content or the new one and
 * never a part: a temporary file beside it, synced, renamed over it, and the folder synced. Creates the folder.
 * @throws CuffError CP-WRITE
 */
export function writeDurably(path: string, data: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    const folder = ensurePrivateFolder(dirname(resolve(path)))
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) throw new Error('it is there, and is not a file')
    writeSynced(temporary, data)
    renameSync(temporary, path)
    if (process.platform !== 'win32') syncFolder(folder)
  } catch (error) {
    rmSync(temporary, { force: true })
    const why = (error as Error).message
    throw new CuffError(
      'CP-WRITE',
      `${path} was not written: ${why}.`,
      'Check the folder and the disk.',
      EXIT.usage,
      error,
    )
  }
}

function writeSynced(path: string, data: string | Uint8Array): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  rmSync(path, { force: true })
  const file = openSync(path, 'wx', 0o600)
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** True for the error of a file or folder that is not there. */
export const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException)?.code === 'ENOENT'
