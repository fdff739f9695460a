import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../machines/limits.ts'
import { type AfterNotes, ENDS, type PastSession, pastAt } from '../../machines/past.ts'
import { Booking } from '../../src/ledger/booking.ts'
import { readShelf, type Shelf, writeNote, writeSession } from '../../src/ledger/files.ts'
import { entriesOf, noteAfter } from '../../src/ledger/ledger.ts'
import { prune, spent } from '../../src/ledger/prune.ts'
import { compile } from '../../src/programs/compile.ts'
import { cuffsFor } from '../../src/programs/cuffs.ts'
import { temporaryFolder } from '../support/processes.ts'
import { SHORT } from '../support/programs.ts'
import { codeOf } from '../verdict/helpers.ts'
import { ANSWERS, DAY, HOUR, MINUTE, NOW, note, PERSON, session } from './helpers.ts'

const plan = (cap_ms = 5 * MINUTE) => compile({ ...SHORT, cap_ms }, { cuffs: cuffsFor(['left-arm']) })
const booking = (home: string, name: string, cap_ms?: number) =>
  new Booking(home, name, { person: PERSON, plan: plan(cap_ms), issued_wall: NOW - HOUR })
const sessions = (home: string) => entriesOf(home, [PERSON]).sessions
const folderOf = (home: string) => join(home, 'ledger', PERSON.replace(':', '-'))
function replaced(path: string, by: () => void): void {
  rmSync(path, { recursive: true })
  by()
}
const brokenLedger = (home: string) => replaced(join(home, 'ledger'), () => writeFileSync(join(home, 'ledger'), ''))
const WENT_WELL = { used_ms: 50_000, highest_mmHg: 80, ended: 'completed' } as const

describe('REQ-LEDGER (F68): what a session may take is booked before it, and replaced by what it took', () => {
  test('a booking counts the whole plan, until it is settled', () => {
    const home = temporaryFolder()
    const one = booking(home, 'one')
    one.book(NOW)
    one.book(NOW + 60_000)
    const booked = { session: 'one', began_wall: NOW, limbs: ['left-arm'], used_ms: 300_000, highest_mmHg: 80 }
    expect(sessions(home)).toMatchObject([{ ...booked, ended: 'unknown' }])
    one.settle(() => WENT_WELL, NOW)
    expect(sessions(home)).toMatchObject([{ ...booked, ...WENT_WELL }])
  })

  test('a session that never pressed leaves nothing', () => {
    const home = temporaryFolder()
    booking(home, 'one').settle(() => WENT_WELL, NOW)
    expect(sessions(home)).toEqual([])
  })

  test('a session does not begin when another one took the time since it was prepared', () => {
    const home = temporaryFolder()
    const late = booking(home, 'late', 6 * MINUTE)
    booking(home, 'early').book(NOW)
    expect(codeOf(() => late.book(NOW))).toBe('CP-LEDGER-DAY')
    expect(sessions(home).map(one => one.session)).toEqual(['early'])
    booking(home, 'short', 5 * MINUTE).book(NOW)
  })

  test.each<[string, Partial<PastSession>, Partial<AfterNotes>]>([
    ['a symptom ended another session', { began_wall: NOW - 2 * MINUTE, used_ms: MINUTE, ended: 'symptom' }, {}],
    ['something bad was noted', {}, { wellbeing: 'bad' }],
  ])('a session does not begin when %s since its verdict was made', (_, how, noted) => {
    const home = temporaryFolder()
    writeSession(home, PERSON, session({ session: 'old', ...how }))
    noteAfter(home, PERSON, 'old', { ...ANSWERS, ...noted }, NOW)
    expect(codeOf(() => booking(home, 'new', 2 * MINUTE).book(NOW))).toBe('CP-LEDGER-UNWELL')
    expect(sessions(home).map(one => one.session)).toEqual(['old'])
  })

  test('a session does not begin when a venous injury was noted since it was prepared', () => {
    const home = temporaryFolder()
    writeSession(home, PERSON, session({ session: 'old' }))
    noteAfter(home, PERSON, 'old', { ...ANSWERS, venous_injury: 'yes' }, NOW)
    expect(codeOf(() => booking(home, 'new', 2 * MINUTE).book(NOW))).toBe('CP-LEDGER-LOCKED')
    expect(sessions(home).map(one => one.session)).toEqual(['old'])
  })

  test('a note belongs to a session that is kept', () => {
    const home = temporaryFolder()
    expect(codeOf(() => noteAfter(home, PERSON, 'none', ANSWERS, NOW))).toBe('CP-LEDGER-SESSION')
  })
})

