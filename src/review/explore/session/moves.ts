import { LIMITS } from '../../../../machines/limits.ts'
import type { Phase } from '../../../../machines/view.ts'
import type { Identity, Profile, Telemetry } from '../../../../protocol/unitFrames.ts'
import type { Millis, MmHg } from '../../../../protocol/units.ts'
import { MODES, type Mode, TIMING } from '../../../../protocol/wire.ts'
import type { Wanted } from '../../../runner.ts'
import type * as search from '../step.ts'
import { contextOf, energised, happen, type Outcome, phase, type Situation, type Unstamped, wait } from './situation.ts'

export type Move = search.Move<Situation, Wanted>

const IDENTITY: Identity = { type: 'identity', version: 1, model: 'M', serial: 'S', firmware: 'F' }
const PROFILE: Profile = {
  ...{ type: 'profile', simulated: true, declared: 0xfff, silence_ms: TIMING.silence },
  ...{ inflatedContinuous_s: 1_200, inflatedHour_s: 1_200, slewMax_mmHg_per_s: 30, ceilings_mmHg: [300, 300] },
}

const said = (by: Move['by'], name: string, event: Unstamped): Move => ({ name, by, apply: one => happen(one, event) })

const LINK: readonly Move[] = [
  said('guard', 'the link is up', { type: 'LINK_UP', identity: IDENTITY, profile: PROFILE }),
  said('guard', 'the link is up, to a real unit', {
    ...{ type: 'LINK_UP', identity: IDENTITY, profile: { ...PROFILE, simulated: false } },
  }),
  said('guard', 'the link is up, to a unit with a low ceiling', {
    ...{ type: 'LINK_UP', identity: IDENTITY, profile: { ...PROFILE, ceilings_mmHg: [60, 60] } },
  }),
  said('guard', 'the link failed', { type: 'LINK_FAILED', why: 'x' }),
  said('guard', 'the link is lost', { type: 'LINK_LOST', why: 'x' }),
]

const selfTest = (failures: number, offset: MmHg): Unstamped => ({
  type: 'SELF_TEST',
  frame: { type: 'self-test', seq: 1, failures, offsets_mmHg: [offset, 0] },
})
const SELF_TESTS: readonly Move[] = [
  said('unit', 'the self test is passed', selfTest(0, 0)),
  said('unit', 'the self test is failed', selfTest(4, 0)),
  said('unit', 'the self test finds a sensor 11 mmHg off', selfTest(0, LIMITS.zeroMax.value + 1)),
]

const OUTCOMES: readonly Move[] = (['self-test', 'envelope', 'arm', 'press', 'vent'] as const).flatMap(of =>
  (['done', 'refused', 'unknown'] as const).map(outcome =>
    said('guard', `${of}: ${outcome}`, { type: 'OUTCOME', of, outcome }),
  ),
)

const GUARD: readonly Move[] = [
  said('guard', 'the guard released, as a key asked', { type: 'GUARD_RELEASED', why: 'key' }),
  said('guard', 'the guard released, for a rule', { type: 'GUARD_RELEASED', why: 'rule', rule: 'BAND' }),
]

const PEOPLE: readonly Move[] = [
  said('person', 'RELEASE', { type: 'RELEASE', kind: 'operator', why: 'key' }),
  said('person', 'SYMPTOM', { type: 'SYMPTOM', what: 'numb' }),
  { name: 'CONFIRM', by: 'person', apply: confirmNext },
  said('person', 'START', { type: 'START' }),
  said('person', 'PRESENT', { type: 'PRESENT' }),
  said('person', 'REFILL good', { type: 'REFILL', slow: false }),
  said('person', 'REFILL slow', { type: 'REFILL', slow: true }),
]

function confirmNext(one: Situation): Outcome | undefined {
  const item = contextOf(one).unconfirmed[0]
  return item && happen(one, { type: 'CONFIRM', item, by: 'Op' })
}

/** What a report may differ in from one that comes in its time and shows what it should. */
interface Shown {
  readonly mode?: Mode
  readonly mmHg?: readonly MmHg[]
  readonly after_ms?: Millis
  readonly boot?: 1
  readonly skew_ms?: Millis
  readonly topping?: boolean
  readonly frozen?: boolean
}

/** As rarely as reports may come without being missed: what happens between them is the least seen. */
const REPORT_MS: Millis = 1_000

/** The mode of a unit that does what it was told. */
const USUAL: Partial<Record<Phase, Mode>> = {
  ...{ selfTesting: 'testing', arming: 'armed', pressurizing: 'active', holding: 'active', resting: 'armed' },
  depressurizing: 'venting',
}

/** A report of the unit, and the time before it. What it leaves open is as it should be. */
function report(shown: Shown) {
  return (before: Situation): Outcome => {
    const waited = wait(before, shown.after_ms ?? REPORT_MS)
    const told = happen(waited.after, { type: 'TELEMETRY', frame: frameOf(waited.after, shown) })
    return { after: told.after, outputs: [...waited.outputs, ...told.outputs] }
  }
}

