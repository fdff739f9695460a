import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CHECKLIST_ITEMS } from '../../machines/checklist.ts'
import type { Commanded, GuardReport, Outcome } from '../../machines/guardMessages.ts'
import type { Phase } from '../../machines/view.ts'
import type { Telemetry } from '../../protocol/unitFrames.ts'
import { MODES } from '../../protocol/wire.ts'
import type { Guard } from '../../src/guard/core.ts'
import type { Session } from '../../src/session.ts'
import { SHORT } from '../support/programs.ts'
import { Stack, type StackOptions } from '../support/stack.ts'
import { samples, steps } from '../support/trace.ts'

const INFLATING = ['envelope', 'arm', 'press', 'self-test', 'hello', 'identify', 'vent']

interface Way {
  readonly name: string
  readonly kind: string
  readonly text: string
  readonly act: (session: Session, guard: Guard, now: number) => void
}

const WAYS: readonly Way[] = [
  { name: 'RELEASE', kind: 'operator', text: 'tired', act: session => session.release('operator', 'tired') },
  { name: 'SYMPTOM', kind: 'symptom', text: 'dizzy', act: session => session.symptom('dizzy') },
  {
    name: "a key in the guard's process",
    kind: 'operator',
    text: 'key Space',
    act: (_, guard, now) => guard.release('key Space', now),
  },
]

/** How to come into each phase in which time can pass. */
const PHASES: readonly [Phase, StackOptions][] = [
  ['connecting', { unit: { behaviours: ['dev.resetOnOpen'] } }],
  ['selfTesting', {}],
  ['fitting', { attended: false }],
  ['arming', { unit: { behaviours: ['fw.lyingAck=A'] } }],
  ['pressurizing', {}],
  ['holding', {}],
  ['depressurizing', {}],
  ['resting', {}],
]

const CASES = PHASES.flatMap(([phase, options]) => WAYS.map(way => [phase, way.name, way, options] as const))

const stackIn = (phase: Phase, options: StackOptions = {}): Stack => {
  const stack = new Stack({ program: SHORT, ...options })
  stack.untilPhase(phase)
  // A unit that acknowledges arming and stays latched is found out with its next report.
  stack.advance(phase === 'arming' ? 10 : 100)
  expect(stack.phase).toBe(phase)
  return stack
}

describe('REQ-RELEASE (I-1, I-2): in every phase a release is out in the same millisecond and ends every pressure', () => {
  test.each(CASES)('%s, by %s', (phase, _, way, options) => {
    const stack = stackIn(phase, options)
    const { now } = stack
    const [sent, done] = [stack.sent.length, steps(stack).length]
    stack.act((session, guard) => way.act(session, guard, stack.now))

    // I-2: the byte is what goes out first, and it goes out now.
    expect(stack.sent[sent]).toEqual({ at: now, what: 'release' })
    // I-1, I-2: the step that took it in asks for the release first, and for nothing that inflates.
    const asked = steps(stack).slice(done)
    expect(asked.find(step => step.outputs.length > 0)?.outputs[0]).toBe('release')
    expect(asked.flatMap(step => step.outputs).filter(output => INFLATING.includes(output))).toEqual([])

    stack.advance(10_000)
    expect(stack.pressure).toBeLessThan(15)
    expect(stack.phase).toBe('stopped')
    expect(stack.view.cause).toEqual({ kind: way.kind, text: way.text })
    expect(stack.session.snapshot.context.symptoms).toEqual(way.kind === 'symptom' ? ['dizzy'] : [])
    stack.advance(60_000)
    expect(stack.sent.slice(sent).filter(one => one.what !== 'release')).toEqual([])
  })

  test.each(WAYS.map(way => [way.name, way] as const))('STUCK and ended sessions still release, by %s', (_, way) => {
    const stack = stackIn('holding')
    stack.inject('valve.stuckClosed')
    stack.untilPhase('stuck')
    const stuckAt = stack.sent.length
    stack.act((session, guard) => way.act(session, guard, stack.now))
    expect(stack.sent[stuckAt]).toEqual({ at: stack.now, what: 'release' })
    expect(stack.phase).toBe('stuck')
    expect(stack.view.alarms[0]).toMatchObject({ id: 'ALARM-STUCK', priority: 'high' })

    for (const phase of ['finished', 'refused', 'stopped', 'faulted'] as const) {
      const over = endedIn(phase)
      const before = over.sent.length
      over.act((session, guard) => way.act(session, guard, over.now))
      expect(over.sent[before]).toEqual({ at: over.now, what: 'release' })
      over.advance(2_000)
      expect(over.ended).toBe(true)
    }
  })

  test('a release while releasing goes out again', () => {
    const stack = stackIn('holding')
    stack.inject('valve.slow=0.3')
    stack.act(session => session.release('operator', 'one'))
    stack.advance(250)
    expect(stack.phase).toBe('releasing')
    const before = stack.sent.length
    stack.act(session => session.release('operator', 'two'))
    expect(stack.sent[before]).toEqual({ at: stack.now, what: 'release' })
  })

  test('REQ-REPEAT: the byte is repeated every 100 ms until the line is seen below 15 mmHg, and not after', () => {
    const stack = stackIn('holding')
    stack.inject('valve.slow=0.3')
    const { now } = stack
    stack.act(session => session.release('operator', 'tired'))
    stack.untilPhase('stopped')
    const beats = [...new Set(stack.sent.filter(one => one.at >= now).map(one => one.at))]
    for (const [i, at] of beats.slice(1).entries()) expect(at - beats[i]!).toBe(100)
    expect(stack.now - beats.at(-1)!).toBeLessThanOrEqual(100)
    expect(
      samples(stack)
        .at(-1)!
        .true_mmHg.every(p => p < 20),
    ).toBe(true)
    const count = stack.releasesSent
    stack.advance(5_000)
    expect(stack.releasesSent).toBe(count)
  })
})

