import type { Press } from '../../machines/guardMessages.ts'
import { isVented } from '../../machines/watch.ts'
import type { Telemetry } from '../../protocol/unitFrames.ts'
import type { Millis, MonoMs } from '../../protocol/units.ts'
import { TIMING } from '../../protocol/wire.ts'
import { type LeaseFacts, mayRenew } from './lease.ts'
import { beginPress, notePress, type PressInForce, type Venting } from './monitor.ts'
import type { LineName, LineOutcome, Outbox } from './outbox.ts'
import type { Seen } from './sight.ts'

/** The last leases that may be echoed. */
const LEASES_KEPT = 3

/** When a lease that is due may not be renewed, it is asked again after this. Unit ms. */
const LEASE_ASK_MS = 100

/** The press in force: its targets, the lease that lets its pressure stay, and the vent or release that ends it. */
export class Pressing {
  private readonly outbox: Outbox
  inForce: PressInForce | undefined
  venting: Venting | undefined
  /** When the first press of the session was commanded. */
  first: MonoMs | undefined
  /** When the last press ended. */
  ended: MonoMs = Number.NEGATIVE_INFINITY
  /**
   * The unit's clock in the last report before it had acknowledged the last press, or the first vent after it.
   * Undefined while an answer is missing: what a report shows then is from before or from after, and nobody can tell.
   */
  heardAt_unit_ms: Millis | undefined = Number.NEGATIVE_INFINITY
  leaseAt: MonoMs = Number.POSITIVE_INFINITY

  constructor(outbox: Outbox) {
    this.outbox = outbox
  }

  /** Another one in the same state, with the outbox of its own guard. */
  fork(outbox: Outbox): Pressing {
    const { inForce, venting, first, ended, heardAt_unit_ms, leaseAt } = this
    const copied = inForce && { ...inForce, reached: new Set(inForce.reached), outside: new Map(inForce.outside) }
    const state = { inForce: copied, venting, first, ended, heardAt_unit_ms, leaseAt }
    return Object.assign(new Pressing(outbox), state)
  }

  /** Lease first; its targets follow when that is acknowledged. */
  begin(press: Press, now: MonoMs): void {
    this.first ??= now
    this.leaseAt = now
    this.heardAt_unit_ms = undefined
    this.inForce = beginPress(press, now)
    this.inForce.awaited = [this.sendLease(now)]
  }

  /**
   * A lease or a target has been answered, or was not in time. Returns how the whole press ended, once that is known.
   * An answer to a press that is not in force any more means nothing, even if another one has begun.
   */
  settled({ of, seq }: LineName, result: LineOutcome, now: MonoMs): LineOutcome | undefined {
    const { inForce } = this
    // An unanswered renewal needs no treatment: the echo in telemetry is the evidence, and rule ECHO asks it.
    if (!inForce?.awaited.includes(seq)) return undefined
    if (result.outcome !== 'done') return result
    inForce.awaited = of === 'lease' ? this.sendTargets(inForce.press, now) : inForce.awaited.filter(one => one !== seq)
    return inForce.awaited.length === 0 ? result : undefined
  }

  private sendTargets({ targets, slew_mmHg_per_s }: Press, now: MonoMs): number[] {
    return targets.map(({ channel, target_mmHg }) =>
      this.outbox.send({ type: 'target', channel, target_mmHg, slew_mmHg_per_s }, now),
    )
  }

  /** The unit has acknowledged all of a press, or a vent: from now on its reports show what it does about it. */
  heard({ unit_ms }: Seen): void {
    this.heardAt_unit_ms ??= unit_ms
  }

  /** A vent or a release ends it. The time to vent runs from the first of them. */
  end(last: Telemetry | undefined, now: MonoMs): void {
    this.leaseAt = Number.POSITIVE_INFINITY
    if (!this.inForce && this.venting) return
    // A vent with nothing pressed changes nothing that a pump should do.
    if (this.inForce) this.heardAt_unit_ms = undefined
    this.inForce = undefined
    this.ended = now
    this.venting = { since: now, from: last?.channels.map(c => c.pressure_mmHg) ?? [] }
  }

  /** Takes a report in. After a release nothing counts as vented here: that is for `Releasing` to say. */
  note(report: Telemetry, seen: Seen, afterRelease: boolean, now: MonoMs): void {
    if (this.inForce) notePress(this.inForce, report, seen.unit_ms, now)
    else if (!afterRelease && report.mode !== 'venting' && isVented(report)) this.venting = undefined
  }

  renew(facts: Omit<LeaseFacts, 'pressing'>, now: MonoMs): void {
    if (now < this.leaseAt) return
    if (mayRenew({ pressing: this.inForce !== undefined, ...facts }, now)) this.sendLease(now)
    else this.leaseAt = now + LEASE_ASK_MS
  }

  private sendLease(now: MonoMs): number {
    this.leaseAt = Math.max(this.leaseAt + TIMING.lease, now + LEASE_ASK_MS)
    const seq = this.outbox.send({ type: 'lease' }, now)
    if (this.inForce) this.inForce.leases = [...this.inForce.leases, seq].slice(-LEASES_KEPT)
    return seq
  }
}
