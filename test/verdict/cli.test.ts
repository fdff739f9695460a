import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { issueVerdict, type VerdictContent } from '../../src/verdict/issue.ts'
import { createSigner } from '../../src/verdict/keys.ts'
import { BODY, temporaryHome } from './helpers.ts'

const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))
/** A file that is neither a verdict nor a key. */
const TEXT = fileURLToPath(new URL('../../LICENSE', import.meta.url))

interface Outcome {
  code: number
  out: string
  err: string
}

/** Runs the program as on a machine whose data folder is `home`. */
function cuffpilot(home: string, ...args: string[]): Promise<Outcome> {
  const env = { ...process.env, CUFFPILOT_HOME: home, NO_COLOR: '1' }
  return new Promise(resolve => {
    execFile(process.execPath, [MAIN, ...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
  })
}

/** A screening that ended a moment ago, on the machine with that data folder. */
function screened(home: string, subject: string, change: Partial<VerdictContent> = {}): Uint8Array {
  const now = Date.now()
  const iso = (time: number) => new Date(time).toISOString()
  const { schema: _schema, signer: _signer, person: _person, issued: _issued, serial: _serial, ...content } = BODY
  const fresh = { expires: iso(now + 3_600_000), blood_pressure: { ...BODY.blood_pressure!, measured_wall: iso(now) } }
  return issueVerdict(home, { role: 'screening', subject, now }, { ...content, ...fresh, ...change })
}

test('a verdict signed on one machine counts on another as soon as its key is trusted there, and not before', async () => {
  const [station, controller] = [temporaryHome(), temporaryHome()]
  const made = await cuffpilot(station, 'keys', 'init', '--label', 'Room 2', '--json')
  const { public_key, key_id } = JSON.parse(made.out)
  const file = join(controller, 'p.verdict')
  writeFileSync(file, screened(station, 'P-017'))
  const check = () => cuffpilot(controller, 'verdict', 'check', file, '--subject', 'p-017', '--limbs', 'left-arm')

  expect(await check()).toMatchObject({ code: 3, out: '', err: expect.stringMatching(/^CP-VERDICT-KEY: [^\n]+\n$/u) })
  const trusted = await cuffpilot(controller, 'keys', 'trust', public_key, '--role', 'screening', '--label', 'Room 2')
  expect(trusted).toMatchObject({ code: 0, out: expect.stringContaining(`${key_id}  screening  Room 2\n`) })
  expect(await check()).toMatchObject({ code: 0, out: expect.stringContaining('Good now'), err: '' })
})

test('each reason stands on a line of its own, and the exit status is 3', async () => {
  const home = temporaryHome()
  createSigner(home, 'screening', 'here', Date.now())
  const file = join(home, 'p.verdict')
  writeFileSync(file, screened(home, 'P-017', { result: 'refuse' }))
  const args = ['verdict', 'check', file, '--subject', 'P-018', '--limbs', 'left-arm,left-leg']
  const plain = await cuffpilot(home, ...args)
  expect(plain.code).toBe(3)
  expect(plain.out.match(/^CP-GATE-[A-Z-]+(?=: )/gmu)).toEqual(['CP-GATE-RESULT', 'CP-GATE-PERSON', 'CP-GATE-LIMB'])
  expect(plain.out.trim().split('\n')).toHaveLength(3)
  const json = await cuffpilot(home, ...args, '--json')
  expect(JSON.parse(json.out)).toMatchObject({ good: false, refusals: [{ id: 'GATE-RESULT' }, {}, {}] })
})

test('an acceptance counts no more once a newer refusal of the same person was checked here', async () => {
  const [station, controller] = [temporaryHome(), temporaryHome()]
  createSigner(station, 'screening', 'Room 2', Date.now())
  const [accepted, refused] = [join(controller, 'a'), join(controller, 'r')]
  writeFileSync(accepted, screened(station, 'P-017'))
  writeFileSync(refused, screened(station, 'P-017', { result: 'refuse' }))
  const [{ public_key }] = JSON.parse(readFileSync(join(station, 'trust.json'), 'utf8')).keys
  await cuffpilot(controller, 'keys', 'trust', public_key, '--role', 'screening', '--label', 'Room 2')
  const check = (file: string) => cuffpilot(controller, 'verdict', 'check', file, '--subject', 'P-017')
  expect((await check(accepted)).code).toBe(0)
  expect((await check(refused)).out).toMatch(/^CP-GATE-RESULT/u)
  expect(await check(accepted)).toMatchObject({ code: 3, out: expect.stringMatching(/^CP-GATE-SERIAL[^\n]+\n$/u) })
})

test('an example is signed by a simulator key that is made for it, and it says what it is good for', async () => {
  const home = temporaryHome()
  const file = join(home, 'e.verdict')
  const args = ['--subject', 'EXAMPLE', '--limbs', 'left-arm,right-arm']
  const made = await cuffpilot(home, 'verdict', 'example', '--out', file, ...args)
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining('simulated units only') })
  const checked = await cuffpilot(home, 'verdict', 'check', file, ...args)
  expect(checked).toMatchObject({ code: 0, out: expect.stringContaining('simulated units only') })
  const again = await cuffpilot(home, 'verdict', 'example', '--out', file, ...args, '--json')
  const listed = await cuffpilot(home, 'keys', 'list', '--json')
  expect(JSON.parse(listed.out)).toMatchObject({
    key_id: JSON.parse(again.out).key_id,
    role: 'simulator',
    signs_here: true,
  })
})

