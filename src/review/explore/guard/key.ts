import { isVented, readsBelowZero } from '../../../../machines/watch.ts'
import { faultWord } from '../../../../protocol/faults.ts'
import type { ChannelReport } from '../../../../protocol/unitFrames.ts'
import { TIMING } from '../../../../protocol/wire.ts'
import type { Situation } from './situation.ts'

/**
 * How long ago something was, in steps that are a fraction of the limits that look at it, and only as far back as one looks.
 * Two times in the same step are one to the exploration.
 */
const agoIn =
  (step_ms: number, most_ms: number) =>
  (now: number, at: number | undefined): number | string => {
    if (at === undefined || !Number.isFinite(at)) return '-'
    return now - at > most_ms ? 'o' : Math.floor((now - at) / step_ms)
  }
/** For limits of 0.3 to 1 s: an answer, a report, a sign of life. */
const short = agoIn(250, TIMING.lost + 100)
/** For limits of 1.5 to 10 s: a band, a vented line, a rest, a vent. */
const long = agoIn(1_000, 12_000)
/** For the time from the first press. */
const longest = agoIn(5_000, 25_000)

/** Where the guard is in its session. */
export function stateOf({ guard, witness }: Situation): string {
  if (witness.released) return 'released'
  if (!witness.hello) return 'no session'
  if (witness.pressing) return 'pressing'
  if (guard.pressing.venting) return 'venting'
  return guard.memory.armedAt === undefined ? 'not armed' : 'armed'
}

/** What tells situations apart: what the guard remembers that it may still ask about, with how long ago it was. */
export function keyOf(one: Situation): string {
  const state = stateOf(one)
  const parts = state === 'released' ? released(one) : state === 'no session' ? strange(one) : inSession(one)
  return JSON.stringify([state, ...parts])
}

const inSession = (one: Situation): unknown[] => [sight(one), lines(one), controller(one), pressing(one)]

/** Before the hello nothing that is asked for goes out but an identify. */
function strange(one: Situation): unknown[] {
  const { seen, envelope, badLines } = one.guard.memory
  const last = seen.last && [seen.last.mode, isVented(seen.last), one.now - seen.at > TIMING.stale]
  return [last, seen.profile?.ceilings_mmHg, envelope !== undefined, badLines.length, lines(one)]
}

const FAULTS = [faultWord('BUTTON'), 0]
const shown = ({ pressure_mmHg, pumpOn, target_mmHg }: ChannelReport): unknown[] => [pressure_mmHg, pumpOn, target_mmHg]

function sight({ guard, now }: Situation): unknown[] {
  const { seen, badLines } = guard.memory
  const { last, boot } = seen
  const report = last && [last.mode, FAULTS.indexOf(last.faults), last.boot === boot, last.channels.map(shown)]
  const { heardAt_unit_ms } = guard.pressing
  const heard = heardAt_unit_ms === undefined ? '?' : seen.unit_ms - heardAt_unit_ms > 200
  const times = [short(now, seen.at), short(now, seen.loopAt), long(now, seen.ventedSince), long(now, seen.fullSince)]
  const bad = badLines.filter(at => now - at <= TIMING.lost).length
  return [report, heard, times, bad, seen.profile?.ceilings_mmHg, boot !== undefined]
}

function lines({ guard, now }: Situation): unknown[] {
  const { inFlight, waiting } = guard.outbox.memory
  return [inFlight.map(line => [line.of, short(now, line.sent)]), waiting.map(line => line.of)]
}

function controller({ guard, now }: Situation): unknown[] {
  const { controller: heard, lookedAt, rulesHold, armedAt, envelope } = guard.memory
  const alive = [heard.pongAt, heard.stepAt, lookedAt].map(at => short(now, at))
  return [alive, rulesHold, armedAt !== undefined, envelope !== undefined]
}

function pressing({ guard, now }: Situation): unknown[] {
  const { inForce, venting, first, ended, leaseAt } = guard.pressing
  const { last, unit_ms } = guard.memory.seen
  const force = inForce && [
    ...[long(now, inForce.since), long(unit_ms, inForce.inflatedSince_unit_ms), inForce.awaited.length],
    ...[inForce.targets.size, [...inForce.reached], inForce.farAbove],
    ...[...inForce.outside].map(([channel, since]) => [channel, long(now, since)]),
    inForce.leases.some(one => (one & 0xffff) === last?.lease),
  ]
  const vent = venting && [long(now, venting.since), venting.from]
  return [force, vent, longest(now, first), long(now, ended), Number.isFinite(leaseAt) && leaseAt <= now + 100]
}

/** Nothing leads from here to a press: what matters is whether the release goes on until it is seen. */
function released({ guard, now }: Situation): unknown[] {
  const { last, ventedSince } = guard.memory.seen
  const { lastAt, told } = guard.releasing.memory
  const seen = last && [last.mode === 'latched', isVented(last), readsBelowZero(last), long(now, ventedSince)]
  return [seen, now - lastAt >= TIMING.releaseRepeat, told.has('VENT'), long(now, guard.pressing.venting?.since)]
}