function endedIn(phase: 'finished' | 'refused' | 'stopped' | 'faulted'): Stack {
  const stack = stackIn('holding')
  if (phase === 'refused') stack.wallShift = 3_600_000
  if (phase === 'stopped') stack.act(session => session.release('operator', 'tired'))
  if (phase === 'faulted') stack.inject('fw.reset')
  stack.untilPhase(phase)
  return stack
}

describe('REQ-CAUSE: of several causes the worst is named', () => {
  test.each<[string, (stack: Stack) => void, string]>([
    ['the operator alone', () => {}, 'operator'],
    ['the person feels bad', s => s.act(x => x.symptom('numb')), 'symptom'],
    ['the unit restarts', s => s.inject('fw.reset'), 'unit'],
    ['the valve does not open', s => s.inject('valve.slow=0.02'), 'safety'],
  ])('%s, between two releases by the operator', (_, happen, kind) => {
    const stack = stackIn('holding')
    stack.act(session => session.release('operator', 'tired'))
    happen(stack)
    stack.advance(400)
    stack.act(session => session.release('operator', 'still tired'))
    stack.until(s => s.ended)
    stack.advance(1_000)
    expect(stack.view.cause?.kind).toBe(kind)
  })

  test('a report that both trips and shows the unit latched is not taken for a fault of ours', () => {
    const stack = stackIn('holding')
    stack.inject('pump.dead')
    stack.untilPhase('faulted')
    expect(stack.view.cause?.kind).toBe('safety')
  })
})

/** A frame that says that all is well: armed, vented and clean. */
const frame = (change: Partial<Telemetry>): Telemetry => ({
  type: 'telemetry',
  seq: 1,
  uptime_ms: 1,
  boot: 1,
  loop: 1,
  lease: 1,
  faults: 0,
  mode: 'armed',
  channels: [1, 2].map(() => ({ pressure_mmHg: 0, target_mmHg: 0, raw: 1400, pumpOn: false, valveClosed: false })),
  ...change,
})

const COMMANDS: readonly Commanded[] = ['identify', 'hello', 'self-test', 'arm', 'vent', 'envelope', 'press']
const OUTCOMES: readonly Outcome[] = ['done', 'refused', 'unknown']

const anyReport: fc.Arbitrary<GuardReport> = fc.oneof(
  fc.record({
    is: fc.constant('outcome' as const),
    of: fc.constantFrom(...COMMANDS),
    outcome: fc.constantFrom(...OUTCOMES),
  }),
  fc.constantFrom(...MODES).map(mode => ({ is: 'telemetry' as const, frame: frame({ mode }) })),
  fc.constantFrom<GuardReport>(
    { is: 'opened' },
    { is: 'closed', why: 'x' },
    { is: 'ping', ping: 1 },
    { is: 'released', why: 'x' },
    { is: 'identity', frame: { type: 'identity', version: 1, model: 'M', serial: 'S', firmware: 'F' } },
    { is: 'self-test', frame: { type: 'self-test', seq: 1, failures: 0, offsets_mmHg: [0, 0] } },
  ),
)

type Act = (stack: Stack) => void
const anyAct: fc.Arbitrary<Act> = fc.oneof(
  anyReport.map<Act>(report => stack => stack.act(session => session.report(report))),
  fc.constantFrom<Act>(
    stack => stack.act(session => session.start()),
    stack => stack.act(session => session.connect()),
    stack => stack.act(session => session.present()),
    stack => stack.act(session => session.symptom('x')),
    stack => stack.act(session => session.release('operator', 'x')),
    stack => stack.act(session => CHECKLIST_ITEMS.forEach(item => void session.confirm(item, 'Op'))),
  ),
  fc.integer({ min: 1, max: 20_000 }).map<Act>(ms => stack => stack.advance(ms)),
)

describe('REQ-LATCH (I-7, F73): after a release nothing arms or presses again, whatever comes', () => {
  test.each(['fitting', 'pressurizing', 'holding', 'resting'] as const)('released while %s', phase => {
    const everything = fc.array(anyAct, { minLength: 1, maxLength: 25 })
    fc.assert(
      fc.property(everything, acts => {
        const stack = stackIn(phase, phase === 'fitting' ? { attended: false } : {})
        const [at, sent, done] = [stack.now, stack.sent.length, steps(stack).length]
        stack.act(session => session.release('operator', 'tired'))
        for (const act of acts) act(stack)
        stack.advance(2_000)
        expect(stack.sent.slice(sent).every(one => one.what === 'release')).toBe(true)
        const wanted = steps(stack)
          .slice(done)
          .flatMap(step => step.outputs)
        expect(wanted.filter(output => ['envelope', 'arm', 'press'].includes(output))).toEqual([])
        expect(samples(stack).filter(s => s.at > at + 3_000 && Math.max(...s.true_mmHg) >= 15)).toEqual([])
        expect(stack.faults).toEqual([])
      }),
      { numRuns: 15 },
    )
  })
})
