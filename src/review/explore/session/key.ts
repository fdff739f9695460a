import { LIMITS } from '../../../../machines/limits.ts'
import { isVented, readsBelowZero } from '../../../../machines/watch.ts'
import type { Telemetry } from '../../../../protocol/unitFrames.ts'
import { contextOf, phase, type Situation } from './situation.ts'

/** Times are told apart by seconds, as reports come here, and only as far back as any limit looks. Unit ms. */
const BUCKET_MS = 1_000
const OLD_MS = 12_000

/**
 * What tells situations apart: the state, what is remembered that the state asks about, and how long ago things were. Two
 * situations with the same key are one to the exploration.
 */
export function keyOf(one: Situation): string {
  const { runner, witness } = one
  const { cause, symptoms } = contextOf(one)
  const common = [runner.snapshot.value, cause?.kind, symptoms.length > 0, witness.told, witness.released]
  return JSON.stringify([...common, ...(LET_GO.has(phase(one)) ? lettingGo(one) : underWay(one))])
}

const LET_GO: ReadonlySet<string> = new Set([
  'releasing',
  'stuck',
  'settled',
  'finished',
  'refused',
  'stopped',
  'faulted',
])

type Ago = (at: number | undefined) => string
const agoAtMost =
  (now: number, most_ms: number): Ago =>
  at => {
    if (at === undefined || !Number.isFinite(at)) return '-'
    return now - at > most_ms ? 'o' : String(Math.round((now - at) / BUCKET_MS))
  }
const agoFrom = (now: number): Ago => agoAtMost(now, OLD_MS)

/** Nothing leads from here to a press: what matters is whether the line is seen vented, and until when that is waited for. */
function lettingGo(one: Situation): unknown[] {
  const { watch, unit, phaseAt } = contextOf(one)
  const seen = watch.last && [watch.last.mode, isVented(watch.last), readsBelowZero(watch.last)]
  return [seen, unit !== undefined, agoFrom(one.now)(phaseAt), limitsOf(one)]
}

function underWay(one: Situation): unknown[] {
  const { now, wall, witness } = one
  const context = contextOf(one)
  const { watch, pressing, step, firstPressAt, phaseAt, presentAt, refillAskedAt, fluidsAt } = context
  const ago = agoFrom(now)
  const report = watch.last && [isVented(watch.last), isOff(watch.last), ago(watch.at)]
  const press = pressing && [watch.rawSince[0], watch.windowAt, watch.toppingSince[0], pressing.since].map(ago)
  const lines = [agoAtMost(now, 3_000)(watch.ventedSince), agoAtMost(now, 2_000)(watch.fullSince)]
  // Before the first press nothing asks since when the session has been where it is.
  const times = firstPressAt !== undefined && [firstPressAt, phaseAt, presentAt, refillAskedAt, fluidsAt].map(ago)
  const said = [context.unconfirmed.length, context.unit?.profile.simulated, context.verdict, context.unattended]
  const more = [watch.wallWentBack, context.refilled_mmHg, pressing && watch.windowFrom]
  const seen = [ago(witness.ventedAt), witness.presses, witness.diskFails, witness.limitLost, witness.clockTurned]
  const clock = Math.sign(Math.round((wall - now - (watch.wallOffset_ms ?? wall - now)) / 60_000))
  return [step, report, press, lines, times, said, more, seen, limitsOf(one), clock]
}

/** A sensor that is off by more than LIM-ZERO keeps the next press from beginning. */
const isOff = ({ channels }: Telemetry): boolean => channels.some(c => Math.abs(c.pressure_mmHg) > LIMITS.zeroMax.value)

const limitsOf = ({ runner, now }: Situation): string[] =>
  runner.limits.map(([id, due]) => `${id}:${Math.round((due - now) / BUCKET_MS)}`).sort()
