import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Journal } from '../../src/journal/journal.ts'
import { signingKey } from '../../src/journal/keys.ts'
import { readJournal, verifyFile } from '../../src/journal/read.ts'
import { openFileSink } from '../../src/journal/sink.ts'
import { Verifier, verifyBytes } from '../../src/journal/verify.ts'
import { at, begin, closed, linesOf, newFolder, report, START, WALL } from './help.ts'

const textsOf = (result: { problems: readonly { text: string }[] }) => result.problems.map(one => one.text).join('\n')

test('REQ-TAMPER (F77): a change of any single byte is reported, in the first line and in the last one too', () => {
  const { bytes } = closed(newFolder(), 12)
  for (let at = 0; at < bytes.length; at++) {
    const edited = Buffer.from(bytes)
    edited[at]! ^= 1 << (at % 8)
    if (verifyBytes(edited).ok) expect.fail(`byte ${at} of ${bytes.length}`)
  }
})

test('REQ-TAMPER (F77): any replacement of any stretch of bytes is reported', () => {
  const { bytes } = closed(newFolder(), 60)
  const edit = fc.record({ from: fc.nat(bytes.length), length: fc.nat(2_000), put: fc.uint8Array({ maxLength: 50 }) })
  const property = fc.property(edit, ({ from, length, put }) => {
    const edited = Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + length)])
    expect(verifyBytes(edited).ok).toBe(edited.equals(bytes))
  })
  fc.assert(property, { numRuns: 1_000 })
})

test('REQ-TAMPER (F77): lines that were removed, doubled or exchanged are reported with the line', () => {
  const lines = linesOf(closed(newFolder(), 30).bytes)
  for (let i = 0; i < lines.length - 1; i++) {
    const removed = verifyBytes(Buffer.from(lines.toSpliced(i, 1).join('')))
    const text = `stands where record ${i} belongs: lines were removed, added or reordered`
    expect(removed.problems[0]).toEqual({ line: i + 1, n: i + 1, text })
    const doubled = verifyBytes(Buffer.from(lines.toSpliced(i, 0, lines[i]!).join('')))
    expect(doubled.problems[0]).toMatchObject({ line: i + 2, n: i })
    const exchanged = verifyBytes(Buffer.from(lines.toSpliced(i, 2, lines[i + 1]!, lines[i]!).join('')))
    expect(exchanged.problems[0]).toMatchObject({ line: i + 1, n: i + 1 })
  }
})

test('REQ-TAMPER (F77): a removed tail of a closed journal is reported, however long', () => {
  const lines = linesOf(closed(newFolder(), 30).bytes)
  for (let kept = 0; kept < lines.length; kept++)
    expect(verifyBytes(Buffer.from(lines.slice(0, kept).join(''))).problems).toHaveLength(1)
  expect(textsOf(verifyBytes(Buffer.from(lines.slice(0, -1).join(''))))).toContain('the closing signature is missing')
})

test('a journal whose first record is no header, or that has two, is reported', () => {
  const lines = linesOf(closed(newFolder(), 5).bytes)
  const first = forge(lines, records => {
    records[0]!.kind = 'note'
  })
  expect(textsOf(verifyBytes(first))).toContain('the header belongs first, once')
  const second = forge(lines, records => {
    records[3] = { ...records[0]!, n: 3 }
  })
  expect(textsOf(verifyBytes(second))).toContain('the header belongs first, once')
})

test('a line that is not UTF-8 is no record, also where only the chain holds it', () => {
  const journal = begin(newFolder())
  journal.record('note', 'x', at(0))
  journal.sync()
  const bytes = readFileSync(journal.path)
  bytes[bytes.lastIndexOf('"x"') + 1] = 0xff
  expect(verifyBytes(bytes)).toMatchObject({
    records: 1,
    problems: [{ line: 2, text: 'not a record of a journal' }, {}],
  })
})

