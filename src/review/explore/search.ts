import { createHash } from 'node:crypto'
import type { Model, Move } from './step.ts'

export interface Bound {
  /** Goes no further once it has met so many situations. */
  readonly situations: number
}

/** A way from the beginning to a step that breaks an invariant: the shortest one that there is. */
export interface Counterexample {
  readonly invariant: { readonly id: string; readonly text: string }
  readonly what: string
  /** Which of the beginnings it begins at. */
  readonly beginning: number
  readonly way: readonly string[]
}

export interface Found {
  readonly situations: number
  readonly steps: number
  /** Moves on the longest of the shortest ways. */
  readonly depth: number
  /** Every situation that can be reached has been met. */
  readonly isAll: boolean
  readonly states: ReadonlyMap<string, number>
  readonly broken: readonly Counterexample[]
}

interface Met<S> {
  readonly one: S
  readonly index: number
  readonly depth: number
}

/** Breadth first from the beginnings: every move in every situation, each situation once, every invariant in every step. */
export class Search<S, O> {
  private readonly seen = new Set<string>()
  private readonly from: number[] = []
  private readonly by: number[] = []
  private queue: Met<S>[] = []
  private head = 0
  private readonly broken = new Map<string, Counterexample>()
  private readonly states = new Map<string, number>()
  private readonly bound: Bound
  private readonly model: Model<S, O>
  private steps = 0
  private depth = 0

  constructor(model: Model<S, O>, beginnings: readonly S[], bound: Bound) {
    this.model = model
    this.bound = bound
    for (const one of beginnings) this.meet(one, -1, -1, 0)
  }

  /** Goes on for so many situations. Returns false when there is nothing left to do. */
  goOn(most: number): boolean {
    for (let i = 0; i < most && this.hasMore; i++) {
      const met = this.queue[this.head++]!
      for (const [by, move] of this.model.moves.entries()) this.take(met, move, by)
      if (this.head > 10_000) {
        this.queue = this.queue.slice(this.head)
        this.head = 0
      }
    }
    return this.hasMore
  }

  private get hasMore(): boolean {
    return this.head < this.queue.length && this.from.length < this.bound.situations
  }

  get found(): Found {
    return {
      ...{ situations: this.from.length, steps: this.steps, depth: this.depth, states: this.states },
      isAll: this.head >= this.queue.length,
      broken: [...this.broken.values()],
    }
  }

  private take(met: Met<S>, move: Move<S, O>, by: number): void {
    const outcome = move.apply(met.one)
    if (!outcome) return
    this.steps++
    const step = { before: met.one, move, ...outcome }
    const isNew = this.meet(outcome.after, met.index, by, met.depth + 1)
    for (const invariant of this.model.invariants) {
      if (this.broken.has(invariant.id)) continue
      const what = invariant.broken(step) ?? (isNew ? invariant.brokenIn?.(outcome.after) : undefined)
      if (what !== undefined)
        this.broken.set(invariant.id, {
          invariant: { id: invariant.id, text: invariant.text },
          what,
          ...this.wayTo(met.index, move.name),
        })
    }
  }

  /** Whether this situation was not met before. */
  private meet(one: S, from: number, by: number, depth: number): boolean {
    if (this.from.length >= this.bound.situations) return false
    const key = createHash('md5').update(this.model.keyOf(one)).digest('base64')
    if (this.seen.has(key)) return false
    this.seen.add(key)
    this.depth = Math.max(this.depth, depth)
    const state = this.model.stateOf(one)
    this.states.set(state, (this.states.get(state) ?? 0) + 1)
    this.queue.push({ one, index: this.from.length, depth })
    this.from.push(from)
    this.by.push(by)
    return true
  }

  private wayTo(index: number, ...way: string[]): Pick<Counterexample, 'beginning' | 'way'> {
    let at = index
    for (; this.from[at]! >= 0; at = this.from[at]!) way.unshift(this.model.moves[this.by[at]!]!.name)
    return { beginning: at, way }
  }
}
