import { truncateSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readJournal, verifyFile } from '../../src/journal/read.ts'
import { Verifier, verifyBytes } from '../../src/journal/verify.ts'
import { closed, linesOf, newFolder } from './help.ts'

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

test('an empty file is a journal without records', () => {
  const { path } = closed(newFolder(), 1)
  writeFileSync(path, '')
  const result = verifyFile(path)
  expect(result).toMatchObject({ ok: false, records: 0 })
  expect(result.head).toBeUndefined()
  expect([...readJournal(path)]).toEqual([])
})
