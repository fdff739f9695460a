import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readJournal, verifyFile } from '../../src/journal/read.ts'
import { Verifier, verifyBytes } from '../../src/journal/verify.ts'
import { cutAt, writeJournal } from '../campaigns/journalFire.ts'
import { begin, closed, linesOf, newFolder, report } from './help.ts'

test('REQ-CUT (F76): cut at any byte of 64 KiB, a journal keeps its whole records and shows the cut', () => {
  const { bytes } = closed(newFolder(), 300)
  expect(bytes.length).toBeGreaterThan(65_536)
  const verifier = new Verifier()
  let records = 0
  let whole = 0
  for (let length = 1; length <= bytes.length; length++) {
    verifier.push(bytes.subarray(length - 1, length))
    if (bytes[length - 1] === 10) {
      records++
      whole = length
    }
    const result = verifier.result
    const cut = length > whole ? { afterRecord: records > 0 ? records - 1 : null, bytes: length - whole } : undefined
    if (result.records !== records || result.ok !== (length === bytes.length)) expect.fail(`cut after ${length}`)
    if (result.cut?.bytes !== cut?.bytes || result.cut?.afterRecord !== cut?.afterRecord) expect.fail(`at ${length}`)
    // Whatever was cut off, nothing that is still there is called wrong, but the end is missed.
    if (result.problems.length !== (length === bytes.length ? 0 : 1)) expect.fail(`problems after ${length}`)
  }
})

test('how the bytes of a journal arrive does not change what is found', () => {
  const { bytes } = closed(newFolder(), 30)
  const damaged = Buffer.from(bytes)
  damaged[3_000]! ^= 1
  for (const subject of [bytes, damaged, bytes.subarray(0, -40)]) {
    const whole = verifyBytes(subject)
    const property = fc.property(fc.array(fc.nat(subject.length)), cuts => {
      const verifier = new Verifier()
      const edges = [0, ...cuts.sort((a, b) => a - b), subject.length]
      // One buffer for all pieces, as a file is read.
      const buffer = Buffer.alloc(subject.length)
      edges.slice(1).forEach((to, i) => {
        const length = subject.copy(buffer, 0, edges[i]!, to)
        verifier.push(buffer.subarray(0, length))
      })
      expect(verifier.result).toEqual(whole)
    })
    fc.assert(property, { numRuns: 100 })
  }
})

test('REQ-CUT: a cut file reads back as its whole records, and is not changed by being read', () => {
  const { path, bytes } = closed(newFolder(), 40)
  const lines = linesOf(bytes)
  for (let length = bytes.length; length > 0; length -= 331) {
    truncateSync(path, length)
    const whole = linesOf(bytes.subarray(0, length)).length
    expect(verifyFile(path)).toMatchObject({ ok: length === bytes.length, records: whole })
    const read = [...readJournal(path)].map(record => `${JSON.stringify(record)}\n`)
    expect(read).toEqual(lines.slice(0, whole))
  }
})

/** `npm run campaign:journal` does it at every byte. */
test('cut at and before the end of lines of 64 KiB, and in between, the file reads back and says its cut', () => {
  const written = writeJournal(newFolder(), 65_536)
  expect(written.bytes.length).toBeGreaterThan(65_536)
  let end = 0
  const lengths = written.lines.flatMap((line, i) => {
    end += line.length
    return i % 24 === 0 ? [end - 1 - Math.floor(line.length / 3), end - 1, end] : []
  })
  for (const length of lengths) expect([length, cutAt(written, length)]).toEqual([length, []])
})

test('the session after a cut at any place takes the last whole record for the head of the one before', () => {
  const folder = newFolder()
  const crashed = begin(folder, 'crashed')
  report(crashed, 25)
  crashed.sync()
  const [bytes, path] = [readFileSync(crashed.path), join(folder, 'heads.json')]
  const heads = () => JSON.parse(readFileSync(path, 'utf8')).heads
  for (let length = 500; length < bytes.length; length += 311) {
    writeFileSync(crashed.path, bytes.subarray(0, length))
    writeFileSync(path, JSON.stringify({ format: 1, heads: [{ ...heads()[0], state: 'open' }] }))
    begin(folder, `next-${length}`).close({})
    const whole = linesOf(bytes.subarray(0, length))
    expect(heads()[0]).toMatchObject({ file: 'crashed.ndjson', n: whole.length - 1, state: 'left' })
  }
})

test('an empty file is a journal without records', () => {
  const { path } = closed(newFolder(), 1)
  writeFileSync(path, '')
  const result = verifyFile(path)
  expect(result).toMatchObject({ ok: false, records: 0 })
  expect(result.head).toBeUndefined()
  expect([...readJournal(path)]).toEqual([])
})
