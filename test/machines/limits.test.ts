import { describe, expect, test } from 'vitest'
import { CHECKLIST, CHECKLIST_ITEMS, checklistFor } from '../../machines/checklist.ts'
import {
  compiledMax,
  dayLimit,
  firstMax,
  isOnePairOrSide,
  kindOf,
  LIMB_NAMES,
  LIMITS,
  type Limb,
  type Limit,
  lowest,
  widthCeiling,
} from '../../machines/limits.ts'
import { linkMachine } from '../../machines/link.ts'
import { sessionMachine } from '../../machines/session.ts'
import { TIME_LIMITS } from '../../machines/timeLimits.ts'
import { TIMING } from '../../protocol/wire.ts'
import { acceptance } from '../support/stack.ts'

const ALL: readonly Limit[] = Object.values(LIMITS)

describe('every limit can be named, and says in which unit, why and from where', () => {
  test.each(ALL)('$id', ({ id, unit, why, source }) => {
    expect(id).toMatch(/^LIM-[A-Z][A-Z-]+$/)
    expect(['mmHg', 'mmHg/s', 'ms', 'count']).toContain(unit)
    expect(why.length).toBeGreaterThan(10)
    expect(source).toMatch(/project policy|Nakajima, Morita, Sato 2011|KAATSU|surgical console/)
  })
})

describe('what a limb is', () => {
  test('each is an arm or a leg, with the limits of its kind', () => {
    expect(LIMB_NAMES.map(kindOf)).toEqual(['arm', 'arm', 'leg', 'leg'])
    const of = (kind: 'arm' | 'leg') => [compiledMax, dayLimit, firstMax].map(limit => limit(kind).value)
    expect([of('arm'), of('leg')]).toEqual([
      [200, 600_000, 80],
      [250, 900_000, 100],
    ])
  })

  test.each<[Limb[], boolean]>([
    [['left-arm'], true],
    [['right-leg', 'left-leg'], true],
    [[], false],
    [['left-arm', 'left-arm'], false],
    [['left-arm', 'left-leg'], false],
    [['left-arm', 'right-arm', 'left-leg'], false],
  ])('%j is one side or one pair: %s', (limbs, whether) => {
    expect(isOnePairOrSide(limbs)).toBe(whether)
  })
})

test.each([
  ['arm', [1.9, 2, 5, 5.1, 14, 14.1, Number.NaN], [undefined, 200, 200, 150, 150, undefined, undefined]],
  ['leg', [1.9, 2, 6, 6.1, 12, 12.1, 20, 20.1], [undefined, 250, 250, 180, 180, 150, 150, undefined]],
] as const)('the ceiling of a cuff on an %s: %j cm wide, %j mmHg', (kind, widths, ceilings) => {
  expect(widths.map(width => widthCeiling(kind, width))).toEqual(ceilings)
})

test('of two bounds that are equal the first named one binds', () => {
  const bound = (name: string, value: number) => ({ name, value })
  expect(lowest([bound('a', 2), bound('b', 1), bound('c', 1)]).name).toBe('b')
})

describe('a time limit is made of what it names', () => {
  const delays = { ...sessionMachine.implementations.delays, ...linkMachine.implementations.delays }
  /** T_SELF_TEST is `selfTest` of the protocol's timing table. */
  const inTable = (id: string) =>
    id
      .slice(2)
      .toLowerCase()
      .replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()) as keyof typeof TIMING
  const length = (id: string): number | undefined =>
    id.startsWith('T_') ? TIMING[inTable(id)] : ALL.find(limit => limit.id === id)?.value

  test.each(Object.keys(delays))('%s', name => {
    const delay = (delays as Record<string, unknown>)[name]
    const { words, ids } = TIME_LIMITS[name]!
    const lengths = ids.map(length)
    // It begins when the reports have been stale already.
    const before = name === 'lostTime' ? TIMING.stale : 0
    expect(lengths).not.toContain(undefined)
    if (typeof delay === 'function') expect([words!.length > 10, ids.length > 0]).toEqual([true, true])
    else if (name === 'openTime') expect([words, ids]).toEqual([undefined, []])
    else expect([words, lengths.reduce((sum, ms) => sum! + ms!, -before)]).toEqual([undefined, delay])
  })
})

describe('the checklist', () => {
  test.each(Object.entries(CHECKLIST))('%s is a sentence that the operator can confirm', (_, text) => {
    expect(text).toMatch(/^[A-Z].{10,}\.$/)
  })

  test.each<[string, Limb[], boolean | undefined, readonly string[]]>([
    ['legs', ['left-leg', 'right-leg'], false, ['arms', 'first']],
    ['legs, when the verdict does not say', ['left-leg'], undefined, ['arms', 'first']],
    ['an arm', ['left-arm'], false, ['first']],
    ['a leg and an arm, which no plan has,', ['left-leg', 'left-arm'], false, ['first']],
    ['legs for the first time', ['left-leg'], true, ['arms']],
    ['an arm for the first time', ['right-arm'], true, []],
  ])('for %s it has every item but %4$j, in one order', (_, limbs, first, without) => {
    const verdict = acceptance(first === undefined ? {} : { new_to_kaatsu: first })
    expect(checklistFor(limbs, verdict)).toEqual(CHECKLIST_ITEMS.filter(item => !without.includes(item)))
    expect(CHECKLIST_ITEMS).toHaveLength(15)
  })

  test('without a verdict nobody is taken for new', () => {
    expect(checklistFor(['left-leg'], undefined)).not.toContain('first')
  })
})
