import { closeSync, fdatasyncSync, openSync, statfsSync, writeSync } from 'node:fs'
import { CuffError, EXIT } from '../errors.ts'

/** Free space without which no session begins (DISK_MIN). Unit bytes; project policy. */
export const DISK_MIN_BYTES = 200_000_000

/** Where a journal's bytes go. Each call throws when it did not do all of its work. */
export interface FileSink {
  append(bytes: Uint8Array): void
  /** Returns when everything appended is on the disk. */
  sync(): void
  close(): void
}

/** Creates `path` for its owner alone; never overwrites. @throws the system's error, EEXIST for a file that is there. */
export function openFileSink(path: string): FileSink {
  const fd = openSync(path, 'wx', 0o600)
  return {
    append: bytes => writeAll(bytes, (from, length) => writeSync(fd, bytes, from, length)),
    sync: () => fdatasyncSync(fd),
    close: () => closeSync(fd),
  }
}

/** A disk that is nearly full takes part of a write and says so only by the count: the rest is written, or it throws. */
export function writeAll(bytes: Uint8Array, write: (from: number, length: number) => number): void {
  for (let from = 0; from < bytes.length; ) {
    const written = write(from, bytes.length - from)
    if (written <= 0) throw new Error(`the disk took ${from} of ${bytes.length} bytes`)
    from += written
  }
}

/** @throws CuffError CP-JOURNAL-SPACE when fewer than DISK_MIN_BYTES are `free` to us where `folder` is. */
export function checkSpace(folder: string, free = freeBytes(folder)): void {
  if (free >= DISK_MIN_BYTES) return
  throw new CuffError(
    'CP-JOURNAL-SPACE',
    `only ${Math.floor(free / 1e6)} MB are free in ${folder}, and a session needs ${DISK_MIN_BYTES / 1e6} MB for its journal.`,
    'Free some space, or set CUFFPILOT_HOME to a folder on another disk.',
    EXIT.refused,
  )
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
