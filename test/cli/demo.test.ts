import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { verifyFile } from '../../src/journal/read.ts'
import { compile } from '../../src/programs/compile.ts'
import { cuffsFor } from '../../src/programs/cuffs.ts'
import { loadProgram } from '../../src/programs/load.ts'
import { demoPath, PRESETS } from '../../src/programs/presets.ts'
import { programMs } from '../../src/programs/table.ts'
import type { Summary } from '../../src/summary.ts'
import { Program, temporaryFolder, writeProgram } from '../support/processes.ts'
import { test } from '../support/sideBySide.ts'

async function demo(...args: string[]) {
  const home = temporaryFolder()
  const program = new Program(home, ['demo', '--program', writeProgram(home), ...args])
  const { code } = await program.ended
  return { home, code, out: program.out.all, err: program.err.all }
}

test('the demo in a pipe runs a whole session: plain lines, a summary, a journal that verifies, status 0', async () => {
  const { home, code, out, err } = await demo()
  expect({ code, err }).toEqual({ code: 0, err: [] })
  expect(out[0]).toMatch(/no medical device.*simulated/)
  expect(out.join('\n')).not.toMatch(/[^\n\u0020-\u007e—]/)
  expect(out).toContain('warm-up 2 of 2: holding')
  expect(out).toContainEqual(expect.stringMatching(/^ended +completed \(exit status 0\)$/))
  expect(out).toContainEqual(expect.stringMatching(/^program +short, 3 of 3 presses$/))
  expect(out).toContainEqual(expect.stringMatching(/^head +\d+ [0-9a-f]{64}$/))
  const journals = join(home, 'demo', 'journals')
  const [journal] = readdirSync(journals).filter(name => name.endsWith('.ndjson'))
  expect(out).toContainEqual(expect.stringContaining(join(journals, journal!)))
  expect(verifyFile(join(journals, journal!)).ok).toBe(true)
})

test("the demo's own program is planned to end within a minute, keeps every limit, and is no preset", () => {
  const program = loadProgram(demoPath())
  expect(programMs(program)).toBeLessThan(60_000)
  for (const limbs of [['left-arm', 'right-arm'] as const, ['left-leg', 'right-leg'] as const])
    expect(compile(program, { cuffs: cuffsFor(limbs) }).steps).toHaveLength(4)
  expect(PRESETS).not.toContain(program.name)
})

test('demo --json prints NDJSON and nothing else, and ends with the summary; --out takes its files', async () => {
  const out = temporaryFolder()
  const told = await demo('--json', '--out', out)
  const lines = told.out.map(line => JSON.parse(line) as { type: string })
  const summary = lines.at(-1) as Summary
  expect(summary).toMatchObject({ type: 'summary', exit: 0, ending: 'completed', presses: { done: 3, planned: 3 } })
  expect(summary.journal.path.startsWith(out)).toBe(true)
  expect(summary.highest.map(one => one.limb)).toEqual(['left-arm', 'right-arm'])
  for (const { measured_mmHg } of summary.highest) expect(measured_mmHg).toBeGreaterThan(30)
  const types = new Set(lines.map(line => line.type))
  for (const type of ['say', 'unit', 'state', 'checklist', 'pressure']) expect(types).toContain(type)
  expect(told.err[0]).toMatch(/no medical device/)
})

test('a fault given to the demo ends it with its alarm and status 6', async () => {
  const { code, out } = await demo('--fault', 'pneu.burst@hold', '--limbs', 'left-arm')
  expect(code).toBe(6)
  expect(out).toContainEqual(expect.stringMatching(/^!!! .*leak or burst/))
  expect(out).toContainEqual(expect.stringMatching(/^now .*look at the limb/))
})

test('a fault that is none is one clear line and status 2', async () => {
  const { code, err } = await demo('--fault', 'no.such=1')
  expect(code).toBe(2)
  expect(err).toEqual([expect.stringMatching(/^CP-DEMO-UNIT: .*no\.such/)])
})
