import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exampleIntake } from '../../src/screening/example.ts'
import { MAIN, startSim, Terminal, temporaryFolder, writeProgram } from '../support/processes.ts'

/** Runs the program on the machine whose data folder is `home`. */
function on(home: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, CUFFPILOT_HOME: home, NO_COLOR: '1' }
  return new Promise(resolve => {
    const child = execFile(process.execPath, [MAIN, ...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
    child.stdin?.end()
  })
}

/** Files of a machine with a private key in them. */
const privateKeys = (home: string): string[] =>
  readdirSync(home, { recursive: true, withFileTypes: true })
    .filter(one => one.isFile() && readFileSync(join(one.parentPath, one.name), 'utf8').includes('PRIVATE KEY'))
    .map(one => join(one.parentPath, one.name).slice(home.length + 1))

async function keyOf(home: string, role: string): Promise<string> {
  const { out } = await on(home, 'keys', 'init', '--role', role, '--label', role, '--json')
  return JSON.parse(out).public_key
}

test('REQ-STATIONS: a station screens, a clinician clears, and a laptop that can sign nothing runs the session', async () => {
  const [station, clinic, laptop] = [temporaryFolder(), temporaryFolder(), temporaryFolder()]
  const [stationKey, clinicKey] = [await keyOf(station, 'screening'), await keyOf(clinic, 'clinician')]
  const trusts = (home: string, key: string, role: string) =>
    on(home, 'keys', 'trust', key, '--role', role, '--label', role)

  const intake = join(station, 'p.json')
  writeFileSync(intake, JSON.stringify(exampleIntake('07-heart-failure', Date.now())))
  const verdict = join(station, 'p.verdict')
  const screened = await on(
    station,
    'screen',
    '--intake',
    intake,
    '--subject',
    'P-017',
    '--screener',
    'A. Sato',
    '--out',
    verdict,
  )
  expect([screened.code, screened.out]).toEqual([3, expect.stringContaining('NOT WITHOUT A CLINICIAN')])

  const sign = (home: string, file: string, ...more: string[]) =>
    on(home, 'verdict', 'clear', file, '--clinician', 'Dr. B. Mori', '--reason', 'stable', ...more)
  copyFileSync(verdict, join(clinic, 'p.verdict'))
  const clearance = join(clinic, 'p.clearance')
  const early = await sign(clinic, join(clinic, 'p.verdict'), '--out', clearance)
  expect([early.code, early.err]).toEqual([3, expect.stringMatching(/^CP-VERDICT-KEY: /)])
  await trusts(clinic, stationKey, 'screening')
  expect(await sign(clinic, join(clinic, 'p.verdict'), '--arm-max', '50', '--out', clearance)).toMatchObject({
    code: 0,
  })

  await trusts(laptop, stationKey, 'screening')
  copyFileSync(verdict, join(laptop, 'p.verdict'))
  copyFileSync(clearance, join(laptop, 'p.clearance'))
  expect(privateKeys(laptop)).toEqual([])
  expect((await sign(laptop, join(laptop, 'p.verdict'), '--out', join(laptop, 'own'))).err).toMatch(/^CP-KEY-NONE: /)
  expect(
    (await on(laptop, 'screen', '--intake', intake, '--subject', 'P', '--screener', 'x', '--out', join(laptop, 'own')))
      .err,
  ).toMatch(/^CP-KEY-NONE: /)

  const unit = await startSim(laptop, '--claim-real')
  const person = ['--verdict', join(laptop, 'p.verdict'), '--subject', 'P-017', '--limbs', 'left-arm']
  const session = ['run', '--unattended', '--port', unit.path, ...person, '--program', writeProgram(laptop), '--json']
  const withClearance = [...session, '--clearance', join(laptop, 'p.clearance')]
  const alone = await on(laptop, ...session)
  expect([alone.code, alone.err]).toEqual([3, expect.stringMatching(/^CP-GATE-CLINICIAN: /)])
  const untrusted = await on(laptop, ...withClearance)
  expect([untrusted.code, untrusted.err]).toEqual([3, expect.stringMatching(/^CP-CLEARANCE-KEY: /)])
  expect(unit.events().filter(one => one.type === 'hello')).toEqual([])

  await trusts(laptop, clinicKey, 'clinician')
  const attended = withClearance.filter(one => one !== '--unattended' && one !== '--json')
  const who = ['--operator', 'C. Abe, KAATSU trainer']
  const terminal = new Terminal(laptop, [process.execPath, MAIN, ...attended, ...who])
  await terminal.start()
  await unit.until('target')
  process.kill(terminal.pid, 'SIGTERM')
  expect(await terminal.ended).toBe(5)
  const [journal = ''] = readdirSync(join(laptop, 'journals')).filter(name => name.endsWith('.ndjson'))
  const [header = ''] = readFileSync(join(laptop, 'journals', journal), 'utf8').split('\n')
  expect(JSON.parse(header).data.session.input.verdict).toMatchObject({
    clearance: { clinician: 'Dr. B. Mori', reason: 'stable' },
    arm_max_mmHg: 50,
  })
  expect(existsSync(join(laptop, 'own'))).toBe(false)
  expect(privateKeys(laptop)).toEqual([join('journals', 'journal-key.pem')])
})