describe('REQ-LEDGER: a ledger that cannot be read refuses, and is never taken for an empty one', () => {
  const damages: [string, (home: string, file: string) => void][] = [
    ['a cut file', (_, file) => writeFileSync(file, '{"is":"session","session":"one"')],
    ['an empty file', (_, file) => writeFileSync(file, '')],
    ['bytes that are no text', (_, file) => writeFileSync(file, Buffer.of(0xff, 0xfe))],
    ['an unknown key', (_, file) => writeFileSync(file, JSON.stringify({ is: 'session', ...session(), more: 1 }))],
    [
      'a time below zero',
      (_, file) => writeFileSync(file, JSON.stringify({ is: 'session', ...session({ used_ms: -1 }) })),
    ],
    ['no limb', (_, file) => writeFileSync(file, JSON.stringify({ is: 'session', ...session({ limbs: [] }) }))],
    ['a key twice', (_, file) => writeFileSync(file, '{"is":"note","is":"session"}')],
    ['a folder in place of a file', (_, file) => replaced(file, () => mkdirSync(file))],
    ['a file in place of the folder', home => replaced(folderOf(home), () => writeFileSync(folderOf(home), ''))],
    ['a file in place of the ledger', home => brokenLedger(home)],
  ]
  test.each(damages)('%s', (_, damage) => {
    const home = temporaryFolder()
    booking(home, 'one').book(NOW)
    damage(home, join(folderOf(home), 'one.json'))
    expect(codeOf(() => entriesOf(home, [PERSON]))).toBe('CP-LEDGER')
    expect(() => booking(home, 'two').book(NOW)).toThrow()
  })

  test('what a write that was cut off left beside the entries changes nothing', () => {
    const home = temporaryFolder()
    booking(home, 'one').book(NOW)
    writeFileSync(join(folderOf(home), 'two.json.123.tmp'), '{"is":')
    expect(sessions(home)).toHaveLength(1)
  })
})

describe('REQ-LEDGER: it is bounded, and what is dropped changes no bound', () => {
  test('after 90 days only the sessions are kept from which the next step up is taken', () => {
    const home = temporaryFolder()
    const at = (days: number, change: Partial<PastSession> = {}) =>
      session({ session: `d${days}`, began_wall: NOW - days * DAY, ...change })
    for (const one of [at(400), at(300, { limbs: ['left-leg'] }), at(200), at(150, { ended: 'unknown' })])
      writeSession(home, PERSON, one)
    for (const of of ['d400', 'd200']) writeNote(home, PERSON, note({ session: of, noted_wall: NOW - 190 * DAY }), of)
    writeNote(home, PERSON, note({ session: 'd400', noted_wall: NOW - 90 * DAY }), 'late')
    prune(readShelf(home, PERSON), NOW)
    expect(readdirSync(folderOf(home)).sort()).toEqual([
      'd150.json',
      'd200.json',
      'd200.note-d200.json',
      'd300.json',
      'd400.note-late.json',
    ])
  })

  test('property: the past is the same after it, now and at any time later', () => {
    const limbs = fc.constantFrom(['left-arm'] as const, ['left-leg'] as const)
    const days = fc.integer({ min: 0, max: 200 })
    const target = fc.oneof(fc.constant(0), fc.integer({ min: 20, max: 200 }))
    const any = fc.array(fc.record({ days, limbs, ended: fc.constantFrom(...ENDS), highest_mmHg: target }), {
      maxLength: 8,
    })
    const past = ({ sessions: kept, notes }: Shelf, now: number) => {
      const entries = [kept.map(one => one.entry), notes.map(one => one.entry)] as const
      const { sessions: _, lockedUntil_wall: until = 0, unwellAt_wall = 0, ...rest } = pastAt(...entries, now)
      return { ...rest, locked: until > now, unwell: unwellAt_wall > now - LIMITS.verdictAge.value }
    }
    let dropped = 0
    fc.assert(
      fc.property(any, fc.array(days, { maxLength: 2 }), days, (made, injured, later) => {
        const shelf: Shelf = {
          sessions: made.map(({ days: ago, ...one }, i) => ({
            path: `s${i}`,
            entry: session({ ...one, session: `s${i}`, began_wall: NOW - ago * DAY - i }),
          })),
          notes: injured.map((ago, i) => ({
            path: `n${i}`,
            entry: note({ session: `s${i}`, venous_injury: 'yes', noted_wall: NOW - ago * DAY }),
          })),
        }
        const gone = spent(shelf, NOW)
        dropped += gone.length
        const left = <T extends { path: string }>(all: readonly T[]) => all.filter(one => !gone.includes(one.path))
        const after = { sessions: left(shelf.sessions), notes: left(shelf.notes) }
        for (const now of [NOW, NOW + later * HOUR]) expect(past(after, now)).toEqual(past(shelf, now))
      }),
      { numRuns: 2_000 },
    )
    expect(dropped).toBeGreaterThan(500)
  })
})
