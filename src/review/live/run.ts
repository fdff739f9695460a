import type { Millis } from '../../../protocol/units.ts'
import type { INVARIANTS } from '../explore/session/invariants.ts'
import { Live, PATIENCE_MS } from './live.ts'
import type { Plans, Scenario } from './scenario.ts'
import { type Act, RUN_MAX_MS, type Script, textOf } from './script.ts'

/**
 * A live run that can be taken back. A step back lives through the same acts anew up to where it leads: nothing is
 * undone, so that nothing can be left over.
 */
export class Run {
  live: Live
  readonly scenario: Scenario
  private readonly plans: Plans
  private readonly invariants: typeof INVARIANTS | undefined
  acts: readonly Act[] = []
  /** Where each step began. */
  private steps: { readonly at: Millis; readonly acts: number }[] = []

  constructor(scenario: Scenario, plans: Plans, invariants?: typeof INVARIANTS) {
    this.scenario = scenario
    this.plans = plans
    this.invariants = invariants
    this.live = this.newLive()
  }

  /** @throws RangeError for a script that cannot be played */
  static of({ scenario, acts, until }: Script, plans: Plans): Run {
    const run = new Run(scenario, plans)
    for (const { at, words } of acts) {
      run.goOnTo(at)
      run.do(words)
    }
    run.goOnTo(until)
    return run
  }

  /** The whole run as a list that gives the same run again. */
  get text(): string {
    return textOf({ scenario: this.scenario, acts: this.acts, until: this.live.at })
  }

  get mayStepBack(): boolean {
    return this.steps.length > 0
  }

  /** @throws RangeError when the words say nothing that can be done */
  do(words: string): void {
    const { at } = this.live
    this.live.do(words)
    this.begin(at)
    this.acts = [...this.acts, { at, words }]
  }

  /** A step forward in time. @throws RangeError when the run would be longer than a list of events may be */
  goOn(ms: Millis): void {
    this.expectTime(ms)
    this.mark()
    this.playOn(ms)
  }

  /** A step begins here. */
  mark(): void {
    this.begin(this.live.at)
  }

  /** Goes on within the step that was begun last, as when time is played. */
  playOn(ms: Millis): void {
    this.expectTime(ms)
    this.live.advance(ms)
  }

  toChange(): void {
    this.expectTime(PATIENCE_MS)
    this.mark()
    this.live.toChange()
  }

  /** To where the last step began. */
  stepBack(): void {
    const last = this.steps.pop()
    if (!last) return
    this.acts = this.acts.slice(0, last.acts)
    this.live = this.newLive()
    for (const { at, words } of this.acts) {
      this.goOnTo(at)
      this.live.do(words)
    }
    this.goOnTo(last.at)
  }

  private expectTime(ms: Millis): void {
    if (this.live.at + ms > RUN_MAX_MS) throw new RangeError(`a run is ${RUN_MAX_MS / 60_000} minutes long at most`)
  }

  private begin(at: Millis): void {
    this.steps.push({ at, acts: this.acts.length })
  }

  private goOnTo(at: Millis): void {
    if (at > this.live.at) this.live.advance(at - this.live.at)
  }

  private newLive(): Live {
    return new Live(this.scenario, this.plans, this.invariants)
  }
}
