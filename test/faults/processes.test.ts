import { describe, expect, test } from 'vitest'
import { childrenOf, Program, runArgs, type SimulatedUnit, startSim, temporaryFolder } from '../support/processes.ts'

const SPEED = ['--speed', '1']
const INFLATES: readonly string[] = ['target', 'armed', 'hello']

/** A session in its first hold, without a terminal. */
async function holding() {
  const home = temporaryFolder()
  const unit = await startSim(home, ...SPEED)
  const run = new Program(home, runArgs(home, unit.path, '--unattended', ...SPEED))
  await run.out.until('a hold', line => line.includes('holding'))
  return { home, unit, run, since: unit.events().length }
}

const inflated = (unit: SimulatedUnit, since: number) =>
  unit
    .events()
    .slice(since)
    .filter(({ type }) => INFLATES.includes(type))

describe('REQ-FAULTS: what only real processes show', () => {
  test('F15, F07: a second session on the port ends with status 4 and is not heard; and when the laptop sleeps the unit lets go by itself, and nothing goes on', async () => {
    const { home, unit, run, since } = await holding()
    const second = new Program(home, runArgs(home, unit.path, '--unattended', ...SPEED))
    expect((await second.ended).code).toBe(4)
    expect(second.out.all.join('\n')).toMatch(/another program holds it/)
    const heard = unit.events().slice(since)
    expect(new Set(heard.map(({ type }) => type))).toEqual(new Set(['lease', 'pressure']))

    const pids = [run.child.pid!, ...childrenOf(run.child.pid!)]
    for (const pid of pids) process.kill(pid, 'SIGSTOP')
    await unit.until('lapse', since)
    await unit.until('vented', since)
    for (const pid of pids) process.kill(pid, 'SIGCONT')
    await unit.until('release', since)
    expect([4, 6, 70]).toContain((await run.ended).code)
    expect(inflated(unit, since)).toEqual([])
  })

  test('F21: a unit that takes nothing off the line any more: the session is over, and what waits for the unit is the release', async () => {
    const { unit, run, since } = await holding()
    unit.process.child.kill('SIGSTOP')
    await run.out.until('the release', line => line.includes('RELEASING'))
    unit.process.child.kill('SIGCONT')
    await unit.until('release', since)
    await unit.until('vented', since)
    expect([4, 6]).toContain((await run.ended).code)
    expect(inflated(unit, since)).toEqual([])
  })
})
