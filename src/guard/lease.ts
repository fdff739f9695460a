import type { Millis, MonoMs } from '../../protocol/units.ts'
import { TIMING } from '../../protocol/wire.ts'

/** What the guard knows of the controller: it answers pings, and its step counter advances. */
export interface Controller {
  readonly pongAt: MonoMs
  readonly step: number
  readonly stepAt: MonoMs
}

export const NO_CONTROLLER: Controller = {
  pongAt: Number.NEGATIVE_INFINITY,
  step: -1,
  stepAt: Number.NEGATIVE_INFINITY,
}

/**
 * A ping that was sent at that time was answered: an answer is as old as what it answers. A controller that answers
 * without getting on is as good as dead.
 */
export const heard = (was: Controller, step: number, sentAt: MonoMs): Controller => ({
  pongAt: Math.max(was.pongAt, sentAt),
  step,
  stepAt: step > was.step ? sentAt : was.stepAt,
})

/** Pings and when they were sent; those that are too old to count are forgotten. */
export class Pings {
  private readonly sent = new Map<number, MonoMs>()
  private last = 0

  /** Others in the same state. */
  fork(): Pings {
    return Object.assign(new Pings(), { sent: new Map(this.sent), last: this.last })
  }

  /** The number of the next one. */
  next(now: MonoMs): number {
    for (const [ping, at] of this.sent) if (now - at > TIMING.lost) this.sent.delete(ping)
    this.sent.set(++this.last, now)
    return this.last
  }

  sentAt(ping: number): MonoMs | undefined {
    return this.sent.get(ping)
  }
}

/** Unit ms. The guard's own process slept or was starved for this long: what it believes is old. */
export const LAG_MAX: Millis = 500

/** Why the controller does not count as alive, or undefined. */
export function controllerProblem(controller: Controller, now: MonoMs): string | undefined {
  if (now - controller.pongAt > TIMING.lost) return 'the controller does not answer'
  if (now - controller.stepAt > TIMING.lost) return 'the controller answers but does not get on'
  return undefined
}

export interface LeaseFacts {
  /** A press has been commanded, and neither a vent nor a release since. */
  readonly pressing: boolean
  readonly controller: Controller
  /** When the last telemetry came. */
  readonly seenAt: MonoMs
  /** Every rule of the monitor holds now; that the guard itself was held up is one of them. */
  readonly rulesHold: boolean
}

/**
 * The one place that decides whether pressure may stay for another T_SILENCE. It asks for the truth of everything
 * behind the lease; nothing renews it by a beat of its own.
 */
export const mayRenew = (facts: LeaseFacts, now: MonoMs): boolean =>
  facts.pressing &&
  facts.rulesHold &&
  controllerProblem(facts.controller, now) === undefined &&
  now - facts.seenAt <= TIMING.stale
