import type { Millis, MmHg } from '../../protocol/units.ts'
import { CEILING_MARGIN, type Mode, TIMING } from '../../protocol/wire.ts'
import { Random } from '../../sim/random.ts'
import { Bench } from '../support/bench.ts'
import { InflatedLedger } from './inflatedLedger.ts'

type Deed = 'hello' | 'self-test' | 'arm' | 'lease' | 'target' | 'vent' | 'release' | 'nothing' | 'nonsense'

/** What a host is after. It speaks without a mistake, and whatever ends a press, it presses again as soon as it may. */
interface Temper {
  readonly name: string
  /** What it does while the unit is active, one of these at a time. */
  readonly deeds: readonly Deed[]
  /** Longest time between two deeds. */
  readonly pause_ms: Millis
  /** It asks for the highest pressure only. */
  readonly highest: boolean
}

const TEMPERS: readonly Temper[] = [
  { name: 'greedy', deeds: ['nothing'], pause_ms: 10_000, highest: true },
  { name: 'restless', deeds: ['target', 'target', 'target', 'target', 'vent'], pause_ms: 4_000, highest: false },
  { name: 'pulsing', deeds: ['vent', 'nothing', 'nothing'], pause_ms: 30_000, highest: true },
  {
    name: 'mad',
    deeds: [
      'hello',
      'self-test',
      'arm',
      'lease',
      'target',
      'target',
      'target',
      'vent',
      'release',
      'nonsense',
      'nonsense',
    ],
    pause_ms: 5_000,
    highest: false,
  },
]

interface Limits {
  readonly inflatedContinuous_s: number
  readonly inflatedHour_s: number
  readonly ceilings_mmHg: readonly MmHg[]
}
const LIMITS: readonly Limits[] = [
  { inflatedContinuous_s: 1_200, inflatedHour_s: 1_200, ceilings_mmHg: [300, 300] },
  { inflatedContinuous_s: 60, inflatedHour_s: 300, ceilings_mmHg: [150, 300] },
]

/** The worst that one unit let happen, against what its profile promises; negative is within. */
export interface Worst {
  readonly temper: string
  readonly overCeiling_mmHg: MmHg
  readonly overContinuous_ms: Millis
  readonly overHour_ms: Millis
  readonly inflations: number
}

/** The ceiling acts within 100 ms, in which a pump of 50 mmHg/s, the most of any profile, adds this much. */
export const CEILING_ALLOWANCE: MmHg = 5
/** At its limits the unit opens the valves, and the line is below 15 mmHg within this. */
export const TIME_ALLOWANCE: Millis = TIMING.vented

/** A unit lives through `minutes` with a hostile host. The seed picks the host's temper and the unit's limits too. */
export function hostileHost(minutes: number, seed: number): Worst {
  const temper = TEMPERS[seed % TEMPERS.length]!
  const limits = LIMITS[Math.floor(seed / TEMPERS.length) % LIMITS.length]!
  const { overCeiling_mmHg, longest_ms, hour_ms, inflations } = new Host(temper, limits, seed).live(minutes * 60_000)
  return {
    temper: temper.name,
    overCeiling_mmHg,
    overContinuous_ms: longest_ms - limits.inflatedContinuous_s * 1_000,
    overHour_ms: hour_ms - limits.inflatedHour_s * 1_000,
    inflations,
  }
}

/** How often somebody looks at the limbs. */
const LOOK_MS: Millis = 20

class Host {
  private readonly bench: Bench
  private readonly random: Random
  private readonly temper: Temper
  private readonly limits: Limits
  private readonly ledger: InflatedLedger
  private mode: Mode = 'latched'
  private leaseIn_ms: Millis = 0

  constructor(temper: Temper, limits: Limits, seed: number) {
    this.temper = temper
    this.limits = limits
    this.random = new Random(seed)
    this.ledger = new InflatedLedger(limits.ceilings_mmHg)
    this.bench = new Bench({ seed, profile: limits })
    this.pass(1_000)
    this.bench.hello()
  }

  live(ms: Millis): InflatedLedger {
    const end = this.bench.now + ms
    while (this.bench.now < end) this.strive()
    this.ledger.end(this.bench.now)
    return this.ledger
  }

  private strive(): void {
    const { bench, temper, random } = this
    if (this.mode === 'active') {
      this.deed(temper.deeds[random.below(temper.deeds.length)]!)
      return this.pass(LOOK_MS + random.below(temper.pause_ms))
    }
    if (this.mode === 'latched' && bench.command('arm') !== 'K') bench.command('self-test')
    if (this.mode === 'armed') for (const channel of [1, 2]) this.target(channel)
    this.pass(1_000)
  }

  private deed(deed: Deed): void {
    const { bench, random } = this
    if (deed === 'nothing') return
    if (deed === 'hello') bench.hello()
    else if (deed === 'release') bench.release()
    else if (deed === 'target') this.target(1 + random.below(2))
    else if (deed === 'nonsense') bench.target(random.below(16), random.below(0x1000), random.below(0x100))
    else bench.command(deed)
  }

  /** What the unit takes, and then more than that. */
  private target(channel: number): void {
    const { bench, random, temper } = this
    const most = this.limits.ceilings_mmHg[channel - 1]! - CEILING_MARGIN
    if (temper.highest) bench.target(channel, most, 30)
    else bench.target(channel, 20 + random.below(most - 19), 1 + random.below(30))
    bench.target(channel, most + 1 + random.below(1_000), 30)
  }

  /** Time passes, with a lease every 250 ms, and an eye on the limbs. */
  private pass(ms: Millis): void {
    const { bench } = this
    for (let left = ms; left > 0; left -= LOOK_MS) {
      if (this.leaseIn_ms <= 0) {
        bench.command('lease')
        this.leaseIn_ms = TIMING.lease
      }
      bench.silent(LOOK_MS)
      this.leaseIn_ms -= LOOK_MS
      this.ledger.look(bench.unit.pressures(), bench.now)
    }
    this.mode = bench.all('telemetry').at(-1)?.mode ?? this.mode
    bench.frames.length = bench.events.length = bench.sent.length = 0
  }
}
