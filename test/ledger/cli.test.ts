import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import type { PastSession } from '../../machines/past.ts'
import { readHeads } from '../../src/journal/heads.ts'
import { peopleIn, writeNote, writeSession } from '../../src/ledger/files.ts'
import { entriesOf } from '../../src/ledger/ledger.ts'
import { exampleBody } from '../../src/screening/example.ts'
import { signVerdict } from '../../src/verdict/file.ts'
import { createSigner } from '../../src/verdict/keys.ts'
import { pseudonym } from '../../src/verdict/person.ts'
import { MAIN, Program, startSim, Terminal, temporaryFolder, writeProgram, writeVerdict } from '../support/processes.ts'
import { test } from '../support/sideBySide.ts'
import { DAY, MINUTE, note, session } from './helpers.ts'

async function cuffpilot(home: string, ...args: string[]) {
  const run = new Program(home, args)
  return { ...(await run.ended), out: run.out.all, err: run.err.all }
}

const ledger = (home: string, ...args: string[]) => cuffpilot(home, 'ledger', ...args)
const standing = async (home: string, subject = 'P-017') =>
  JSON.parse((await ledger(home, 'show', '--subject', subject, '--json')).out[0]!)

/** Two stations have screened P-017, each with its own salt. */
const PEOPLE = ['1', '2'].map(digit => pseudonym('P-017', digit.repeat(32)))

function twoSessions(home: string): PastSession[] {
  const now = Date.now()
  const first = session({ session: 'first', began_wall: now - 2 * DAY, highest_mmHg: 70 })
  const second = session({ session: 'second', began_wall: now - 2 * MINUTE, used_ms: MINUTE, highest_mmHg: 80 })
  writeSession(home, PEOPLE[0]!, first)
  writeSession(home, PEOPLE[1]!, second)
  return [first, second]
}

/** A verdict of a screening station that this machine trusts; returns its path. */
function screened(home: string, subject = 'P-017'): string {
  const now = Date.now()
  const { privateKey } = createSigner(home, 'screening', 'test', now)
  const body = { ...exampleBody({ subject, limbs: ['left-arm'], now }), signer: 'screening' as const }
  const path = join(home, 'screened.verdict')
  writeFileSync(path, signVerdict(body, privateKey))
  return path
}

describe('cuffpilot ledger show', () => {
  test('time left, highest next target, sessions of every station, and what to ask about', async () => {
    const home = temporaryFolder()
    const sessions = twoSessions(home)
    expect(await standing(home, ' p-017 ')).toEqual({
      type: 'standing',
      arms: {
        left_ms: 9 * MINUTE,
        next_max_mmHg: 90,
        by: 'the step up of 20 from the 70 mmHg of the last session before this day',
      },
      legs: { left_ms: 15 * MINUTE, next_max_mmHg: 100, by: 'the maximum of a first day with legs' },
      locked_until: null,
      screen_again_after: null,
      sessions,
      notes: [],
      follow_ups: ['petechiae', 'numbness', 'wellbeing', 'venous_injury'].map(ask => ({
        session: 'second',
        ask,
        due_wall: sessions[1]!.began_wall,
      })),
    })
    const { code, out } = await ledger(home, 'show', '--subject', 'P-017')
    expect(code).toBe(0)
    expect(out).toContain('sessions   2')
    expect(out).toContainEqual(
      expect.stringMatching(/^arms {7}9:00 left of the rolling day; next target at most 90 mmHg/),
    )
    expect(out).toContainEqual(
      expect.stringMatching(/^session {4}second at .*left arm, right arm, 1:00, 80 mmHg, completed$/),
    )
    expect(out).toContain('ask        petechiae, of second: not noted yet')
  })

  test('of a person who never trained it says so, and what a first session may be', async () => {
    const { code, out } = await ledger(temporaryFolder(), 'show', '--subject', 'P-018')
    expect(code).toBe(0)
    expect(out).toEqual([
      'sessions   none is kept of this person',
      expect.stringMatching(/^arms {7}10:00 left .* 80 mmHg, the maximum of a first day with arms$/),
      expect.stringMatching(/^legs {7}15:00 left .* 100 mmHg, the maximum of a first day with legs$/),
    ])
  })

  test.each([
    ['petechiae', 3, { petechiae: 'some' }],
    ['petechiae', 3, { petechiae: 'much' }],
    ['numbness', 1, { numbness: 'stays' }],
    ['wellbeing', 1, { wellbeing: 'bad' }],
  ] as const)('%s that is not over is asked about again, %i days after the last answer', async (ask, days, answer) => {
    const home = temporaryFolder()
    const now = Date.now()
    writeSession(home, PEOPLE[0]!, session({ session: 's', began_wall: now - 10 * DAY }))
    const due = async (noted_wall: number) => {
      writeNote(home, PEOPLE[0]!, note({ session: 's', noted_wall, ...answer }), 'x')
      return (await standing(home)).follow_ups.map((one: { ask: string }) => one.ask)
    }
    expect(await due(now - days * DAY + 5 * MINUTE)).toEqual([])
    expect(await due(now - days * DAY)).toEqual([ask])
  })

  test('a ledger that is damaged is status 3, in one line', async () => {
    const home = temporaryFolder()
    twoSessions(home)
    writeFileSync(join(home, 'ledger', PEOPLE[0]!.replace(':', '-'), 'first.json'), '')
    const { code, out, err } = await ledger(home, 'show', '--subject', 'P-017')
    expect({ code, out, err }).toEqual({ code: 3, out: [], err: [expect.stringMatching(/^CP-LEDGER: .*damaged/)] })
  })
})

