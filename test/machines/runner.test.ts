import { describe, expect, test } from 'vitest'
import { type AnyStateMachine, assign, raise, setup } from 'xstate'
import { Runner, type RunnerOptions, type Stamped, type Wanted } from '../../src/runner.ts'

interface Bench {
  readonly runner: Runner<AnyStateMachine>
  readonly log: string[]
  readonly faults: unknown[]
  readonly send: (type: string, at?: number) => void
  readonly tick: (at: number) => void
}

/** A runner that writes down what it is told and what it wants. `perform` may do more. */
function bench(machine: AnyStateMachine, perform?: (wanted: Wanted, bench: Bench) => boolean): Bench {
  const [log, faults]: [string[], unknown[]] = [[], []]
  const options: RunnerOptions<AnyStateMachine> = {
    machine,
    input: undefined,
    perform: wanted => {
      log.push(`do ${wanted.type}`)
      return perform?.(wanted, all) ?? true
    },
    onEvent: event => log.push(`event ${event.type}@${event.at}`),
    onFault: error => faults.push(error),
  }
  const stamp = (at: number) => ({ at, wall: 0 })
  const all: Bench = {
    get runner() {
      return runner
    },
    log,
    faults,
    send: (type, at = 0) => runner.send({ type, ...stamp(at) } as Stamped),
    tick: at => runner.tick(stamp(at)),
  }
  const runner = new Runner(options, stamp(0))
  return all
}

const actions = { one: () => {}, two: () => {}, three: () => {}, fail: () => {} }
const idle = { on: {} }