test('show prints a file that does not hold as well, says so, and lets nothing in it reach the terminal', async () => {
  const home = temporaryHome()
  createSigner(home, 'screening', 'here', Date.now())
  const file = join(home, 'p.verdict')
  writeFileSync(file, screened(home, 'P-017', { screener: '\u001b]0;x\u0007\u009b31m\u202e' }))
  const good = await cuffpilot(home, 'verdict', 'show', file)
  expect(good).toMatchObject({ code: 0, out: expect.stringContaining('The signature holds, by screening key') })
  const json = await cuffpilot(home, 'verdict', 'show', file, '--json')
  expect(JSON.parse(json.out)).toMatchObject({ holds: true, body: { screener: '\u001b]0;x\u0007\u009b31m\u202e' } })
  writeFileSync(file, readFileSync(file, 'utf8').replace('accept', 'ac\u001bept'))
  const bad = await cuffpilot(home, 'verdict', 'show', file)
  expect(bad).toMatchObject({ code: 3, out: expect.stringContaining('NOT VALID  CP-VERDICT-SIGNATURE') })
  for (const { out } of [good, json, bad]) expect(out).not.toMatch(/[^\n\u0020-\u007e]/u)
  const badJson = await cuffpilot(home, 'verdict', 'show', file, '--json')
  expect(JSON.parse(badJson.out)).toMatchObject({ holds: false, code: 'CP-VERDICT-SIGNATURE' })
})

test('a clearance is shown with what it clears, and a check with it names who cleared', async () => {
  const home = temporaryHome()
  createSigner(home, 'screening', 'here', Date.now())
  createSigner(home, 'clinician', 'Dr Mori', Date.now())
  const [verdict, clearance] = [join(home, 'p.verdict'), join(home, 'p.clearance')]
  writeFileSync(verdict, screened(home, 'P-017', { result: 'needs-clinician', limits: { arm_max_mmHg: 80 } }))
  const check = (...more: string[]) => cuffpilot(home, 'verdict', 'check', verdict, '--subject', 'P-017', ...more)
  expect(await check()).toMatchObject({ code: 3, out: expect.stringMatching(/^CP-GATE-CLINICIAN: [^\n]+\n$/u) })

  const who = ['--clinician', 'Dr Mori, reg. 1234', '--reason', 'Stable since May', '--out', clearance]
  const limits = ['--arm-max', '60', '--session-max', '5', '--limbs', 'left-arm', '--one-side']
  const made = await cuffpilot(home, 'verdict', 'clear', verdict, ...who, ...limits)
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining('Dr Mori, reg. 1234 clears'), err: '' })
  expect(await check('--clearance', clearance)).toMatchObject({
    code: 0,
    out: expect.stringContaining('Cleared by Dr Mori, reg. 1234, with clinician key'),
  })
  expect(await check('--clearance', clearance, '--limbs', 'right-arm')).toMatchObject({
    code: 3,
    out: expect.stringMatching(/^CP-GATE-LIMB: [^\n]+\n$/u),
  })

  const [shown, of] = await Promise.all([clearance, verdict].map(file => cuffpilot(home, 'verdict', 'show', file)))
  const [, sha256] = /^The verdict with SHA-256 ([0-9a-f]{64})\.$/mu.exec(of!.out) ?? []
  expect(shown!.out).toMatch(/"reason": "Stable since May"[\s\S]*The signature holds, by clinician key/u)
  expect(shown!.out).toContain(`Clears the verdict with SHA-256 ${sha256}, until`)
  const json = await cuffpilot(home, 'verdict', 'show', clearance, '--json')
  expect(JSON.parse(json.out)).toMatchObject({
    holds: true,
    key: { role: 'clinician' },
    body: { verdict_sha256: sha256 },
  })
})

