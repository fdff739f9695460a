import { describe, expect, test } from 'vitest'
import type { ChecklistItem } from '../../machines/checklist.ts'
import type { SessionEvent } from '../../machines/events.ts'
import type { Plan, Step } from '../../machines/plan.ts'
import { sessionMachine } from '../../machines/session.ts'
import { viewOf } from '../../machines/view.ts'
import { FAULTS, type Fault, faultWord } from '../../protocol/faults.ts'
import { type Mode, TIMING } from '../../protocol/wire.ts'
import { Runner, type Wanted } from '../../src/runner.ts'
import { Session } from '../../src/session.ts'
import { PROFILE, report } from '../support/guardRig.ts'
import { acceptance, WALL_START } from '../support/stack.ts'

type Bare<E> = E extends { at: number; wall: number } ? Omit<E, 'at' | 'wall'> : never

const step = (change: Partial<Step> = {}): Step => ({
  kind: 'warm-up',
  targets_mmHg: [80],
  slew_mmHg_per_s: 20,
  hold_ms: 60_000,
  rest_ms: 20_000,
  segments: [],
  ...change,
})
const CAP = 600_000
const planOf = (change: Partial<Plan> = {}, ofSteps: Partial<Step> = {}): Plan => ({
  program: 'by hand',
  mode: 'cycle',
  cuffs: [{ channel: 1, limb: 'left-arm', width_cm: 5 }],
  steps: [step(ofSteps), step(ofSteps), step({ ...ofSteps, kind: 'training' })],
  cap_ms: CAP,
  cap_by: 'LIM-ARM-CUM',
  max_mmHg: [80],
  ...change,
})
const inputOf = (plan: Plan) => ({
  plan,
  verdict: acceptance(),
  person: 'P',
  newestSerialSeen: 0,
  past: undefined,
  checklist: [] as ChecklistItem[],
  operator: 'Op',
  unattended: false,
})

/** The session machine and its runner, and nothing behind them: no guard, no unit. Time passes as a test says. */
class Alone {
  now = 1_000
  wallShift = 0
  mmHg = 0
  mode: Mode = 'armed'
  boot = 1
  faults = 0
  raw = 0
  answersRefill = true
  readonly wanted: Wanted[] = []
  readonly runner: Runner<typeof sessionMachine>

  constructor(plan: Plan = planOf(), input: Partial<ReturnType<typeof inputOf>> = {}) {
    this.runner = new Runner(
      {
        machine: sessionMachine,
        input: { ...inputOf(plan), ...input },
        perform: wanted => this.wanted.push(wanted) > 0,
        onEvent: () => {},
        onFault: error => {
          throw error
        },
      },
      this.stamp(),
    )
  }

  /** Up to START, with the unit not armed yet. */
  static arming(plan?: Plan): Alone {
    const one = new Alone(plan)
    one.linkUp()
    one.selfTest(0)
    one.mode = 'testing'
    one.live(3_100)
    one.send({ type: 'START' })
    expect(one.phase).toBe('arming')
    one.mode = 'armed'
    return one
  }

  static pressurizing(plan?: Plan): Alone {
    const one = Alone.arming(plan)
    one.report()
    expect(one.phase).toBe('pressurizing')
    one.mode = 'active'
    return one
  }

  /** At the target from the first report on. */
  static holding(plan?: Plan): Alone {
    const one = Alone.pressurizing(plan)
    one.mmHg = 80
    one.live(100)
    expect(one.phase).toBe('holding')
    return one
  }

  static depressurizing(plan = planOf({}, { hold_ms: 5_000 })): Alone {
    const one = Alone.holding(plan)
    one.live(5_000 - 100)
    expect(one.phase).toBe('depressurizing')
    one.mode = 'venting'
    return one
  }

  static releasing(): Alone {
    const one = Alone.holding()
    one.send({ type: 'RELEASE', kind: 'operator', why: 'enough' })
    expect(one.phase).toBe('releasing')
    one.mode = 'venting'
    return one
  }

  get view() {
    return viewOf(this.runner.snapshot, this.now)
  }

  get phase() {
    return this.view.phase
  }

  get releases(): number {
    return this.wanted.filter(({ type }) => type === 'release').length
  }

  commands(of: string): Wanted[] {
    return this.wanted.filter(({ type, params }) => type === 'command' && (params as { do: string }).do === of)
  }

  send(event: Bare<SessionEvent>): void {
    this.runner.send({ ...event, ...this.stamp() } as SessionEvent)
  }

  linkUp(profile = PROFILE): void {
    const identity = { type: 'identity', version: 1, model: 'M', serial: 'S', firmware: 'F' } as const
    this.send({ type: 'LINK_UP', identity, profile })
  }

  selfTest(failures: number, offsets_mmHg: readonly number[] = [0]): void {
    this.send({ type: 'SELF_TEST', frame: { type: 'self-test', seq: 1, failures, offsets_mmHg: [...offsets_mmHg] } })
  }

  report(): void {
    const { now, mode, boot, faults } = this
    const frame = report({ uptime_ms: now, mode, boot, faults }, [this.mmHg])
    this.raw = (this.raw + 1) % 4_096
    const channels = frame.channels.map(c => ({ ...c, raw: this.raw }))
    this.send({ type: 'TELEMETRY', frame: { ...frame, channels } })
    if (this.answersRefill && this.view.refillAsked) this.send({ type: 'REFILL', slow: false })
  }

  /** Time passes, and time limits are taken in; nobody reports anything. */
  silent(ms: number): void {
    this.now += ms
    this.runner.tick(this.stamp())
  }

