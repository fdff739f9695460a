import { LIMITS } from '../../machines/limits.ts'
import { TIMING } from '../../protocol/wire.ts'
import { SHORT } from '../support/programs.ts'
import type { Bound } from './row.ts'

/** The guard looks every 100 ms, and the unit reports ten times a second. Unit ms. */
const LOOK = 100
/** The longest hold of the plan. Unit ms. */
export const HOLD_MS = Math.max(...SHORT.steps.map(step => step.hold_ms))
/** What the simulated pump gives at least, up to 100 mmHg. Unit mmHg/s. */
const PUMP = 25
/** And against the fastest leak that lets a target be reached. */
const LEAKING = 16
const TARGET = Math.max(...SHORT.steps.map(step => step.arm_mmHg ?? 0))
const RISE = (TARGET / PUMP) * 1_000
const BEYOND = (LIMITS.band.value / PUMP) * 1_000
const SOON = (15 / PUMP) * 1_000
const bound = (bound_ms: number, why: string): Bound => ({ bound_ms, why })

/** Every time that a case is held against, made of limits that stand elsewhere. */
export const BOUNDS = {
  atOnce: bound(LOOK, 'a look of the guard'),
  silence: bound(TIMING.silence, 'T_SILENCE'),
  lost: bound(TIMING.lost + LOOK, 'T_LOST and a look of the guard'),
  lostLoop: bound(TIMING.lost + 2 * LOOK, 'T_LOST, the report that shows the last pass, and a look of the guard'),
  stale: bound(TIMING.stale + 2 * LOOK, 'T_STALE after the last report, and a look of the guard'),
  deaf: bound(TIMING.lost + TIMING.silence, 'the lease stops within T_LOST, and the unit waits for T_SILENCE'),
  pause: bound(600 + LOOK, 'the pause itself and a look of the guard'),
  report: bound(2 * LOOK, 'a report and a look of the guard'),
  loop: bound(20, "one pass of the unit's control loop"),
  watchdog: bound(500, "the unit's watchdog"),
  rail: bound(200, 'SENSOR: two passes of the control loop, a report and a look'),
  twoReports: bound(3 * LOOK, 'LIM-BAND-AT-ONCE: two reports, and a look'),
  frozen: bound(LIMITS.frozen.value + 5 * LOOK, 'LIM-FROZEN and the time in which a report shows it'),
  rise: bound(2 * LIMITS.progressWindow.value + LOOK, 'two windows of LIM-PROGRESS-WINDOW and a report'),
  runaway: bound(BEYOND + LIMITS.bandDelay.value + 3 * LOOK, 'the way to 15 mmHg above it, LIM-BAND-DELAY and a look'),
  runawayRise: bound(
    RISE + BEYOND + LIMITS.bandDelay.value + 3 * LOOK,
    'the rise to the target, the way to 15 mmHg above it, LIM-BAND-DELAY and a look',
  ),
  leak: bound(
    (TARGET / LEAKING) * 1_000 + LIMITS.leak.value + 3 * LOOK,
    'the rise to the target against the leak, LIM-LEAK, two reports and a look',
  ),
  hold: bound(
    HOLD_MS + SOON + TIMING.silence + LOOK,
    "the rise to 15 mmHg, the longest hold and T_SILENCE, by the unit's clock, and a look",
  ),
  overdue: bound(HOLD_MS + TIMING.lost + LOOK, 'the longest hold of the plan, T_LOST and a report'),
  nextVent: bound(
    HOLD_MS + LIMITS.ventFall.value + 3 * LOOK,
    'the hold under way, LIM-VENT-FALL, two reports and a look',
  ),
  nextVentDone: bound(
    HOLD_MS + LIMITS.ventDone.value + 3 * LOOK,
    'the hold under way, LIM-VENT-DONE, two reports and a look',
  ),
  stuck: bound(LIMITS.ventDone.value + 3 * LOOK, 'LIM-VENT-DONE, two reports and a look'),
} as const satisfies Record<string, Bound>