test.each([
  ['a refusal', { result: 'refuse' }, [], 'CP-CLEARANCE-RESULT'],
  ['a test that is due', { result: 'needs-test' }, [], 'CP-CLEARANCE-TEST'],
  ['an acceptance', { result: 'accept' }, [], 'CP-CLEARANCE-RESULT'],
  ['a higher pressure', {}, ['--arm-max', '90'], 'CP-CLEARANCE-LIMIT'],
  ['another limb', {}, ['--limbs', 'left-leg'], 'CP-CLEARANCE-LIMB'],
  ['no name', {}, ['--clinician', ' '], 'CP-CLEARANCE-WHO'],
  ['no reason', {}, ['--reason', ''], 'CP-CLEARANCE-WHY'],
  ['a pressure that nobody may have', {}, ['--arm-max', '201'], 'CP-USAGE'],
] as const)('%s: no clearance is signed, in one clear line', async (_, change, more, code) => {
  const home = temporaryHome()
  createSigner(home, 'screening', 'here', Date.now())
  createSigner(home, 'clinician', 'Dr Mori', Date.now())
  const [verdict, out] = [join(home, 'p.verdict'), join(home, 'p.clearance')]
  writeFileSync(
    verdict,
    screened(home, 'P-017', { result: 'needs-clinician', limits: { arm_max_mmHg: 80 }, ...change }),
  )
  const who = ['--clinician', 'Dr Mori', '--reason', 'x', '--out', out]
  const ended = await cuffpilot(home, 'verdict', 'clear', verdict, ...who, ...more)
  expect(ended.err).toMatch(new RegExp(`^${code}: [^\\n]+\\n$`, 'u'))
  expect([ended.code > 0, ended.out, existsSync(out)]).toEqual([true, '', false])
})

test('a verdict older than one that the clinician has seen is not cleared', async () => {
  const home = temporaryHome()
  createSigner(home, 'screening', 'here', Date.now())
  createSigner(home, 'clinician', 'Dr Mori', Date.now())
  const verdict = join(home, 'p.verdict')
  writeFileSync(verdict, screened(home, 'P-017', { result: 'needs-clinician' }))
  screened(home, 'P-017', { result: 'refuse' })
  const who = ['--clinician', 'Dr Mori', '--reason', 'x', '--out', join(home, 'p.clearance')]
  expect(await cuffpilot(home, 'verdict', 'clear', verdict, ...who)).toMatchObject({
    code: 3,
    out: '',
    err: expect.stringMatching(/^CP-GATE-SERIAL: /u),
  })
})

test.each([
  [['verdict', 'check', 'nowhere', '--subject', 'x'], 2, 'CP-VERDICT-READ'],
  [['verdict', 'show', TEXT], 2, 'NOT VALID  CP-VERDICT-FORM'],
  [['verdict', 'example', '--out', 'x', '--subject', 'x', '--limbs', 'neck'], 2, 'CP-LIMB'],
  [['verdict', 'example', '--out', '.', '--subject', ' ', '--limbs', 'left-arm'], 2, 'CP-SUBJECT'],
  [['verdict', 'example', '--out', '.', '--subject', 'x', '--limbs', 'left-arm'], 2, 'CP-WRITE'],
  [['keys', 'trust', 'AAAA', '--role', 'screening', '--label', 'x'], 2, 'CP-KEY-READ'],
  [['keys', 'trust', TEXT, '--role', 'screening', '--label', 'x'], 2, 'CP-KEY-PUBLIC'],
  [['keys', 'init', '--label', ''], 2, 'CP-KEY-LABEL'],
  [['keys', 'init', '--role', 'root'], 2, 'Allowed choices are screening, clinician, simulator'],
])('%j ends with %i and one clear line', async (args, code, says) => {
  const { out, err, code: got } = await cuffpilot(temporaryHome(), ...args)
  expect(got).toBe(code)
  expect(out + err).toContain(says)
  expect(err).not.toContain('CP-INTERNAL')
})

test('a damaged trust file trusts nobody, and says so in one line', async () => {
  const home = temporaryHome()
  writeFileSync(join(home, 'trust.json'), '{')
  const { code, out, err } = await cuffpilot(home, 'keys', 'list', '--json')
  expect({ code, out }).toEqual({ code: 3, out: '' })
  expect(err).toMatch(/^CP-TRUST: [^\n]+\n$/u)
})
