import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../machines/limits.ts'
import { packageRoot } from '../../src/packageRoot.ts'
import { INVARIANTS as OF_GUARD } from '../../src/review/explore/guard/invariants.ts'
import { INVARIANTS as OF_SESSION } from '../../src/review/explore/session/invariants.ts'
import { reviewed } from '../../src/review/machines.ts'
import { chainIn } from '../../src/review/trace/chain.ts'
import { hazardsOf } from '../../src/review/trace/controls.ts'
import { traceFiles } from '../../src/review/trace/files.ts'
import type { Hazard, Name, Requirement, Sequence, TestId } from '../../src/review/trace/model.ts'
import { type Chain, orphansIn } from '../../src/review/trace/orphans.ts'
import { printed, reported, resultWords, sumWords } from '../../src/review/trace/results.ts'
import { idsIn, titlesIn } from '../../src/review/trace/titles.ts'
import { Program, temporaryFolder } from '../support/processes.ts'

const root = packageRoot()
const chain = await chainIn(root)
const read = (name: string) => readFileSync(join(root, name), 'utf8')

describe('REQ-TRACE: nothing hangs in the air', () => {
  test('every hazard, requirement, limit, reason, rule, fault and alarm has its control and its test, and every test with an id is asked for', () => {
    expect(orphansIn(chain)).toEqual([])
  })

  test('the paper has 52 requirements, the concept 12 functions of a unit and 18 invariants, the fault matrix 88 rows, each once', () => {
    const ids = chain.requirements.map(({ id }) => id)
    const numbered = (kind: string, most: number, width = 1) =>
      Array.from({ length: most }, (_, i) => `${kind}${`${i + 1}`.padStart(width, '0')}`)
    expect([...chain.faults.keys()]).toEqual(numbered('F', 88, 2))
    expect(ids).toEqual([...numbered('SRC-', 52, 2), ...numbered('FW-', 12), ...numbered('I-', 18)])
  })

  test('hazards and their sequences are numbered through, each once', () => {
    expect(chain.hazards.map(({ id }) => id)).toEqual(Array.from({ length: 8 }, (_, i) => `H${i + 1}`))
    for (const { id, sequences } of chain.hazards)
      expect(sequences.map(one => one.id)).toEqual(sequences.map((_, i) => `${id}.${i + 1}`))
  })

  test('every limit has a value, a reason and a source, and what is policy says so', () => {
    for (const { id, value, why, source } of Object.values(LIMITS)) {
      expect([id, Number.isFinite(value), why.length > 10]).toEqual([id, true, true])
      expect([id, source]).toEqual([id, expect.stringMatching(/project policy|Nakajima|KAATSU|surgical console/)])
    }
  })

  test('every invariant that is explored is one of these', () => {
    const explored = [...OF_SESSION, ...OF_GUARD].flatMap(({ id }) => id.match(/I-\d+/g) ?? [])
    expect(explored.length).toBeGreaterThan(20)
    const known = chain.requirements.map(({ id }): string => id)
    expect(explored.filter(id => !known.includes(id))).toEqual([])
  })

  test('every way of the session to the release, to a refusal and to stuck stands against a hazard', async () => {
    const session = (await reviewed()).find(({ chart }) => chart.id === 'session')!.chart
    const ends = session.edges.filter(({ to }) => /\.(releasing|refused|stuck)$/.test(to ?? ''))
    const idle = ends.filter(edge => hazardsOf(edge).length === 0)
    expect(idle.map(({ from, on, guard }) => [from, on, guard])).toEqual([])
    expect(ends.length).toBeGreaterThan(30)
  })
})

