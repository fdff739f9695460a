/**
 * `npm run campaign:host-death -- [--controller N] [--guard N] [--both N] [--seed N] [--at-once N]`: kills the controller,
 * the guard, or both in the middle of a press, in real time, with the simulated unit in a process of its own on a
 * pseudo-terminal; says when and by what the unit vented. A miss names the seed that repeats it.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { LAPSE_MAX_MS, RELEASE_MAX_MS, safetyMisses, timeMisses } from './deathBounds.ts'
import { distribution } from './distribution.ts'
import { type Death, hostDeath, type Victim } from './hostDeath.ts'
import { numbers } from './numbers.ts'

const {
  controller,
  guard,
  both,
  seed,
  'at-once': atOnce,
} = numbers({
  controller: 200,
  guard: 200,
  both: 20,
  seed: 1,
  'at-once': 6,
})
const print = (line: string): void => void process.stdout.write(`${line}\n`)
const misses: string[] = []

/** Units of a batch begin together, so that no kill falls into another one's start. What showed nothing is replaced. */
async function series(victim: Victim, count: number): Promise<Death[]> {
  const deaths: Death[] = []
  for (let next = seed; deaths.length < count && next < seed + 2 * count; ) {
    const seeds = Array.from({ length: Math.min(atOnce, count - deaths.length) }, () => next++)
    for (const death of await Promise.all(seeds.map(one => hostDeath(victim, one)))) {
      if (typeof death === 'object') deaths.push(death)
      else print(`${victim}, replaced: ${death}`)
    }
    process.stderr.write(`${victim}: ${deaths.length} of ${count}\n`)
  }
  if (deaths.length < count) misses.push(`${victim}: only ${deaths.length} of ${count} kills could be made`)
  return deaths
}

type Figure = 'ventedAfter_ms' | 'sinceLease_ms' | 'emptyAfter_ms'
const values = (deaths: readonly Death[], key: Figure): number[] => deaths.map(death => death[key])

function tell(victim: Victim, deaths: readonly Death[]): void {
  for (const death of deaths)
    for (const miss of [...safetyMisses(death), ...timeMisses(death)])
      misses.push(`${victim} with --seed ${death.seed}, ${death.moment_ms.toFixed(0)} ms into the press: ${miss}`)
  const rising = deaths.filter(death => death.inflating).length
  const [byRelease, byLapse] = (['release', 'lapse'] as const).map(by => deaths.filter(one => one.by === by).length)
  print(`\n${victim} killed: ${deaths.length} times, ${rising} of them while the pressure rose`)
  print(`vented by the release byte ${byRelease}, by the lapsed lease ${byLapse}`)
  const figure = (name: string, key: Figure) => print(distribution(`${name}, ms`, values(deaths, key)).join('\n'))
  figure(`from the kill to valves open${victim === 'controller' ? ` (bound ${RELEASE_MAX_MS})` : ''}`, 'ventedAfter_ms')
  if (victim !== 'controller')
    figure(`from the last lease, by the unit's clock (bound ${LAPSE_MAX_MS})`, 'sinceLease_ms')
  figure('from the kill to below 15 mmHg', 'emptyAfter_ms')
}

const delay = monitorEventLoopDelay({ resolution: 10 })
delay.enable()
print(`seed ${seed}, ${atOnce} at once`)
for (const [victim, count] of [
  ['controller', controller],
  ['guard', guard],
  ['both', both],
] as const)
  if (count > 0) tell(victim, await series(victim, count))
print(
  `\nthis process was held up for at most ${(delay.max / 1e6).toFixed(0)} ms (p99 ${(delay.percentile(99) / 1e6).toFixed(0)} ms, of which 10 ms are the measurement's)`,
)
for (const miss of misses) print(`MISS: ${miss}`)
print(misses.length === 0 ? 'no miss' : `${misses.length} misses`)
process.exitCode = misses.length === 0 ? 0 : 1