  /** Time passes with a report every 100 ms. */
  live(ms: number): void {
    for (const end = this.now + ms; this.now < end; ) {
      this.silent(100)
      this.report()
    }
  }

  /** As fast as the pressure of a cuff falls, and no faster. Takes 300 ms. */
  falls(): void {
    this.mmHg = Math.min(this.mmHg, 30)
    this.live(300)
  }

  /** The vent under way does what it should. */
  vented(): void {
    this.mode = 'venting'
    this.live(200)
    this.falls()
    this.mode = 'armed'
    this.mmHg = 0
    this.live(100)
  }

  /** The unit has let go, and its reports show it for as long as it takes. */
  released(): void {
    this.mode = 'latched'
    this.falls()
    this.mmHg = 0
    this.live(3_200)
  }

  /** The rest goes by, and a press of 5 s after it. */
  pressAgain(rest_ms: number): void {
    expect(this.phase).toBe('resting')
    this.live(rest_ms)
    expect(this.phase).toBe('pressurizing')
    this.mode = 'active'
    this.mmHg = 80
    this.live(5_000)
    expect(this.phase).toBe('depressurizing')
  }

  loseTimers(name: string): void {
    const { timers } = this.runner as unknown as { timers: Map<string, unknown> }
    const lost = [...timers.keys()].filter(id => id.includes(name))
    expect(lost).not.toEqual([])
    for (const id of lost) timers.delete(id)
  }

  private stamp() {
    return { at: this.now, wall: WALL_START + this.now + this.wallShift }
  }
}

describe('REQ-LIMITS: every time limit of the session is its own, whoever else would notice', () => {
  test('a vent that takes 10 s (LIM-VENT-DONE) is released and STUCK, without any report', () => {
    const one = Alone.depressurizing()
    one.silent(9_999)
    expect(one.phase).toBe('depressurizing')
    one.silent(1)
    expect([one.phase, one.releases]).toEqual(['stuck', 1])
    expect(one.view.cause).toMatchObject({ kind: 'safety', text: expect.stringMatching(/15 mmHg after 10 s/) })
  })

  test('a guard whose 10 s are over a moment earlier says the same', () => {
    const one = Alone.depressurizing()
    one.silent(9_600)
    one.send({ type: 'GUARD_RELEASED', why: 'the left arm is not below 15 mmHg after 10 s', rule: 'VENT' })
    expect([one.phase, one.releases]).toEqual(['stuck', 1])
  })

  test('and without the time limit, at the first report after 11 s', () => {
    const one = Alone.depressurizing()
    one.loseTimers('ventTime')
    one.live(11_000)
    expect(one.phase).toBe('depressurizing')
    one.live(100)
    expect([one.phase, one.releases]).toEqual(['stuck', 1])
  })

  test.each([
    [79, 'venting', 'depressurizing'],
    [15, 'armed', 'depressurizing'],
    [14.9, 'venting', 'depressurizing'],
    [14.9, 'armed', 'resting'],
  ] as const)('a report of %d mmHg from a unit that is %s: %s', (mmHg, mode, phase) => {
    const one = Alone.depressurizing()
    one.falls()
    one.mmHg = mmHg
    one.mode = mode
    one.live(100)
    expect(one.phase).toBe(phase)
  })

  test('a rise that takes 30 s is released, without any report', () => {
    const one = Alone.pressurizing()
    one.silent(29_999)
    expect(one.phase).toBe('pressurizing')
    one.silent(1)
    expect([one.phase, one.releases]).toEqual(['releasing', 1])
    expect(one.view.cause?.text).toMatch(/not reached in 30 s/)
  })

  test('and without the time limit, at the first report after 31 s', () => {
    const one = Alone.pressurizing()
    one.loseTimers('inflateTime')
    // Near enough to the target to need no progress, and not there.
    one.mmHg = 70
    one.live(31_000)
    expect(one.phase).toBe('pressurizing')
    one.live(100)
    expect([one.phase, one.releases]).toEqual(['releasing', 1])
    expect(one.view.cause?.text).toMatch(/not reached in 30 s/)
  })

  test('the time from the first press ends a press whose own end was lost', () => {
    const one = Alone.holding()
    for (const name of ['holdTime', 'presenceTime']) one.loseTimers(name)
    one.silent(CAP - 100 - 1)
    expect(one.phase).toBe('holding')
    one.silent(1)
    expect([one.phase, one.releases]).toEqual(['releasing', 1])
    expect(one.view.cause).toMatchObject({ kind: 'safety', text: expect.stringMatching(/used up/) })
  })

  test('it runs on through a rest, and is not begun anew by another press', () => {
    const one = Alone.depressurizing(planOf({}, { hold_ms: 5_000, rest_ms: 10_000 }))
    const spent = () => one.now - one.runner.snapshot.context.firstPressAt!
    expect(spent()).toBe(5_000)
    one.vented()
    one.pressAgain(10_000)
    one.vented()
    expect(spent()).toBe(5_000 + 600 + 10_000 + 5_000 + 600)
    for (const name of ['restTime', 'presenceTime']) one.loseTimers(name)
    one.silent(CAP - spent() - 1)
    expect(one.phase).toBe('resting')
    one.silent(1)
    expect([one.phase, one.view.cause?.text]).toEqual(['releasing', expect.stringMatching(/used up/)])
  })
})

