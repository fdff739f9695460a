import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TIMING } from '../../protocol/wire.ts'
import { hostClock } from '../../sim/fronts/drive.ts'
import { type Findings, type Goal, type Part, spreadOf } from './findings.ts'
import {
  CONTROLLER_FLAGS,
  endChild,
  type SimEvent,
  type SimProcess,
  said,
  sleep,
  startChild,
  startSim,
} from './processes.ts'

/** How long the beat is watched at most, calm and under chores; the first hold lasts 30 s. Unit ms. */
const WATCHED_MS = 10_000
const HANG_MS = 3_000
const RELEASED_WITHIN_MS = 1_100
const LATE_MS = 10
/** Sessions that may end before the hang, as on a machine that is too busy, and are replaced. */
const REPLACED_MAX = 3

interface Sitting {
  readonly calm: number[]
  readonly underChores: number[]
  /** From the beginning of the hang to the unit's seeing the release. */
  readonly released_ms: number
}

/** One session up to its first hold: calm, then under chores, then the controller hangs. */
async function sitting(sim: SimProcess, folder: string, watched_ms: number): Promise<Sitting> {
  const { child } = await startChild('leaseHost', [sim.path, folder], { flags: CONTROLLER_FLAGS })
  child.on('error', () => {})
  await said(child, (m: { phase?: string }): m is { phase: string } => m.phase === 'holding')
  const calmFrom = hostClock()
  await sleep(watched_ms)
  child.send({ chore: true })
  const choresFrom = hostClock()
  await sleep(watched_ms)
  const hangs = said(child, (m: { hung?: number }): m is { hung: number } => m.hung !== undefined)
  child.send({ hang_ms: HANG_MS })
  const { hung } = await hangs
  await said(child, (m: { exit?: number }): m is { exit: number } => m.exit !== undefined)
  await endChild(child)
  const release = sim.events.find(event => event.type === 'release' && event.host_ms > hung)
  if (!release) throw new Error('the unit saw no release')
  return {
    calm: gaps(sim.events, calmFrom, choresFrom),
    underChores: gaps(sim.events, choresFrom, hung),
    released_ms: release.host_ms - hung,
  }
}

/** Times between two leases, as the unit saw them. */
function gaps(events: readonly SimEvent[], from: number, to: number): number[] {
  const at = events.filter(e => e.type === 'lease' && e.host_ms >= from && e.host_ms <= to).map(e => e.host_ms)
  return at.slice(1).map((time, i) => time - at[i]!)
}

async function run(rounds: number, progress: (text: string) => void): Promise<Findings> {
  const [sim, folder] = [await startSim(), mkdtempSync(join(tmpdir(), 'cuffpilot-bench-'))]
  const sittings: Sitting[] = []
  const sessions = Math.ceil(rounds / 2)
  for (let replaced = 0; sittings.length < sessions; ) {
    try {
      sittings.push(await sitting(sim, folder, Math.min(WATCHED_MS, 1_500 * rounds)))
      progress(`session ${sittings.length} of ${sessions}`)
    } catch (error) {
      if (++replaced > REPLACED_MAX) throw error
      progress(`a session is replaced: ${(error as Error).message}`)
    }
  }
  await sim.close()
  rmSync(folder, { recursive: true })
  return findings(sittings)
}

function findings(sittings: readonly Sitting[]): Findings {
  const calm = spreadOf(sittings.flatMap(one => one.calm))
  const busy = spreadOf(sittings.flatMap(one => one.underChores))
  const released = spreadOf(sittings.map(one => one.released_ms))
  const row = { part: 'lease', unit: 'ms' } as const
  const goal = (what: string, figure: number, bound: number): Goal => ({
    ...row,
    what,
    figure,
    sense: 'at most',
    bound,
  })
  return {
    measured: [
      { ...row, what: 'between two leases', who: 'calm', spread: calm },
      { ...row, what: 'between two leases', who: 'controller in chores of 50 ms', spread: busy },
      { ...row, what: 'hang to release', who: 'controller in a busy loop', spread: released },
    ],
    goals: [
      goal('between two leases under chores, p99', busy.p99, TIMING.lease + LATE_MS),
      goal('from a hang to the release, longest', released.max, RELEASED_WITHIN_MS),
    ],
  }
}

export const lease: Part = { name: 'lease', about: 'the beat of the lease, and its end when the controller hangs', run }
