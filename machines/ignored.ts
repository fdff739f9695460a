/** Why states take nothing in of some events. The matrix shows each blank with its reason, and a test finds the others. */
export interface Ignored {
  readonly events: readonly string[]
  /** States by their last name; those of warm-up and training are alike. */
  readonly in: readonly string[]
  readonly because: string
}

const PRESSING = ['pressurizing', 'holding']
const CYCLE = [...PRESSING, 'depressurizing', 'resting']
const PRESENCE = ['present', 'asked']
const PASSED = ['gate', 'readyToArm', 'settled']
const OVER = ['finished', 'refused', 'stopped', 'faulted']
const LETTING_GO = ['releasing', 'stuck']
const BEFORE = ['connecting', 'selfTesting']

const RUNNING = [...CYCLE, ...PRESENCE]
const FITTING_ON = ['fitting', 'arming']
const ALL_BUT_PASSED = [...BEFORE, ...FITTING_ON, ...RUNNING, ...LETTING_GO, ...OVER]
const without = (states: readonly string[], ...gone: readonly string[]) => states.filter(one => !gone.includes(one))

const WATCHED = 'the watch looks at reports alone; the flow beside it takes this in'
const IN_PASSING = 'nothing comes in here: the state is left in the step that enters it'
const HUMAN = ['CONFIRM', 'START', 'REFILL', 'PRESENT']
const LATE_ANSWER = 'an answer to something that is over changes nothing; what the unit does is read from its reports'

export const SESSION_IGNORED: readonly Ignored[] = [
  {
    events: ['RELEASE', 'SYMPTOM', 'GUARD_RELEASED', 'TRIP', 'LINK_LOST', 'LINK_UP', 'LINK_FAILED'],
    in: ['watch'],
    because: WATCHED,
  },
  { events: ['OUTCOME', 'SELF_TEST', ...HUMAN], in: ['watch'], because: WATCHED },
  {
    events: ['TELEMETRY', 'LINK_UP', 'LINK_FAILED', 'OUTCOME', 'SELF_TEST', ...HUMAN],
    in: PASSED,
    because: IN_PASSING,
  },
  {
    events: ['LINK_UP', 'LINK_FAILED'],
    in: without(ALL_BUT_PASSED, 'connecting'),
    because: 'the link says it once, while the session waits for it; a link that was lost is never taken up again',
  },
  {
    events: ['TELEMETRY'],
    in: BEFORE,
    because: 'nothing is decided here by a report; the watch beside notes it, and the guard judges it',
  },
  { events: ['OUTCOME'], in: ['connecting'], because: 'nothing was commanded yet' },
  { events: ['OUTCOME'], in: ['fitting', 'resting', ...LETTING_GO, ...OVER], because: LATE_ANSWER },
  { events: ['OUTCOME'], in: PRESENCE, because: 'the cycles beside take it in' },
  { events: ['SELF_TEST'], in: ['connecting'], because: 'no session is open with the unit' },
  {
    events: ['SELF_TEST'],
    in: [...FITTING_ON, ...LETTING_GO, ...OVER],
    because: 'a second result; a failed test keeps the unit latched, so that it does not arm',
  },
  {
    events: ['CONFIRM'],
    in: without(ALL_BUT_PASSED, 'fitting'),
    because: 'the checklist is confirmed while fitting, before START, and at no other time',
  },
  {
    events: ['START'],
    in: without(ALL_BUT_PASSED, 'fitting'),
    because: 'START counts while fitting alone: no key pressed early or late begins anything',
  },
  {
    events: ['REFILL'],
    in: without(ALL_BUT_PASSED, ...RUNNING, 'releasing', 'stuck'),
    because: 'nobody was asked: the capillary refill is looked at under pressure',
  },
  { events: ['PRESENT'], in: CYCLE, because: 'the presence beside takes it in' },
  {
    events: ['PRESENT'],
    in: without(ALL_BUT_PASSED, ...RUNNING),
    because: 'presence is asked for while the session runs; before and after it nothing is kept up by it',
  },
]

const LINK_STATES = [
  'closed',
  'opening',
  'identifying',
  'judging',
  'greeting',
  'fresh',
  'stale',
  'lost',
  'observing',
  'failed',
]
const LATER = without(LINK_STATES, 'judging')
const NOT_OPEN = 'no port is open'

export const LINK_IGNORED: readonly Ignored[] = [
  {
    events: ['CONNECT', 'OPENED', 'CLOSED', 'IDENTITY', 'PROFILE', 'OUTCOME', 'TELEMETRY'],
    in: ['judging'],
    because: IN_PASSING,
  },
  {
    events: ['CONNECT'],
    in: without(LATER, 'closed'),
    because: 'a link connects once; a new try is a new link, with a port and a guard of its own',
  },
  { events: ['OPENED'], in: without(LATER, 'opening'), because: 'a port opens once' },
  { events: ['CLOSED', 'TELEMETRY'], in: ['closed'], because: NOT_OPEN },
  { events: ['TELEMETRY'], in: ['opening'], because: NOT_OPEN },
  { events: ['CLOSED'], in: ['failed'], because: 'the link was given up already' },
  {
    events: ['IDENTITY', 'PROFILE'],
    in: without(LATER, 'identifying'),
    because: 'who the unit is was asked once and does not change; another unit would not know the nonce',
  },
  {
    events: ['OUTCOME'],
    in: without(LATER, 'greeting'),
    because: 'the answer to the hello is waited for in greeting; the answers to other commands are the session’s',
  },
  {
    events: ['TELEMETRY'],
    in: ['identifying', 'greeting'],
    because: 'whether the unit is heard counts from the hello on; before it the guard looks for pressure by itself',
  },
  {
    events: ['TELEMETRY'],
    in: ['failed'],
    because: 'the link was given up; the guard still sees the reports, and releases what it finds under pressure',
  },
]
