import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Past, pastAt } from '../../machines/past.ts'
import { plannedMs } from '../../machines/planBounds.ts'
import type { Verdict } from '../../machines/verdict.ts'
import { Booking, bookingFor } from '../../src/ledger/booking.ts'
import { entriesOf } from '../../src/ledger/ledger.ts'
import { compile } from '../../src/programs/compile.ts'
import { cuffsFor } from '../../src/programs/cuffs.ts'
import { eachPress } from '../../src/programs/schema.ts'
import { FIRST, PERSON } from '../ledger/helpers.ts'
import { temporaryFolder } from '../support/processes.ts'
import { SHORT } from '../support/programs.ts'
import { acceptance, Stack, WALL_START } from '../support/stack.ts'
import { letters, pressesSent, samples } from '../support/trace.ts'

const DAY = 86_400_000
const screened = acceptance({ signer: 'screening', person: PERSON })
const entries = (home: string) => entriesOf(home, [PERSON])
const pastOf = (home: string, now: number): Past => pastAt(entries(home).sessions, entries(home).notes, now)

interface Sitting {
  readonly name: string
  readonly past?: Past
  readonly verdict?: Verdict
  readonly cap_ms?: number
}

/** A session of SHORT with the arms of a person who was screened, with its place in the ledger. */
function sit(
  home: string,
  { name, past = pastOf(home, WALL_START), verdict = screened, cap_ms = 300_000 }: Sitting,
): Stack {
  return new Stack({
    program: { ...SHORT, cap_ms },
    input: { verdict, person: verdict.person, past },
    unit: { simulated: verdict.signer === 'simulator' },
    booking: input => bookingFor(home, name, input) as Booking,
  })
}

const refusalsOf = (stack: Stack): string[] => stack.view.refusals.map(one => one.id)

/** No cuff was ever told to inflate, and none did. */
function expectNothingInflated(stack: Stack): void {
  expect(stack.told.filter(command => command.do === 'press')).toEqual([])
  expect(pressesSent(stack)).toEqual([])
  expect(samples(stack).every(one => one.true_mmHg.every(mmHg => mmHg < 1))).toBe(true)
}

