import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { Random } from '../../sim/random.ts'
import { packageRoot } from '../../src/packageRoot.ts'
import { BOUNDS } from './bounds.ts'
import { ROWS } from './list.ts'
import { problemsOf, runCase, runRow } from './matrix.ts'
import { PAIRS, type Pair, strikePair, WORST } from './pairs.ts'
import { type Case, nameOf, opens, type Row, saysStuck } from './row.ts'
import { strike } from './strike.ts'
import { asJson, failed, pairsAsJson } from './table.ts'

const ROOT = packageRoot()
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8')
const PAGE = read('FAULTS.md')
const cellsOf = (line: string): string[] =>
  line
    .slice(1, -1)
    .split('|')
    .map(cell => cell.trim())
const LISTED = PAGE.split('\n')
  .filter(line => /^\| F\d\d \|/.test(line))
  .map(cellsOf)
const listed = (id: string): string[] => LISTED.find(cells => cells[0] === id)!

const WORDS = { open: 'valves open', release: 'release byte', stuck: 'STUCK', over: 'end of session' } as const
const ms = (value: number): string => `${Math.round(value).toLocaleString('en-US')} ms`
const boundWords = ({ to, bound }: Case): string => {
  if (bound) return `${ms(bound.bound_ms)} to ${WORDS[to as keyof typeof WORDS]}`
  return { 'no press': 'no press', 'one press': 'one press at most', planned: 'as planned' }[to as 'planned']
}

/** The text of every other test; titles stand in it as they are. */
const TESTS = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.test.ts'))
  .map(name => read('test', name))
  .join('\n')

describe('REQ-FAULTS: FAULTS.md and the list in code are one', () => {
  test('F01 to F88, each once and in order', () => {
    const ids = Array.from({ length: 88 }, (_, i) => `F${String(i + 1).padStart(2, '0')}`)
    expect(ROWS.map(row => row.id)).toEqual(ids)
    expect(LISTED.map(cells => cells[0])).toEqual(ids)
  })

  test.each(ROWS.map(row => [row.id, row] as const))('%s: fault, hazards, bounds and what is not built', (id, row) => {
    const [, title, hazards, , , bound, , shown] = listed(id)
    expect(title).toBe(row.title)
    expect(hazards).toBe(row.hazards.join(' ') || '—')
    expect(new Set(bound!.split('; '))).toEqual(new Set(row.cases.length > 0 ? row.cases.map(boundWords) : ['—']))
    expect(/virtual time/.test(shown!)).toBe(row.cases.length > 0)
    expect(shown).toMatch(row.missing ? new RegExp(`Not built.*${row.missing}`) : /^(?!.*not built)/i)
  })

  test('no row is without something that shows it', () => {
    expect(ROWS.filter(row => row.cases.length + row.tests.length === 0)).toEqual([])
  })

  test('each test that a row names exists', () => {
    const names = ROWS.flatMap(({ id, tests }) => tests.map(title => ({ id, title })))
    expect(names.length).toBeGreaterThan(100)
    expect(names.filter(({ title }) => !TESTS.includes(title))).toEqual([])
  })
})

/** The case in one moment, in a hold where it applies there. */
const once = (one: Case) => runCase(one, [one.moments.includes('holding') ? 'holding' : one.moments[0]!], [0])

describe('REQ-FAULTS: what must come of a fault comes within its bound', () => {
  test.each(ROWS.filter(row => row.cases.length > 0).map(row => [row.id, row.title, row] as const))(
    '%s: %s, in one moment each',
    (_id, _title, row) => {
      const result = runRow(row, once)
      expect(problemsOf(result.cases)).toEqual([])
      expect(result.verdict).toBe(row.missing ? 'not built' : 'pass')
    },
  )

  test('a fault comes in every moment of a session', () => {
    const one = ROWS.find(({ id }) => id === 'F17')!.cases[0]!
    const { outcomes } = runCase(one, one.moments, [0])
    expect(outcomes.map(({ moment }) => moment)).toEqual([
      ...['connecting', 'self test', 'fitting', 'arming', 'pressurizing', 'holding'],
      ...['depressurizing', 'resting', 'releasing', 'ended'],
    ])
    expect(outcomes.flatMap(({ problems }) => problems)).toEqual([])
  })
})