test('a line that is too long is reported once, and one that never ends takes no memory', () => {
  const { bytes } = closed(newFolder(), 5)
  const long = verifyBytes(Buffer.concat([bytes, Buffer.alloc(65_536, 0x20), Buffer.from('\n')]))
  expect(long.problems).toEqual([{ line: 9, n: 7, text: 'longer than 65536 bytes' }])
  const verifier = new Verifier()
  const chunk = Buffer.alloc(1 << 20, 0x20)
  const before = process.memoryUsage().arrayBuffers
  for (let i = 0; i < 256; i++) verifier.push(chunk)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20)
  expect(verifier.result.cut).toEqual({ afterRecord: null, bytes: 256 << 20 })
})

test('records behind the end are reported', () => {
  const folder = newFolder()
  const { bytes } = closed(folder, 3)
  const result = verifyBytes(Buffer.concat([bytes, forge(linesOf(bytes), () => {}, 'in')]))
  expect(textsOf(result)).toContain('stands behind the end')
})

test('REQ-TAMPER (F77): a journal rewritten with a good chain but without the key is reported at its signature', () => {
  const { path, bytes } = closed(newFolder(), 30)
  const forged = forge(linesOf(bytes), records => {
    records[10]!.data.pressure_mmHg = 99
  })
  const result = verifyBytes(forged)
  expect(result.problems).toHaveLength(1)
  expect(textsOf(result)).toContain('signature is wrong')
  writeFileSync(path, forged)
  expect(textsOf(verifyFile(path))).toContain('heads.json knows this record by another hash')
})