function frameOf(one: Situation, shown: Shown): Telemetry {
  const { last } = contextOf(one).watch
  const pressures = shown.mmHg ?? (energised(one) ? both(40) : both(0))
  const raw = shown.frozen && last ? last.channels[0]!.raw : (Math.round(one.now / 100) % 4_000) + 16
  const still = { raw, pumpOn: shown.topping === true, valveClosed: energised(one), target_mmHg: 0 }
  return {
    ...{ type: 'telemetry', seq: 1, loop: 1, lease: 0, faults: 0 },
    uptime_ms: one.now + (shown.skew_ms ?? 0),
    boot: (last?.boot ?? 1) + (shown.boot ?? 0),
    mode: shown.mode ?? USUAL[phase(one)] ?? 'latched',
    channels: pressures.map(pressure_mmHg => ({ ...still, pressure_mmHg })),
  }
}

const LEVELS: readonly MmHg[] = [0, 15, 20, 40]
const both = (mmHg: MmHg): readonly MmHg[] => [mmHg, mmHg]

const REPORTS: readonly Move[] = [
  ...MODES.flatMap(mode =>
    LEVELS.map(mmHg => ({ name: `report: ${mode}, ${mmHg} mmHg`, shown: { mode, mmHg: both(mmHg) } })),
  ),
  { name: 'report: 14.9 mmHg', shown: { mmHg: both(14.9) } },
  { name: 'report: one channel at 40, one at 0 mmHg', shown: { mmHg: [40, 0] } },
  { name: 'report: a sensor at -10.1 mmHg', shown: { mmHg: [-10.1, 0] } },
  { name: 'report: a sensor at 10.1 mmHg', shown: { mmHg: [10.1, 0] } },
  { name: 'report: the pump runs at the target', shown: { topping: true } },
  { name: 'report: the sensor stands still', shown: { frozen: true } },
  { name: 'report: the unit has restarted', shown: { boot: 1 } },
  { name: "report: the unit's clock jumped by 1.1 s", shown: { skew_ms: 1_100 } },
  { name: 'report after 500 ms', shown: { after_ms: 500 } },
  { name: 'report after 1,001 ms', shown: { after_ms: 1_001 } },
].map(({ name, shown }) => ({ name, by: 'unit', apply: report(shown as Shown) }))

/** The time limit that is due next, or undefined where none runs. */
const nextDue = ({ runner }: Situation): number => Math.min(...runner.limits.map(([, due]) => due))

function silence(short_ms: Millis) {
  return (one: Situation): Outcome | undefined => {
    const ms = nextDue(one) - one.now - short_ms
    return Number.isFinite(ms) && ms > 0 ? wait(one, ms) : undefined
  }
}

const TIME: readonly Move[] = [
  { name: 'silence until the next time limit', by: 'time', apply: silence(0) },
  { name: 'silence until just before it', by: 'time', apply: silence(1) },
]

const isIn = (one: Situation, ...phases: readonly Phase[]): boolean => phases.includes(phase(one))

/** Where the gate is asked next. */
const turned =
  (by_ms: Millis) =>
  (one: Situation): Outcome | undefined =>
    isIn(one, 'selfTesting', 'fitting', 'arming', 'resting') && !one.witness.clockTurned
      ? { after: { ...one, wall: one.wall + by_ms, witness: { ...one.witness, clockTurned: true } }, outputs: [] }
      : undefined

/** The clock of this computer is turned, the disk fails, a time limit of ours is lost: each once on a way, where it can matter. */
const FAULTS: readonly Move[] = [
  { name: 'the wall clock goes back by 61 s', by: 'fault', apply: turned(-61_000) },
  { name: 'the wall clock goes on by 25 h', by: 'fault', apply: turned(25 * 3_600_000) },
  {
    name: 'the disk fails',
    by: 'fault',
    apply: one =>
      isIn(one, 'arming', 'resting') && !one.witness.diskFails ? mishap(one, { diskFails: true }) : undefined,
  },
  { name: 'the next time limit is lost', by: 'fault', apply: loseLimit },
]

const mishap = (one: Situation, change: Partial<Situation['witness']>): Outcome => ({
  after: { ...one, witness: { ...one.witness, ...change } },
  outputs: [],
})

const UNDER_PRESSURE: readonly Phase[] = ['pressurizing', 'holding', 'depressurizing', 'releasing']

function loseLimit(one: Situation): Outcome | undefined {
  const due = nextDue(one)
  const id = one.runner.limits.find(([, at]) => at === due)?.[0]
  if (id === undefined || one.witness.limitLost || !isIn(one, ...UNDER_PRESSURE)) return undefined
  const { after, outputs } = mishap(one, { limitLost: true })
  const runner = one.runner.fork(() => true)
  runner.lose(id)
  return { after: { ...after, runner }, outputs }
}

/** Everything that may happen, whatever the situation: a guard and a unit that may say anything at any time. */
export const MOVES: readonly Move[] = [
  ...LINK,
  ...SELF_TESTS,
  ...OUTCOMES,
  ...GUARD,
  ...PEOPLE,
  ...REPORTS,
  ...TIME,
  ...FAULTS,
]