const isPublished = ({ first, second }: Pair): boolean =>
  PAGE.includes(`\n| ${first.id} ${nameOf(first.fault)} + ${second.id} ${nameOf(second.fault)} |`)

describe('REQ-FAULTS: two faults in one hold leave no pressure behind, or STUCK stands', () => {
  test('thirty faults, 435 pairs', () => {
    expect([new Set(WORST.map(one => one.id)).size, PAIRS.length]).toEqual([30, 435])
  })

  test('twenty pairs by seed', () => {
    const random = new Random(7)
    const sound = PAIRS.filter(pair => !isPublished(pair))
    const drawn = Array.from({ length: 20 }, () => sound[random.below(sound.length)]!)
    const results = drawn.map(pair => strikePair(pair))
    expect(pairsAsJson(results).problems).toEqual([])
  })

  test('the pairs that FAULTS.md publishes as failing still fail', () => {
    const published = PAIRS.filter(isPublished)
    expect(published).toHaveLength(PAGE.match(/^\| F\d\d \S+ \+ F\d\d /gm)!.length)
    const results = published.map(pair => strikePair(pair))
    expect(results.filter(({ problems }) => problems.length === 0)).toEqual([])
    expect(failed([], results)).toBe(true)
  })
})

describe('REQ-FAULTS: a row can fail', () => {
  test.each<[string, Case, RegExp]>([
    ['a unit that does not notice silence', opens('fw.noSilence link.cut', BOUNDS.silence), /never/],
    ['a bound that is shorter than the way', opens('link.cut', { bound_ms: 900, why: '' }), /after 1\d{3} ms/],
    ['a fault that ends nothing', opens('sensor.noise=0', BOUNDS.silence), /it went on as planned/],
    ['STUCK that nobody says', saysStuck('sensor.noise=0', BOUNDS.stuck), /never|as planned/],
  ])('%s', (_, one, says) => {
    expect(strike(one, 'holding').problems.join()).toMatch(says)
    const row: Row = { id: 'F00', title: '', hazards: [], cases: [one], tests: [] }
    const result = runRow(row, once)
    expect(asJson(result).result).toBe('fail')
    expect(failed([result], [])).toBe(true)
  })
})

const MAIN = join(ROOT, 'dist/test/faults/main.js')
const faults = (...args: string[]) => promisify(execFile)(process.execPath, [MAIN, ...args])

describe('npm run faults', () => {
  test('--json: one object for each row, with its bound, the worst that was seen, and where it is shown', async () => {
    const { stdout } = await faults('F53', 'F31', 'F88', '--json')
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(rows).toMatchObject([
      { id: 'F31', result: 'elsewhere', tests: expect.arrayContaining([expect.stringMatching(/^F31/)]) },
      { id: 'F53', result: 'pass', bound_ms: 300, worst_ms: expect.any(Number), state: expect.any(String) },
      { id: 'F88', result: 'not built', missing: expect.stringContaining('no list of all parts') },
    ])
  })

  test('a row that does not exist is status 2', async () => {
    await expect(faults('F99')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('F99') })
  })
})

test('F88: every dependency is pinned to one version, with the hash of what was taken', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json'))
  const named = Object.values<string>({ ...dependencies, ...devDependencies })
  expect(named.filter(version => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  const { packages } = JSON.parse(read('package-lock.json'))
  const taken = Object.entries<{ integrity?: string; link?: boolean }>(packages).filter(([path]) => path !== '')
  expect(taken.length).toBeGreaterThan(50)
  expect(taken.filter(([, one]) => !one.integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([])
})