describe('REQ-STUCK: nobody says released who has not seen the unit latched and its line vented', () => {
  test('after 10 s of releasing it is stuck, without any report', () => {
    const one = Alone.releasing()
    one.silent(9_999)
    expect(one.phase).toBe('releasing')
    one.silent(1)
    expect(one.phase).toBe('stuck')
  })

  test('a guard whose 10 s are over a moment earlier says the same', () => {
    const one = Alone.depressurizing()
    one.silent(9_600)
    one.send({ type: 'GUARD_RELEASED', why: 'the left arm is not below 15 mmHg after 10 s', rule: 'VENT' })
    expect([one.phase, one.releases]).toEqual(['stuck', 1])
  })

  test('and without the time limit, at the first report after 11 s', () => {
    const one = Alone.releasing()
    one.loseTimers('ventTime')
    one.live(11_000)
    expect(one.phase).toBe('releasing')
    one.live(100)
    expect(one.phase).toBe('stuck')
  })

  test('the alarm stands after 10 s even if the machine is not moved at all', () => {
    const one = Alone.releasing()
    const isAlarmed = () => one.view.alarms.some(({ id, priority }) => id === 'ALARM-STUCK' && priority === 'high')
    one.now += 10_000
    expect(isAlarmed()).toBe(false)
    one.now += 1
    expect([one.phase, isAlarmed()]).toEqual(['releasing', true])
  })

  test.each(['armed', 'venting', 'active', 'testing'] as const)(
    'a vented line of a unit that is %s is not enough',
    mode => {
      const one = Alone.releasing()
      one.mmHg = 0
      one.mode = mode
      one.live(1_000)
      expect(one.phase).toBe('releasing')
      one.live(10_000)
      expect(one.phase).toBe('stuck')
      one.live(1_000)
      expect(one.phase).toBe('stuck')
    },
  )

  test.each([
    [0, 'stopped'],
    [11_000, 'faulted'],
  ])('latched at 15 mmHg is not enough either, and below it is, after %i ms: %s', (ms, end) => {
    const one = Alone.releasing()
    one.live(ms)
    one.mode = 'latched'
    one.mmHg = 15
    const { phase } = one
    one.live(500)
    expect(one.phase).toBe(phase)
    one.mmHg = 14.9
    one.live(3_000)
    expect(one.phase).toBe(phase)
    one.live(100)
    expect(one.phase).toBe(end)
  })

  test('one report below 15 mmHg, by noise or by a limb that moves, ends neither the release nor the alarm', () => {
    const one = Alone.releasing()
    one.mode = 'latched'
    const swing = () => {
      for (let i = 0; i < 5; i++) {
        one.mmHg = 14.9
        one.live(2_900)
        one.mmHg = 15
        one.live(100)
      }
    }
    swing()
    expect(one.phase).toBe('stuck')
    swing()
    expect(one.phase).toBe('stuck')
  })

  test('a line seen below 15 mmHg shortly before 10 s is waited for, and no longer than 14 s', () => {
    const one = Alone.releasing()
    one.live(8_700)
    one.falls()
    one.mode = 'latched'
    one.mmHg = 0
    one.live(1_500)
    const isAlarmed = () => one.view.alarms.some(({ id }) => id === 'ALARM-STUCK')
    expect([one.phase, isAlarmed()]).toEqual(['releasing', false])
    one.live(1_600)
    expect(one.phase).toBe('stopped')
  })

  test('and when the reports end there it is stuck', () => {
    const one = Alone.releasing()
    one.live(9_000)
    one.mode = 'latched'
    one.mmHg = 0
    one.live(1_000)
    one.silent(3_999)
    expect(one.phase).toBe('releasing')
    expect(one.view.alarms.some(({ id }) => id === 'ALARM-STUCK')).toBe(true)
    one.silent(1)
    expect(one.phase).toBe('stuck')
  })
})

/** Up to the first report of a vented line after the last press. */
const lastVented = (): Alone => {
  const one = Alone.depressurizing()
  for (let rests = 0; rests < 2; rests++) {
    one.vented()
    one.pressAgain(20_000)
  }
  one.vented()
  expect([one.phase, one.releases]).toEqual(['releasing', 1])
  return one
}

describe('REQ-END: a session is finished when the unit has let go and its line has been seen below 15 mmHg for 3 s', () => {
  test('so long after the last vent it is releasing, and finished then', () => {
    const one = lastVented()
    one.mode = 'latched'
    one.live(2_900)
    expect(one.phase).toBe('releasing')
    one.live(200)
    expect([one.phase, one.view.cause]).toEqual(['finished', undefined])
  })

  test('that the guard released as it was asked to is nobody’s doing', () => {
    const one = lastVented()
    one.send({ type: 'GUARD_RELEASED', why: 'the session is over' })
    one.released()
    expect([one.phase, one.view.cause]).toEqual(['finished', undefined])
  })

  test.each([
    ['stands', 40],
    ['is shown by a gauge that reads far below 0', -40],
  ])(
    'a pressure that %s after one good report is STUCK within 11 s, for a reason, and whatever comes then is no success',
    (_, mmHg) => {
      const one = lastVented()
      one.mode = 'latched'
      one.mmHg = mmHg
      one.live(11_000)
      expect(one.phase).toBe('stuck')
      expect(one.view.cause).toMatchObject({ kind: 'safety' })
      one.released()
      expect(one.phase).toBe('faulted')
    },
  )

  test('a unit that says nothing any more is STUCK, for a reason', () => {
    const one = lastVented()
    one.silent(10_000)
    expect([one.phase, one.view.cause?.kind]).toEqual(['stuck', 'safety'])
  })

  test.each<[string, Bare<SessionEvent>, string]>([
    ['a symptom', { type: 'SYMPTOM', what: 'numb' }, 'symptom'],
    ['a key that the guard read, and nobody else,', { type: 'GUARD_RELEASED', why: 'key Space' }, 'operator'],
  ])('%s in these seconds ends it by a person', (_, event, kind) => {
    const one = lastVented()
    one.send(event)
    one.released()
    expect([one.phase, one.view.cause?.kind]).toEqual(['stopped', kind])
  })
})

