import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { packageRoot } from '../../src/packageRoot.ts'
import { type Goal, isMet, type Measured, spreadOf } from './findings.ts'
import { inFlight, Line } from './line.ts'
import { tables } from './table.ts'

const MAIN = join(packageRoot(), 'dist/test/bench/main.js')
const bench = (...args: string[]) =>
  promisify(execFile)(process.execPath, [MAIN, ...args], { env: { ...process.env, BENCH_ROUNDS: '1' } })

type Row = ({ readonly type: 'measured' } & Measured) | ({ readonly type: 'goal'; readonly met: boolean } & Goal)
const parse = (line: string): Row => JSON.parse(line) as Row

// How fast anything was is no matter of these tests: that is read from a bench on a machine that does nothing else.
test.each(['roundtrip', 'decode', 'release', 'virtual', 'cold', 'lease'])(
  'the bench measures %s, and holds it against its goals',
  { timeout: 120_000 },
  async part => {
    const { stdout } = await bench(part, '--json')
    const rows = stdout.trimEnd().split('\n').map(parse)
    const measured = rows.flatMap(row => (row.type === 'measured' ? [row] : []))
    const goals = rows.flatMap(row => (row.type === 'goal' ? [row] : []))
    expect(measured.length).toBeGreaterThan(0)
    expect(goals.length).toBeGreaterThan(0)
    for (const row of rows) expect(row.part).toBe(part)
    for (const { spread } of measured) {
      expect(spread.n).toBeGreaterThan(0)
      for (const value of [spread.min, spread.p50, spread.p99, spread.max]) expect(value).toBeGreaterThan(0)
      expect(spread.min <= spread.p50 && spread.p50 <= spread.p99 && spread.p99 <= spread.max).toBe(true)
    }
    for (const goal of goals) {
      expect(goal.figure).toBeGreaterThan(0)
      expect(goal.figure).toBeLessThan(Number.POSITIVE_INFINITY)
      expect(goal.met).toBe(isMet(goal))
    }
  },
)

test('a part that does not exist is refused with a list of those that do', async () => {
  await expect(bench('speed')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('roundtrip') })
})

test('a goal is met on its bound and missed beyond it, and the table says which', () => {
  const goal = { part: 'p', what: 'w', unit: 'ms', bound: 5 } as const
  const goals = [
    { ...goal, sense: 'at most', figure: 5 },
    { ...goal, sense: 'at most', figure: 5.1 },
    { ...goal, sense: 'at least', figure: 5 },
    { ...goal, sense: 'at least', figure: 4.9 },
  ] as const
  expect(goals.map(isMet)).toEqual([true, false, true, false])
  const text = tables({ measured: [], goals })
  expect(text.match(/\b(met|missed)$/gm)).toEqual(['met', 'missed', 'met', 'missed'])
  expect(text).toContain('2 of 4 goals met.')
})

test('a spread names the least, the middle, the 99th of a hundred and the greatest', () => {
  const values = Array.from({ length: 200 }, (_, i) => 200 - i)
  expect(spreadOf(values)).toEqual({ n: 200, min: 1, p50: 101, p99: 199, max: 200 })
  expect(() => spreadOf([])).toThrow(RangeError)
})

test('bytes in flight are those that had come in by the key press and had not arrived', () => {
  const line = new Line(10_000)
  for (let i = 0; i < 20; i++) line.carry(100)
  line.note(20, 100)
  expect(line.carry(110)).toBe(121)
  line.note(1, 110)
  const at = (time: number) => inFlight(line.lately, time, line.byte_ms)
  expect([99, 100, 109.5, 110, 120, 121].map(at)).toEqual([0, 20, 11, 11, 1, 0])
})