describe('REQ-TRACE: each kind of thing that hangs in the air is found', () => {
  const changedSequence = (change: Partial<Sequence>): readonly Hazard[] =>
    chain.hazards.map((hazard, i) =>
      i > 0
        ? hazard
        : { ...hazard, sequences: hazard.sequences.map((one, j) => (j > 0 ? one : { ...one, ...change })) },
    )
  const changed = (id: string, change: Partial<Requirement>): readonly Requirement[] =>
    chain.requirements.map(one => (one.id === id ? { ...one, ...change } : one))
  const without = (name: Name): Partial<Chain> => ({
    hazards: chain.hazards.map(hazard => ({
      ...hazard,
      sequences: hazard.sequences.map(one => ({
        ...one,
        controls: one.controls.map(control => ({ ...control, by: control.by.filter(by => by !== name) })),
      })),
    })),
    requirements: chain.requirements.map(one => ({ ...one, by: one.by.filter(by => by !== name) })),
  })
  const withTitle = (title: string): Partial<Chain> => ({
    titles: [...chain.titles, ...titlesIn('test/x.test.ts', `test('${title}', () => {})`)],
  })
  const withoutTests = (id: TestId): Partial<Chain> => ({
    titles: chain.titles.map(one => ({ ...one, ids: one.ids.filter(other => other !== id) })),
  })
  const withFile = (name: string, from: string, to: string): Partial<Chain> => ({
    files: new Map([...chain.files].map(([file, text]) => [file, file === name ? text.replaceAll(from, to) : text])),
  })
  const control = { layer: 'guard', does: 'what nothing does' } as const

  test.each<[string, Partial<Chain>, string]>([
    ['a sequence without a control', { hazards: changedSequence({ controls: [] }) }, 'H1.1 has no control'],
    ['a sequence without a test', { hazards: changedSequence({ tests: [] }) }, 'H1.1 has no test'],
    [
      'a control that names nothing',
      { hazards: changedSequence({ controls: [{ ...control, by: [] }] }) },
      'H1.1: "what nothing does" names nothing in the code',
    ],
    ...(
      [
        'state dreaming',
        'guard isFine',
        'rule CALM',
        'event HOPE',
        'action pray',
        'LIM-NOTHING',
        'GATE-NOTHING',
        'FW-13',
        'fault NONE',
        'screen NOTHING',
        'item nothing',
        'code src/guard/lease.ts mayDream',
        'code src/nowhere.ts',
      ] as const
    ).map((name): [string, Partial<Chain>, string] => [
      `${name}, which the code does not have`,
      { hazards: changedSequence({ controls: [{ ...control, by: [name] }] }) },
      `H1.1: the code has no ${name}`,
    ]),
    ['a requirement that nothing meets', { requirements: changed('SRC-49', { by: [] }) }, 'SRC-49 has no control'],
    ['a requirement without a test', { requirements: changed('SRC-49', { tests: [] }) }, 'SRC-49 has no test'],
    ['an invariant without a test', withoutTests('I-13'), 'I-13: no test is I-13'],
    ['a function of the unit without a test', withoutTests('FW-9'), 'FW-9: no test is FW-9'],
    ['an id of a test that is in no title', withoutTests('REQ-KINK'), 'H1.7: no test is REQ-KINK'],
    ['a title whose id nothing asks for', withTitle('REQ-NOBODY: x'), 'nothing asks for the test REQ-NOBODY'],
    ['a title with a fault that there is not', withTitle('F89: x'), 'nothing asks for the test F89'],
    ['a limit that controls nothing', without('LIM-LEAK'), 'LIM-LEAK controls nothing'],
    ['a reason of the gate that controls nothing', without('GATE-OLD'), 'GATE-OLD controls nothing'],
    ['a rule of the guard that controls nothing', without('rule CUM'), 'rule CUM controls nothing'],
    ['a fault of the unit that controls nothing', without('fault LEAK'), 'fault LEAK controls nothing'],
    ['a rule of the screening for nothing', without('screen VIBRATION'), 'screen VIBRATION controls nothing'],
    ['an item of the checklist for nothing', without('item aed'), 'item aed controls nothing'],
    [
      'a limit that no test of what it controls names',
      withFile('test/machines/watch.test.ts', 'LIM-LEAK', 'a leak'),
      'no test of what it controls names LIM-LEAK',
    ],
    [
      'a rule of the guard that no test names',
      withFile('test/guard/batch.test.ts', 'LAG', 'late'),
      'no test of what it controls names rule LAG',
    ],
    ['a question of a machine for nothing', without('guard reportShowsKink'), 'guard reportShowsKink controls nothing'],
    ['a fault that is part of no hazard', { hazards: chain.hazards.slice(0, 7) }, 'F88 is part of no hazard'],
    ['a fault that a hazard forgets', { hazards: chain.hazards.slice(1) }, 'F02 is part of no sequence of H1'],
  ])('%s', (_, change, orphan) => {
    expect(orphansIn({ ...chain, ...change })).toContain(orphan)
  })
})