describe('REQ-END: what is over stays over', () => {
  const finished = (): Alone => {
    const one = lastVented()
    one.released()
    expect(one.phase).toBe('finished')
    return one
  }
  const asks: readonly [string, Bare<SessionEvent>][] = [
    ['a release', { type: 'RELEASE', kind: 'operator', why: 'key' }],
    ['a symptom', { type: 'SYMPTOM', what: 'numb' }],
  ]

  test.each(asks)('%s after the end goes out to the unit, and the session stays finished', (_, event) => {
    const one = finished()
    one.send(event)
    one.live(1_000)
    expect([one.phase, one.releases, one.view.cause]).toEqual(['finished', 2, undefined])
  })

  test.each<[string, Bare<SessionEvent>]>([
    ['the guard released because it was asked to', { type: 'GUARD_RELEASED', why: 'key' }],
    ['the port closed', { type: 'LINK_LOST', why: 'gone' }],
    ['START', { type: 'START' }],
  ])('%s: it stays finished', (_, event) => {
    const one = finished()
    one.send(event)
    one.live(1_000)
    expect([one.phase, one.releases]).toEqual(['finished', 1])
  })

  test('pressure that stands for more than 1.5 s is released, and is stuck when it stays', () => {
    const one = finished()
    one.mmHg = 15
    one.live(1_600)
    expect([one.phase, one.releases]).toEqual(['finished', 1])
    one.live(100)
    expect([one.phase, one.releases]).toEqual(['releasing', 2])
    one.live(10_000)
    expect(one.phase).toBe('stuck')
  })

  test('and so after a release that was seen to its end', () => {
    const one = Alone.releasing()
    one.released()
    expect(one.phase).toBe('stopped')
    one.mmHg = 28
    one.live(12_000)
    expect(one.phase).toBe('stuck')
    expect(one.view.alarms[0]).toMatchObject({ id: 'ALARM-STUCK', priority: 'high' })
  })

  test('a release of the guard for a rule of its own ends that', () => {
    const one = finished()
    one.send({ type: 'GUARD_RELEASED', why: 'a pump runs', rule: 'PUMP' })
    expect([one.phase, one.releases]).toEqual(['releasing', 2])
    expect(one.view.cause).toMatchObject({ kind: 'safety' })
  })
})

describe('REQ-UNKNOWN: a command that failed, or may have, is a release; it is never tried again', () => {
  const failures = ['refused', 'unknown'] as const
  const cases = failures.flatMap(outcome =>
    (
      [
        ['press', 'pressurizing'],
        ['press', 'holding'],
        ['vent', 'depressurizing'],
      ] as const
    ).map(([of, phase]) => [of, outcome, phase] as const),
  )

  test.each(cases)('%s, %s, while %s', (of, outcome, phase) => {
    const one = Alone[phase]()
    const commands = one.commands(of).length
    one.send({ type: 'OUTCOME', of, outcome, why: 'not answered' })
    expect([one.phase, one.releases]).toEqual(['releasing', 1])
    expect(one.view.cause).toEqual({ kind: 'unit', text: `${of}: not answered` })
    one.live(1_000)
    expect(one.commands(of)).toHaveLength(commands)
  })

  test.each(cases)('%s done changes nothing (%s would), while %s', (of, _, phase) => {
    const one = Alone[phase]()
    one.send({ type: 'OUTCOME', of, outcome: 'done' })
    expect([one.phase, one.releases]).toEqual([phase, 0])
  })
})

describe('REQ-RELEASE: whoever asks again while it releases, or when it is stuck, is heard again', () => {
  const asks: readonly [string, Bare<SessionEvent>][] = [
    ['a release', { type: 'RELEASE', kind: 'operator', why: 'key' }],
    ['a symptom', { type: 'SYMPTOM', what: 'numb' }],
  ]

  test.each(asks)('%s', (_, event) => {
    const one = Alone.releasing()
    one.send(event)
    expect([one.phase, one.releases]).toEqual(['releasing', 2])
    one.live(11_000)
    expect(one.phase).toBe('stuck')
    one.send(event)
    expect([one.phase, one.releases]).toEqual(['stuck', 3])
    const { symptoms } = one.runner.snapshot.context
    expect(symptoms).toEqual(event.type === 'SYMPTOM' ? ['numb', 'numb'] : [])
  })
})

describe('REQ-RELEASE: what the session notes while it releases', () => {
  test('a worse cause is named, and the screen shows no target any more', () => {
    const one = Alone.releasing()
    expect(one.view.limbs[0]!.commanded_mmHg).toBe(0)
    expect(one.view.cause?.kind).toBe('operator')
    one.silent(1_001)
    one.report()
    expect(one.view.cause?.kind).toBe('link')
  })
})

describe('REQ-STANDING: nothing pressed, and pressure on the line', () => {
  test('in a rest it is released after 1.5 s, whoever else would notice', () => {
    const one = Alone.depressurizing(planOf({}, { hold_ms: 5_000 }))
    one.vented()
    one.mmHg = 15
    one.live(1_600)
    expect(one.phase).toBe('resting')
    one.live(100)
    expect([one.phase, one.releases]).toEqual(['releasing', 1])
  })
})

describe('REQ-END: a unit that let go by itself in the last vent has not finished', () => {
  test('latched instead of armed is no end', () => {
    const short = step({ hold_ms: 5_000, rest_ms: 10_000 })
    const one = Alone.depressurizing(planOf({ steps: [short, short, { ...short, kind: 'training' }] }))
    for (let rests = 0; rests < 2; rests++) {
      one.vented()
      one.pressAgain(10_000)
    }
    one.mode = 'latched'
    one.mmHg = 0
    one.live(1_000)
    expect(one.phase).toBe('releasing')
  })
})

