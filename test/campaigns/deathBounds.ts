import { VENTED_MMHG } from '../../protocol/units.ts'
import { TIMING } from '../../protocol/wire.ts'
import type { Death } from './hostDeath.ts'

/** The guard's release after the controller's death, by this machine's clock. Unit ms. */
export const RELEASE_MAX_MS = 150
/** The unit's own letting go after the last lease, by its own clock. Unit ms. */
export const LAPSE_MAX_MS = TIMING.silence + 100

/** What must hold on a machine of any speed. */
export function safetyMisses(death: Death): string[] {
  const means = death.victim === 'controller' ? 'release' : 'lapse'
  return [
    death.by === undefined && 'the unit did not vent',
    death.by !== undefined && death.by !== means && `it vented by ${death.by}, not by ${means}`,
    death.victim !== 'controller' && death.sinceLease_ms > LAPSE_MAX_MS && `${death.sinceLease_ms} ms after the lease`,
    death.leasesAfter > 1 && `${death.leasesAfter} leases came after the kill`,
    !Number.isFinite(death.emptyAfter_ms) && `the line was not below ${VENTED_MMHG} mmHg`,
    death.inflatedAfter > 0 && 'the unit was told to inflate afterwards',
    death.orphans > 0 && `${death.orphans} processes were left over`,
  ].filter(miss => miss !== false)
}

/** And what holds on one that is not overloaded. */
export const timeMisses = (death: Death): string[] =>
  death.victim === 'controller' && death.ventedAfter_ms > RELEASE_MAX_MS
    ? [`${death.ventedAfter_ms.toFixed(1)} ms after the controller's death`]
    : []
