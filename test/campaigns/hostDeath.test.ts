import { beforeAll, describe, expect, test } from 'vitest'
import { ptyAvailable } from '../../sim/fronts/pty.ts'
import { safetyMisses } from './deathBounds.ts'
import { type Death, hostDeath } from './hostDeath.ts'

const SEEDS = [4, 6, 8, 14]
/** The rise takes 3.3 s of it. */
const WINDOW_MS = 5_000

describe.skipIf(!(await ptyAvailable()))('A host that dies in the middle of a press', { timeout: 180_000 }, () => {
  let deaths: Death[] = []
  beforeAll(async () => {
    const kills = SEEDS.flatMap(seed => [hostDeath('controller', seed, WINDOW_MS), hostDeath('guard', seed, WINDOW_MS)])
    deaths = (await Promise.all(kills)).filter(death => typeof death === 'object')
    // Times by this machine's clock are for the campaign to judge, on a machine that does nothing else.
    for (const { victim, moment_ms, by, ventedAfter_ms } of deaths)
      console.log(`${victim} killed at ${moment_ms.toFixed(0)} ms: ${by} after ${ventedAfter_ms.toFixed(1)} ms`)
  }, 180_000)

  const of = (victim: Death['victim']) => deaths.filter(death => death.victim === victim)
  const misses = (victim: Death['victim']) => of(victim).map(death => [death.seed, ...safetyMisses(death)])

  test('the unit vents by the guard’s release byte, and gets no further lease, when the controller is killed', () => {
    expect(of('controller')).not.toEqual([])
    expect(misses('controller')).toEqual(of('controller').map(death => [death.seed]))
  })

  test('the unit vents by itself, within T_SILENCE and 0.1 s of the last lease, when the guard is killed', () => {
    expect(of('guard')).not.toEqual([])
    expect(misses('guard')).toEqual(of('guard').map(death => [death.seed]))
  })
})
