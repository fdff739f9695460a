import type { GuardReport, Rule } from '../../machines/guardMessages.ts'
import { LIMITS } from '../../machines/limits.ts'
import type { MonoMs } from '../../protocol/units.ts'
import { TIMING } from '../../protocol/wire.ts'
import type { Seen } from './sight.ts'

/** What the release can do to the world. None of these may throw. */
export interface ReleaseEffects {
  writeRelease(): void
  report(report: GuardReport): void
}

/** The release byte: sent at once, told once for each reason, and repeated until the unit has shown that it is vented. */
export class Releasing {
  private readonly effects: ReleaseEffects
  private readonly told = new Set<Rule>()
  private firstAt: MonoMs | undefined
  private lastAt: MonoMs = Number.NEGATIVE_INFINITY

  constructor(effects: ReleaseEffects) {
    this.effects = effects
  }

  get memory() {
    const { firstAt, lastAt, told } = this
    return { firstAt, lastAt, told: new Set(told) }
  }

  /** Another one in the same state. */
  fork(effects: ReleaseEffects): Releasing {
    return Object.assign(new Releasing(effects), this.memory)
  }

  /** A release went out: nothing inflates any more. */
  get hasBegun(): boolean {
    return this.firstAt !== undefined
  }

  hasTold(rule: Rule): boolean {
    return this.told.has(rule)
  }

  /** The byte goes first; whatever else is to be done comes after it. */
  send(why: string, now: MonoMs, rule?: Rule): void {
    this.effects.writeRelease()
    this.lastAt = now
    const isNews = !this.hasBegun || (rule && !this.told.has(rule))
    this.firstAt ??= now
    if (rule) this.told.add(rule)
    if (isNews) this.effects.report({ is: 'released', why, ...(rule && { rule }) })
  }

  /** The unit has shown since the release that it is latched, with every line below 15 mmHg for 3 s: one report may be noise. */
  isDone({ last, at, ventedSince }: Seen): boolean {
    if (this.firstAt === undefined || at <= this.firstAt || last?.mode !== 'latched') return false
    return ventedSince !== undefined && at - ventedSince >= LIMITS.ventedBeforeStart.value
  }

  /** When the byte is due again. */
  dueAt(seen: Seen): MonoMs {
    return this.hasBegun && !this.isDone(seen) ? this.lastAt + TIMING.releaseRepeat : Number.POSITIVE_INFINITY
  }
}
