import { spawn, spawnSync } from 'node:child_process'
import { existsSync, openSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MAIN, temporaryFolder } from '../support/processes.ts'

interface Outcome {
  readonly code: number | null
  readonly err: string
}

/** Runs the program with its stdout on `out`, or into a pipe that nobody reads. */
function cuffpilot(args: string[], out: number | 'closed'): Promise<Outcome> {
  const env = { ...process.env, CUFFPILOT_HOME: temporaryFolder(), NO_COLOR: '1' }
  const stdout = out === 'closed' ? 'pipe' : out
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', stdout, 'pipe'] })
  child.stdout?.destroy()
  let err = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  return new Promise(resolve => child.once('close', code => resolve({ code, err })))
}

const COMMANDS = [
  ['programs', 'list'],
  ['programs', 'schema'],
  ['keys', 'init', '--label', 'x'],
  ['sim', '--list-faults'],
  ['--help'],
]

test('a reader that has seen enough ends nothing', async () => {
  const ended = await Promise.all(COMMANDS.map(args => cuffpilot(args, 'closed')))
  expect(ended).toEqual(COMMANDS.map(() => ({ code: 0, err: '' })))
})

const FULL = '/dev/full'

test.runIf(existsSync(FULL))('an output that is full is one line and status 2, for the demo too', async () => {
  const ended = await Promise.all([...COMMANDS, ['demo']].map(args => cuffpilot(args, openSync(FULL, 'w'))))
  for (const one of ended) expect(one).toEqual({ code: 2, err: expect.stringMatching(/^CP-OUTPUT: [^\n]+\n$/) })
})

test.each([
  [['run'], "required option '--port <path>' not specified"],
  [['programs', 'lst'], "unknown command 'lst' (Did you mean list?)"],
  [['demo', '--speed', '11'], 'Give a number from 0.1 to 10.'],
  [['run', '--speed', '0'], 'Give a number from 0.1 to 10.'],
])('a wrong command line is one line that says what to do: %j', async (args, says) => {
  const { code, err } = await cuffpilot(args, 'closed')
  expect(code).toBe(2)
  expect(err).toMatch(/^CP-USAGE: [^\n]+ See cuffpilot --help\.\n$/)
  expect(err).toContain(says)
})

test.each(['journal', 'programs', 'keys', 'verdict'])('%s --help ends with an example', async group => {
  const env = { ...process.env, CUFFPILOT_HOME: temporaryFolder() }
  const { stdout } = spawnSync(process.execPath, [MAIN, group, '--help'], { env, encoding: 'utf8' })
  expect(stdout).toMatch(/\nExample:\n {2}\$ cuffpilot [^\n]+\n$/)
})
