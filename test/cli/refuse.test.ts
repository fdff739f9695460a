import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CHECKLIST_ITEMS } from '../../machines/checklist.ts'
import { prepare } from '../../src/prepare.ts'
import { exampleBody } from '../../src/screening/example.ts'
import { signVerdict } from '../../src/verdict/file.ts'
import { createSigner } from '../../src/verdict/keys.ts'
import {
  Program,
  type SimulatedUnit,
  startSim,
  temporaryFolder,
  writeProgram,
  writeVerdict,
} from '../support/processes.ts'

const HOUR = 3_600_000

/** Runs a session on a port; returns how it ended and what it said on stderr. */
async function runOn(home: string, port: string, ...args: string[]) {
  const run = new Program(home, ['run', '--port', port, ...args])
  return { ...(await run.ended), out: run.out.all, err: run.err.all }
}

/** An attestation; returns its path. */
function attestation(home: string, confirmed: readonly string[], at = Date.now()): string {
  const path = join(home, 'attest.json')
  writeFileSync(path, JSON.stringify({ operator: 'Op', confirmed, at: new Date(at).toISOString() }))
  return path
}

/** A verdict of a screening station that this machine trusts; returns its path. */
function screened(home: string): string {
  const now = Date.now()
  const { privateKey } = createSigner(home, 'screening', 'test', now)
  const body = { ...exampleBody({ subject: 'P-017', limbs: ['left-arm'], now }), signer: 'screening' as const }
  const path = join(home, 'screened.verdict')
  writeFileSync(path, signVerdict(body, privateKey))
  return path
}

const THEM = ['--subject', 'P-017', '--limbs', 'left-arm']

test.each<[string, RegExp, (home: string) => string[]]>([
  ['no verdict', /^CP-GATE-NO-VERDICT: /, () => THEM],
  ['a verdict that is not there', /^CP-VERDICT-READ: /, () => ['--verdict', '/nowhere', ...THEM]],
  [
    'an expired verdict',
    /^CP-GATE-EXPIRED: /,
    home => ['--verdict', writeVerdict(home, { now: Date.now() - 1.5 * HOUR }), ...THEM],
  ],
  [
    "another person's verdict",
    /^CP-GATE-PERSON: /,
    home => ['--verdict', writeVerdict(home), '--subject', 'P-018', '--limbs', 'left-arm'],
  ],
  [
    'a verdict for other limbs',
    /^CP-GATE-LIMB: /,
    home => ['--verdict', writeVerdict(home), '--subject', 'P-017', '--limbs', 'right-arm'],
  ],
  [
    'a verdict signed by a stranger',
    /^CP-VERDICT-KEY: /,
    () => ['--verdict', writeVerdict(temporaryFolder()), ...THEM],
  ],
  [
    'an older verdict than one seen',
    /^CP-GATE-SERIAL: /,
    home => {
      const older = writeVerdict(home, { now: Date.now() - 60_000 })
      const kept = join(home, 'older.verdict')
      copyFileSync(older, kept)
      const them = {
        subject: 'P-017',
        limbs: ['left-arm'],
        widths: undefined,
        program: 'first-session',
        operator: 'Op',
        unattended: true,
      } as const
      expect(prepare({ ...them, home, verdict: writeVerdict(home), now: Date.now() }).refusals).toBeUndefined()
      return ['--verdict', kept, ...THEM]
    },
  ],
  [
    'a program beyond a limit',
    /^CP-LIM-HOLD-CYCLE: .*180 s/,
    home => ['--verdict', writeVerdict(home), ...THEM, '--program', writeProgram(home, 200_000)],
  ],
  [
    'a blood pressure of today that is too high',
    /^CP-GATE-SYSTOLIC: /,
    home => ['--verdict', writeVerdict(home), ...THEM, '--blood-pressure', '165/80'],
  ],
  [
    'an attestation that leaves an item open',
    /^CP-CHECKLIST: .*coupling/,
    home => ['--verdict', writeVerdict(home), ...THEM, '--attest', attestation(home, CHECKLIST_ITEMS.slice(0, -1))],
  ],
  [
    'an attestation of another day',
    /^CP-ATTEST-OLD: /,
    home => [
      '--verdict',
      writeVerdict(home),
      ...THEM,
      '--attest',
      attestation(home, CHECKLIST_ITEMS, Date.now() - 24 * HOUR),
    ],
  ],
])('REQ-REFUSED: %s: status 3, and no port is opened', async (_, line, args) => {
  const home = temporaryFolder()
  // Opening this path would fail with status 4.
  const ended = await runOn(home, '/dev/no-such-port', ...args(home), '--unattended')
  expect(ended).toMatchObject({ code: 3, out: [], err: [expect.stringMatching(line)] })
})

test('a blood pressure that is none is a wrong argument: status 2', async () => {
  const args = ['--verdict', '/nowhere', ...THEM, '--blood-pressure', '118', '--unattended']
  const { code, err } = await runOn(temporaryFolder(), '/dev/no-such-port', ...args)
  expect({ code, err }).toEqual({ code: 2, err: [expect.stringMatching(/^CP-BLOOD-PRESSURE: /)] })
})

test('REQ-REFUSED: every reason stands on its own line', async () => {
  const home = temporaryFolder()
  const verdict = writeVerdict(home, { now: Date.now() - 1.5 * HOUR })
  const { code, err } = await runOn(
    home,
    '/dev/no-such-port',
    ...['--verdict', verdict, '--subject', 'P-018', '--limbs', 'right-arm', '--unattended'],
  )
  expect(code).toBe(3)
  expect(err.map(line => line.split(':')[0])).toEqual(['CP-GATE-EXPIRED', 'CP-GATE-PERSON', 'CP-GATE-LIMB'])
})

test('without a terminal and without --unattended nothing begins', async () => {
  const home = temporaryFolder()
  const { code, err } = await runOn(home, '/dev/no-such-port', '--verdict', writeVerdict(home), ...THEM)
  expect({ code, err }).toEqual({ code: 3, err: [expect.stringMatching(/^CP-TERMINAL: /)] })
})

test('a port without a unit is status 4', async () => {
  const home = temporaryFolder()
  const { code, out } = await runOn(home, '/dev/no-such-port', '--verdict', writeVerdict(home), ...THEM, '--unattended')
  expect(code).toBe(4)
  expect(out).toContainEqual(expect.stringMatching(/^cause: the port closed: .*no-such-port/))
})

const inflating = (unit: SimulatedUnit) =>
  unit.events().filter(one => one.type === 'armed' || one.type === 'target' || one.type === 'lease')

test("a simulator's verdict on a unit that is real: status 3, and nothing that inflates is written", async () => {
  const home = temporaryFolder()
  const unit = await startSim(home, '--claim-real')
  const { code, out } = await runOn(home, unit.path, '--verdict', writeVerdict(home), ...THEM, '--unattended')
  expect(code).toBe(3)
  expect(inflating(unit)).toEqual([])
  expect(out.join()).toMatch(/GATE-SIGNER/)
})

test('nobody at a terminal, and a unit that is real: status 3, and nothing that inflates is written', async () => {
  const home = temporaryFolder()
  const unit = await startSim(home, '--claim-real')
  const { code, out } = await runOn(home, unit.path, '--verdict', screened(home), ...THEM, '--unattended')
  expect(code).toBe(3)
  expect(out.join()).toMatch(/GATE-UNATTENDED: the unit is real/)
  expect(inflating(unit)).toEqual([])
})