test('a journal rewritten and signed by nobody is reported, in its folder and away from it', () => {
  const { path, bytes } = closed(newFolder(), 30)
  const unsigned = forge(linesOf(bytes), records => {
    records[10]!.data.pressure_mmHg = 99
    records[0]!.data.key = { id: '', public: '' }
    records.at(-1)!.data.signature = ''
  })
  const unfinished = forge(linesOf(bytes).slice(0, -1), records => {
    records[10]!.data.pressure_mmHg = 99
  })
  expect(textsOf(verifyBytes(unsigned))).toContain('signature is wrong')
  expect(textsOf(verifyBytes(unfinished))).toContain('the closing signature is missing')
  writeFileSync(path, unsigned)
  expect(textsOf(verifyFile(path))).toMatch(/signed by key , where this folder's key is/)
  writeFileSync(path, unfinished)
  expect(textsOf(verifyFile(path))).toContain('heads.json knows records up to 32: the tail was removed')
})

test('a journal rewritten with the very key, record for record, has another head than the one that is kept elsewhere', () => {
  const folder = newFolder()
  const mine = closed(folder, 30)
  const other = newFolder()
  mkdirSync(other)
  copyFileSync(join(folder, 'journal-key.pem'), join(other, 'journal-key.pem'))
  const journal = begin(other)
  report(journal, 30, 1)
  journal.close({ why: 'completed' })
  copyFileSync(journal.path, mine.path)
  expect(verifyFile(mine.path).records).toBe(33)
  expect(textsOf(verifyFile(mine.path))).toBe('heads.json knows this record by another hash: the journal was rewritten')
})

test('REQ-TAMPER (F77): a journal rewritten and signed with another key is reported', () => {
  const mine = closed(newFolder(), 30)
  const theirs = closed(newFolder(), 31)
  writeFileSync(mine.path, theirs.bytes)
  rmSync(join(mine.path, '..', 'heads.json'))
  expect(textsOf(verifyFile(mine.path))).toMatch(/signed by key \w+, where this folder's key is/)
})

test('REQ-TAMPER (F77): a journal signed with another key under the name of ours is reported', () => {
  const folder = newFolder()
  const mine = closed(folder, 30)
  const others = newFolder()
  closed(others, 1, 'other')
  const path = join(others, 'session.ndjson')
  const options = { folder: others, name: 'session', header: {}, now: () => START, wall: () => WALL }
  const impostor = { ...signingKey(others), id: signingKey(folder).id }
  const journal = new Journal(options, path, impostor, openFileSink(path))
  journal.begin(null)
  journal.close({})
  copyFileSync(path, mine.path)
  rmSync(join(folder, 'heads.json'))
  expect(textsOf(verifyFile(mine.path))).toContain('signature is wrong')
})

test('REQ-TAMPER (F77): a journal rewritten with the very key is reported by heads.json, and by the header of the next one', () => {
  const folder = newFolder()
  const first = closed(folder, 30, 'first')
  closed(folder, 3, 'second')
  const other = newFolder()
  mkdirSync(other)
  copyFileSync(join(folder, 'journal-key.pem'), join(other, 'journal-key.pem'))
  writeFileSync(first.path, closed(other, 29, 'first').bytes)
  expect(textsOf(verifyFile(first.path))).toContain('heads.json knows records up to 32: the tail was removed')
  rmSync(join(folder, 'heads.json'))
  expect(textsOf(verifyFile(first.path))).toContain('the header of second.ndjson knows records up to 32')
})

test('REQ-TAMPER (F77): the tail that was removed from a session that a crash had ended is reported by the next session', () => {
  const folder = newFolder()
  const crashed = begin(folder, 'crashed')
  report(crashed, 25)
  crashed.sync()
  closed(folder, 3, 'next')
  expect(textsOf(verifyFile(crashed.path))).toMatch(/^no end record[^\n]*$/)
  const lines = linesOf(readFileSync(crashed.path))
  const edited = lines.with(-1, lines.at(-1)!.replace('120', '119').replace('121', '119').replace('122', '119'))
  writeFileSync(crashed.path, edited.join(''))
  expect(textsOf(verifyFile(crashed.path))).toContain('the header of next.ndjson knows this record by another hash')
  writeFileSync(crashed.path, lines.slice(0, -5).join(''))
  expect(textsOf(verifyFile(crashed.path))).toContain('the header of next.ndjson knows records up to 25')
})

test('replay is given nothing from behind a record that does not belong', () => {
  const { path, bytes } = closed(newFolder(), 30)
  const edited = linesOf(bytes)
  edited[10] = edited[10]!.replace(/"pressure_mmHg":\d+/, '"pressure_mmHg":9')
  writeFileSync(path, edited.join(''))
  const given: number[] = []
  expect(() => {
    for (const record of readJournal(path)) given.push(record.n)
  }).toThrow(expect.objectContaining({ code: 'CP-JOURNAL-INVALID', exit: 2 }))
  expect(given).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('arbitrary bytes never crash the check', () => {
  const { path, bytes } = closed(newFolder(), 5)
  const junk = fc.oneof(
    fc.uint8Array({ maxLength: 3_000 }),
    fc.json().map(text => Buffer.from(`${text}\n`)),
    fc.constant(Buffer.from(`${'['.repeat(60_000)}\n`)),
    fc.constant(Buffer.from(`${'{"data":'.repeat(8_000)}\n`)),
    fc.constant(Buffer.alloc(200_000, 0x20)),
  )
  const property = fc.property(fc.array(junk), fc.boolean(), (parts, behind) => {
    const result = verifyBytes(Buffer.concat(behind ? [bytes, ...parts] : parts))
    expect(result.ok).toBe(behind && parts.every(part => part.length === 0))
  })
  fc.assert(property, { numRuns: 500 })
  truncateSync(path, 0)
  writeFileSync(path, Buffer.alloc(300_000, 0xff))
  expect(verifyFile(path).cut).toEqual({ afterRecord: null, bytes: 300_000 })
})

test('a long list of problems is counted, and only its beginning kept', () => {
  const result = verifyBytes(Buffer.from('junk\n'.repeat(5_000)))
  expect(result.problems.length + result.more).toBe(5_001)
  expect(result.problems.length).toBeLessThan(200)
})

/** Changes records and makes the chain good again, as anyone can without the key; with `kind`, only one more record. */
function forge(lines: string[], change: (records: Forged[]) => void, kind?: string): Buffer {
  const records = lines.map(line => JSON.parse(line) as Forged)
  change(records)
  if (kind) records.push({ ...records.at(-1)!, n: records.length, kind })
  let prev = '0'.repeat(64)
  const forged = records.map(record => {
    const line = JSON.stringify({ ...record, prev })
    prev = createHash('sha256').update(line).digest('hex')
    return `${line}\n`
  })
  return Buffer.from(kind ? forged.at(-1)! : forged.join(''))
}

interface Forged {
  n: number
  kind: string
  // biome-ignore lint/suspicious/noExplicitAny: any record's data
  data: any
}