describe('REQ-GATE-TIME: a press begins only if it ends within the time, and it is the next one that is asked about', () => {
  /** Two presses of 5 s with vents of 8.1 s and rests of 10 s take 46.2 s, which is more than was planned; then one more. */
  const third = (hold_ms: number): Alone => {
    const short = step({ hold_ms: 5_000, rest_ms: 10_000 })
    const steps = [short, short, step({ kind: 'training', hold_ms, rest_ms: 5_000 })]
    const one = Alone.depressurizing(planOf({ cap_ms: 100_000, steps }))
    one.live(7_500)
    one.vented()
    one.pressAgain(10_000)
    one.live(7_500)
    one.vented()
    one.live(10_000)
    return one
  }

  test('one that ends with the time begins', () => {
    expect(third(53_800).phase).toBe('pressurizing')
  })

  test('one that is 1 ms longer does not, and the session ends without it', () => {
    const one = third(53_801)
    expect([one.phase, one.releases]).toEqual(['releasing', 1])
    one.released()
    expect([one.phase, one.commands('press').length]).toEqual(['refused', 2])
    expect(one.view.refusals.map(refusal => refusal.id)).toEqual(['GATE-TIME'])
  })
})

describe('REQ-REFILL: no press counts whose refill nobody could look at', () => {
  test('a press that never reached its target is released at its end', () => {
    const one = Alone.pressurizing(planOf({}, { hold_ms: 5_000 }))
    one.mmHg = 74.9
    one.live(4_900)
    expect(one.phase).toBe('pressurizing')
    one.silent(100)
    expect([one.phase, one.releases]).toEqual(['releasing', 1])
    expect(one.view.cause).toMatchObject({ kind: 'safety', text: expect.stringMatching(/not reached in the time/) })
  })

  test('an answer that comes when the press is over opens nothing', () => {
    const one = Alone.holding(planOf({}, { hold_ms: 5_000 }))
    const { context } = one.runner.snapshot
    expect(context.refilled_mmHg).toEqual([80])
    const unseen = Alone.pressurizing(planOf({}, { hold_ms: 5_000 }))
    unseen.answersRefill = false
    unseen.mmHg = 80
    unseen.live(5_000)
    expect(unseen.phase).toBe('depressurizing')
    unseen.vented()
    expect(unseen.phase).toBe('resting')
    unseen.send({ type: 'REFILL', slow: false })
    expect(unseen.runner.snapshot.context.refilled_mmHg).toEqual([])
    unseen.live(20_000)
    unseen.released()
    expect(unseen.phase).toBe('refused')
  })
})

describe('REQ-SELF-TEST: a self test that fails during a press lets go', () => {
  test.each(['pressurizing', 'holding', 'depressurizing'] as const)('while %s', phase => {
    const one = Alone[phase]()
    one.selfTest(0)
    expect([one.phase, one.releases]).toEqual([phase, 0])
    one.selfTest(4)
    expect([one.phase, one.releases]).toEqual(['releasing', 1])
    expect(one.view.cause).toMatchObject({ kind: 'unit', text: expect.stringMatching(/self test failed: code 04/) })
  })
})

describe('REQ-GATE (F60): the first press is asked about again when the unit is armed', () => {
  test.each([
    [3_600_000, 'refused', 0],
    [0, 'pressurizing', 1],
  ] as const)('with the wall clock %i ms on it is %s', (shift, phase, presses) => {
    const one = Alone.arming()
    one.wallShift = shift
    one.report()
    expect(one.phase).toBe(phase)
    expect(one.commands('press')).toHaveLength(presses)
    expect(one.view.refusals.map(refusal => refusal.id)).toEqual(shift ? ['GATE-EXPIRED'] : [])
  })
})

describe('REQ-REST (I-6): a rest is as long as the plan says, below 15 mmHg', () => {
  test('a line that swings up to 15 mmHg begins it anew', () => {
    const one = Alone.depressurizing()
    one.vented()
    one.live(15_000)
    one.mmHg = 15
    one.live(100)
    one.mmHg = 0
    one.live(20_000)
    expect(one.phase).toBe('resting')
    one.live(100)
    expect(one.phase).toBe('pressurizing')
  })
})

describe('REQ-VENTED: what reads below 15 mmHg under a press is no vented line', () => {
  test('a gauge that reads low all along shows a vented line 3 s after the release, and not at once', () => {
    const one = Alone.pressurizing()
    one.mmHg = 5
    one.live(1_000)
    one.send({ type: 'RELEASE', kind: 'operator', why: 'enough' })
    one.mode = 'latched'
    one.live(3_000)
    expect(one.phase).toBe('releasing')
    one.live(200)
    expect(one.phase).toBe('stopped')
  })
})

