import { describe, expect, test } from 'vitest'
import { viewOf } from '../../machines/view.ts'
import { exploration, MODELS } from '../../src/review/explore/models.ts'
import { replay, wayText } from '../../src/review/explore/replay.ts'
import { Search } from '../../src/review/explore/search.ts'
import { beginnings, sessionAfter, WAYS } from '../../src/review/explore/session/beginnings.ts'
import { INVARIANTS, showsOldPressure } from '../../src/review/explore/session/invariants.ts'
import { SESSION } from '../../src/review/explore/session/model.ts'
import { type Machine, phase } from '../../src/review/explore/session/situation.ts'
import { Program, temporaryFolder } from '../support/processes.ts'
import { MUTANTS } from './mutants.ts'

/** Explores from where such moves lead; the first beginning is that of a session that may go on. */
function explored(situations: number, way: readonly string[], machine?: Machine, input = 0, wanted = '') {
  const search = new Search(SESSION, [sessionAfter(way, machine, input)], { situations })
  while (search.goOn(50) && !brokenIn(search.found).includes(wanted));
  return search.found
}

const brokenIn = ({ broken }: ReturnType<typeof explored>) => broken.map(one => one.invariant.id)

describe('REQ-EXPLORE: every event in every situation, and what must always hold holds', () => {
  test('from the beginning, with and without a verdict that lets the session go on', () => {
    const search = new Search(SESSION, beginnings(), { situations: 3_000 })
    while (search.goOn(1_000));
    expect(brokenIn(search.found)).toEqual([])
    // Whoever changes what can be reached sees it here, and says why.
    const { situations, depth } = search.found
    expect({ situations, depth }).toMatchInlineSnapshot(`
      {
        "depth": 4,
        "situations": 3000,
      }
    `)
  })

  test.each([
    ['fitting', WAYS.FITTING],
    ['arming', WAYS.ARMING],
    ['holding', WAYS.HOLDING],
  ] as const)('from %s on', (where, way) => {
    expect(phase(sessionAfter(way))).toBe(where)
    const found = explored(1_000, way)
    expect(brokenIn(found)).toEqual([])
    expect(found.situations).toBe(1_000)
  })
})

describe('REQ-EXPLORE (I-1 to I-7, I-9 to I-11, I-13 to I-15, I-17): no invariant is empty: a machine that breaks it is found out', () => {
  const FROM: Readonly<Record<string, readonly string[]>> = {
    'I-3': WAYS.SEEN,
    'I-6': [...WAYS.HOLDING, ...Array.from({ length: 5 }, () => 'report: active, 40 mmHg')],
    'I-4': ['the link is up, to a unit with a low ceiling', ...WAYS.ARMING.slice(1)],
    'I-7': ['the link is up'],
    'I-11': WAYS.FITTING,
    'I-13': WAYS.FITTING,
  }
  /** The second beginning has no verdict. */
  const INPUT: Readonly<Record<string, number>> = { 'I-3': 1 }

  const idOf = (mutant: string) => mutant.split(',')[0]!

  test.each(Object.entries(MUTANTS))('%s', (mutant, machine) => {
    const id = idOf(mutant)
    const way = FROM[id] ?? (id === 'I-5' ? WAYS.HOLDING : WAYS.ARMING)
    const found = explored(6_000, way, machine, INPUT[id], id)
    expect(brokenIn(found)).toContain(id)
  })

  test('I-15', () => {
    const one = sessionAfter(WAYS.HOLDING)
    expect(showsOldPressure(one)).toBeUndefined()
    expect(showsOldPressure(one, snapshot => viewOf(snapshot, one.now))).toBe('an old pressure is shown')
  })

  test('each has one', () => {
    expect([...new Set(Object.keys(MUTANTS).concat('I-15').map(idOf))].sort()).toEqual(
      INVARIANTS.map(({ id }) => id).sort(),
    )
  })

  test('the way that is printed leads there, and is the shortest', () => {
    const { broken } = explored(6_000, WAYS.FITTING, MUTANTS['I-11'], 0, 'I-11')
    const { way } = broken.find(one => one.invariant.id === 'I-11')!
    expect(way).toEqual(['START'])
    expect(phase(sessionAfter([...WAYS.FITTING, ...way], MUTANTS['I-11']))).toBe('arming')
  })
})

test('a way that is printed is gone again by --replay, with what each step puts out and where it leads', async () => {
  const way = `session ${beginnings().length - 1}: RELEASE > START`
  const again = new Program(temporaryFolder(), ['explore', '--replay', way])
  expect((await again.ended).code).toBe(0)
  expect(again.out.all).toEqual([
    'begins holding',
    expect.stringMatching(/^RELEASE -> release, .*; releasing$/),
    'START -> nothing; releasing',
  ])
  const broken = { beginning: 0, way: ['START'], invariant: { id: 'I-11', text: '' }, what: '' }
  expect(replay(wayText('session', broken))).toHaveLength(2)
  const none = new Program(temporaryFolder(), ['explore', '--replay', 'session 0: JUMP'])
  expect((await none.ended).code).toBe(2)
  expect(none.err.all).toEqual([expect.stringMatching(/^CP-EXPLORE-WAY: "JUMP" cannot happen here/)])
})

test('cuffpilot explore prints its counts and each invariant of session machine and guard, and ends with 0', async () => {
  const program = new Program(temporaryFolder(), ['explore', '--situations', '300'])
  expect((await program.ended).code).toBe(0)
  const { all } = program.out
  expect(all[0]).toMatch(/^600 situations in [\d.]+ s$/)
  for (const name of MODELS) {
    expect(all).toContainEqual(
      expect.stringMatching(`^${name}: 300 situations, \\d+ steps, \\d+ moves deep; not all: the bound was reached$`),
    )
    for (const { id, text } of exploration(name, 1).invariants)
      expect(all).toContain(`${id.padEnd(9)} holds  (${text})`)
  }
})