describe('cuffpilot ledger note', () => {
  test('a note is kept for the last session, and a venous injury locks out for nine weeks from now', async () => {
    const home = temporaryFolder()
    twoSessions(home)
    const before = Date.now()
    const { code, out } = await ledger(home, 'note', '--subject', 'P-017', '--venous-injury', 'yes')
    expect(code).toBe(0)
    const { locked_until, notes } = await standing(home)
    expect(out).toEqual([`Noted for the session second. The person is locked out until ${locked_until}.`])
    expect(notes).toMatchObject([{ session: 'second', venous_injury: 'yes', petechiae: 'unknown' }])
    expect(Date.parse(locked_until) - before).toBeGreaterThanOrEqual(63 * DAY)
    expect(Date.parse(locked_until) - Date.now()).toBeLessThanOrEqual(63 * DAY)
    expect((await ledger(home, 'show', '--subject', 'P-017')).out).toContainEqual(
      expect.stringMatching(/^LOCKED {5}until /),
    )
  })

  test('a note for a named session goes to that session', async () => {
    const home = temporaryFolder()
    twoSessions(home)
    await ledger(home, 'note', '--subject', 'P-017', '--session', 'first', '--petechiae', 'some')
    expect(entriesOf(home, [PEOPLE[0]!]).notes).toMatchObject([{ session: 'first', petechiae: 'some' }])
  })

  test.each([
    ['no session of this person', /^CP-LEDGER-SESSION: /, ['--subject', 'P-018', '--petechiae', 'some']],
    [
      'a session that is not there',
      /^CP-LEDGER-SESSION: /,
      ['--subject', 'P-017', '--session', '../x', '--petechiae', 'some'],
    ],
    ['nothing to note', /^CP-LEDGER-NOTE: /, ['--subject', 'P-017']],
    ['an answer that there is not', /^CP-USAGE: /, ['--subject', 'P-017', '--petechiae', 'few']],
  ] as const)('%s: status 2, one line, nothing kept', async (_, line, args) => {
    const home = temporaryFolder()
    twoSessions(home)
    const { code, out, err } = await ledger(home, 'note', ...args)
    expect({ code, out, err }).toEqual({ code: 2, out: [], err: [expect.stringMatching(line)] })
    expect((await standing(home)).notes).toEqual([])
  })
})

test.each([['show'], ['note']])('ledger %s --help ends with an example', async command => {
  const { code, out } = await ledger(temporaryFolder(), command, '--help')
  expect(code).toBe(0)
  expect(out.join('\n')).toMatch(/Example:\n {2}\$ cuffpilot ledger .*$/)
})

