import { BOUNDS as B } from '../bounds.ts'
import {
  asleep,
  controllerHeldUp,
  controllerKilled,
  guardHeldUp,
  guardKilled,
  hostClock,
  hostDead,
  machineThrows,
  restarted,
  signal,
  timersLost,
  wallSet,
  zombie,
} from '../deeds.ts'
import { but, noPress, opens, PRESSED, planned, type Row, releases } from '../row.ts'

/** In the others the host waits for an answer of the unit for so short a time that a pause ends it. */
const PAUSED = but('connecting', 'self test', 'arming', 'releasing', 'ended')
/** While the host still asks who is there it can begin anew: there is no session that could go on. */
const GREETED = but('connecting')
const CONTROLLER_KILLED = 'a controller killed in a hold is followed by a release'
const GUARD_KILLED =
  'a guard killed in a hold leaves the unit to vent by its own silence, and as nobody saw it the status is 6'
const TWO_SESSIONS_AND_SLEEP =
  'F15, F07: a second session on the port ends with status 4 and is not heard; and when the laptop sleeps the unit lets go by itself, and nothing goes on'

/** FAULTS.md, section 1. */
export const HOST: readonly Row[] = [
  {
    id: 'F01',
    title: 'the controller is killed, or crashes',
    hazards: ['H1'],
    cases: [releases(controllerKilled, B.atOnce)],
    tests: [
      'the unit vents by the guard’s release byte, and gets no further lease, when the controller is killed',
      CONTROLLER_KILLED,
    ],
  },
  {
    id: 'F02',
    title: 'a machine throws in a guard, an assignment or an action',
    hazards: ['H1', 'H5'],
    cases: [releases(machineThrows, B.atOnce)],
    tests: [
      'REQ-FAULT (I-16, F02): a runner that threw takes in nothing more',
      'REQ-FAULT (I-16, F02): a machine that throws lets go, answers no ping any more, and says so',
      'a screen that breaks ends the session with its journal closed and signed, and status 70',
    ],
  },
  {
    id: 'F03',
    title: 'the controller answers and does not get on',
    hazards: ['H1'],
    cases: [opens(zombie, B.lost)],
    tests: ['F03: a controller that answers with the same step, or a lower one, does not get on'],
  },
  {
    id: 'F04',
    title: 'a process of the host is held up',
    hazards: ['H1', 'H5'],
    cases: [
      planned(controllerHeldUp(250), PAUSED),
      planned(controllerHeldUp(600), PAUSED),
      opens(controllerHeldUp(2_000), B.lost, GREETED),
      opens(controllerHeldUp(10_000), B.lost, GREETED),
      noPress(controllerHeldUp(2_000), GREETED),
      planned(guardHeldUp(250), PAUSED),
      planned(guardHeldUp(400), PAUSED),
      opens(guardHeldUp(600), B.pause, PRESSED),
      opens(guardHeldUp(2_000), B.silence, GREETED),
      opens(guardHeldUp(10_000), B.silence, GREETED),
      noPress(guardHeldUp(2_000), GREETED),
    ],
    tests: [
      'a guard that hangs in a hold is ended after 2 s: the unit has let go by itself, and as nobody saw it the status is 6',
    ],
  },
  {
    id: 'F05',
    title: 'a long collection of garbage, or too little memory',
    hazards: ['H1'],
    cases: [planned(controllerHeldUp(250), PAUSED), opens(controllerHeldUp(2_000), B.lost, GREETED)],
    tests: [
      'the bench measures %s, and holds it against its goals',
      'REQ-CORE: however it is started, the controller collects its garbage on one thread and leaves the guard a core',
    ],
  },
  {
    id: 'F06',
    title: 'the system kills a process for want of memory',
    hazards: ['H1'],
    cases: [releases(controllerKilled, B.atOnce), opens(guardKilled, B.silence)],
    tests: [CONTROLLER_KILLED, GUARD_KILLED],
  },
  {
    id: 'F07',
    title: 'the laptop sleeps',
    hazards: ['H1'],
    cases: [
      opens(asleep(5_000), B.silence, GREETED),
      opens(asleep(3_600_000), B.silence, GREETED),
      noPress(asleep(5_000), GREETED),
    ],
    tests: [
      TWO_SESSIONS_AND_SLEEP,
      'controller and guard asleep for half an hour while the cuffs are fitted: the session is over',
    ],
  },
  {
    id: 'F08',
    title: 'the wall clock jumps',
    hazards: ['H1', 'H4'],
    cases: [noPress(wallSet(3_600_000)), noPress(wallSet(-90_000), GREETED), noPress(wallSet(-86_400_000))],
    tests: ['REQ-WALL (F08, F60): the wall clock dates the verdict, and times nothing'],
  },
  {
    id: 'F09',
    title: 'the clock of the host runs too fast or too slow',
    hazards: ['H1'],
    cases: [opens(hostClock(0.7), B.hold, PRESSED), opens(hostClock(1.3), B.hold, PRESSED)],
    tests: ['a unit whose clock runs at %d of ours sends no old reports'],
    missing:
      'the rates of the two clocks are not compared: a host slow by less than T_SILENCE in a hold is not called out',
  },
  {
    id: 'F10',
    title: 'a time limit is no number, too large, or lost',
    hazards: ['H1', 'H3'],
    cases: [opens(timersLost, B.overdue, PRESSED)],
    tests: [
      'F10: every time limit has a name, and every value of it is a whole number of ms from 1 to below 2^31',
      'F10: a limit that is no number of ms is a fault, not a limit of 0',
      'whatever the program and the bounds: it is refused, or every number of the plan keeps every bound',
    ],
  },
  {
    id: 'F11',
    title: 'the guard is killed',
    hazards: ['H1'],
    cases: [opens(guardKilled, B.silence)],
    tests: [
      'the unit vents by itself, within T_SILENCE and 0.1 s of the last lease, when the guard is killed',
      GUARD_KILLED,
    ],
  },
  {
    id: 'F12',
    title: 'whoever started the guard is killed',
    hazards: ['H5'],
    cases: [releases(controllerKilled, B.atOnce)],
    tests: ['a controller killed before anything was pressed is followed by a release too: its channel closed'],
  },
  {
    id: 'F13',
    title: 'the host loses its power',
    hazards: ['H1'],
    cases: [opens(hostDead, B.silence)],
    tests: [TWO_SESSIONS_AND_SLEEP],
  },
  {
    id: 'F14',
    title: 'the system ends the session of the user',
    hazards: ['H1'],
    cases: [releases(signal, B.atOnce)],
    tests: [
      '%s in a hold releases, and the status is 5',
      'a terminal that is closed in a hold releases, the journal is closed, and nothing is left running',
    ],
  },
  {
    id: 'F15',
    title: 'the program is started twice on one port',
    hazards: ['H3'],
    cases: [],
    tests: [TWO_SESSIONS_AND_SLEEP],
  },
  {
    id: 'F16',
    title: 'the host is started anew on a unit under pressure',
    hazards: ['H1', 'H6'],
    cases: [releases(restarted, B.report, ['holding', 'depressurizing', 'releasing'])],
    tests: [
      'REQ-FOUND (F16): a unit under pressure that no session of this guard inflated is released',
      'F16: a unit found under pressure that does not vent is STUCK, not merely faulted',
    ],
  },
]
