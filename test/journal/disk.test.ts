import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CuffError } from '../../src/errors.ts'
import { type Journal, KEPT_MAX } from '../../src/journal/journal.ts'
import { verifyFile } from '../../src/journal/read.ts'
import { checkSpace, DISK_MIN_BYTES, writeAll } from '../../src/journal/sink.ts'
import { failingAt } from '../campaigns/diskFire.ts'
import { at, begin, closed, linesOf, newFolder, numbers, report, START } from './help.ts'

/** A short session: safety records that are synced, telemetry that is not. Returns what `sync` threw. */
function play(journal: Journal): unknown[] {
  const thrown: unknown[] = []
  for (let i = 0; i < 5; i++) {
    journal.record('out', { do: 'press', press: i }, at(i * 1_000))
    try {
      journal.sync()
    } catch (error) {
      thrown.push(error)
    }
    report(journal, 10, i * 10)
  }
  journal.close({ why: 'completed' })
  return thrown
}

test('REQ-DISK (F75): whichever call to the disk fails, the journal says so, writes nothing more and keeps every record', () => {
  const all: string[] = []
  play(begin(newFolder(), 'session', failingAt(Infinity, all)))
  expect(all.length).toBeGreaterThan(15)
  for (let n = 3; n <= all.length; n++) {
    const calls: string[] = []
    const journal = begin(newFolder(), 'session', failingAt(n, calls))
    const thrown = play(journal) as CuffError[]
    expect(journal.failed?.message).toContain('EIO')
    for (const error of thrown) expect(error).toMatchObject({ code: 'CP-JOURNAL-WRITE', exit: 6 })
    expect(calls.slice(n)).toEqual(n < all.length ? ['close'] : [])
    const written = linesOf(readFileSync(journal.path))
    const known = new Set([...numbers(written), ...numbers(journal.unwritten)])
    expect(known.size).toBe(journal.head.n + 1)
    expect(() => journal.sync()).toThrow(expect.objectContaining({ code: 'CP-JOURNAL-WRITE' }))
    // The last call, the close, comes when every byte is on the disk.
    expect(verifyFile(journal.path).ok).toBe(n === all.length)
  }
})

test('REQ-DISK (F75): after the disk failed, no sync ever succeeds again', () => {
  const calls: string[] = []
  const journal = begin(newFolder(), 'session', failingAt(8, calls))
  const thrown = play(journal)
  const before = calls.slice(0, 7).filter(name => name === 'sync').length - 1
  expect(thrown).toHaveLength(5 - before)
})

test.each([1, 2])('REQ-DISK (F74): a disk that fails at call %i of the header refuses the session', n => {
  const calls: string[] = []
  expect(() => begin(newFolder(), 'session', failingAt(n, calls))).toThrow(
    expect.objectContaining({ code: 'CP-JOURNAL-OPEN', exit: 3 }),
  )
  expect(calls.at(-1)).toBe('close')
})

test('REQ-DISK (F75, F78): a failing disk never throws into the control loop, and the memory for it is bounded', () => {
  const journal = begin(newFolder(), 'session', failingAt(3, []))
  report(journal, KEPT_MAX + 500)
  expect(journal.failed).toBeDefined()
  expect(journal.unwritten).toHaveLength(KEPT_MAX)
  expect(journal.dropped).toBe(journal.head.n + 1 - 1 - KEPT_MAX)
  expect(numbers(journal.unwritten).at(-1)).toBe(journal.head.n)
})

test('without ticks the memory is bounded too, and nothing is lost', () => {
  const journal = begin(newFolder())
  for (let i = 0; i < 2.5 * KEPT_MAX; i++) journal.record('in', { i }, at(i))
  journal.close({})
  expect(journal.dropped).toBe(0)
  expect(verifyFile(journal.path)).toMatchObject({ ok: true, records: 2.5 * KEPT_MAX + 3 })
})

test('a write that the disk takes in parts is finished, and one that it does not take is an error', () => {
  const bytes = Buffer.from('0123456789')
  for (let most = 1; most <= 11; most++) {
    const taken: number[] = []
    writeAll(bytes, (from, length) => {
      const part = bytes.subarray(from, from + Math.min(most, length))
      taken.push(...part)
      return part.length
    })
    expect(Buffer.from(taken).toString()).toBe('0123456789')
  }
  const parts = [4, 0]
  expect(() => writeAll(bytes, () => parts.shift()!)).toThrow('the disk took 4 of 10 bytes')
})

test('a record is on the disk after sync; telemetry is written within a second', () => {
  const calls: string[] = []
  const journal = begin(newFolder(), 'session', failingAt(Infinity, calls))
  expect(calls).toEqual(['append', 'sync'])
  journal.record('out', { do: 'press' }, at(0))
  expect(linesOf(readFileSync(journal.path))).toHaveLength(1)
  journal.sync()
  expect(calls.slice(2)).toEqual(['append', 'sync'])
  expect(linesOf(readFileSync(journal.path))).toHaveLength(2)
  journal.record('in', {}, at(10))
  journal.tick(START + 999)
  expect(linesOf(readFileSync(journal.path))).toHaveLength(2)
  journal.tick(START + 1_000)
  expect(linesOf(readFileSync(journal.path))).toHaveLength(3)
  expect(calls.slice(4)).toEqual(['append'])
})

test('REQ-DISK (F74): a disk with less than 200 MB free refuses a session', () => {
  expect(() => checkSpace('/somewhere', DISK_MIN_BYTES - 1)).toThrow(
    expect.objectContaining({ code: 'CP-JOURNAL-SPACE', exit: 3 }),
  )
  expect(() => checkSpace('/somewhere', DISK_MIN_BYTES)).not.toThrow()
})

/** File systems that have no space at all. */
const full = process.platform === 'darwin' ? '/dev' : '/proc'
test.runIf(existsSync(full))('opening asks the disk for its free space before it writes anything', () => {
  expect(() => begin(full)).toThrow(expect.objectContaining({ code: 'CP-JOURNAL-SPACE', exit: 3 }))
})

test('a journal never overwrites another one', () => {
  const folder = newFolder()
  const { path, bytes } = closed(folder, 3)
  expect(() => begin(folder)).toThrow(expect.objectContaining({ code: 'CP-JOURNAL-OPEN', exit: 3 }))
  expect(readFileSync(path).equals(bytes)).toBe(true)
  expect(verifyFile(path).ok).toBe(true)
})

test.runIf(process.platform !== 'win32')('journal, key and heads are for their owner alone', () => {
  const folder = newFolder()
  const { path } = closed(folder, 3)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  for (const file of [path, join(folder, 'journal-key.pem'), join(folder, 'heads.json')])
    expect(statSync(file).mode & 0o777).toBe(0o600)
})