describe('REQ-LEDGER: real processes', () => {
  const run = (home: string, port: string, verdict: string) => {
    const who = ['--verdict', verdict, '--subject', 'P-017', '--limbs', 'left-arm']
    return ['run', '--port', port, ...who, '--program', writeProgram(home)]
  }

  test('kill -9 in a hold leaves the whole booking, and the next run is refused', async () => {
    const home = temporaryFolder()
    const unit = await startSim(home, '--claim-real')
    const args = [...run(home, unit.path, screened(home)), '--operator', 'C. Abe, KAATSU trainer']
    const first = new Terminal(home, [process.execPath, MAIN, ...args])
    await first.start()
    await first.until(': holding')
    process.kill(first.pid, 'SIGKILL')
    await first.ended
    await unit.until('vented')
    const [person] = peopleIn(home)
    expect(entriesOf(home, [person!]).sessions).toMatchObject([{ used_ms: 600_000, ended: 'unknown' }])
    const { code, out, err } = await cuffpilot(home, ...run(home, unit.path, screened(home)), '--unattended')
    expect({ code, out }).toEqual({ code: 3, out: [] })
    expect(err).toEqual([expect.stringMatching(/^CP-LIM-DAY-ARM: .*the time left of the rolling day/)])
    expect(await standing(home)).toMatchObject({ arms: { left_ms: 0 } })
  })

  test('a whole session is settled with the time it took', async () => {
    const home = temporaryFolder()
    const unit = await startSim(home, '--claim-real')
    const args = [...run(home, unit.path, screened(home)), '--operator', 'C. Abe, KAATSU trainer']
    const terminal = new Terminal(home, [process.execPath, MAIN, ...args])
    await terminal.start()
    await terminal.until('the colour is back')
    terminal.type('r')
    for (let i = 1; i <= 4; i++) {
      await terminal.until(`After, ${i} of 4`)
      terminal.type('\r')
    }
    expect(await terminal.ended).toBe(0)
    const { sessions, arms } = await standing(home)
    expect(sessions).toMatchObject([{ limbs: ['left-arm'], highest_mmHg: 40, ended: 'completed' }])
    expect(arms.left_ms).toBe(600_000 - sessions[0].used_ms)
    expect(sessions[0].used_ms).toBeGreaterThan(22_000)
    expect(sessions[0].used_ms).toBeLessThan(40_000)
    expect(arms.next_max_mmHg).toBe(60)
  })

  test('a symptom that is told during the questions after a session is kept, and counts for the next one', async () => {
    const home = temporaryFolder()
    const unit = await startSim(home, '--claim-real')
    const args = [...run(home, unit.path, screened(home)), '--operator', 'C. Abe, KAATSU trainer']
    const terminal = new Terminal(home, [process.execPath, MAIN, ...args])
    await terminal.start()
    await terminal.until(': holding')
    terminal.type(' ')
    await terminal.until('After, 1 of 4')
    terminal.type('c')
    await terminal.until('symptoms: chest symptoms')
    for (let i = 1; i <= 4; i++) {
      await terminal.until(`After, ${i} of 4`)
      terminal.type('\r')
    }
    await terminal.ended
    const { sessions, arms } = await standing(home)
    expect(sessions).toMatchObject([{ ended: 'symptom' }])
    expect(arms.by).toMatch(/went badly/)
    const again = await cuffpilot(home, ...args, '--unattended')
    expect(again).toMatchObject({ code: 3, err: [expect.stringMatching(/^CP-GATE-UNWELL: .*Point 7\.12/)] })
    const [journal] = readHeads(join(home, 'journals'))
    expect(readFileSync(join(home, 'journals', journal!.file), 'utf8')).toContain('"what":"chest symptoms"')
  })

  test("a session with a simulator's verdict is about nobody: nothing is booked in its first hold", async () => {
    const home = temporaryFolder()
    const unit = await startSim(home)
    const session = new Program(home, [...run(home, unit.path, writeVerdict(home)), '--unattended'])
    await session.out.until('a hold', line => line.includes('holding'))
    expect(peopleIn(home)).toEqual([])
    session.child.kill('SIGTERM')
    expect((await session.ended).code).toBe(5)
    expect(await standing(home)).toMatchObject({ sessions: [] })
  })

  test('a person locked under the salt of another station is refused by run and verdict check; a damaged ledger refuses', async () => {
    const home = temporaryFolder()
    twoSessions(home)
    await ledger(home, 'note', '--subject', 'P-017', '--venous-injury', 'yes')
    const verdict = screened(home)
    const refused = await cuffpilot(home, ...run(home, '/dev/no-such-port', verdict), '--unattended')
    expect(refused).toMatchObject({ code: 3, err: [expect.stringMatching(/^CP-GATE-LOCKED: .*9 weeks/)] })
    const checked = await cuffpilot(home, 'verdict', 'check', verdict, '--subject', 'P-017')
    expect(checked).toMatchObject({ code: 3, out: [expect.stringMatching(/^CP-GATE-LOCKED: /)] })
    writeFileSync(join(home, 'ledger', PEOPLE[0]!.replace(':', '-'), 'first.json'), '{}')
    const damaged = await cuffpilot(home, ...run(home, '/dev/no-such-port', verdict), '--unattended')
    expect(damaged).toMatchObject({ code: 3, err: [expect.stringMatching(/^CP-LEDGER: /)] })
  })
})
