import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { Journal } from '../../src/journal/journal.ts'
import { openJournal } from '../../src/journal/open.ts'
import type { Kind } from '../../src/journal/record.ts'
import type { FileSink } from '../../src/journal/sink.ts'
import type { Stack } from '../support/stack.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cuffpilot-journal-'))
  folders.push(folder)
  return join(folder, 'journals')
}

export const START = 1_000
export const WALL = Date.UTC(2026, 0, 2)
/** A point of time that is `ms` after the journals of `begin` were begun. */
export const at = (ms: number) => ({ mono: START + ms, wall: WALL + ms, uptime_ms: 5_000 + ms })

/** A journal on a clock that stands still. */
export function begin(folder: string, name = 'session', openSink?: (path: string) => FileSink): Journal {
  const options = { folder, name, header: { program: '0.1.0' }, now: () => START, wall: () => WALL }
  return openJournal(openSink ? { ...options, openSink } : options)
}

/** Reports of a unit at 10 Hz, with a `tick` after each. */
export function report(journal: Journal, count: number, from = 0, padding = 0): void {
  for (let i = from; i < from + count; i++) {
    journal.record('in', { is: 'telemetry', pressure_mmHg: 120 + (i % 3), more: 'x'.repeat(padding) }, at(i * 100))
    journal.tick(START + i * 100)
  }
}

/** A closed journal; its checkpoints are a minute apart. */
export function closed(
  folder: string,
  count: number,
  name?: string,
  padding?: number,
): { path: string; bytes: Buffer } {
  const journal = begin(folder, name)
  report(journal, count, 0, padding)
  journal.close({ why: 'completed' })
  return { path: journal.path, bytes: readFileSync(journal.path) }
}

/** The lines of a journal, each with its line feed. */
export const linesOf = (bytes: Buffer): string[] => bytes.toString().match(/[^\n]*\n/g) ?? []

/** The numbers of records, given as lines. */
export const numbers = (lines: readonly string[]) => lines.map(line => (JSON.parse(line) as { n: number }).n)

type Recorded = Stack['recorded'][number]

/** The journal of a session that went on in virtual time, with its records as they came or changed. */
export function sessionJournal(stack: Stack, change: (records: Recorded[]) => Recorded[] = records => records): string {
  const folder = newFolder()
  const journal = openJournal({ folder, name: 's', header: stack.beginning, now: () => 0, wall: () => 0 })
  for (const { kind, data } of change(stack.recorded)) journal.record(kind as Kind, data, { mono: 0, wall: 0 })
  journal.close({})
  return journal.path
}
