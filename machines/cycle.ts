import type { GuardCommand } from './guardMessages.ts'
import { failed, KINK, release, STANDS, stuckIn } from './leaving.ts'
import { pressOf, type SessionContext } from './sessionContext.ts'

const SLOW_RISE = 'the target was not reached in 30 s'
const NO_RISE = 'the target was not reached in the time of the press'
const SLOW_VENT = 'the line is not below 15 mmHg after 10 s'
const VALVE_STICKS = 'the unit has had its valve open for 10 s, and the line is not below 15 mmHg'
const REFILL_UNSEEN = 'nobody has looked at the capillary refill'

/** Point 7.7: fluids against fainting; Section I.3: often. */
export const FLUIDS = { type: 'say', params: { text: 'Offer the person something to drink (Point 7.7).' } } as const

/** Section I.1: breathing out on effort keeps the blood pressure down. */
export const EXHALE = { type: 'say', params: { text: 'Breathe out on effort.' } } as const

/** One cycle: press, hold, down to a vented line, rest. Warm-up and training differ in what the plan says, and in the cue. */
export const cycle = (cue: readonly (typeof EXHALE)[]) =>
  ({
    initial: 'pressing',
    states: {
      pressing: {
        tags: 'energised',
        entry: ['syncJournal', 'beginPress', { type: 'command', params: pressCommand }],
        after: {
          holdTime: [{ guard: 'targetWasReached', target: 'depressurizing' }, release('safety', NO_RISE)],
        },
        on: { OUTCOME: failed('press') },
        initial: 'pressurizing',
        states: {
          pressurizing: {
            on: {
              TELEMETRY: [
                { guard: 'reportShowsTargets', target: 'holding' },
                { ...release('safety', SLOW_RISE), guard: 'riseIsOverdue' },
              ],
            },
            after: { inflateTime: release('safety', SLOW_RISE) },
          },
          /** At the first hold of each new pressure somebody looks at the capillary refill. */
          holding: {
            entry: ['noteReached', 'askRefill', ...cue],
            after: { refillTime: { ...release('presence', REFILL_UNSEEN), guard: 'refillIsOpen' } },
          },
        },
      },
      depressurizing: {
        entry: ['endPress', 'mark', { type: 'command', params: { do: 'vent' } }],
        on: {
          OUTCOME: failed('vent'),
          GUARD_RELEASED: { ...stuckIn(SLOW_VENT), guard: 'guardSawSlowVent' },
          TELEMETRY: [
            { ...stuckIn(VALVE_STICKS), guard: 'reportShowsStuckValve' },
            { ...release(KINK.kind, KINK.text), guard: 'reportShowsKink' },
            { guard: 'reportShowsVentedAndLast', target: '#session.flow.releasing' },
            { guard: 'reportShowsVented', target: 'resting' },
            { ...stuckIn(SLOW_VENT), guard: 'ventIsOverdue' },
          ],
        },
        after: { ventTime: stuckIn(SLOW_VENT) },
      },
      resting: {
        entry: 'mark',
        always: { guard: 'fluidsAreDue', actions: ['noteFluids', FLUIDS] },
        on: {
          TELEMETRY: [
            { ...release('safety', STANDS), guard: 'lineStandsFull' },
            // A rest is as long as the plan says, below 15 mmHg; what swings up begins it anew, once it is down again.
            { guard: 'lineWasFull', target: 'resting', reenter: true },
          ],
        },
        after: {
          restTime: [
            { guard: 'nextPressIsRefused', target: '#session.flow.releasing', actions: 'notePressRefusals' },
            { guard: 'nextIsTraining', target: '#session.flow.running.cycles.training', actions: 'nextStep' },
            { target: 'pressing', actions: 'nextStep' },
          ],
        },
      },
    },
  }) as const

const pressCommand = ({ context }: { context: SessionContext }): GuardCommand => ({ do: 'press', ...pressOf(context) })
