import { describe, expect, test } from 'vitest'
import { viewOf } from '../../machines/view.ts'
import { Search } from '../../src/review/explore/search.ts'
import { beginnings } from '../../src/review/explore/session/beginnings.ts'
import { INVARIANTS, showsOldPressure } from '../../src/review/explore/session/invariants.ts'
import { SESSION } from '../../src/review/explore/session/model.ts'
import { MOVES } from '../../src/review/explore/session/moves.ts'
import { type Machine, phase, type Situation } from '../../src/review/explore/session/situation.ts'
import { Program, temporaryFolder } from '../support/processes.ts'
import { MUTANTS } from './mutants.ts'

const VENTED = 'report: latched, 0 mmHg'
const SEEN = [VENTED, VENTED, VENTED, VENTED] as const
const TO_FITTING = ['the link is up', 'the self test is passed', 'CONFIRM'] as const
const TO_ARMING = [...TO_FITTING, ...SEEN, 'START'] as const
const TO_HOLDING = [...TO_ARMING, 'report after 500 ms', 'report: active, 40 mmHg', 'REFILL good'] as const

/** Where a session is after such moves. @throws RangeError for a move that there is not */
function situationAfter(one: Situation, ...names: readonly string[]): Situation {
  return names.reduce((situation, name) => {
    const outcome = MOVES.find(move => move.name === name)?.apply(situation)
    if (!outcome) throw new RangeError(`there is no move "${name}" here`)
    return outcome.after
  }, one)
}

/** Explores from where such moves lead; the first beginning is that of a session that may go on. */
function explored(situations: number, way: readonly string[], machine?: Machine, input = 0, wanted = '') {
  const search = new Search(SESSION, [situationAfter(beginnings(machine)[input]!, ...way)], { situations })
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
    ['fitting', TO_FITTING],
    ['arming', TO_ARMING],
    ['holding', TO_HOLDING],
  ] as const)('from %s on', (where, way) => {
    expect(phase(situationAfter(beginnings()[0]!, ...way))).toBe(where)
    const found = explored(1_000, way)
    expect(brokenIn(found)).toEqual([])
    expect(found.situations).toBe(1_000)
  })
})

describe('REQ-EXPLORE: no invariant is empty: a machine that breaks it is found out', () => {
  const WAYS: Readonly<Record<string, readonly string[]>> = {
    'I-3': ['the link is up'],
    'I-4': ['the link is up, to a unit with a low ceiling', ...TO_FITTING.slice(1), ...SEEN, 'START'],
    'I-7': ['the link is up'],
    'I-11': TO_FITTING,
    'I-13': TO_FITTING,
  }
  /** The second beginning has no verdict. */
  const INPUT: Readonly<Record<string, number>> = { 'I-3': 1 }

  test.each(Object.entries(MUTANTS))('%s', (id, machine) => {
    const way = WAYS[id] ?? (id === 'I-5' || id === 'I-6' ? TO_HOLDING : TO_ARMING)
    const found = explored(6_000, way, machine, INPUT[id], id)
    expect(brokenIn(found)).toContain(id)
  })

  test('I-15', () => {
    const one = situationAfter(beginnings()[0]!, ...TO_HOLDING)
    expect(showsOldPressure(one)).toBeUndefined()
    expect(showsOldPressure(one, snapshot => viewOf(snapshot, one.now))).toBe('an old pressure is shown')
  })

  test('each has one', () => {
    expect(Object.keys(MUTANTS).concat('I-15').sort()).toEqual(INVARIANTS.map(({ id }) => id).sort())
  })

  test('the way that is printed leads there, and is the shortest', () => {
    const { broken } = explored(6_000, TO_FITTING, MUTANTS['I-11'], 0, 'I-11')
    const { way } = broken.find(one => one.invariant.id === 'I-11')!
    expect(way).toEqual(['START'])
    expect(phase(situationAfter(beginnings(MUTANTS['I-11'])[0]!, ...TO_FITTING, ...way))).toBe('arming')
  })
})

test('cuffpilot explore prints its counts and each invariant, and ends with 0', async () => {
  const program = new Program(temporaryFolder(), ['explore', '--situations', '300'])
  expect((await program.ended).code).toBe(0)
  expect(program.out.all[0]).toMatch(/^300 situations, \d+ steps, \d+ moves deep, in [\d.]+ s$/)
  expect(program.out.all[1]).toBe('not all: the bound was reached')
  for (const { id } of INVARIANTS)
    expect(program.out.all.some(line => line.startsWith(id) && /holds/.test(line))).toBe(true)
})
