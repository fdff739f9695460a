import { assign, setup } from 'xstate'
import type { Identity, Profile } from '../protocol/unitFrames.ts'
import { FW_REQUIRED, PROTOCOL_VERSION, TIMING } from '../protocol/wire.ts'
import type { LinkEvent, LinkNews } from './events.ts'
import type { GuardCommand } from './guardMessages.ts'

export interface LinkInput {
  /** Random, not 0: the unit takes commands of this session only. */
  readonly nonce: number
  /** Telemetry rate asked for, 10 to 100 Hz. */
  readonly rate_Hz: number
}

interface LinkContext extends LinkInput {
  readonly identity: Identity | undefined
  readonly profile: Profile | undefined
  readonly asked: number
  readonly why: string
}

/** How often a port is asked who is there: opening it may have restarted the unit, which takes up to 2 s. */
const ASK_MAX = 5

const linkSetup = setup({
  types: {
    context: {} as LinkContext,
    events: {} as LinkEvent,
    input: {} as LinkInput,
  },
  delays: {
    openTime: 5_000,
    identifyTime: TIMING.identify,
    helloTime: TIMING.lost,
    staleTime: TIMING.stale,
    lostTime: TIMING.lost - TIMING.stale,
  },
  guards: {
    mayAskAgain: ({ context }) => context.asked < ASK_MAX,
    hasSaidWhoItIs: ({ context }) => context.identity !== undefined,
    speaksOurVersion: ({ context, event }) =>
      event.type === 'PROFILE' && context.identity?.version === PROTOCOL_VERSION,
    unitProtectsItself: ({ event }) =>
      event.type === 'PROFILE' && (event.frame.simulated || (event.frame.declared & FW_REQUIRED) === FW_REQUIRED),
    helloDone: ({ event }) => event.type === 'OUTCOME' && event.of === 'hello' && event.outcome === 'done',
    helloFailed: ({ event }) => event.type === 'OUTCOME' && event.of === 'hello' && event.outcome !== 'done',
  },
  actions: {
    openPort: () => {},
    command: (_, _command: GuardCommand) => {},
    tellSession: (_, _news: LinkNews) => {},
    countAsk: assign(({ context }) => ({ asked: context.asked + 1 })),
    noteIdentity: assign(({ event }) => (event.type === 'IDENTITY' ? { identity: event.frame } : {})),
    noteProfile: assign(({ event }) => (event.type === 'PROFILE' ? { profile: event.frame } : {})),
    noteWhy: assign((_, { why }: { why: string }) => ({ why })),
    noteClosed: assign(({ event }) => (event.type === 'CLOSED' ? { why: `the port closed: ${event.why}` } : {})),
    noteOutcome: assign(({ event }) =>
      event.type === 'OUTCOME' ? { why: `the unit did not open a session: ${event.why ?? event.outcome}` } : {},
    ),
  },
})

const fail = (why: string) => ({ target: 'failed', actions: { type: 'noteWhy', params: { why } } }) as const
const lose = (why: string) => ({ target: '#link.lost', actions: { type: 'noteWhy', params: { why } } }) as const

/**
 * The way to the unit: open the port, ask who is there, open a session, and know at every moment whether the unit is
 * still heard. A link that was lost is never taken up again; what still comes in is looked at, and that is all.
 */
export const linkMachine = linkSetup.createMachine({
  id: 'link',
  options: { maxIterations: 20 },
  initial: 'closed',
  context: ({ input }) => ({ ...input, identity: undefined, profile: undefined, asked: 0, why: '' }),
  states: {
    closed: { on: { CONNECT: 'opening' } },
    opening: {
      entry: 'openPort',
      on: { OPENED: 'identifying', CLOSED: { target: 'failed', actions: 'noteClosed' } },
      after: { openTime: fail('the port did not open') },
    },
    identifying: {
      entry: ['countAsk', { type: 'command', params: { do: 'identify' } }],
      on: {
        CLOSED: { target: 'failed', actions: 'noteClosed' },
        IDENTITY: { actions: 'noteIdentity' },
        PROFILE: [
          { guard: 'speaksOurVersion', target: 'judging', actions: 'noteProfile' },
          { ...fail('the unit does not speak this version of the protocol'), guard: 'hasSaidWhoItIs' },
          fail('the unit did not say who it is'),
        ],
      },
      after: {
        identifyTime: [
          { guard: 'mayAskAgain', target: 'identifying', reenter: true },
          fail('no cuff unit answers on this port'),
        ],
      },
    },
    judging: {
      always: [
        { guard: 'unitProtectsItself', target: 'greeting' },
        fail('this real unit does not declare FW-1 to FW-5, so it may not be armed'),
      ],
    },
    greeting: {
      entry: {
        type: 'command',
        params: ({ context }) => ({ do: 'hello', nonce: context.nonce, rate_Hz: context.rate_Hz }),
      },
      on: {
        CLOSED: { target: 'failed', actions: 'noteClosed' },
        OUTCOME: [
          { guard: 'helloDone', target: 'up' },
          { guard: 'helloFailed', target: 'failed', actions: 'noteOutcome' },
        ],
      },
      after: { helloTime: fail('the unit did not answer the hello') },
    },
    up: {
      entry: {
        type: 'tellSession',
        params: ({ context }) => ({ type: 'LINK_UP', identity: context.identity!, profile: context.profile! }),
      },
      on: { CLOSED: { target: 'lost', actions: 'noteClosed' }, TELEMETRY: '.fresh' },
      initial: 'fresh',
      states: {
        fresh: { after: { staleTime: 'stale' } },
        stale: { after: { lostTime: lose('no report from the unit for 1 s') } },
      },
    },
    lost: {
      entry: { type: 'tellSession', params: ({ context }) => ({ type: 'LINK_LOST', why: context.why }) },
      on: { TELEMETRY: 'observing', CLOSED: { actions: 'noteClosed' } },
    },
    /** Reports come in again. They are shown; the session is over all the same. */
    observing: { on: { TELEMETRY: {}, CLOSED: { actions: 'noteClosed' } } },
    failed: {
      entry: { type: 'tellSession', params: ({ context }) => ({ type: 'LINK_FAILED', why: context.why }) },
    },
  },
})
