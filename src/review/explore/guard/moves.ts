import type { Envelope, GuardCommand, Press } from '../../../../machines/guardMessages.ts'
import { LIMITS } from '../../../../machines/limits.ts'
import { faultWord } from '../../../../protocol/faults.ts'
import type { ChannelReport, Identity, Profile, Telemetry } from '../../../../protocol/unitFrames.ts'
import type { Millis, MmHg } from '../../../../protocol/units.ts'
import { MODES, REFUSALS, TIMING } from '../../../../protocol/wire.ts'
import type { Guard } from '../../../guard/core.ts'
import type * as search from '../step.ts'
import { command, happen, inTurn, type Outcome, type Put, pong, type Situation, say, tell, wait } from './situation.ts'

export type Move = search.Move<Situation, Put>
type Apply = Move['apply']

const IDENTITY: Identity = { type: 'identity', version: 1, model: 'M', serial: 'S', firmware: 'F' }
const PROFILE: Profile = {
  ...{ type: 'profile', simulated: true, declared: 0xfff, silence_ms: TIMING.silence },
  ...{ inflatedContinuous_s: 1_200, inflatedHour_s: 1_200, slewMax_mmHg_per_s: 30, ceilings_mmHg: [300, 300] },
}

/** Both arms; a press as short as a rest, and time for two of each. */
const ENVELOPE: Envelope = {
  cuffs: [
    { channel: 1, limb: 'left-arm', max_mmHg: 50 },
    { channel: 2, limb: 'right-arm', max_mmHg: 50 },
  ],
  ...{ slew_mmHg_per_s: 20, press_ms: 4_000, rest_ms: LIMITS.restMin.value, cum_ms: 20_000 },
}
const press = (mmHg: MmHg, slew_mmHg_per_s = 20, channels: readonly number[] = [1, 2]): { do: 'press' } & Press => ({
  ...{ do: 'press', slew_mmHg_per_s, targets: channels.map(channel => ({ channel, target_mmHg: mmHg })) },
})

const says = (name: string, what: GuardCommand): Move => ({ name, by: 'controller', apply: one => command(one, what) })

const CONTROLLER: readonly Move[] = [
  says('identify', { do: 'identify' }),
  says('hello', { do: 'hello', nonce: 7, rate_Hz: 10 }),
  says('envelope', { do: 'envelope', envelope: ENVELOPE }),
  says('an envelope above the ceiling', {
    ...{ do: 'envelope', envelope: { ...ENVELOPE, cuffs: [{ ...ENVELOPE.cuffs[0]!, max_mmHg: 260 }] } },
  }),
  says('self-test', { do: 'self-test' }),
  says('arm', { do: 'arm' }),
  says('press', press(40)),
  says('press one arm', press(40, 20, [2])),
  says('press above the envelope', press(51)),
  says('press faster than the envelope', press(40, 21)),
  says('press a channel without a cuff', press(40, 20, [1, 3])),
  says('vent', { do: 'vent' }),
  says('release', { do: 'release', why: 'key' }),
  says('something that is no command', { do: 'inflate' } as unknown as GuardCommand),
  { name: 'the ping is answered', by: 'controller', apply: one => pong(one, true) },
  { name: 'the ping is answered by one that does not get on', by: 'controller', apply: one => pong(one, false) },
]

/** What a unit shows that does as it was told. */
function usual({ witness, world }: Situation): Partial<Telemetry> {
  const { pressing, hello, released } = witness
  const [mode, mmHg] = pressing ? (['active', 40] as const) : ([hello && !released ? 'armed' : 'latched', 0] as const)
  const targets = new Map(pressing?.targets.map(one => [one.channel, one.target_mmHg]))
  return {
    mode,
    faults: 0,
    channels: [1, 2].map(n => shown(targets.has(n) ? mmHg : 0, targets.get(n) ?? 0)),
    lease: world.lease,
  }
}

const shown = (pressure_mmHg: MmHg, target_mmHg: MmHg, pumpOn = false): ChannelReport => ({
  ...{ pressure_mmHg, target_mmHg, raw: 1_400, pumpOn, valveClosed: target_mmHg > 0 },
})

/** The unit takes the oldest line, and says so. */
function answered(one: Situation, refused = false): Outcome | undefined {
  const [oldest, ...unanswered] = one.world.unanswered
  if (!oldest) return undefined
  const { seq, isLease } = oldest
  const lease = isLease && !refused ? seq & 0xffff : one.world.lease
  const next = { ...one, world: { ...one.world, unanswered, lease } }
  return say(next, refused ? { type: 'refusal', seq, code: REFUSALS.mode } : { type: 'ack', seq })
}

function allAnswered(one: Situation): Outcome {
  const outputs: Put[] = []
  let here = one
  for (let next = answered(here); next; next = answered(here)) {
    outputs.push(...next.outputs)
    here = next.after
  }
  return { after: here, outputs }
}

/** As often as reports come. */
const REPORT_MS: Millis = 100

