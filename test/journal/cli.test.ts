import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { closed, linesOf, newFolder } from './help.ts'

const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

function cuffpilot(...args: string[]) {
  const env = { ...process.env, CUFFPILOT_HOME: newFolder() }
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', env })
  return { status, out: stdout.split('\n').filter(Boolean), err: stderr.split('\n').filter(Boolean) }
}

test('journal verify ends with 0 and one line with the head for a journal as it was written', () => {
  const { path } = closed(newFolder(), 20)
  const { status, out, err } = cuffpilot('journal', 'verify', path)
  expect({ status, err }).toEqual({ status: 0, err: [] })
  expect(out).toHaveLength(1)
  expect(out[0]).toMatch(/^ok: .*: 23 records, head 22 [0-9a-f]{64}, 1 signatures by key [0-9a-f]{32}$/)
})

test('journal verify of a copy away from its folder says what it could not check', () => {
  const { bytes } = closed(newFolder(), 20)
  const copy = join(newFolder(), '..', 'copy.ndjson')
  writeFileSync(copy, bytes)
  const { status, out } = cuffpilot('journal', 'verify', copy)
  expect(status).toBe(0)
  expect(out.slice(0, -1)).toEqual([
    expect.stringMatching(/^not checked: whose signatures/),
    expect.stringMatching(/^not checked: whether it was rewritten/),
  ])
  expect(out.at(-1)).toMatch(/^ok as far as could be checked: /)
  const { unchecked } = JSON.parse(cuffpilot('journal', 'verify', copy, '--json').out[0]!)
  expect(unchecked).toHaveLength(2)
})

test('journal verify ends with 2 and names each problem and the cut for any other', () => {
  const { path, bytes } = closed(newFolder(), 20)
  const lines = linesOf(bytes).toSpliced(5, 2)
  writeFileSync(path, lines.join('').slice(0, -10))
  const { status, out, err } = cuffpilot('journal', 'verify', path)
  expect(status).toBe(2)
  expect(out[0]).toMatch(/^line 6, record 7: stands where record 5 belongs/)
  expect(out).toContainEqual(expect.stringMatching(/^cut after record 21: \d+ bytes/))
  expect(out.at(-1)).toMatch(/^NOT ok: /)
  expect(err).toEqual([expect.stringMatching(/^CP-JOURNAL-INVALID: /)])
})

test('journal verify --json prints NDJSON and nothing else', () => {
  const { path, bytes } = closed(newFolder(), 20)
  const good = cuffpilot('journal', 'verify', path, '--json')
  expect(good.out.map(line => JSON.parse(line))).toMatchObject([{ type: 'journal', ok: true, records: 23, signed: 1 }])
  writeFileSync(path, linesOf(bytes).toSpliced(5, 2).join(''))
  const bad = cuffpilot('journal', 'verify', path, '--json')
  const types = bad.out.map(line => JSON.parse(line).type)
  expect(types.slice(0, -1).every(type => type === 'problem')).toBe(true)
  expect(types.at(-1)).toBe('journal')
  expect(bad.status).toBe(2)
})

test.each(['nowhere/at-all.ndjson', '.'])('journal verify %s is one clear line', path => {
  const { status, out, err } = cuffpilot('journal', 'verify', path)
  expect({ status, out }).toEqual({ status: 2, out: [] })
  expect(err).toEqual([expect.stringMatching(/^CP-JOURNAL-READ: /)])
})

test('journal verify --help ends with an example', () => {
  const { status, out } = cuffpilot('journal', 'verify', '--help')
  expect(status).toBe(0)
  expect(out.at(-1)).toMatch(/\$ cuffpilot journal verify/)
})
