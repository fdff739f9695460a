import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { setup } from 'xstate'
import { LIMITS, type Limit } from '../../machines/limits.ts'
import { linkMachine } from '../../machines/link.ts'
import { sessionMachine } from '../../machines/session.ts'
import { TIME_LIMITS } from '../../machines/timeLimits.ts'
import { packageRoot } from '../../src/packageRoot.ts'
import { blanksOf, idleReasons } from '../../src/review/blanks.ts'
import { type Chart, chartOf } from '../../src/review/chart.ts'
import { DIAGRAMS, diagramFiles } from '../../src/review/files.ts'
import { reviewed } from '../../src/review/machines.ts'
import { Program, temporaryFolder } from '../support/processes.ts'

const machines = await reviewed()
const files = await diagramFiles()
const fileOf = (name: string): string => files.find(file => file.name === name)!.text
const each = machines.map(one => [one.chart.id, one] as const)

describe('REQ-DIAGRAMS: the committed diagrams are what the shipped machines are', () => {
  const folder = join(packageRoot(), DIAGRAMS)

  test.each(files.map(({ name }) => name))('%s, to the byte', name => {
    expect(readFileSync(join(folder, name), 'utf8')).toBe(fileOf(name))
  })

  test('there is no other file among them', () => {
    expect(readdirSync(folder).sort()).toEqual(files.map(({ name }) => name).sort())
  })

  test('made again they are the same to the byte', async () => {
    expect(await diagramFiles()).toEqual(files)
  })
})

describe('REQ-DIAGRAMS: nothing that a machine does is left out', () => {
  type Config = { states?: Record<string, Config>; initial?: string; always?: unknown; on?: object; after?: object }
  const all = (one: unknown): unknown[] => (one === undefined ? [] : Array.isArray(one) ? one : [one])

  /** Ways on as the machine's own text has them, counted without the walk that draws them. */
  function counted(config: Config): { ways: number; initials: number } {
    const own = all(config.always).length + Object.values({ ...config.on, ...config.after }).flatMap(all).length
    const inner = Object.values(config.states ?? {}).map(counted)
    return {
      ways: inner.reduce((sum, one) => sum + one.ways, own),
      initials: inner.reduce((sum, one) => sum + one.initials, config.initial === undefined ? 0 : 1),
    }
  }

  test.each([
    ['session', sessionMachine.config],
    ['link', linkMachine.config],
  ] as const)('%s: every way on and every beginning is drawn, "always" too', (id, config) => {
    const { ways, initials } = counted(config as Config)
    const chart = machines.find(one => one.chart.id === id)!.chart
    expect(chart.edges).toHaveLength(ways)
    expect(chart.states.filter(state => state.initial)).toHaveLength(initials)
    expect(ways).toBeGreaterThan(20)
  })

  /** What is written in a picture, without its lines and boxes. */
  const textIn = (svg: string) =>
    [...svg.matchAll(/>([^<>]+)<\/text>/g)]
      .map(([, text]) => text!.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))))
      .map(text => text.replaceAll('\u00a0', ' ').trim())
      .join(' ')

  test.each(each)(
    '%s: state, event, time limit, guard and action by name, in picture, Mermaid and matrix',
    (id, one) => {
      const picture = textIn(fileOf(`${id}.svg`))
      for (const state of one.chart.states.slice(1)) {
        expect(picture).toContain(state.name)
        expect(fileOf(`${id}.mmd`)).toContain(`as ${state.id.replaceAll('.', '_')}`)
      }
      for (const edge of one.chart.edges) {
        const names = [edge.on, edge.guard, ...edge.actions].filter(name => name !== undefined)
        for (const name of names.flatMap(text => text.split(/[(:; ]/)[0]!)) {
          expect(picture).toContain(name)
          expect(fileOf(`${id}.mmd`)).toContain(name)
          expect(fileOf(`${id}.md`)).toContain(name)
        }
      }
    },
  )

  test('in the picture a time limit has its length and the id of its limit', () => {
    const picture = textIn(fileOf('session.svg'))
    for (const text of ['after 10 s (LIM-VENT-DONE)', 'after 30 s (LIM-INFLATE)', 'after 60 s (LIM-REFILL)'])
      expect(picture).toContain(text)
    expect(textIn(fileOf('link.svg'))).toContain('after 0.5 s (T_STALE)')
  })

  test('a picture fetches nothing', () => {
    for (const { name, text } of files.filter(file => file.name.endsWith('.svg'))) {
      const elsewhere = text.match(/(?:href|src|url)\s*[=(]\s*["']?[^"')]+/g) ?? []
      expect([name, elsewhere]).toEqual([name, []])
    }
  })
})

describe('REQ-DIAGRAMS: every blank of the matrix has its reason', () => {
  test.each(each)('%s: one reason for each, and none for what is no blank', (_, { chart, ignored }) => {
    const blanks = blanksOf(chart, ignored)
    expect(blanks.filter(blank => blank.reasons.length !== 1)).toEqual([])
    expect(idleReasons(chart, ignored)).toEqual([])
    expect(blanks.length).toBeGreaterThan(20)
  })

  const small: Chart = chartOf(
    setup({ types: { events: {} as { type: 'GO' } } }).createMachine({
      id: 'small',
      initial: 'here',
      states: { here: { on: { GO: 'there' } }, there: {} },
    }),
  )

  test('a blank without one, and a reason without a blank, are found', () => {
    expect(blanksOf(small, [])).toEqual([{ state: 'small.there', event: 'GO', reasons: [] }])
    const wrong = [{ events: ['GO'], in: ['here'], because: 'no' }]
    expect(idleReasons(small, wrong)).toEqual(['here GO'])
  })
})

describe('REQ-DIAGRAMS: a time limit is what the diagram says', () => {
  const delays = { ...sessionMachine.implementations.delays, ...linkMachine.implementations.delays }
  const limits: readonly Limit[] = Object.values(LIMITS)

  test('each has an entry, and each entry is one of theirs', () => {
    expect(Object.keys(TIME_LIMITS).sort()).toEqual(Object.keys(delays).sort())
  })

  test.each(Object.entries(TIME_LIMITS))('%s: its words, its length and its limits agree', (name, { words, ids }) => {
    const delay = (delays as Record<string, unknown>)[name]
    expect(typeof delay).toBe(words === undefined ? 'number' : 'function')
    const named = ids.filter(one => one.startsWith('LIM-')).map(id => limits.find(one => one.id === id))
    for (const limit of named) expect(limit?.unit).toBe('ms')
    // One alone is the length; several, and what the protocol adds, make it up.
    const sum = named.reduce((all, limit) => all + limit!.value, 0)
    if (typeof delay === 'number' && ids.length === 1 && sum > 0) expect(sum).toBe(delay)
    else if (typeof delay === 'number') expect(sum).toBeLessThanOrEqual(delay)
  })
})

describe('cuffpilot diagrams', () => {
  test('writes them where it is told to, and --check tells whether a folder is up to date', async () => {
    const home = temporaryFolder()
    const run = (...args: string[]) => new Program(home, ['diagrams', '--out', join(home, 'd'), ...args])
    expect((await run('--check').ended).code).toBe(2)
    expect((await run().ended).code).toBe(0)
    for (const { name, text } of files) expect(readFileSync(join(home, 'd', name), 'utf8')).toBe(text)
    expect((await run('--check').ended).code).toBe(0)
  })
})