describe('REQ-END: nothing that shows up in the last report of a session is lost', () => {
  test('a unit that restarts in it ends the session by a fault', () => {
    const one = lastVented()
    one.mode = 'latched'
    one.live(2_900)
    one.boot = 2
    one.live(100)
    expect(one.phase).toBe('releasing')
    one.live(3_200)
    expect([one.phase, one.view.cause?.kind]).toEqual(['faulted', 'unit'])
  })

  test.each(['operator', 'symptom'] as const)(
    'a release by the %s whose end nobody saw for 10 s is a fault, whatever comes then',
    kind => {
      const one = Alone.holding()
      one.send(kind === 'symptom' ? { type: 'SYMPTOM', what: 'numb' } : { type: 'RELEASE', kind, why: 'key Space' })
      one.live(10_000)
      expect([one.phase, one.view.cause?.kind]).toEqual(['stuck', 'safety'])
      one.released()
      expect(one.phase).toBe('faulted')
    },
  )

  test('a capillary refill that is too slow is one in STUCK too, and the release goes out again', () => {
    const one = Alone.releasing()
    one.live(10_000)
    const before = one.releases
    one.send({ type: 'REFILL', slow: true })
    expect([one.phase, one.view.symptoms]).toEqual(['stuck', ['the capillary refill is too slow']])
    expect(one.releases).toBe(before + 1)
  })

  test('a capillary refill that is too slow is a symptom as well, also in the seconds of the release', () => {
    const one = Alone.releasing()
    one.send({ type: 'REFILL', slow: true })
    one.released()
    expect([one.phase, one.view.cause?.kind]).toEqual(['stopped', 'symptom'])
    expect(one.view.symptoms).toEqual(['the capillary refill is too slow'])
  })
})

describe('REQ-KINK (F46): a line that vents faster than a cuff can ends the session', () => {
  const ventedAfter = (ms: number, target: number): Alone => {
    const one = Alone.pressurizing(planOf({ max_mmHg: [target] }, { hold_ms: 5_000, targets_mmHg: [target] }))
    one.mmHg = target
    one.live(5_000)
    one.mmHg = 14.9
    one.mode = 'armed'
    one.silent(ms)
    one.report()
    return one
  }

  test('in less than 300 ms (LIM-VENT-FASTEST), from 40 mmHg up (LIM-VENT-FASTEST-FROM)', () => {
    const one = ventedAfter(299, 40)
    expect(one.phase).toBe('releasing')
    expect(one.view.cause).toMatchObject({ kind: 'safety', text: expect.stringMatching(/kinked/) })
  })

  test.each([
    [300, 40],
    [299, 34],
  ])('not in %i ms from %i mmHg', (ms, target) => {
    expect(ventedAfter(ms, target).phase).toBe('resting')
  })

  test.each([
    [299, 'faulted'],
    [300, 'stopped'],
  ])('behind a release too: %i ms after it the session ends %s', (ms, end) => {
    const one = Alone.holding()
    one.send({ type: 'SYMPTOM', what: 'numb' })
    one.mode = 'latched'
    one.mmHg = 0
    one.silent(ms)
    one.report()
    one.live(3_100)
    expect([one.phase, one.view.symptoms]).toEqual([end, ['numb']])
  })

  test('a fall that nobody saw, with no report for as long as a cuff takes, is none', () => {
    const one = Alone.releasing()
    one.silent(400)
    one.released()
    expect(one.phase).toBe('stopped')
  })
})

describe('REQ-RELEASE (I-18): the guard hears of a release before anything else happens', () => {
  test.each<[string, (session: Session) => void, string]>([
    ['a release', session => session.release('operator', 'key'), 'stopped'],
    ['a symptom', session => session.symptom('numb'), 'stopped'],
    ['a slow refill', session => session.refill(true), 'connecting'],
  ])('%s: nothing is written down and no machine is moved before it', (_, act, then) => {
    const log: string[] = []
    const phase = () => viewOf(session.snapshot, 0).phase
    const session: Session = new Session(
      {
        now: () => 0,
        wall: () => WALL_START,
        openPort: () => {},
        tellGuard: command => log.push(`${command.do} while ${phase()}`),
        record: kind => log.push(`record ${kind}`),
        sync: () => log.push('sync'),
        save: () => log.push('save'),
        say: () => log.push('say'),
        key: () => {},
        changed: () => log.push('changed'),
        fault: () => log.push('fault'),
      },
      inputOf(planOf()),
      { nonce: 7, rate_Hz: 10 },
    )
    log.length = 0
    act(session)
    expect(log.slice(0, 2)).toEqual(['release while connecting', 'record in'])
    expect(phase()).toMatch(then)
  })
})

/** Up to the unit that has said what it is, and no further. */
const linked = (input: Partial<ReturnType<typeof inputOf>> = {}, profile = PROFILE): Alone => {
  const one = new Alone(planOf(), input)
  one.linkUp(profile)
  return one
}
const refusedAs = (one: Alone) => [one.phase, one.view.refusals.map(({ id }) => id)]

