import { BAUD } from '../../protocol/wire.ts'
import { type Findings, type Goal, type Measured, type Part, spreadOf } from './findings.ts'
import { type Case, type Sample, Station, type Way } from './station.ts'

/** Presses of a round, fewer where there are only a few rounds. */
const PRESSES = 20

interface Goals {
  /** Highest p99 of the guard. Unit ms. */
  readonly p99_ms: number
  /** How many times below the bare way's p99 it is at least. */
  readonly times?: number
}

const CASES: readonly (Case & Goals)[] = [
  { name: 'idle', load: '', telemetry_Hz: 10, baud: 0, p99_ms: 5 },
  { name: '1 kHz telemetry', load: '', telemetry_Hz: 1_000, baud: 0, p99_ms: 5 },
  { name: 'chores of 50 ms', load: 'chores', telemetry_Hz: 10, baud: 0, p99_ms: 5, times: 10 },
  { name: 'garbage', load: 'garbage', telemetry_Hz: 10, baud: 0, p99_ms: 5, times: 10 },
  { name: '10 kB queued', load: 'backlog', telemetry_Hz: 10, baud: BAUD, p99_ms: 7 },
]

const WHO: Readonly<Record<Way, string>> = {
  guard: 'guard, its first release, out of a press',
  bare: 'serialport write, repeated',
}

/** The samples of one way, and why others had to be taken again. */
class Taken {
  readonly samples: Sample[] = []
  readonly again: string[] = []
  private readonly way: Way

  constructor(way: Way) {
    this.way = way
  }

  /** @throws Error when more samples do not count than do */
  async take(station: Station, count: number): Promise<void> {
    for (const goal = this.samples.length + count; this.samples.length < goal; ) {
      const sample = await station.sample()
      if (typeof sample !== 'string') this.samples.push(sample)
      else if (this.again.push(sample) > this.samples.length + PRESSES) throw new Error(`${this.way}: ${sample}`)
    }
  }

  measured(what: string, unit: Measured['unit'], value: (sample: Sample) => number): Measured {
    return { part: 'release', what, who: WHO[this.way], unit, spread: spreadOf(this.samples.map(value)) }
  }
}

async function oneCase(one: Case & Goals, rounds: number, progress: (text: string) => void): Promise<Findings> {
  const presses = Math.min(PRESSES, 2 * rounds)
  const stations = await Promise.all([Station.open(one, 'guard'), Station.open(one, 'bare')])
  if (!stations.every(one => one.deviceIsFirst)) progress('the device has to wait for a core, as no real device has')
  const [ours, beside] = [new Taken('guard'), new Taken('bare')]
  for (let round = 0; round < rounds; round++) {
    await ours.take(stations[0], presses)
    await beside.take(stations[1], presses)
    progress(`${one.name}: round ${round + 1} of ${rounds}`)
  }
  for (const why of [...ours.again, ...beside.again]) progress(`${one.name}: a press taken again, as ${why}`)
  await Promise.all(stations.map(station => station.close()))
  return findings(one, ours, beside)
}

function findings({ name, baud, p99_ms, times }: Case & Goals, ours: Taken, beside: Taken): Findings {
  const took = [ours, beside].map(one => one.measured(`key to byte, ${name}`, 'ms', sample => sample.took_ms))
  const bytes = [ours, beside].map(one => one.measured('bytes on the line at the key', 'B', s => s.inFlight_bytes))
  const [guard, bare] = [took[0]!.spread, took[1]!.spread]
  const row = { part: 'release', unit: 'ms' } as const
  const goals: Goal[] = [{ ...row, what: `${name}, p99`, figure: guard.p99, sense: 'at most', bound: p99_ms }]
  const ratio = { what: `${name}, bare p99 over ours`, figure: bare.p99 / guard.p99, sense: 'at least' } as const
  if (times !== undefined) goals.push({ ...row, ...ratio, bound: times, unit: '×' })
  return { measured: baud > 0 ? [...took, ...bytes] : took, goals }
}

async function run(rounds: number, progress: (text: string) => void): Promise<Findings> {
  const found: Findings[] = []
  for (const one of CASES) found.push(await oneCase(one, rounds, progress))
  return { measured: found.flatMap(one => one.measured), goals: found.flatMap(one => one.goals) }
}

export const release: Part = { name: 'release', about: 'from a key to the byte that the device reads', run }
