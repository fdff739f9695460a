import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../../src/packageRoot.ts'
import { EXAMPLES, examplePath } from '../../src/screening/example.ts'
import { rulesPage } from '../../src/screening/page.ts'
import { QUESTIONS } from '../../src/screening/questions/index.ts'
import { RULES } from '../../src/screening/rules/index.ts'
import { MAIN, Terminal, temporaryFolder } from '../support/processes.ts'
import { FIT } from './help.ts'

function cuffpilot(home: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, CUFFPILOT_HOME: home, NO_COLOR: '1' }
  return new Promise(resolve => {
    const child = execFile(process.execPath, [MAIN, ...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
    child.stdin?.end()
  })
}

/** The fit person, measured now, with other answers; returns the file. */
function intakeFile(home: string, change: object = {}): string {
  const path = join(home, 'intake.json')
  const answers = { ...FIT.answers, blood_pressure_at: new Date().toISOString(), ...change }
  writeFileSync(path, JSON.stringify({ ...FIT, answers }))
  return path
}

test('REQ-SCREEN: the page of the rules is the one that the rules give', () => {
  expect(readFileSync(join(packageRoot(), 'src/screening/RULES.md'), 'utf8')).toBe(rulesPage())
  for (const { id, source } of RULES) expect(rulesPage()).toMatch(new RegExp(`\\| ${id} \\|.*${escaped(source)}`))
})
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

test('the ten example people are shown with every rule that fired and its source, and their files are intakes', async () => {
  const { code, out } = await cuffpilot(temporaryFolder(), 'screen', '--example', '--explain')
  expect(code).toBe(0)
  for (const name of EXAMPLES)
    expect([name, out.includes(name), existsSync(examplePath(name))]).toEqual([name, true, true])
  expect(out).toMatch(/P5-DVT.*\n +Point 5; Point 7\.3\n +what would change it/)
})

test('a fit person: accepted, with status 0; a person with an unknown answer: refused, with status 3 and the question', async () => {
  const home = temporaryFolder()
  expect(await cuffpilot(home, 'screen', '--intake', intakeFile(home))).toMatchObject({ code: 0, err: '' })
  const { code, out } = await cuffpilot(home, 'screen', '--intake', intakeFile(home, { dvt_history: 'unknown' }))
  expect([code, out]).toEqual([
    3,
    expect.stringMatching(/Not known: Has had a deep-vein thrombosis \(dvt_history\)[\s\S]*unknown +Has had/),
  ])
})

test('--json: one object for each rule that fired, then the result, and nothing else', async () => {
  const home = temporaryFolder()
  const { out } = await cuffpilot(home, 'screen', '--json', '--intake', intakeFile(home, { chest_symptoms: 'yes' }))
  const lines = out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
  expect(lines.map(line => line.type)).toEqual([...lines.slice(1).map(() => 'rule'), 'screening'])
  expect(lines[0]).toMatchObject({ id: 'T1-CHEST', effect: 'test', source: 'Table 1, subjective symptoms' })
  expect(lines.at(-1)).toMatchObject({ result: 'needs-test', missing: [] })
})

test('--schema is the JSON Schema of an intake, with every question', async () => {
  const { out } = await cuffpilot(temporaryFolder(), 'screen', '--schema')
  const schema = JSON.parse(out)
  expect(Object.keys(schema.properties.answers.properties).sort()).toEqual(QUESTIONS.map(one => one.id).sort())
})

test('a verdict is signed with the screening key, and the controller takes it; a refusal is signed too', async () => {
  const home = temporaryFolder()
  const out = join(home, 'p.verdict')
  const sign = ['--subject', 'P-017', '--screener', 'A. Sato, trainer', '--out', out]
  expect((await cuffpilot(home, 'screen', '--intake', intakeFile(home), ...sign)).err).toMatch(/^CP-KEY-NONE/)
  await cuffpilot(home, 'keys', 'init', '--label', 'Station')
  expect(await cuffpilot(home, 'screen', '--intake', intakeFile(home), ...sign)).toMatchObject({ code: 0 })
  expect(await cuffpilot(home, 'verdict', 'check', out, '--subject', 'P-017', '--limbs', 'left-arm')).toMatchObject({
    code: 0,
  })
  expect(await cuffpilot(home, 'screen', '--intake', intakeFile(home, { ill_today: 'yes' }), ...sign)).toMatchObject({
    code: 3,
  })
  const refused = await cuffpilot(home, 'verdict', 'check', out, '--subject', 'P-017', '--limbs', 'left-arm')
  expect([refused.code, refused.out]).toEqual([3, expect.stringContaining('GATE-RESULT')])
})

test('without an intake, a person or a screener it says what to give, before anything is asked', async () => {
  const home = temporaryFolder()
  expect((await cuffpilot(home, 'screen')).err).toMatch(/^CP-SCREEN-INTAKE: /)
  expect((await cuffpilot(home, 'screen', '--intake', intakeFile(home), '--out', 'x')).err).toMatch(/^CP-SCREEN-WHO: /)
  expect((await cuffpilot(home, 'screen', '--intake', join(home, 'none.json'))).err).toMatch(
    /^CP-INTAKE: .*cannot be read/,
  )
})

test('a huge file, and a device, are refused unread', async () => {
  const home = temporaryFolder()
  writeFileSync(join(home, 'huge.json'), Buffer.alloc(80_000_000, 0x20))
  expect((await cuffpilot(home, 'screen', '--intake', join(home, 'huge.json'))).err).toMatch(/at most 65536 are read/)
  expect((await cuffpilot(home, 'screen', '--intake', '/dev/zero')).err).toMatch(/it is not a file/)
})

test('REQ-INTERVIEW: at a terminal it asks, goes back, keeps what is half finished, and goes on from there', async () => {
  const home = temporaryFolder()
  const path = join(home, 'new.json')
  const kept = () => JSON.parse(readFileSync(path, 'utf8')).answers
  const command = [process.execPath, MAIN, 'screen', '--intake', path, '--limbs', 'left-arm']
  const first = new Terminal(home, command)
  await first.until('Age, in whole years?')
  first.type('44\r')
  await first.until('Sex recorded at birth?')
  first.type('<\r')
  await first.until('Age, in whole years?', first.text.indexOf('Sex recorded'))
  first.type('45\r')
  await first.until('Sex recorded at birth?', first.text.lastIndexOf('Age, in whole'))
  first.type('1\r')
  await first.until('sex hormones')
  first.type('q\r')
  expect(await first.ended).toBe(3)
  expect(kept()).toEqual({ age_years: 45, sex_at_birth: 'male' })
  expect(first.text).toContain('REFUSED')
  const second = new Terminal(home, command)
  await second.until('sex hormones')
  expect(second.text).not.toContain('Age, in whole years?')
  second.type('<\r')
  await second.until('Sex recorded at birth?')
  expect(kept()).toEqual({ age_years: 45 })
  second.type('1\r')
  await second.until('sex hormones', second.text.lastIndexOf('Sex recorded'))
  second.type('n\r')
  await second.until('Exercises regularly')
  second.close()
  await second.ended
  expect(kept()).toMatchObject({ hormone_therapy: 'no' })
})

test('an answer that refuses by itself is said at once, with its source', async () => {
  const home = temporaryFolder()
  const path = intakeFile(home, { dvt_history: undefined })
  const terminal = new Terminal(home, [process.execPath, MAIN, 'screen', '--intake', path])
  await terminal.until('Has had a deep-vein thrombosis?')
  terminal.type('y\r')
  await terminal.until('This refuses by itself: Has had a deep-vein thrombosis. (Point 5; Point 7.3)')
  expect(await terminal.ended).toBe(3)
})