describe('what a unit and its self test have to show before anybody is asked to start', () => {
  test('a plan that does not fit the unit is refused, with the bound', () => {
    expect(refusedAs(linked())).toEqual(['selfTesting', []])
    const low = { ...PROFILE, ceilings_mmHg: [129, 129] }
    expect(refusedAs(linked({}, low))).toEqual(['refused', ['LIM-UNIT-CEILING']])
  })

  test.each<[number, number[], string]>([
    [0, [10, -10], 'fitting'],
    [0, [0, 10.1], 'faulted'],
    [0, [-10.1, 0], 'faulted'],
    [1, [0, 0], 'faulted'],
  ])('code %i and sensors off by %j mmHg (LIM-ZERO): %s', (failures, offsets_mmHg, phase) => {
    const one = linked()
    one.selfTest(failures, offsets_mmHg)
    if (phase === 'faulted') one.released()
    expect(one.phase).toBe(phase)
    expect(one.runner.snapshot.context.offsets_mmHg).toEqual(phase === 'fitting' ? offsets_mmHg : [])
  })

  test('what it found is said, with its code and every offset', () => {
    const one = linked()
    one.selfTest(2, [0, 10.1])
    expect(one.view.cause).toEqual({ kind: 'unit', text: 'the self test failed: code 02, zero off by 0, 10.1 mmHg' })
  })

  test('a self test that does not end is given up when its time and that of the answer are over', () => {
    const one = linked()
    one.silent(TIMING.selfTest + TIMING.ack - 1)
    expect(one.phase).toBe('selfTesting')
    one.silent(1)
    expect(one.view.cause).toEqual({ kind: 'unit', text: 'the self test did not end' })
  })

  test('a verdict that does not allow it is refused before the checklist, by name', () => {
    const one = linked({ verdict: acceptance({ result: 'refuse' }) })
    one.selfTest(0)
    expect(refusedAs(one)).toEqual(['refused', ['GATE-RESULT']])
  })

  test('START waits until each item of the checklist is confirmed, and an item stands for itself alone', () => {
    const one = linked({ checklist: ['person', 'aed'] })
    one.selfTest(0)
    one.mode = 'testing'
    one.live(3_100)
    one.send({ type: 'START' })
    one.send({ type: 'CONFIRM', item: 'person', by: 'Op' })
    expect([one.phase, one.view.unconfirmed]).toEqual(['fitting', ['aed']])
    one.send({ type: 'START' })
    expect(one.phase).toBe('fitting')
    one.send({ type: 'CONFIRM', item: 'aed', by: 'Op' })
    one.send({ type: 'START' })
    expect(one.phase).toBe('arming')
  })

  test('the unit is told to arm when the guard has the bounds of the plan, once, and a press waits until it has', () => {
    const one = Alone.arming()
    one.mode = 'testing'
    one.live(100)
    expect([one.phase, one.commands('arm').length]).toEqual(['arming', 0])
    one.send({ type: 'OUTCOME', of: 'self-test', outcome: 'done' })
    one.send({ type: 'OUTCOME', of: 'vent', outcome: 'unknown' })
    expect([one.phase, one.commands('arm').length]).toEqual(['arming', 0])
    one.send({ type: 'OUTCOME', of: 'envelope', outcome: 'done' })
    one.send({ type: 'OUTCOME', of: 'arm', outcome: 'done' })
    expect([one.phase, one.commands('arm').length]).toEqual(['arming', 1])
  })
})

describe('what ended a session is said as it was', () => {
  test.each<[string, Bare<SessionEvent>, object]>([
    ['a line that is lost', { type: 'LINK_LOST', why: 'the cable' }, { kind: 'link', text: 'the cable' }],
    [
      'a refill that is too slow',
      { type: 'REFILL', slow: true },
      { kind: 'symptom', text: 'the capillary refill takes more than 3 s: too tight' },
    ],
    [
      'a command that failed',
      { type: 'OUTCOME', of: 'press', outcome: 'refused' },
      { kind: 'unit', text: 'press: refused' },
    ],
    [
      'a command that failed for a reason',
      { type: 'OUTCOME', of: 'press', outcome: 'refused', why: 'too soon' },
      { kind: 'unit', text: 'press: too soon' },
    ],
  ])('%s', (_, event, cause) => {
    const one = Alone.holding()
    one.send(event)
    expect([one.phase, one.view.cause]).toEqual(['releasing', cause])
  })

  test('a port that does not open', () => {
    const one = new Alone()
    one.send({ type: 'LINK_FAILED', why: 'no such port' })
    expect([one.phase, one.view.cause]).toEqual(['faulted', { kind: 'link', text: 'no such port' }])
  })

  test.each<[string, Fault[], object]>([
    ['by its button', ['BUTTON', 'BOOT'], { kind: 'operator', text: FAULTS.BUTTON.text }],
    ['by a restart', ['BOOT'], { kind: 'unit', text: 'the unit has restarted' }],
    ['for nothing that it says', [], { kind: 'safety', text: 'the unit let go by itself' }],
    [
      'for two faults',
      ['VALVE', 'PUMP'],
      { kind: 'safety', text: `the unit let go by itself: ${FAULTS.VALVE.text}: ${FAULTS.PUMP.text}` },
    ],
  ])('a unit that latched by itself, %s', (_, faults, cause) => {
    const one = Alone.holding()
    one.faults = faultWord(...faults)
    one.mode = 'latched'
    one.live(100)
    expect([one.phase, one.view.cause]).toEqual(['releasing', cause])
  })

  test.each<[Bare<SessionEvent>, number, string]>([
    [{ type: 'GUARD_RELEASED', why: 'no', rule: 'VENT' }, 9_499, 'releasing'],
    [{ type: 'GUARD_RELEASED', why: 'no', rule: 'VENT' }, 9_500, 'stuck'],
    [{ type: 'GUARD_RELEASED', why: 'no', rule: 'BAND' }, 9_999, 'releasing'],
  ])('%j %i ms into a vent: %s', (event, ms, phase) => {
    const one = Alone.depressurizing()
    one.silent(ms)
    one.send(event)
    expect(one.phase).toBe(phase)
  })

  test('a valve that the unit calls stuck while its line is full, and not once it is vented', () => {
    const full = Alone.depressurizing()
    full.faults = faultWord('VALVE')
    full.falls()
    expect([full.phase, full.view.cause]).toEqual([
      'stuck',
      { kind: 'safety', text: 'the unit has had its valve open for 10 s, and the line is not below 15 mmHg' },
    ])
    const one = Alone.depressurizing()
    one.falls()
    one.faults = faultWord('VALVE')
    one.mmHg = 14.9
    one.live(100)
    expect(one.phase).toBe('depressurizing')
  })

  test('nobody who has seen a release is named after whoever asked for it', () => {
    const one = Alone.releasing()
    one.silent(10_000)
    expect(one.view.cause).toEqual({
      kind: 'safety',
      text: 'nobody has seen the unit let go and the line stay below 15 mmHg for 3 s',
    })
  })
})

