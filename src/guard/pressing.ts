import type { Press } from '../../machines/guardMessages.ts'
import type { Telemetry } from '../../protocol/unitFrames.ts'
import { isVented } from '../../protocol/unitFrames.ts'
import type { Millis, MonoMs } from '../../protocol/units.ts'
import { TIMING } from '../../protocol/wire.ts'
import { type LeaseFacts, mayRenew } from './lease.ts'
import { beginPress, LEASES_KEPT, notePress, type PressInForce, type Venting } from './monitor.ts'
import type { LineOutcome, Outbox, Settled } from './outbox.ts'
import type { Seen } from './sight.ts'

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
   * The unit's clock in the last report before it had acknowledged everything that changes what the pump should do.
   * Undefined while an answer is missing: what a report shows then is from before or from after, and nobody can tell.
   */
  heardAt_unit_ms: Millis | undefined = Number.NEGATIVE_INFINITY
  leaseAt: MonoMs = Number.POSITIVE_INFINITY

  constructor(outbox: Outbox) {
    this.outbox = outbox
  }

  /** Lease first, targets then. `settled` hears how the whole of it ended, unless the press is not in force any more. */
  begin(press: Press, now: MonoMs, settled: Settled): void {
    this.first ??= now
    this.leaseAt = now
    this.heardAt_unit_ms = undefined
    const begun = beginPress(press, now)
    this.inForce = begun
    const ifInForce: Settled = (result, then) => {
      if (this.inForce === begun) settled(result, then)
    }
    this.sendLease(now, (result, then) => {
      if (result.outcome !== 'done') ifInForce(result, then)
      // A press that has been ended since its lease went out sends nothing, even if another one has begun.
      else if (this.inForce === begun) this.sendTargets(press, then, ifInForce)
    })
  }

  private sendTargets({ targets, slew_mmHg_per_s }: Press, now: MonoMs, settled: Settled): void {
    let waiting = targets.length
    for (const { channel, target_mmHg } of targets) {
      this.outbox.send({ type: 'target', channel, target_mmHg, slew_mmHg_per_s }, now, (result, then) => {
        if (result.outcome !== 'done' || --waiting === 0) settled(result, then)
      })
    }
  }

  /** The unit has acknowledged all of a press, or a vent: from now on its reports show what it does about it. */
  heard({ unit_ms }: Seen): void {
    this.heardAt_unit_ms = unit_ms
  }

  /** A vent or a release ends it. The time to vent runs from the first of them. */
  end(last: Telemetry | undefined, now: MonoMs): void {
    this.leaseAt = Number.POSITIVE_INFINITY
    if (!this.inForce && this.venting) return
    this.inForce = undefined
    this.ended = now
    this.heardAt_unit_ms = undefined
    this.venting = { since: now, from: last?.channels.map(c => c.pressure_mmHg) ?? [] }
  }

  /** Takes a report in. After a release nothing counts as vented here: that is for `Releasing` to say. */
  note(report: Telemetry, seen: Seen, afterRelease: boolean, now: MonoMs): void {
    if (this.inForce) notePress(this.inForce, report, seen.unit_ms, now)
    else if (!afterRelease && report.mode !== 'venting' && isVented(report)) this.venting = undefined
  }

  renew(facts: Omit<LeaseFacts, 'pressing'>, now: MonoMs): void {
    if (now < this.leaseAt) return
    if (mayRenew({ pressing: this.inForce !== undefined, ...facts }, now)) this.sendLease(now, () => {})
    else this.leaseAt = now + LEASE_ASK_MS
  }

  /** An unanswered lease needs no treatment of its own: the echo in telemetry is the evidence, and rule ECHO asks it. */
  private sendLease(now: MonoMs, settled: (result: LineOutcome, now: MonoMs) => void): void {
    this.leaseAt = Math.max(this.leaseAt + TIMING.lease, now + LEASE_ASK_MS)
    const seq = this.outbox.send({ type: 'lease' }, now, settled)
    if (this.inForce) this.inForce.leases = [...this.inForce.leases, seq].slice(-LEASES_KEPT)
  }
}