describe('REQ-RUNNER: one event in, one step; the new state stands before its first action is carried out', () => {
  const machine = setup({ actions }).createMachine({
    initial: 'a',
    states: {
      a: { exit: 'one', on: { GO: { target: 'b', actions: 'two' } } },
      b: { entry: 'three', on: { BACK: 'a' } },
    },
  })

  test('the event is told first, then the actions come in order', () => {
    const { log, send, runner } = bench(machine)
    send('GO', 5)
    expect(log).toEqual(['event GO@5', 'do one', 'do two', 'do three'])
    expect(runner.snapshot.value).toBe('b')
    expect(runner.steps).toBe(1)
  })

  test('an action sees the new state', () => {
    const seen: unknown[] = []
    const { send } = bench(machine, (_, { runner }) => seen.push(runner.snapshot.value) > 0)
    send('GO')
    expect(seen).toEqual(['b', 'b', 'b'])
  })

  test('an event that an action causes waits until the step is over', () => {
    const { log, send } = bench(machine, ({ type }, { send: again }) => {
      if (type === 'one') again('BACK', 1)
      return true
    })
    send('GO')
    expect(log.slice(0, 5)).toEqual(['event GO@0', 'do one', 'do two', 'do three', 'event BACK@1'])
  })

  test('an action that gives up keeps the rest of its step from being done, and no other step', () => {
    const { log, send, runner } = bench(machine, ({ type }) => type !== 'one')
    send('GO')
    expect(log).toEqual(['event GO@0', 'do one'])
    expect(runner.snapshot.value).toBe('b')
    send('BACK')
    send('GO')
    expect(log.slice(2)).toEqual(['event BACK@0', 'event GO@0', 'do one'])
  })

  test('an event that the state does not know is told, counted, and changes nothing', () => {
    const { log, send, runner } = bench(machine)
    send('WHAT')
    expect(log).toEqual(['event WHAT@0'])
    expect([runner.snapshot.value, runner.steps]).toEqual(['a', 1])
  })

  test('a step does not begin from the start again: context goes on', () => {
    const counting = setup({ types: { context: {} as { n: number } }, actions }).createMachine({
      context: { n: 0 },
      on: { GO: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
    })
    const { send, runner } = bench(counting)
    for (let i = 0; i < 5; i++) send('GO')
    expect(runner.snapshot.context).toEqual({ n: 5 })
  })
})

describe('REQ-TIMERS: time limits run on the clock that is handed in', () => {
  const machine = setup({ actions, delays: { short: 100, long: 250, longer: 1_000 } }).createMachine({
    type: 'parallel',
    states: {
      x: {
        initial: 'wait',
        states: {
          wait: { after: { long: { target: 'over', actions: 'two' } }, on: { STOP: 'off' } },
          over: {},
          off: {},
        },
      },
      y: { initial: 'wait', states: { wait: { after: { short: { target: 'over', actions: 'one' } } }, over: {} } },
      z: {
        initial: 'wait',
        states: {
          wait: {
            after: { longer: { target: 'over', actions: 'three' } },
            on: { AGAIN: { target: 'wait', reenter: true } },
          },
          over: {},
        },
      },
    },
  })

  test('not a millisecond early, and the next one is known', () => {
    const { runner, tick, log } = bench(machine)
    expect(runner.nextDeadline).toBe(100)
    tick(99)
    expect(log).toEqual([])
    tick(100)
    expect(log).toEqual([expect.stringMatching(/^event xstate\.after.*@100$/), 'do one'])
    expect(runner.nextDeadline).toBe(250)
  })

  test('when several are due the earliest comes first', () => {
    const { tick, log } = bench(machine)
    tick(5_000)
    expect(log.filter(line => line.startsWith('do'))).toEqual(['do one', 'do two', 'do three'])
  })

  test('a limit whose state was left does not come', () => {
    const { runner, tick, send, log } = bench(machine)
    send('STOP', 50)
    tick(5_000)
    expect(log.filter(line => line.startsWith('do'))).toEqual(['do one', 'do three'])
    expect(runner.snapshot.value).toMatchObject({ x: 'off' })
    expect(runner.nextDeadline).toBe(Number.POSITIVE_INFINITY)
  })

  test('a state that is entered again waits anew', () => {
    const { runner, send, tick } = bench(machine)
    send('AGAIN', 900)
    tick(1_000)
    expect(runner.snapshot.value).toMatchObject({ z: 'wait' })
    expect(runner.nextDeadline).toBe(1_900)
  })

  test('F10: a limit that is no number of ms is a fault, not a limit of 0', () => {
    for (const delay of [Number.NaN, Number.POSITIVE_INFINITY, -1, 1.5, 2 ** 31]) {
      const wrong = setup({ delays: { wrong: delay } }).createMachine({
        initial: 'a',
        states: { a: { on: { GO: 'b' } }, b: { after: { wrong: 'a' } } },
      })
      const { runner, send, faults } = bench(wrong)
      send('GO')
      expect(faults).toHaveLength(1)
      expect(runner.snapshot.value).toBe('b')
      expect(runner.faulted).toBe(true)
    }
  })
})

const explode = (): never => {
  throw new Error('broken')
}

describe('REQ-FAULT (I-16, F02): a runner that threw takes in nothing more', () => {
  const machines: Record<string, AnyStateMachine> = {
    guard: setup({ guards: { bad: explode } }).createMachine({
      initial: 'a',
      states: { a: { on: { GO: { guard: 'bad', target: 'b' } } }, b: idle },
    }),
    assign: setup({ actions: { bad: assign(explode) } }).createMachine({
      initial: 'a',
      states: { a: { on: { GO: { target: 'b', actions: 'bad' } } }, b: idle },
    }),
    parameter: setup({ actions: { bad: (_, _params: object) => {} } }).createMachine({
      initial: 'a',
      states: { a: { on: { GO: { target: 'b', actions: { type: 'bad', params: explode } } } }, b: idle },
    }),
    delay: setup({ delays: { bad: explode } }).createMachine({
      initial: 'a',
      states: { a: { on: { GO: 'b' } }, b: { after: { bad: 'a' } } },
    }),
    'endless loop': setup({}).createMachine({
      options: { maxIterations: 20 },
      initial: 'a',
      states: {
        a: { on: { GO: 'b' } },
        b: { always: { target: 'c' } },
        c: { always: { target: 'b' } },
      },
    }),
    'endless raise': setup({}).createMachine({
      options: { maxIterations: 20 },
      on: { GO: { actions: raise({ type: 'GO' }) } },
    }),
  }

  test.each(Object.keys(machines))('in a %s', name => {
    const { runner, send, tick, faults, log } = bench(machines[name]!)
    send('GO', 1)
    expect(faults).toHaveLength(1)
    expect(runner.faulted).toBe(true)
    const [steps, lines] = [runner.steps, log.length]
    send('GO', 2)
    tick(1_000_000)
    expect([runner.steps, log.length, faults.length]).toEqual([steps, lines, 1])
    expect(runner.nextDeadline).toBe(Number.POSITIVE_INFINITY)
  })

  const plain = setup({ actions }).createMachine({
    initial: 'a',
    states: { a: { on: { GO: { actions: ['one', 'fail', 'two'] } }, after: { 100: 'b' } }, b: idle },
  })

  test('in carrying out an action: what was done stays done, and the rest is not', () => {
    const { log, send, faults, runner } = bench(plain, ({ type }) => (type === 'fail' ? explode() : true))
    send('GO')
    expect(log).toEqual(['event GO@0', 'do one', 'do fail'])
    expect(faults).toHaveLength(1)
    expect(runner.nextDeadline).toBe(Number.POSITIVE_INFINITY)
  })

  test('in writing an event down: the event is not taken in', () => {
    const faults: unknown[] = []
    const runner = new Runner(
      { machine: plain, input: undefined, perform: () => true, onEvent: explode, onFault: error => faults.push(error) },
      { at: 0, wall: 0 },
    )
    runner.send({ type: 'GO', at: 0, wall: 0 })
    expect(faults).toHaveLength(1)
    expect(runner.steps).toBe(0)
  })

  test('events that were waiting are dropped', () => {
    const { log, send } = bench(plain, ({ type }, { send: again }) => {
      if (type === 'one') again('GO', 9)
      return type === 'fail' ? explode() : true
    })
    send('GO')
    expect(log).not.toContain('event GO@9')
  })
})