describe('REQ-TRACE: the committed pages are what code and tests are', () => {
  const known = printed(read('TRACE.md'))

  test.each(traceFiles(chain, known))('$name, to the byte: else run "cuffpilot trace"', ({ name, text }) => {
    expect(read(name)).toBe(text)
  })

  test('ids are read from titles, ranges too, however a title is written', () => {
    expect(idsIn('REQ-GATE (I-3, F59 to F61): no I-30x, no REQ-')).toEqual(['REQ-GATE', 'I-3', 'F59', 'F61', 'F60'])
    // In pieces, so that this file has no such titles.
    const text = [
      'describe.each(x)',
      "('REQ-A: %s', f)\n",
      'test',
      "('it\\'s F01')\n",
      'test.each<[a, b]>([1])',
      '(\n  "I-2\'s",',
    ]
    expect(titlesIn('x', text.join('')).map(({ title }) => title)).toEqual(['REQ-A: %s', "it's F01", "I-2's"])
  })

  const REPORT = JSON.stringify({
    testResults: [
      {
        name: join(root, 'test/x.test.ts'),
        assertionResults: [
          { ancestorTitles: ['REQ-A: of a | b, < c'], title: 'one', status: 'passed' },
          { ancestorTitles: ['REQ-A: of a | b, < c'], title: 'two', status: 'failed' },
          { ancestorTitles: [], title: 'F01: 5 % of (x)', status: 'passed' },
          { ancestorTitles: [], title: 'F01: 6 % of (y)', status: 'passed' },
          { ancestorTitles: [], title: 'F02: later', status: 'pending' },
        ],
      },
    ],
  })
  const titles = ['REQ-A: of a | b, < c', 'F01: %d %% of (%s)', 'F02: later'].map(title => ({
    file: 'test/x.test.ts',
    title,
    ids: idsIn(title),
  }))
  const small: Chain = { ...chain, titles }

  test('what came of them is read from a report, and read back from the page: the same page to the byte', () => {
    const results = reported(REPORT, root, 'abc1234')
    expect(titles.map(title => resultWords(results.of(title)))).toEqual(['**1 of 2 failed**', '2 passed', 'not run'])
    const page = traceFiles(small, results)[1]!.text
    expect(page).toContain('at commit abc1234.')
    expect(traceFiles(small, printed(page))[1]!.text).toBe(page)
    expect(page).not.toMatch(/\d\d:\d\d|20\d\d-\d\d-\d\d/)
  })

  test('one that failed is said to have failed wherever it is named', () => {
    expect(sumWords([{ passed: 3, failed: 1 }, { passed: 2, failed: 0 }, undefined])).toBe('**1 failed**')
    expect(sumWords([{ passed: 3, failed: 0 }, undefined])).toBe('1 of 2 not run')
    expect(sumWords([{ passed: 3, failed: 0 }])).toBe('passed')
    expect(sumWords([undefined])).toBe('not run')
  })

  test('cuffpilot trace writes both pages, keeps the results that are there, and --check tells what is stale', async () => {
    const home = temporaryFolder()
    const out = temporaryFolder()
    const run = (...args: string[]) => new Program(home, ['trace', '--out', out, ...args])
    writeFileSync(join(out, 'report.json'), REPORT)
    expect((await run('--check').ended).code).toBe(2)
    expect((await run('--results', join(out, 'report.json'), '--commit', 'abc1234').ended).code).toBe(0)
    expect(readFileSync(join(out, 'HAZARDS.md'), 'utf8')).toBe(read('HAZARDS.md'))
    expect((await run('--check').ended).code).toBe(0)
    const broken = run('--results', join(out, 'HAZARDS.md'))
    expect([(await broken.ended).code, broken.err.all[0]]).toEqual([2, expect.stringMatching(/no report of vitest/)])
  })
})
