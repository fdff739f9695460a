import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { EXIT } from '../../src/errors.ts'
import { packageRoot } from '../../src/packageRoot.ts'
import { loadProgram } from '../../src/programs/load.ts'
import { PRESETS } from '../../src/programs/presets.ts'
import { program, training } from './helpers.ts'

const home = mkdtempSync(join(tmpdir(), 'cuffpilot-programs-cli-'))
afterAll(() => rmSync(home, { recursive: true }))

/** Runs the built program from a folder of its own, so that nothing is found by way of the current folder. */
function cuffpilot(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const main = join(packageRoot(), 'dist', 'src', 'cli', 'main.js')
  const options = { cwd: home, env: { ...process.env, CUFFPILOT_HOME: home } }
  return new Promise(resolve => {
    execFile(process.execPath, [main, 'programs', ...args], options, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

function save(name: string, content: object): string {
  writeFileSync(join(home, name), JSON.stringify(content))
  return name
}

const ndjson = (stdout: string): Record<string, unknown>[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))

test('list names every preset, the default first, for people and as NDJSON', async () => {
  const plain = await cuffpilot('list')
  expect(
    plain.stdout
      .trimEnd()
      .split('\n')
      .map(line => line.split(' ')[0]),
  ).toEqual([...PRESETS])
  const json = await cuffpilot('list', '--json')
  expect(ndjson(json.stdout).map(line => line.name)).toEqual([...PRESETS])
})

test('show prints the presses, the planned time and the sources', async () => {
  const { stdout } = await cuffpilot('show', 'cycle-30-5')
  expect(stdout).toMatch(/3-10 +training +100 +120 +30 +5/)
  expect(stdout).toContain('planned time 6:30')
  expect(stdout).toContain('kaatsublog 2019-12-24')
})

test('show --json prints the program as a file that check takes', async () => {
  const { stdout } = await cuffpilot('show', 'cycle-30-5', '--json')
  expect(ndjson(stdout)).toEqual([loadProgram('cycle-30-5')])
  writeFileSync(join(home, 'shown.json'), stdout)
  expect(await cuffpilot('check', 'shown.json')).toMatchObject({ status: EXIT.completed, stderr: '' })
})

test('check says on which limbs and cuff widths the limits are kept', async () => {
  const file = save('mine.json', program())
  const { status, stdout } = await cuffpilot('check', file)
  expect(status).toBe(EXIT.completed)
  expect(stdout).toMatch(/left-arm and right-arm, cuff width 5 cm, the default .* of at most 10:00/)
  expect(stdout).toMatch(/left-leg and right-leg, cuff width 5 cm, the default .* of at most 15:00/)
  const [plan] = ndjson((await cuffpilot('check', file, '--limbs', 'left-leg', '--widths', '11.5', '--json')).stdout)
  expect(plan).toMatchObject({ cuffs: [{ channel: 1, limb: 'left-leg', width_cm: 11.5 }], cap_ms: 900_000 })
})

test('check refuses with status 3, the bound that binds, and nothing on stdout', async () => {
  const file = save('high.json', program({ steps: training({ arm_mmHg: 100, leg_mmHg: 181 }) }))
  const refused = await cuffpilot('check', file, '--limbs', 'left-leg', '--widths', '12', '--json')
  expect(refused).toMatchObject({ status: EXIT.refused, stdout: '' })
  expect(refused.stderr).toMatch(
    /^CP-LIM-CUFF-WIDTH: .*181 mmHg is above 180 mmHg, the ceiling for a cuff 12 cm wide.*\n$/,
  )
})

test('check refuses a broken file with status 2 in one line', async () => {
  const refused = await cuffpilot('check', save('broken.json', { ...program(), slew_mmHg_per_s: '20' }))
  expect(refused).toMatchObject({ status: EXIT.usage, stdout: '' })
  expect(refused.stderr).toMatch(/^CP-PROGRAM-INVALID: broken\.json: slew_mmHg_per_s: must be a whole number.*\n$/)
})

test('schema prints JSON Schema that forbids unknown keys', async () => {
  const { stdout } = await cuffpilot('schema')
  expect(JSON.parse(stdout)).toMatchObject({ type: 'object', additionalProperties: false, required: expect.any(Array) })
})

test.each(['list', 'show', 'check', 'schema'])('%s --help ends with an example', async command => {
  expect((await cuffpilot(command, '--help')).stdout).toMatch(/\nExample:\n {2}\$ cuffpilot programs .*\n$/)
})
