import { expect } from 'vitest'
import { childrenOf, Program, runArgs, type SimulatedUnit, startSim, temporaryFolder } from '../support/processes.ts'
import { test } from '../support/sideBySide.ts'

const SPEED = ['--speed', '1']

/** A session in its first hold, without a terminal. */
async function holding(): Promise<{ unit: SimulatedUnit; run: Program; since: number }> {
  const home = temporaryFolder()
  const unit = await startSim(home, ...SPEED)
  const run = new Program(home, runArgs(home, unit.path, '--unattended', ...SPEED))
  await run.out.until('a hold', line => line.includes('holding'))
  return { unit, run, since: unit.events().length }
}

test.each([['SIGINT'], ['SIGTERM'], ['SIGHUP']])(
  'REQ-SIGNAL (F14): %s in a hold releases, and the status is 5',
  async signal => {
    const { unit, run, since } = await holding()
    run.child.kill(signal)
    expect(await run.ended).toEqual({ code: 5, signal: null })
    await unit.until('release', since)
    await unit.until('vented', since)
    expect(run.out.all).toContainEqual(expect.stringContaining(`cause: signal ${signal}`))
  },
)

test('REQ-CONTROLLER (F01): a controller killed in a hold is followed by a release', async () => {
  const { unit, run, since } = await holding()
  run.child.kill('SIGKILL')
  await run.ended
  await unit.until('release', since)
  await unit.until('vented', since)
  const inflating = unit
    .events()
    .slice(since)
    .filter(one => one.type === 'target')
  expect(inflating).toEqual([])
})

test('REQ-GUARD (F11): a guard that hangs in a hold is ended after 2 s: the unit has let go by itself, and as nobody saw it the status is 6', async () => {
  const { unit, run, since } = await holding()
  const [guard] = childrenOf(run.child.pid!)
  process.kill(guard!, 'SIGSTOP')
  await unit.until('lapse', since)
  await unit.until('vented', since)
  expect((await run.ended).code).toBe(6)
  expect(() => process.kill(guard!, 0)).toThrow()
  expect(run.out.all).toContainEqual(expect.stringMatching(/^journal /))
})

test('SIGUSR1 opens no debugger, and releases', async () => {
  const { unit, run, since } = await holding()
  const [guard] = childrenOf(run.child.pid!)
  process.kill(guard!, 'SIGUSR1')
  await unit.until('release', since)
  run.child.kill('SIGUSR1')
  expect((await run.ended).code).toBe(5)
  expect(run.err.all.filter(line => /debugger/i.test(line))).toEqual([])
})

test('REQ-GUARD (F11): a guard killed in a hold leaves the unit to vent by its own silence, and as nobody saw it the status is 6', async () => {
  const { unit, run, since } = await holding()
  const [guard] = childrenOf(run.child.pid!)
  process.kill(guard!, 'SIGKILL')
  await unit.until('lapse', since)
  await unit.until('vented', since)
  expect((await run.ended).code).toBe(6)
  expect(
    unit
      .events()
      .slice(since)
      .some(one => one.type === 'release'),
  ).toBe(false)
  expect(run.out.all).toContainEqual(expect.stringMatching(/^cause: the port closed: the guard ended/))
})
