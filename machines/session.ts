import { cycle, EXHALE, FLUIDS } from './cycle.ts'
import type { GuardCommand } from './guardMessages.ts'
import { failed, KINK, release, releaseForEvent, SESSION_OVER, STANDS } from './leaving.ts'
import { envelopeOf, type SessionContext } from './sessionContext.ts'
import { sessionSetup } from './sessionSetup.ts'
import { NOTHING_WATCHED } from './watch.ts'

const envelopeCommand = ({ context }: { context: SessionContext }): GuardCommand => ({
  do: 'envelope',
  envelope: envelopeOf(context),
})

/** A session that has ended still releases when it is asked to, and takes nothing else from a person. */
const releaseAgain = { actions: { type: 'release', params: { why: 'asked for again' } } } as const
const ended = {
  tags: 'ended',
  entry: 'mark',
  on: {
    RELEASE: releaseAgain,
    SYMPTOM: { actions: ['noteSymptom', releaseAgain.actions] },
    GUARD_RELEASED: [{ ...releaseForEvent, guard: 'guardHadAReason' }, {}],
    LINK_LOST: {},
    TRIP: {},
    // Whatever was seen before: pressure that stands now is let out, or called stuck.
    TELEMETRY: { ...release('safety', STANDS), guard: 'lineStandsFull' },
  },
} as const

/**
 * The session: what may happen to a person under a cuff, and in which order. A pure description: `sessionSetup` says
 * what its words mean.
 */
