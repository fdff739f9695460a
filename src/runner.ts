import { type AnyActorScope, type AnyStateMachine, initialTransition, type SnapshotFrom } from 'xstate'
import type { Stamp } from '../machines/events.ts'
import type { MonoMs } from '../protocol/units.ts'

/** An action as plain data: what the machine wants done. */
export interface Wanted {
  readonly type: string
  readonly params: unknown
}

export interface RunnerOptions<M extends AnyStateMachine> {
  readonly machine: M
  readonly input: unknown
  /** Carries out one action. Returning false gives up the rest of the same step's actions. */
  readonly perform: (wanted: Wanted, stamp: Stamp) => boolean
  /** Told of every event before it is taken in. */
  readonly onEvent: (event: Stamped) => void
  /** The machine or an action threw: the runner takes nothing in any more. */
  readonly onFault: (error: unknown) => void
}

export type Stamped = Stamp & { readonly type: string }

interface Timer {
  readonly due: MonoMs
  readonly event: { readonly type: string }
}

/**
 * The only one who moves a machine. One event in, one step: the new state is in place before the first of its actions
 * is carried out. An event that an action causes waits until the step is over. Time limits of the machine wait in a
 * list of their own, on the monotonic clock that the caller hands in.
 */
export class Runner<M extends AnyStateMachine> {
  snapshot: SnapshotFrom<M>
  /** Rises with each event taken in. A runner that has faulted does not get on. */
  steps = 0
  faulted = false
  private options: RunnerOptions<M>
  private scope: AnyActorScope | undefined
  private timers = new Map<string, Timer>()
  private readonly waiting: Stamped[] = []
  private busy = false

  constructor(options: RunnerOptions<M>, stamp: Stamp) {
    this.options = options
    const [snapshot, actions] = initialTransition(this.keepingScope(options.machine), options.input as never)
    this.snapshot = snapshot as SnapshotFrom<M>
    for (const action of actions) this.carryOut(action, stamp)
  }

  /**
   * Another runner in the same state, to look ahead with: what it does is its own, and carried out by `perform`. Its
   * events are told to nobody, and what it throws is its caller's.
   */
  fork(perform: RunnerOptions<M>['perform']): Runner<M> {
    const { options, snapshot, steps, faulted, scope, timers } = this
    const other: Runner<M> = Object.create(Runner.prototype)
    return Object.assign(other, {
      ...{ snapshot, steps, faulted, scope, waiting: [], busy: false },
      options: { ...options, perform, onEvent: () => {}, onFault: thrown },
      timers: new Map(timers),
    })
  }

  /** The time limits that run, by their ids, with the time at which each is due. */
  get limits(): readonly (readonly [string, MonoMs])[] {
    return [...this.timers].map(([id, { due }]) => [id, due])
  }

  /** Forgets a time limit, as by a defect of ours: for looking ahead. */
  lose(id: string): void {
    this.timers.delete(id)
  }

  send(event: Stamped): void {
    this.waiting.push(event)
    if (this.busy) return
    this.busy = true
    for (let one = this.waiting.shift(); one && !this.faulted; one = this.waiting.shift()) this.step(one)
    this.busy = false
  }

  /** Takes in every time limit that is due, the earliest first. */
  tick(stamp: Stamp): void {
    for (let due = this.due(stamp.at); due && !this.faulted; due = this.due(stamp.at)) {
      const [id, timer] = due
      this.timers.delete(id)
      this.send({ ...timer.event, ...stamp })
    }
  }

  get nextDeadline(): MonoMs {
    let next = Number.POSITIVE_INFINITY
    if (this.faulted) return next
    for (const timer of this.timers.values()) next = Math.min(next, timer.due)
    return next
  }

  /** The earliest time limit that is due, and of equals the one that was set first. */
  private due(now: MonoMs): [string, Timer] | undefined {
    let first: [string, Timer] | undefined
    for (const one of this.timers) if (one[1].due <= now && (!first || one[1].due < first[1].due)) first = one
    return first
  }

  private step(event: Stamped): void {
    try {
      this.options.onEvent(event)
      const actions = this.transition(event)
      this.steps++
      for (const action of actions) if (!this.carryOut(action, event)) break
    } catch (error) {
      this.faulted = true
      this.options.onFault(error)
    }
  }

  /**
   * xstate's `transition()`, but for the scope: that one makes a whole actor for each step, which it never starts, and
   * which costs more than the step. The scope of the initial step serves for all.
   */
  private transition(event: Stamped): Wanted[] {
    const actions: Wanted[] = []
    this.scope!.actionExecutor = action => actions.push(action)
    this.snapshot = this.options.machine.transition(this.snapshot, event, this.scope!) as SnapshotFrom<M>
    return actions
  }

  private keepingScope(machine: M): M {
    const getInitialSnapshot = (scope: AnyActorScope, input: never) => {
      this.scope = scope
      return machine.getInitialSnapshot(scope, input)
    }
    return Object.create(machine, { getInitialSnapshot: { value: getInitialSnapshot } })
  }

  /** Keeps the machine's time limits itself, and hands out everything else. */
  private carryOut(action: Wanted, stamp: Stamp): boolean {
    if (action.type === 'xstate.raise') this.schedule(action.params as Raise, stamp.at)
    else if (action.type === 'xstate.cancel') this.timers.delete((action.params as { sendId: string }).sendId)
    else return this.options.perform({ type: action.type, params: action.params }, stamp)
    return true
  }

  /** A raise without a delay was taken in within the step that raised it. */
  private schedule({ id, delay, event }: Raise, now: MonoMs): void {
    if (delay === undefined) return
    if (!id || !Number.isInteger(delay) || delay < 0 || delay >= 2 ** 31)
      throw new RangeError(`${id} waits for ${delay} ms`)
    this.timers.set(id, { due: now + delay, event })
  }
}

function thrown(error: unknown): never {
  throw error
}

interface Raise {
  readonly id?: string
  readonly delay?: number
  readonly event: { readonly type: string }
}
