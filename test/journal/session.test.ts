import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { headOf, readJournal, verifyFile } from '../../src/journal/read.ts'
import { at, begin, closed, linesOf, newFolder, report, START, WALL } from './help.ts'

const heads = (folder: string) => JSON.parse(readFileSync(join(folder, 'heads.json'), 'utf8')).heads

test('a journal tells when and what, from its header to its end', () => {
  const journal = begin(newFolder())
  journal.record('in', { is: 'opened' }, { mono: START + 5, wall: WALL + 7 })
  journal.record('out', { do: 'vent' }, at(20))
  const head = journal.close({ why: 'completed' })
  const records = [...readJournal(journal.path)]
  expect(records.map(one => one.kind)).toEqual(['header', 'in', 'out', 'end', 'checkpoint'])
  expect(records[0]!.data).toMatchObject({ format: 1, previous: null, session: { program: '0.1.0' } })
  expect(records[1]).toMatchObject({
    n: 1,
    mono_ms: START + 5,
    wall: '2026-01-02T00:00:00.007Z',
    data: { is: 'opened' },
  })
  expect(records[1]).not.toHaveProperty('uptime_ms')
  expect(records[2]).toMatchObject({ uptime_ms: 5_020 })
  expect(verifyFile(journal.path)).toMatchObject({ ok: true, records: 5, head, signed: 1, problems: [] })
})

test('the next session knows the head of the one before', () => {
  const folder = newFolder()
  const first = closed(folder, 20, 'first')
  const second = closed(folder, 20, 'second')
  const { head } = verifyFile(first.path)
  expect(verifyFile(second.path).header?.previous).toEqual({ file: 'first.ndjson', ...head, state: 'closed' })
  expect(verifyFile(first.path).ok).toBe(true)
  expect(verifyFile(second.path).ok).toBe(true)
  expect(heads(folder)).toMatchObject([{ file: 'first.ndjson' }, { file: 'second.ndjson', state: 'closed' }])
})

test('the head of a session that was never closed is taken from its file by the next one', () => {
  const folder = newFolder()
  const crashed = begin(folder, 'crashed')
  report(crashed, 55)
  expect(heads(folder)).toMatchObject([{ file: 'crashed.ndjson', n: 0, state: 'open' }])
  const next = closed(folder, 1, 'next')
  const kept = { file: 'crashed.ndjson', ...headOf(crashed.path)!, state: 'left' }
  expect(kept.n).toBeGreaterThan(30)
  expect(verifyFile(next.path).header?.previous).toEqual(kept)
  expect(heads(folder)[0]).toEqual(kept)
})

test('two sessions at once in one folder both verify', () => {
  const folder = newFolder()
  const one = begin(folder, 'one')
  report(one, 30)
  const two = begin(folder, 'two')
  report(two, 30)
  report(one, 30, 30)
  one.close({})
  two.close({})
  expect(verifyFile(one.path)).toMatchObject({ ok: true })
  expect(verifyFile(two.path)).toMatchObject({ ok: true })
})

test('a session is signed every minute and at its end', () => {
  const journal = begin(newFolder())
  report(journal, 1_801)
  journal.close({})
  expect(verifyFile(journal.path)).toMatchObject({ ok: true, signed: 4 })
})

test('a journal away from its folder verifies by the key that its header names', () => {
  const { bytes } = closed(newFolder(), 10)
  const alone = join(newFolder(), '..', 'copy.ndjson')
  writeFileSync(alone, bytes)
  expect(verifyFile(alone)).toMatchObject({ ok: true, signed: 1 })
})

test('what cannot be checked away from the folder is said; within it everything is', () => {
  const folder = newFolder()
  const { path, bytes } = closed(folder, 10)
  expect(verifyFile(path).unchecked).toEqual([])
  const alone = join(folder, '..', 'copy.ndjson')
  writeFileSync(alone, bytes)
  const signatures = expect.stringMatching(/^whose signatures they are/)
  const head = expect.stringMatching(/^whether it was rewritten by somebody with the key/)
  expect(verifyFile(alone).unchecked).toEqual([signatures, head])
  const open = begin(folder, 'open')
  report(open, 5)
  open.sync()
  expect(verifyFile(open.path).unchecked).toEqual([head])
  rmSync(join(folder, 'heads.json'))
  rmSync(open.path)
  expect(verifyFile(path).unchecked).toEqual([head])
})

test('a damaged heads.json or key is said plainly and stops the next session', () => {
  const folder = newFolder()
  const { path } = closed(folder, 3)
  writeFileSync(join(folder, 'heads.json'), '{"format":1,"heads":[{"file":"../x"')
  expect(() => begin(folder, 'next')).toThrow(expect.objectContaining({ code: 'CP-JOURNAL-HEADS', exit: 2 }))
  expect(() => verifyFile(path)).toThrow(expect.objectContaining({ code: 'CP-JOURNAL-HEADS' }))
  rmSync(join(folder, 'heads.json'))
  writeFileSync(join(folder, 'journal-key.pem'), 'no key')
  expect(() => begin(folder, 'next')).toThrow(expect.objectContaining({ code: 'CP-JOURNAL-KEY', exit: 2 }))
})

test('whatever is in a text, its record stays one harmless line and reads back the same', () => {
  const nasty = [
    'a\nb\r\n',
    '\u2028\u2029\u0085',
    '\u001b[2J\u009b31m\u007f',
    '\ud800',
    'x\udfff',
    '\u202e\ufeff\u0000',
    '💪',
  ]
  const text = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))
  const journal = begin(newFolder())
  const sent: unknown[] = []
  const property = fc.property(fc.dictionary(text, text), data => {
    sent.push({ ...data })
    journal.record('note', data, at(0))
  })
  fc.assert(property, { numRuns: 500 })
  journal.close({})
  const file = readFileSync(journal.path, 'utf8')
  expect(file).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\ufeff]/u)
  expect(linesOf(Buffer.from(file))).toHaveLength(sent.length + 3)
  const read = [...readJournal(journal.path)].filter(one => one.kind === 'note').map(one => one.data)
  expect(read).toEqual(JSON.parse(JSON.stringify(sent)))
  expect(verifyFile(journal.path).ok).toBe(true)
})

test('what cannot be recorded leaves a note in its place, and never throws', () => {
  const circle: Record<string, unknown> = {}
  circle.self = circle
  const journal = begin(newFolder())
  for (const data of [circle, 1n, 'x'.repeat(65_536), { toJSON: () => fail() }]) journal.record('in', data, at(0))
  journal.record('in', undefined, at(0))
  journal.record('in', 'x'.repeat(60_000), at(0))
  journal.close('x'.repeat(70_000))
  const records = [...readJournal(journal.path)]
  expect(records.map(one => one.kind).slice(1)).toEqual([
    'note',
    'note',
    'note',
    'note',
    'in',
    'in',
    'end',
    'checkpoint',
  ])
  for (const one of records.slice(1, 5)) expect(one.data).toMatchObject({ unrecorded: 'in' })
  expect(verifyFile(journal.path).ok).toBe(true)
  expect(journal.failed).toBeUndefined()
})

test('a record after the close is kept in memory and shows as a failure', () => {
  const journal = begin(newFolder())
  const head = journal.close({})
  expect(journal.close({})).toEqual(head)
  journal.record('note', 'late', at(0))
  expect(journal.failed?.message).toContain('closed')
  expect(journal.unwritten).toHaveLength(1)
  expect(verifyFile(journal.path)).toMatchObject({ ok: true, head })
})

function fail(): never {
  throw new Error('no JSON of this')
}
