import fs from 'node:fs'
import { expect, test, vi } from 'vitest'
import { at, begin, newFolder } from './help.ts'

// Every call goes to the disk as always, and is seen.
vi.mock('node:fs', { spy: true })

test('REQ-DURABLE: sync returns only after the disk was made to take what was written before', () => {
  const journal = begin(newFolder())
  journal.record('out', { do: 'press' }, at(0))
  const [written, synced] = [vi.mocked(fs.writeSync), vi.mocked(fs.fdatasyncSync)]
  const before = synced.mock.calls.length
  journal.sync()
  expect(synced.mock.calls.length).toBe(before + 1)
  expect(synced.mock.calls.at(-1)![0]).toBe(written.mock.calls.at(-1)![0])
  expect(synced.mock.invocationCallOrder.at(-1)!).toBeGreaterThan(written.mock.invocationCallOrder.at(-1)!)
  expect(synced.mock.results.at(-1)).toMatchObject({ type: 'return' })
  journal.close({})
})