export const sessionMachine = sessionSetup.createMachine({
  id: 'session',
  options: { maxIterations: 20 },
  type: 'parallel',
  context: ({ input }) => ({
    ...input,
    unconfirmed: input.checklist,
    unit: undefined,
    offsets_mmHg: [],
    step: 0,
    watch: NOTHING_WATCHED,
    pressing: undefined,
    firstPressAt: undefined,
    reached_mmHg: 0,
    phaseAt: 0,
    presentAt: 0,
    refilled_mmHg: [],
    refillAskedAt: undefined,
    fluidsAt: undefined,
    symptoms: [],
    refusals: [],
    cause: undefined,
  }),
  states: {
    /** Sees every report, whatever the session does, and calls out what is wrong with it. */
    watch: {
      on: {
        TELEMETRY: [{ guard: 'reportIsAlarming', actions: ['trip', 'noteReport'] }, { actions: 'noteReport' }],
      },
    },
    flow: {
      initial: 'connecting',
      on: {
        RELEASE: releaseForEvent,
        SYMPTOM: { target: '#session.flow.releasing', actions: ['noteSymptom', 'blameEvent'] },
        GUARD_RELEASED: releaseForEvent,
        TRIP: releaseForEvent,
        LINK_LOST: releaseForEvent,
      },
      states: {
        connecting: {
          on: {
            LINK_UP: [
              { guard: 'planFits', target: 'selfTesting', actions: 'noteUnit' },
              { target: 'refused', actions: ['noteUnit', 'notePlanRefusals'] },
            ],
            LINK_FAILED: { target: 'faulted', actions: 'blameEvent' },
          },
        },
        selfTesting: {
          entry: ['mark', { type: 'command', params: { do: 'self-test' } }],
          on: {
            OUTCOME: failed('self-test'),
            SELF_TEST: [{ guard: 'selfTestPassed', target: 'gate', actions: 'noteOffsets' }, releaseForEvent],
          },
          after: { selfTestTime: release('unit', 'the self test did not end') },
        },
        gate: {
          always: [
            { guard: 'gateIsOpen', target: 'fitting' },
            { target: 'refused', actions: 'noteGateRefusals' },
          ],
        },
        fitting: {
          entry: 'mark',
          on: {
            CONFIRM: { actions: 'noteConfirmed' },
            TELEMETRY: { ...release('safety', STANDS), guard: 'lineStandsFull' },
            START: [
              { guard: 'firstPressIsRefused', target: 'refused', actions: 'notePressRefusals' },
              {
                guard: 'checklistIsDone',
                target: 'readyToArm',
              },
              { actions: { type: 'say', params: { text: 'START waits: the checklist is not done.' } } },
            ],
          },
        },
        /** START counts only when fresh reports have shown a vented line for 3 s. */
        readyToArm: {
          always: [
            { guard: 'lineIsVented', target: 'arming' },
            {
              target: 'fitting',
              actions: { type: 'say', params: { text: 'START waits: the line has to be seen below 15 mmHg for 3 s.' } },
            },
          ],
        },
        arming: {
          entry: ['mark', { type: 'command', params: envelopeCommand }],
          on: {
            OUTCOME: [
              failed('envelope'),
              failed('arm'),
              {
                guard: { type: 'succeeded', params: { of: 'envelope' } },
                actions: { type: 'command', params: { do: 'arm' } },
              },
            ],
            TELEMETRY: [
              { guard: 'firstPressIsRefused', target: 'refused', actions: 'notePressRefusals' },
              { guard: 'reportShowsArmed', target: 'running' },
            ],
          },
          after: { armTime: release('unit', 'the unit did not arm') },
        },
        running: {
          type: 'parallel',
          on: {
            TELEMETRY: { ...releaseForEvent, guard: 'reportShowsLatched' },
            SELF_TEST: { ...releaseForEvent, guard: 'selfTestFailed' },
            REFILL: [
              { target: '#session.flow.releasing', guard: 'refillIsSlow', actions: ['noteSymptom', 'blameEvent'] },
              { actions: 'noteRefill' },
            ],
          },
          after: { capTime: release('safety', 'the time from the first press is used up') },
          states: {
            cycles: {
              initial: 'warmUp',
              states: { warmUp: cycle([]), training: cycle([EXHALE]) },
            },
            /** Somebody is there, or the cuff is let go. */
            presence: {
              initial: 'present',
              states: {
                present: {
                  entry: 'notePresence',
                  after: { presenceTime: 'asked' },
                  on: { PRESENT: { target: 'present', reenter: true } },
                },
                asked: {
                  entry: {
                    type: 'say',
                    params: { text: 'Are you there? Press Enter within 30 s, or the cuff is released.' },
                  },
                  after: { graceTime: release('presence', 'nobody answered') },
                  on: { PRESENT: 'present' },
                },
              },
            },
          },
        },
        /**
         * Every session that pressed ends through here, one that went well too. The first thing that happens is the
         * release; it says nothing about where the pressure is.
         */
        releasing: {
          entry: [
            { type: 'release', params: ({ context }) => ({ why: context.cause?.text ?? SESSION_OVER }) },
            'saveJournal',
            'endPress',
            'mark',
          ],
          always: { guard: 'unitWasNeverThere', target: 'settled' },
          on: {
            RELEASE: { actions: ['blameEvent', releaseAgain.actions] },
            SYMPTOM: { actions: ['noteSymptom', 'blameEvent', releaseAgain.actions] },
            GUARD_RELEASED: [{ guard: 'guardWasAsked' }, { actions: 'blameEvent' }],
            TRIP: { actions: 'blameEvent' },
            LINK_LOST: { actions: 'blameEvent' },
            REFILL: { guard: 'refillIsSlow', actions: ['noteSymptom', 'blameEvent'] },
            TELEMETRY: [
              { guard: 'reportShowsKink', actions: { type: 'blame', params: KINK } },
              { guard: 'reportShowsReleased', target: 'settled' },
              { guard: 'reportShowsStuckValve', target: 'stuck' },
              { guard: 'releaseIsOverdue', target: 'stuck' },
            ],
          },
          after: { ventTime: { guard: 'releaseIsUnseen', target: 'stuck' }, releaseTime: 'stuck' },
        },
        /** Nobody has seen the line fall below 15 mmHg. The alarm stays until a report shows it. */
        stuck: {
          tags: 'ended',
          entry: ['mark', 'blameUnseen', 'saveJournal'],
          on: {
            RELEASE: releaseAgain,
            SYMPTOM: { actions: ['noteSymptom', releaseAgain.actions] },
            REFILL: { guard: 'refillIsSlow', actions: ['noteSymptom', releaseAgain.actions] },
            GUARD_RELEASED: { actions: 'blameEvent' },
            TRIP: { actions: 'blameEvent' },
            LINK_LOST: { actions: 'blameEvent' },
            TELEMETRY: { guard: 'reportShowsReleased', target: 'settled' },
          },
        },
        settled: {
          always: [
            { guard: 'endedByRefusal', target: 'refused' },
            { guard: 'endedByPlan', target: 'finished' },
            { guard: 'endedByPerson', target: 'stopped' },
            { target: 'faulted' },
          ],
        },
        finished: { ...ended, entry: ['mark', FLUIDS] },
        refused: ended,
        stopped: ended,
        faulted: ended,
      },
    },
  },
})