describe('REQ-LEDGER (F68): what a person had under the cuff is kept, whatever ends a session', () => {
  test('a whole session: booked in full before the first press, and settled with what it took', () => {
    const home = temporaryFolder()
    const stack = sit(home, { name: 'one' })
    stack.untilPhase('fitting')
    expect(entries(home).sessions).toEqual([])
    stack.untilPhase('pressurizing')
    expect(entries(home).sessions).toMatchObject([{ used_ms: 300_000, highest_mmHg: 80, ended: 'unknown' }])
    stack.untilPhase('finished')
    stack.settle()
    const [one, ...others] = entries(home).sessions
    expect(others).toEqual([])
    expect(one).toMatchObject({
      session: 'one',
      limbs: ['left-arm', 'right-arm'],
      highest_mmHg: 80,
      ended: 'completed',
    })
    const [first, last] = [pressesSent(stack)[0]!, pressesSent(stack).at(-1)!]
    expect(one!.used_ms).toBeGreaterThanOrEqual(last.ventedAt! - first.at)
    expect(one!.used_ms).toBeLessThan(60_000)
  })

  test.each<[string, (stack: Stack) => void, object]>([
    ['a release', s => s.act(session => session.release('operator', 'Space')), { highest_mmHg: 40, ended: 'released' }],
    ['a symptom', s => s.act(session => session.symptom('dizzy')), { highest_mmHg: 40, ended: 'symptom' }],
    [
      'a journal that cannot be written',
      s => s.act(session => session.release('record', 'no space')),
      { highest_mmHg: 40, ended: 'interrupted' },
    ],
    ['a leak', s => s.inject('pneu.leak=200'), { highest_mmHg: 40, ended: 'fault' }],
  ])('%s in the first hold: settled with the time until then and the target that was pressed', (_, end, how) => {
    const home = temporaryFolder()
    const stack = sit(home, { name: 'one' })
    stack.untilPhase('holding')
    end(stack)
    stack.until(s => s.ended)
    stack.settle()
    expect(entries(home).sessions).toMatchObject([how])
    expect(entries(home).sessions[0]!.used_ms).toBeLessThan(20_000)
  })

  test.each([
    [40, 0],
    [80, 40],
  ])('released while it rises to %i mmHg for the first time: %i mmHg is what was reached', (target, highest_mmHg) => {
    const home = temporaryFolder()
    const stack = sit(home, { name: 'one' })
    stack.until(s => s.phase === 'pressurizing' && s.view.limbs[0]!.commanded_mmHg === target, 120_000)
    stack.act(session => session.release('operator', 'Space'))
    stack.until(s => s.ended)
    stack.settle()
    expect(entries(home).sessions).toMatchObject([{ highest_mmHg, ended: 'released' }])
  })

  test('a symptom stands in the ledger before anybody has seen the line vented, with the whole plan as used', () => {
    const home = temporaryFolder()
    const stack = sit(home, { name: 'one' })
    stack.untilPhase('holding')
    stack.act(session => session.symptom('dizzy'))
    expect(stack.phase).toBe('releasing')
    stack.settle()
    expect(entries(home).sessions).toMatchObject([{ used_ms: 300_000, ended: 'symptom' }])
  })

  test('a line that nobody has seen vented counts as the whole plan at least', () => {
    const home = temporaryFolder()
    const stack = sit(home, { name: 'one' })
    stack.untilPhase('holding')
    stack.inject('valve.stuckClosed')
    stack.act(session => session.release('operator', 'Space'))
    stack.untilPhase('stuck')
    stack.settle()
    expect(entries(home).sessions).toMatchObject([{ used_ms: 300_000, ended: 'fault' }])
  })

  test('a line that is seen vented only long after STUCK counts until then', () => {
    const home = temporaryFolder()
    const stack = sit(home, { name: 'one', cap_ms: 70_000 })
    stack.untilPhase('holding')
    const from = stack.now
    stack.inject('valve.slow=0.01')
    stack.act(session => session.release('operator', 'Space'))
    stack.untilPhase('stuck')
    expect(entries(home).sessions).toMatchObject([{ ended: 'fault' }])
    stack.untilPhase('faulted')
    expect(stack.now - from).toBeGreaterThan(40_000)
    expect(entries(home).sessions[0]!.used_ms).toBeGreaterThan(stack.now - from - 1_000)
  })

  test('a pressure that stands behind an end counts too: the whole plan, and then until it was seen gone', () => {
    const home = temporaryFolder()
    const stack = sit(home, { name: 'one' })
    stack.untilPhase('holding')
    stack.act(session => session.release('operator', 'Space'))
    stack.untilPhase('stopped')
    const first = entries(home).sessions[0]!.used_ms
    stack.inject('sensor.offset=60')
    stack.untilPhase('stuck')
    expect(entries(home).sessions[0]!.used_ms).toBe(300_000)
    stack.inject('sensor.offset=-60')
    stack.until(one => one.phase === 'faulted' || one.phase === 'stopped', 60_000)
    expect(entries(home).sessions[0]!.used_ms).toBeGreaterThan(first + 10_000)
  })

  test('a controller that dies in a hold leaves the whole booking, and what is left of the day binds the next session', () => {
    const home = temporaryFolder()
    const stack = sit(home, { name: 'one' })
    stack.untilPhase('holding')
    stack.killController()
    const past = pastOf(home, WALL_START + stack.now)
    expect(past.used_ms.arm).toBe(300_000)
    const next = sit(home, { name: 'two', past, cap_ms: 600_000 })
    expect(next.beginning.input.plan).toMatchObject({ cap_ms: 300_000, cap_by: 'the time left of the rolling day' })
  })

  test('session after session of one day: the sum is kept across restarts, until the next one is refused by name', () => {
    const home = temporaryFolder()
    let [sum, count] = [0, 0]
    const begin = () => sit(home, { name: `s${count}`, past: pastOf(home, WALL_START) })
    for (; sum + plannedMs(eachPress(SHORT)) <= 600_000; count++) {
      const stack = begin()
      stack.untilPhase('finished')
      stack.settle()
      sum = entries(home).sessions.reduce((all, one) => all + one.used_ms, 0)
      expect(pastOf(home, WALL_START + stack.now).used_ms.arm).toBe(sum)
    }
    expect(count).toBeGreaterThan(8)
    expect(begin).toThrow(/the time left of the rolling day \(Nakajima, Morita, Sato 2011.*Point 7\.11/)
    expect(pastOf(home, WALL_START + DAY + 600_000).used_ms.arm).toBe(0)
  })
})

describe('REQ-LEDGER: what cannot be booked is not begun', () => {
  test.each<[string, (home: string) => void]>([
    ['the ledger cannot be written', home => writeFileSync(join(home, 'ledger'), '')],
    [
      'an entry is damaged',
      home => {
        mkdirSync(join(home, 'ledger', PERSON.replace(':', '-')), { recursive: true })
        writeFileSync(join(home, 'ledger', PERSON.replace(':', '-'), 'x.json'), '{')
      },
    ],
    [
      'another session took the day since it was prepared',
      home => new Booking(home, 'other', { person: PERSON, plan: long(), issued_wall: WALL_START }).book(WALL_START),
    ],
  ])('%s: the session ends before anything inflates', (_, spoil) => {
    const home = temporaryFolder()
    const stack = sit(home, { name: 'one', past: FIRST })
    stack.untilPhase('fitting')
    spoil(home)
    stack.until(s => s.ended)
    expect(stack.phase).toBe('faulted')
    expect(stack.view.cause).toMatchObject({
      kind: 'record',
      text: expect.stringMatching(/^the record cannot be kept: /),
    })
    stack.advance(5_000)
    expect(stack.releasesSent).toBeGreaterThan(0)
    expectNothingInflated(stack)
    rmSync(join(home, 'ledger'), { recursive: true })
    stack.settle()
    expect(entries(home).sessions).toEqual([])
  })
})

const long = () => compile(SHORT, { cuffs: cuffsFor(['left-arm']) })

describe('REQ-LEDGER: the machine itself holds a plan and a person against the past', () => {
  test.each<[string, Partial<Past>, string]>([
    ['the day is used up', { used_ms: { arm: 600_000, leg: 0 } }, 'LIM-DAY-ARM'],
    ['the step up is too high', { lastMax_mmHg: { arm: 59 }, dayBase_mmHg: { arm: 59 } }, 'LIM-STEP-UP'],
    [
      'the last session went badly',
      { lastMax_mmHg: { arm: 79 }, dayBase_mmHg: { arm: 79 }, lastWentBadly: { arm: true, leg: false } },
      'LIM-NO-STEP-UP',
    ],
  ])('%s: a plan that was made without the past is refused when the unit is there', (_, past, id) => {
    const plan = compile(SHORT, { cuffs: cuffsFor(['left-arm', 'right-arm']) })
    const refused = new Stack({
      input: { plan, verdict: screened, person: PERSON, past: { ...FIRST, ...past } },
    })
    refused.until(s => s.ended)
    expect(refusalsOf(refused)).toContain(id)
    expect(letters(refused)).toMatch(/^I+H?$/)
  })

  test('a lock-out is asked about at the gate', () => {
    const past = { ...FIRST, lockedUntil_wall: WALL_START + DAY }
    const stack = new Stack({
      program: SHORT,
      input: { verdict: screened, person: PERSON, past },
      unit: { simulated: false },
    })
    stack.until(s => s.ended)
    expect(refusalsOf(stack)).toEqual(['GATE-LOCKED'])
    expectNothingInflated(stack)
  })

  test('a lock-out that is over opens the gate, and one that a clock set back makes run again stops the next press', () => {
    const past = { ...FIRST, lockedUntil_wall: WALL_START }
    const stack = new Stack({
      program: SHORT,
      input: { verdict: screened, person: PERSON, past },
      unit: { simulated: false },
    })
    stack.untilPhase('holding')
    stack.wallShift = -59_000
    stack.until(s => s.ended, 200_000)
    expect(refusalsOf(stack)).toEqual(['GATE-LOCKED'])
    expect(pressesSent(stack)).toHaveLength(1)
  })
})

describe('REQ-LEDGER: who is counted', () => {
  test("a session with a simulator's verdict is about nobody: no booking, no entry", () => {
    const home = temporaryFolder()
    const verdict = acceptance({ person: PERSON })
    const stack = sit(home, { name: 'one', verdict })
    stack.untilPhase('finished')
    stack.settle()
    expect(entries(home).sessions).toEqual([])
  })
})
