/**
 * `npm run campaign:soak -- [--days N] [--seed N]`: fourteen virtual days of sessions and faults on the shipped stack, one
 * after the other, with the counters of unit and host about to wrap in many of them; and a real session for each day. What
 * is kept in memory after each session has to stay the same. A seed gives the same run to the byte.
 */
import { numbers } from './numbers.ts'
import { realSession } from './realSession.ts'
import { slopeOf } from './slope.ts'
import { count, DAY_MS, type SoakResult, soak } from './soak.ts'
import { GROWTH_MAX, isFlat, LEAST, WARM_UP } from './soakMemory.ts'
import { WRAPS } from './soakWraps.ts'

/** Status of an internal fault. */
const MISSED = 70
/** Below this many sessions not every counter needs to have come to its wrap. */
const ENOUGH = 200

const { days, seed } = numbers({ days: 14, seed: 1 })
const from = performance.now()
const misses: string[] = []
const print = (line: string): void => void process.stdout.write(`${line}\n`)
const took = () => `${Math.round((performance.now() - from) / 1_000)} s`

let toldAt = 0
function tell({ sessions, wrong }: SoakResult, virtual_ms: number): void {
  if (performance.now() - toldAt < 1_000) return
  toldAt = performance.now()
  const misses = wrong.length === 0 ? '' : `, ${wrong.length} misses`
  process.stderr.write(`day ${(virtual_ms / DAY_MS).toFixed(2)} of ${days}: ${sessions} sessions${misses}, ${took()}\n`)
}

const counts = (all: ReadonlyMap<string, number>): string =>
  [...all].map(([name, many]) => `${name}: ${many}`).join('; ') || 'none'

function memoryWords(kept: readonly number[]): string {
  const after = kept.slice(WARM_UP)
  if (after.length < LEAST) return `too few sessions to say, as the first ${WARM_UP} are for warming up`
  const { middle, from, to } = slopeOf(after)
  const [slope, least, most] = [middle, from, to].map(value => value.toFixed(0))
  const end = ((kept.at(-1) ?? 0) / 2 ** 20).toFixed(1)
  return `${slope} bytes a session, with 95 % confidence ${least} to ${most}; ${end} MiB at the end`
}

print(`seed ${seed}, ${days} virtual days`)
const first = soak(1, seed, { after: (_, result, virtual_ms) => tell(result, virtual_ms) }).hash
const result = soak(days, seed, { after: (_, found, virtual_ms) => tell(found, virtual_ms) })
const again = soak(1, seed, { after: (_, found, virtual_ms) => tell(found, virtual_ms) }).hash
misses.push(...result.wrong)
const { sessions, units, inPeace, endings, wraps, unseen, longest_ms, hour_ms, kept, hash } = result
print(`${sessions} sessions, ${inPeace} of them in peace, on ${units} units, in ${took()}`)
print(`ended: ${counts(endings)}`)
print(`wraps lived through in a session: ${WRAPS.map(one => `${one}: ${wraps.get(one) ?? 0}`).join('; ')}`)
if (sessions >= ENOUGH) for (const one of WRAPS) if (!wraps.has(one)) misses.push(`nothing was seen to wrap: ${one}`)
print(`longest inflated ${longest_ms / 1_000} s, most in any hour ${hour_ms / 1_000} s (limits 1200 s and 1200 s)`)
print(`ended with a pressure on a limb that the line does not show (known limit): ${unseen}`)

print(`memory: ${memoryWords(kept)}; flat is a growth of no more than ${GROWTH_MAX} bytes a session`)
if (!isFlat(kept)) misses.push('memory is not flat')
print(`hash of all lines and decisions ${hash}`)
print(`the first day before and after: ${first === again ? 'the same' : 'different'}, ${first}`)
if (first !== again) misses.push('the first day is not reproduced')

const phases = new Map<string, number>()
for (let day = 1; day <= days; day++) {
  process.stderr.write(`real session ${day} of ${days}, ${took()}\n`)
  const { phase, wrong } = await realSession()
  count(phases, phase)
  misses.push(...wrong.map(one => `real session ${day}: ${one}`))
}
print(`real sessions, with what they left behind in this process: ${counts(phases)}`)
for (const miss of misses) print(`MISS: ${miss}`)
print(`${misses.length === 0 ? 'no miss' : `${misses.length} misses`}, in ${took()}`)
process.exitCode = misses.length === 0 ? 0 : MISSED