describe('a person who is not asked for longer than it may be is taken for not being there', () => {
  test('at the first report after 151 s', () => {
    const one = Alone.holding(planOf({}, { hold_ms: 170_000 }))
    one.loseTimers('presenceTime')
    const asked = one.runner.snapshot.context.presentAt
    one.live(asked + 151_000 - one.now)
    expect(one.phase).toBe('holding')
    one.silent(1)
    one.report()
    expect([one.phase, one.view.cause]).toEqual([
      'releasing',
      { kind: 'presence', text: 'nobody was asked whether they are there' },
    ])
    one.released()
    expect(one.phase).toBe('stopped')
  })

  test('an answer counts from when it came', () => {
    const one = Alone.holding(planOf({}, { hold_ms: 170_000 }))
    one.live(50_000)
    one.send({ type: 'PRESENT' })
    expect(one.runner.snapshot.context.presentAt).toBe(one.now)
    one.live(119_900)
    expect(one.view.presenceAsked).toBe(false)
  })
})

test('the highest target that was reached is kept, whatever is pressed after it', () => {
  const steps = [
    step({ hold_ms: 5_000, targets_mmHg: [80] }),
    step({ hold_ms: 5_000, targets_mmHg: [60] }),
    step({ kind: 'training' }),
  ]
  const one = Alone.depressurizing(planOf({ steps }))
  one.vented()
  one.pressAgain(20_000)
  expect(one.runner.snapshot.context.reached_mmHg).toBe(80)
})

describe('what is asked of a report depends on how far the session is', () => {
  test('before a unit is there a gap says nothing, and a line that is full is released and waited for', () => {
    const one = new Alone()
    one.report()
    one.silent(1_500)
    one.report()
    expect(one.phase).toBe('connecting')
    one.send({ type: 'RELEASE', kind: 'operator', why: 'enough' })
    expect(one.phase).toBe('stopped')
    const full = new Alone()
    full.mmHg = 15
    full.report()
    full.send({ type: 'RELEASE', kind: 'operator', why: 'enough' })
    expect(full.phase).toBe('releasing')
  })

  test('a gauge that reads far below 0 ends a session from its first press on', () => {
    const one = linked()
    one.selfTest(0)
    one.mmHg = -11
    one.live(1_000)
    expect([one.phase, one.view.cause]).toEqual(['fitting', undefined])
    const pressed = Alone.pressurizing()
    pressed.mmHg = -11
    pressed.live(100)
    expect(pressed.view.cause).toEqual({ kind: 'safety', text: 'the sensor of channel 1 reads -11 mmHg' })
  })

  test('a pressure that stands while the cuffs are fitted is called what it is', () => {
    const one = linked()
    one.selfTest(0)
    one.mmHg = 15
    one.live(1_700)
    expect(one.view.cause).toEqual({
      kind: 'safety',
      text: 'a pressure of 15 mmHg or more stands although nothing is pressed',
    })
  })

  test.each([
    [15, 'armed', 'depressurizing'],
    [14.9, 'venting', 'depressurizing'],
    [14.9, 'armed', 'releasing'],
  ] as const)(
    'the last press is over when the line is vented and the unit armed: %d mmHg, %s: %s',
    (mmHg, mode, phase) => {
      const one = Alone.depressurizing()
      for (let rests = 0; rests < 2; rests++) {
        one.vented()
        one.pressAgain(20_000)
      }
      one.mode = 'venting'
      one.live(200)
      one.falls()
      one.mode = mode
      one.mmHg = mmHg
      one.live(100)
      expect(one.phase).toBe(phase)
    },
  )

  test.each([
    [14.9, 'venting'],
    [15, 'latched'],
  ] as const)(
    'a release that shows %d mmHg, %s, after 11 s is stuck, should both time limits be lost',
    (mmHg, mode) => {
      const one = Alone.releasing()
      for (const name of ['ventTime', 'releaseTime']) one.loseTimers(name)
      one.falls()
      one.mmHg = mmHg
      one.mode = mode
      one.live(10_700)
      expect(one.phase).toBe('releasing')
      one.live(100)
      expect(one.phase).toBe('stuck')
    },
  )
})

test('a capillary refill that nobody looks at for 60 s (LIM-REFILL) lets go, and one that was looked at does not', () => {
  const one = Alone.pressurizing(planOf({}, { hold_ms: 100_000 }))
  one.answersRefill = false
  one.mmHg = 80
  one.live(100 + 59_900)
  expect(one.phase).toBe('holding')
  one.live(100)
  expect([one.phase, one.view.cause]).toEqual([
    'releasing',
    { kind: 'presence', text: 'nobody has looked at the capillary refill' },
  ])
  const seen = Alone.holding(planOf({}, { hold_ms: 100_000 }))
  seen.live(70_000)
  expect(seen.phase).toBe('holding')
})

test('a refusal of the next press ends a session as refused, and a person who feels bad behind it by that', () => {
  const refused = () => {
    const one = Alone.depressurizing()
    one.vented()
    one.wallShift = -120_000
    one.live(20_100)
    expect([one.phase, one.view.refusals.map(({ id }) => id)]).toEqual(['releasing', ['GATE-CLOCK']])
    return one
  }
  const one = refused()
  one.released()
  expect(one.phase).toBe('refused')
  const bad = refused()
  bad.send({ type: 'SYMPTOM', what: 'numb' })
  bad.released()
  expect([bad.phase, bad.view.symptoms]).toEqual(['stopped', ['numb']])
})
