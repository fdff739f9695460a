import { expect, test } from 'vitest'
import { type AnyStateMachine, initialTransition, transition } from 'xstate'
import { linkMachine } from '../../machines/link.ts'
import { sessionMachine } from '../../machines/session.ts'
import { Runner, type Stamped, type Wanted } from '../../src/runner.ts'
import { SHORT } from '../support/programs.ts'
import { Stack, type StackOptions } from '../support/stack.ts'

interface Taken {
  readonly machine: string
  readonly event: Stamped
}

/** Every event that a machine took in during a session, in order. */
const events = (stack: Stack, machine: string): Stamped[] =>
  stack.recorded
    .filter(one => one.kind === 'in' && (one.data as Taken).machine === machine)
    .map(one => (one.data as Taken).event)

const plain = ({ type, params }: Wanted): Wanted => ({ type, params })
const NOT_HANDED_OUT = ['xstate.raise', 'xstate.cancel']

/** Takes the same events through a runner and through xstate's own function, and compares every step. */
function compare(machine: AnyStateMachine, input: unknown, taken: readonly Stamped[]): void {
  const handedOut: Wanted[] = []
  const perform = (wanted: Wanted): boolean => handedOut.push(plain(wanted)) > 0
  const onFault = (error: unknown) => {
    throw error
  }
  const runner = new Runner({ machine, input, perform, onEvent: () => {}, onFault }, { at: 0, wall: 0 })
  let [snapshot] = initialTransition(machine, input as never)
  handedOut.length = 0
  for (const event of taken) {
    const [next, actions] = transition(machine, snapshot, event as never)
    snapshot = next
    runner.send(event)
    expect(runner.snapshot.value).toEqual(snapshot.value)
    expect(runner.snapshot.context).toEqual(snapshot.context)
    const wanted = actions.map(plain).filter(one => !NOT_HANDED_OUT.includes(one.type))
    expect(handedOut.splice(0)).toEqual(wanted)
  }
}

test.each<[string, StackOptions]>([
  ['a session that ends by itself', { program: SHORT }],
  ['one that a leak ends', { program: SHORT, unit: { behaviours: ['pneu.leak=20@hold+1s'] } }],
  ['one that nobody begins', { program: SHORT, attended: false }],
])('the runner takes every step as xstate’s own transition() does: %s', (_, options) => {
  const stack = new Stack(options)
  stack.advance(60_000)
  const link = { nonce: 0x8f03a2c1, rate_Hz: 10 }
  const linked = events(stack, 'link')
  const taken = events(stack, 'session')
  expect(linked.length).toBeGreaterThan(100)
  expect(taken.length).toBeGreaterThan(100)
  compare(linkMachine, link, linked)
  compare(sessionMachine, sessionInput(stack), taken)
})

/** What the session was begun with: the machine keeps it in its context. */
function sessionInput(stack: Stack): unknown {
  const { plan, verdict, person, newestSerialSeen, checklist } = stack.session.snapshot.context
  return { plan, verdict, person, newestSerialSeen, checklist }
}
