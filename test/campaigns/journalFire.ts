import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import type { Random } from '../../sim/random.ts'
import { openJournal } from '../../src/journal/open.ts'
import { readJournal, verifyFile } from '../../src/journal/read.ts'
import { sha256 } from '../../src/journal/record.ts'
import { verifyBytes } from '../../src/journal/verify.ts'

/** A closed journal and its lines, each with its line feed. */
export interface Written {
  readonly path: string
  readonly bytes: Buffer
  readonly lines: readonly string[]
}

/** Lines that end, each with its line feed. */
export const wholeLines = (text: string): string[] => text.match(/[^\n]*\n/g) ?? []

/** The numbers of the records in these lines. */
export const numbersOf = (lines: readonly string[]): Set<number> =>
  new Set(lines.map(line => (JSON.parse(line) as { n: number }).n))

/** What of all this is not so. */
export const untrue = (all: Readonly<Record<string, boolean>>): string[] =>
  Object.entries(all).flatMap(([what, so]) => (so ? [] : [`not so: ${what}`]))

/** No record of this journal is shorter. Unit bytes. */
const SHORTEST = 190

/** The journal of some minutes of reports, with checkpoints, at least so long. */
export function writeJournal(folder: string, least_bytes: number): Written {
  const [start, wall] = [1_000, Date.UTC(2026, 0, 2)]
  const journal = openJournal({ folder, name: 'fire', header: { of: 'fire' }, now: () => start, wall: () => wall })
  for (let i = 0; i * SHORTEST < least_bytes; i++) {
    const data = { is: 'telemetry', pressure_mmHg: 120 + (i % 3), seq: i }
    journal.record('in', data, { mono: start + i * 500, wall: wall + i * 500 })
    journal.tick(start + i * 500)
  }
  journal.close({ why: 'completed' })
  const bytes = readFileSync(journal.path)
  return { path: journal.path, bytes, lines: wholeLines(bytes.toString()) }
}

/** Everything of a journal that a cut after so many bytes leaves whole. */
function wholeAt({ lines }: Written, length: number): { readonly lines: readonly string[]; readonly bytes: number } {
  let bytes = 0
  const count = lines.findIndex(line => {
    if (bytes + Buffer.byteLength(line) > length) return true
    bytes += Buffer.byteLength(line)
    return false
  })
  return { lines: count < 0 ? lines : lines.slice(0, count), bytes }
}

/** Cuts the file to this length. Says how what is found differs from its whole records, and from a cut that is named. */
export function cutAt(written: Written, length: number): string[] {
  writeFileSync(written.path, written.bytes)
  truncateSync(written.path, length)
  const whole = wholeAt(written, length)
  const found = verifyFile(written.path)
  const left = length - whole.bytes
  const head = whole.lines.length === 0 ? undefined : sha256(whole.lines.at(-1)!.slice(0, -1))
  const cut = { afterRecord: whole.lines.length > 0 ? whole.lines.length - 1 : null, bytes: left }
  const read = [...readJournal(written.path)].map(record => `${JSON.stringify(record)}\n`)
  return untrue({
    'records are counted': found.records === whole.lines.length,
    'ok is said of the whole file only': found.ok === (length === written.bytes.length),
    'the cut is named': JSON.stringify(found.cut) === (left > 0 ? JSON.stringify(cut) : undefined),
    'the last whole record is the head': found.head?.sha256 === head,
    'the whole records are read': read.join('') === whole.lines.join(''),
  })
}

/** Puts another byte in the place of one. Returns whether that was reported. */
export function editAt({ bytes }: Written, at: number, random: Random): boolean {
  const edited = Buffer.from(bytes)
  edited[at]! ^= 1 + random.below(255)
  return !verifyBytes(edited).ok
}

/** Takes lines out. Returns whether that was reported. */
export const removedAt = ({ lines }: Written, from: number, count: number): boolean =>
  !verifyBytes(Buffer.from(lines.toSpliced(from, count).join(''))).ok
