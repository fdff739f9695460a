/**
 * `npm run campaign:fuzz -- [--lines N] [--minutes N] [--seed N]`: hostile lines into what the host reads with, into the
 * guard of whole sessions and into the unit; a line of 64 MiB without an end; and a host that uses valid commands to get
 * more pressure or time out of a unit than its profile promises. All but the endless line in virtual time.
 */

import { fuzzUnit } from '../support/fuzzUnit.ts'
import { SHORT } from '../support/programs.ts'
import { Stack } from '../support/stack.ts'
import { type EndlessResult, endless, KEPT_MAX } from './endless.ts'
import { fuzzActive } from './fuzzActive.ts'
import { fuzzGuard, trickle } from './fuzzGuard.ts'
import { fuzzFramer } from './fuzzHost.ts'
import { CEILING_ALLOWANCE, hostileHost, TIME_ALLOWANCE, type Worst } from './hostileHost.ts'
import { numbers } from './numbers.ts'
import { serialLine } from './serialLine.ts'

const { lines, minutes, seed } = numbers({ lines: 1_000_000, minutes: 10_000, seed: 1 })
const misses: string[] = []
const print = (line: string): void => void process.stdout.write(`${line}\n`)

/** Does one part, prints what it found, and notes what must not be. */
async function part<T extends object>(name: string, work: () => T | Promise<T>, wrong: (found: T) => unknown) {
  process.stderr.write(`${name} …\n`)
  const from = performance.now()
  const found = await work()
  const figures = Object.entries(found).map(([key, value]) => `${key} ${figure(value)}`)
  const took_s = Math.round((performance.now() - from) / 1_000)
  print(`${name}${took_s > 0 ? ` (${took_s} s)` : ''}: ${figures.join(', ')}`)
  if (wrong(found)) misses.push(name)
}

function figure(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.slice(0, 10).join(' | ')
  return typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(1) : String(value)
}

print(`seed ${seed}`)
await part(
  `host's framing, ${lines} lines`,
  () => fuzzFramer(lines, seed),
  found => found.altered > 0 || found.accepted !== found.right,
)
await part(
  `guard in sessions, ${lines} lines`,
  () => fuzzGuard(lines, seed),
  found => found.wrong.length > 0,
)
await part(
  'guard in a hold, 1000 damaged lines, 8 a second',
  () => ({ wrong: trickle(1_000, seed) }),
  found => found.wrong.length > 0,
)
await part(
  `unit without a session, ${lines} lines`,
  () => fuzzUnit(lines, seed),
  found => found.answers !== found.good || found.seen !== found.sent || found.pressure > 1,
)
await part(
  `unit under pressure, ${lines} lines`,
  () => fuzzActive(lines, seed),
  found => found.answers !== found.right || found.inflated > 0 || found.left_mmHg > 1,
)

const long = ({ kept_bytes }: EndlessResult) => kept_bytes > KEPT_MAX
const without = 'a line of 64 MiB without an end'
const stack = new Stack({ program: SHORT })
stack.untilPhase('holding')
await part(`${without} into the guard`, () => endless(chunk => stack.guard.bytes(chunk, stack.now)), long)
await part(`${without} into the unit`, () => endless(chunk => stack.unit.receive(chunk, stack.now)), long)
const line = await serialLine()
await part(`${without} through serialport and its parser`, () => endless(chunk => line.write(chunk)), long)
await line.close()

/** Minutes of one unit's life; long enough for the hour's limit to come round. */
const LIFE = 250
const all: Worst[] = []
for (let done = 0; done < minutes; done += LIFE) {
  all.push(hostileHost(Math.min(LIFE, minutes - done), seed + all.length))
  process.stderr.write(`hostile host: ${done + LIFE} of ${minutes} min\n`)
}
for (const temper of new Set(all.map(one => one.temper))) {
  const worst = worstOf(all.filter(one => one.temper === temper))
  await part(`${temper} host with valid commands`, () => worst, beyond)
}
await part(
  `worst of ${minutes} min (allowed ${CEILING_ALLOWANCE} mmHg, ${TIME_ALLOWANCE} ms)`,
  () => worstOf(all),
  beyond,
)

function worstOf(some: readonly Worst[]) {
  const most = (key: Exclude<keyof Worst, 'temper'>) => Math.max(...some.map(one => one[key]))
  return {
    overCeiling_mmHg: most('overCeiling_mmHg'),
    overContinuous_ms: most('overContinuous_ms'),
    overHour_ms: most('overHour_ms'),
    inflations: some.reduce((sum, one) => sum + one.inflations, 0),
  }
}

function beyond(worst: ReturnType<typeof worstOf>): boolean {
  const time = Math.max(worst.overContinuous_ms, worst.overHour_ms)
  return worst.overCeiling_mmHg > CEILING_ALLOWANCE || time > TIME_ALLOWANCE || worst.inflations === 0
}

for (const miss of misses) print(`MISS: ${miss}`)
print(misses.length === 0 ? 'no miss' : `${misses.length} misses`)
process.exitCode = misses.length === 0 ? 0 : 1
