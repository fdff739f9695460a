import { closeSync, fstatSync, readdirSync, readSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CuffError, EXIT } from '../errors.ts'
import { openRegularFile } from '../home.ts'
import { readHeads } from './heads.ts'
import { readKey } from './keys.ts'
import { headerSchema, type JournalRecord, type KeptHead, LINE_MAX, recordSchema } from './record.ts'
import { type KnownHead, type Verification, Verifier } from './verify.ts'

const CHUNK = 262_144

/** How far a long file has come, in bytes. */
export type Progress = (done: number, total: number) => void

/**
 * Checks a journal against itself and against what its folder remembers: heads.json, the headers of the journals
 * after it, and the key. Memory does not grow with the file.
 * @throws CuffError CP-JOURNAL-READ when a file cannot be read, CP-JOURNAL-HEADS, CP-JOURNAL-KEY.
 */
export function verifyFile(path: string, progress?: Progress): Verification {
  const folder = dirname(path)
  const verifier = new Verifier({ known: knownHeads(path), keyId: readKey(folder)?.id })
  for (const chunk of chunks(path, progress)) verifier.push(chunk)
  return verifier.result
}

/**
 * The whole records of a journal in order, each given only when the next one confirmed it; what a crash cut off is left out.
 * @throws CuffError CP-JOURNAL-INVALID at the first record that does not belong where it stands, CP-JOURNAL-READ.
 */
export function* readJournal(path: string): Generator<JournalRecord> {
  let whole: JournalRecord[] = []
  const verifier = new Verifier({}, record => whole.push(record))
  for (const chunk of chunks(path)) {
    verifier.push(chunk)
    const last = whole.pop()
    yield* whole
    if (verifier.broken) throw invalid(path, verifier.result)
    whole = last ? [last] : []
  }
  yield* whole
}

/** The head of the whole records of a journal, whatever else is wrong with it; undefined when it cannot be read. */
export function headOf(path: string): Verification['head'] {
  const verifier = new Verifier()
  try {
    for (const chunk of chunks(path)) verifier.push(chunk)
  } catch {
    return undefined
  }
  return verifier.result.head
}

/** The error for a journal that does not verify. */
export function invalid(path: string, result: Verification): CuffError {
  const [first] = result.problems
  const what = first ? `line ${first.line}: ${first.text}` : `it ends in the middle of a record`
  return new CuffError(
    'CP-JOURNAL-INVALID',
    `${path} is not as it was written (${what}).`,
    'Do not rely on it, keep it as it is, and compare it with a copy.',
    EXIT.usage,
  )
}

function knownHeads(path: string): KnownHead[] {
  const file = basename(path)
  const folder = dirname(path)
  const known: KnownHead[] = []
  const add = (from: string, head: KeptHead | null | undefined) => {
    if (head?.file === file) known.push({ from, n: head.n, sha256: head.sha256 })
  }
  for (const head of readHeads(folder)) add('heads.json', head)
  for (const other of attempt(path, () => readdirSync(folder)))
    if (other.endsWith('.ndjson') && other !== file) add(`the header of ${other}`, previousOf(join(folder, other)))
  return known
}

/** What another journal's header says of the one before it. A file that is no journal says nothing. */
function previousOf(path: string): KeptHead | null | undefined {
  try {
    const [start] = chunks(path, undefined, LINE_MAX)
    const text = start?.subarray(0, Math.max(start.indexOf(10), 0)).toString()
    return headerSchema.parse(recordSchema.parse(JSON.parse(text ?? '')).data).previous
  } catch {
    return undefined
  }
}

/** The bytes of a file. Each chunk is good until the next one is asked for. */
function* chunks(path: string, progress?: Progress, size = CHUNK): Generator<Buffer> {
  const fd = attempt(path, () => openRegularFile(path))
  try {
    const total = fstatSync(fd).size
    const buffer = Buffer.allocUnsafe(size)
    for (let done = 0; ; ) {
      const got = attempt(path, () => readSync(fd, buffer, 0, size, null))
      if (got === 0) return
      done += got
      yield buffer.subarray(0, got)
      progress?.(done, total)
    }
  } finally {
    closeSync(fd)
  }
}

function attempt<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new CuffError(
      'CP-JOURNAL-READ',
      `${path} cannot be read (${(error as Error).message}).`,
      'Check the path and that you may read the file.',
      EXIT.usage,
      error,
    )
  }
}
