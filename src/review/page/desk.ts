import { Run } from '../live/run.ts'
import type { Plans, Scenario } from '../live/scenario.ts'
import { scriptFrom } from '../live/script.ts'

/** Time is played in whole steps of this. Unit ms. */
const GRAIN_MS = 20
/** A page that was hidden does not live through what it missed. Unit ms. */
const FRAME_MAX_MS = 250

/** What the reviewer works with: the run, how fast it is played, and what could not be done. */
export class Desk {
  run: Run
  readonly plans: Plans
  /** How many times faster than life time is played; 0 is paused. */
  speed = 0
  /** The whole diagram is to be seen, and not the part of it where the session is. */
  whole = false
  /** Why the last thing that was asked for was not done. */
  problem = ''
  private readonly changed: () => void
  private playedAt = 0
  private rest_ms = 0

  constructor(plans: Plans, changed: () => void) {
    this.plans = plans
    this.changed = changed
    this.run = new Run({ program: Object.keys(plans)[0]!, verdict: 'accepted', seed: 1 }, plans)
  }

  /** Begins a run from nothing. */
  begin(scenario: Scenario): void {
    this.pause()
    this.try(() => {
      this.run = new Run(scenario, this.plans)
    })
  }

  load(text: string): void {
    this.pause()
    this.try(() => {
      this.run = Run.of(scriptFrom(text), this.plans)
    })
  }

  act(words: string): void {
    this.try(() => {
      this.run.do(words)
      if (this.speed > 0) this.run.mark()
    })
  }

  goOn(ms: number): void {
    this.try(() => this.run.goOn(ms))
  }

  toChange(): void {
    this.try(() => this.run.toChange())
  }

  stepBack(): void {
    this.pause()
    this.try(() => this.run.stepBack())
  }

  /** Plays at this speed, or pauses where it is played so. */
  play(speed: number): void {
    const isPlaying = this.speed > 0
    this.speed = this.speed === speed ? 0 : speed
    if (!isPlaying) {
      this.run.mark()
      this.playedAt = performance.now()
      this.rest_ms = 0
      requestAnimationFrame(now => this.frame(now))
    }
    this.changed()
  }

  look(): void {
    this.whole = !this.whole
    this.changed()
  }

  /** Space and Esc release, whatever has the focus but a field to type in; Enter presses what has it. */
  key(event: KeyboardEvent): void {
    if (event.key !== ' ' && event.key !== 'Escape') return
    if (event.target instanceof Element && event.target.matches('input, select, textarea')) return
    event.preventDefault()
    if (!event.repeat) this.act('release')
  }

  private pause(): void {
    this.speed = 0
  }

  private frame(now: number): void {
    if (this.speed === 0) return
    this.rest_ms += Math.min(FRAME_MAX_MS, Math.max(0, now - this.playedAt)) * this.speed
    this.playedAt = now
    const ms = Math.floor(this.rest_ms / GRAIN_MS) * GRAIN_MS
    this.rest_ms -= ms
    if (ms > 0) this.try(() => this.run.playOn(ms))
    requestAnimationFrame(next => this.frame(next))
  }

  private try(work: () => void): void {
    this.problem = ''
    try {
      work()
    } catch (error) {
      this.pause()
      this.problem = (error as Error).message
    }
    this.changed()
  }
}
