import { createHash } from 'node:crypto'
import type { Millis, MonoMs } from '../../protocol/units.ts'
import { Random } from '../../sim/random.ts'
import { Stack } from '../support/stack.ts'
import { InflatedLedger } from './inflatedLedger.ts'
import { collectGarbage, data } from './memory.ts'
import { drawVisit, type Visit } from './soakPlan.ts'
import { type Ended, leavesSound, live, mayTrap } from './soakVisit.ts'
import { type Wrap, wrapsIn } from './soakWraps.ts'

export interface SoakResult {
  sessions: number
  units: number
  /** Sessions in which nothing was done to anybody. */
  inPeace: number
  readonly endings: Map<string, number>
  /** In how many sessions each counter wrapped. */
  readonly wraps: Map<Wrap, number>
  readonly wrong: string[]
  /** Sessions that ended with pressure on a limb that no line shows, which is a known limit. */
  unseen: number
  longest_ms: Millis
  hour_ms: Millis
  /** What is kept after each session. Unit bytes. */
  readonly kept: number[]
  /** Of every byte of the line, and of everything that came in and was decided. */
  hash: string
}

/** What a unit's profile says, which its limbs are held to. */
const CONTINUOUS_MS: Millis = 1_200_000
const HOUR_MS: Millis = 1_200_000
/** At its limits the unit opens its valves, and a line is below 15 mmHg within this. */
const VENT_MS: Millis = 10_000
const CEILINGS = [300, 300]
export const DAY_MS: Millis = 86_400_000
/** The host's own clock passes 2^31 ms in the middle of the fourteen days. */
const BEGIN: MonoMs = 2 ** 31 - 7 * DAY_MS

export interface SoakHooks {
  /** After each session; what it keeps, the soak is seen to keep. */
  readonly after?: (stack: Stack, result: SoakResult, virtual_ms: Millis) => void
}

/** Sessions one after the other, with idle time between them, on units that stay on. All of it comes from the seed. */
export function soak(days: number, seed: number, hooks: SoakHooks = {}): SoakResult {
  return new Soak(seed, hooks).run(days * DAY_MS)
}

class Soak {
  private readonly hooks: SoakHooks
  private readonly random: Random
  private readonly hash = createHash('sha256')
  private readonly result: SoakResult = {
    ...{ sessions: 0, units: 0, inPeace: 0, unseen: 0, longest_ms: 0, hour_ms: 0, hash: '' },
    ...{ endings: new Map(), wraps: new Map(), wrong: [], kept: [] },
  }
  private now = BEGIN

  constructor(seed: number, hooks: SoakHooks) {
    this.random = new Random(seed)
    this.hooks = hooks
  }

  run(ms: Millis): SoakResult {
    while (this.now < BEGIN + ms) this.unitLife(BEGIN + ms)
    this.result.hash = this.hash.digest('hex')
    return this.result
  }

  /** A unit serves for a day, or until it has a fault that stays. */
  private unitLife(end: MonoMs): void {
    const { random, result } = this
    const kind = random.below(2) === 0 ? 'arm' : 'leg'
    const limbs = [5, 5].map(width_cm => ({ kind, width_cm }) as const)
    const unit = { seed: 1 + random.below(1_000_000), limbs }
    const stack = new Stack({ unit, startedAt: this.now, limbs: [`left-${kind}`], attended: false })
    stack.killController()
    const ledger = new InflatedLedger(CEILINGS)
    const until = Math.min(end, this.now + DAY_MS)
    result.units++
    for (let sound = true; sound && stack.now < until; ) {
      const visit = drawVisit(kind, random)
      this.session(stack, visit)
      sound = visit.happenings.every(({ what }) => leavesSound(what))
      this.look(ledger, stack, visit)
    }
    this.now = stack.now
  }

  private session(stack: Stack, visit: Visit): void {
    const { result } = this
    const tap = (towards: string, bytes: Uint8Array) => this.hash.update(towards).update(bytes)
    result.sessions++
    if (visit.happenings.length === 0) result.inPeace++
    this.note(this.lived(stack, visit, tap), visit)
    for (const wrap of wrapsIn(stack)) count(result.wraps, wrap)
    for (const one of stack.recorded) this.hash.update(JSON.stringify(one))
    stack.advance(visit.idle_ms)
  }

  private lived(stack: Stack, visit: Visit, tap: Parameters<typeof live>[2]): Ended {
    try {
      return live(stack, visit, tap)
    } catch (error) {
      return { how: 'broken', wrong: [(error as Error).stack ?? String(error)], unseen: false }
    }
  }

  private note({ how, wrong, unseen }: Ended, { happenings }: Visit): void {
    const { result } = this
    count(result.endings, how)
    if (unseen) result.unseen++
    const what = happenings.map(one => `${one.what} at ${one.share.toFixed(2)}`).join(', ') || 'nothing'
    for (const one of wrong) result.wrong.push(`session ${result.sessions} (${what}): ${one}`)
  }

  /** The limbs, by what the unit itself tells of them, in the session and in the idle time after it. */
  private look(ledger: InflatedLedger, stack: Stack, visit: Visit): void {
    const { result } = this
    for (const event of stack.events)
      if (event.type === 'pressure') ledger.look(event.true_mmHg, event.t_ms + stack.startedAt)
    if (!mayTrap(visit)) {
      ledger.end(stack.now)
      result.longest_ms = Math.max(result.longest_ms, ledger.longest_ms)
      result.hour_ms = Math.max(result.hour_ms, ledger.hour_ms)
      const over = ledger.longest_ms > CONTINUOUS_MS + VENT_MS || ledger.hour_ms > HOUR_MS + VENT_MS
      if (over) result.wrong.push(`session ${result.sessions}: inflated for longer than the unit's limits`)
      if (stack.pressure >= 1) result.wrong.push(`session ${result.sessions}: pressure after the idle time`)
    }
    stack.forget()
    collectGarbage()
    result.kept.push(data())
    this.hooks.after?.(stack, result, stack.now - BEGIN)
  }
}

export const count = <T>(counts: Map<T, number>, key: T): unknown => counts.set(key, (counts.get(key) ?? 0) + 1)