const report =
  (change: (one: Situation) => Partial<Telemetry>, after_ms = REPORT_MS): Apply =>
  one =>
    inTurn(
      one,
      here => wait(here, after_ms),
      here => tell(here, { ...usual(here), ...change(here) }),
    )

/** Everybody does what they should for so long. */
const well =
  (ms: Millis): Apply =>
  one => {
    const beat = [allAnswered, report(() => ({})) as (one: Situation) => Outcome, (here: Situation) => pong(here, true)]
    return inTurn(one, ...Array.from({ length: ms / REPORT_MS }, () => beat).flat())
  }

const LEVELS: readonly MmHg[] = [0, 15, 40, 75]
const level = (mmHg: MmHg) => (one: Situation) => ({
  channels: usual(one).channels!.map(channel => ({ ...channel, pressure_mmHg: mmHg })),
})
const first = (change: Partial<ChannelReport>) => (one: Situation) => ({
  channels: usual(one).channels!.map((channel, i) => (i === 0 ? { ...channel, ...change } : channel)),
})

const damaged = (guard: Guard, now: number): void => guard.bytes(Buffer.from('T damaged\n'), now)
/** The last report, with something about it as it cannot be now. */
const again =
  (change: Partial<Telemetry>): Apply =>
  one =>
    one.guard.memory.seen.profile && one.guard.memory.seen.last
      ? say(one, { ...one.world.report, ...change })
      : undefined

const unit = (name: string, apply: Apply): Move => ({ name, by: 'unit', apply })

const UNIT: readonly Move[] = [
  unit('the unit says what it is', one => say(one, IDENTITY, PROFILE)),
  unit('another unit says what it is', one =>
    say(one, { ...IDENTITY, serial: 'T' }, { ...PROFILE, ceilings_mmHg: [90, 90] }),
  ),
  unit('the oldest line is acknowledged', one => answered(one)),
  unit('the oldest line is refused', one => answered(one, true)),
  unit(
    'a report',
    report(() => ({})),
  ),
  unit(
    'a report after 501 ms',
    report(() => ({}), TIMING.stale + 1),
  ),
  ...MODES.map(mode =>
    unit(
      `a report: ${mode}`,
      report(() => ({ mode })),
    ),
  ),
  ...LEVELS.map(mmHg => unit(`a report: ${mmHg} mmHg`, report(level(mmHg)))),
  unit(
    'a report: latched, 40 mmHg',
    report(one => ({ ...level(40)(one), mode: 'latched' })),
  ),
  unit('a report: a sensor at -10.1 mmHg', report(first({ pressure_mmHg: -10.1 }))),
  unit('a report: one channel far below its target', report(first({ pressure_mmHg: 10 }))),
  unit('a report: a pump on', report(first({ pumpOn: true, target_mmHg: 45 }))),
  unit(
    'a report: an old lease',
    report(() => ({ lease: 0xff00 })),
  ),
  unit(
    'a report: a fault',
    report(() => ({ faults: faultWord('PUMP') })),
  ),
  unit(
    'a report: the button',
    report(() => ({ faults: faultWord('BUTTON'), mode: 'latched' })),
  ),
  unit(
    'a report: the loop stands still',
    report(one => ({ loop: one.world.report.loop })),
  ),
  unit(
    'a report: the unit has restarted',
    report(one => ({ boot: one.world.report.boot + 1, mode: 'latched' })),
  ),
  unit('the last report, again', again({})),
  unit('a report that was sent before the last one', one =>
    again({ seq: (one.world.report.seq + 2 ** 16 - 1) % 2 ** 16, uptime_ms: one.world.report.uptime_ms - 100 })(one),
  ),
  unit('a report without its second channel', one =>
    again({ seq: one.world.report.seq + 1, channels: one.world.report.channels.slice(0, 1) })(one),
  ),
  unit('a damaged line', one => happen(one, damaged)),
  unit('ten damaged lines', one =>
    happen(one, (guard, now) => {
      for (let i = 0; i < 10; i++) damaged(guard, now)
    }),
  ),
]

const passes = (name: string, apply: Apply): Move => ({ name, by: 'time', apply })

const TIME: readonly Move[] = [
  passes('all is well for 1 s', well(1_000)),
  passes('all is well for 5 s', well(5_000)),
  passes('silence of 100 ms', one => wait(one, 100)),
  passes('silence of 501 ms', one => wait(one, TIMING.stale + 1)),
  passes('silence of 1.2 s', one => wait(one, TIMING.lost + 200)),
  passes('silence of 11 s', one => wait(one, LIMITS.ventDone.value + 1_000)),
  passes('reports for 1.2 s, and no controller', one =>
    inTurn(one, ...Array.from({ length: 12 }, () => report(() => ({})) as (here: Situation) => Outcome)),
  ),
  passes('the guard is held up for 600 ms', one => {
    const now = one.now + 600
    return happen({ ...one, now }, guard => guard.tick(now))
  }),
]

/** Everything that may happen, whatever the situation: a controller and a unit that may say anything at any time. */
export const MOVES: readonly Move[] = [...CONTROLLER, ...UNIT, ...TIME]
