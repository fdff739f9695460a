import { BOUNDS as B } from '../bounds.ts'
import { foreignHello, foreignRelease, foreignTarget } from '../deeds.ts'
import { but, ends, noPress, opens, PRESSED, planned, type Row } from '../row.ts'

/** While the host still asks who is there it can ask again, and when all has ended nothing is left to end. */
const UNDER_WAY = but('connecting', 'ended')
const GREETED = but('connecting')

/** FAULTS.md, section 2. */
export const LINK: readonly Row[] = [
  {
    id: 'F17',
    title: 'the cable is pulled',
    hazards: ['H1'],
    cases: [opens('link.cut', B.silence), ends('link.cut', B.lost, UNDER_WAY)],
    tests: [
      'I-10, F17: the cable pulled while %s: the cuff empties by itself, and nothing is armed or pressed',
      'FW-3: %s: the unit vents within T_SILENCE of the last lease that it took, by itself',
    ],
  },
  {
    id: 'F18',
    title: 'the cable is back',
    hazards: ['H3'],
    cases: [opens('link.cut link.restore@2s', B.silence, UNDER_WAY), noPress('link.cut link.restore@2s', GREETED)],
    tests: [
      'REQ-LINK-BACK (F18, I-7): a link that comes back takes nothing up again',
      'an unplug that is told fails the pending read, which is no cancelled one',
    ],
  },
  {
    id: 'F19',
    title: 'the unit hears, and the host is deaf',
    hazards: ['H1'],
    cases: [opens('link.rxDrop', B.stale)],
    tests: ['F19: a host that hears nothing stops the lease within 1 s, and says LINK LOST'],
  },
  {
    id: 'F20',
    title: 'the host hears, and the unit is deaf',
    hazards: ['H5'],
    cases: [opens('link.txDrop', B.silence)],
    tests: ['REQ-UNKNOWN (F20, F21): an unanswered command is not tried again'],
  },
  {
    id: 'F21',
    title: 'a write blocks, or never ends',
    hazards: ['H5'],
    cases: [],
    tests: [
      'REQ-WINDOW (F21, F78): at most 64 unanswered bytes stand between a release and the unit',
      'F21: a unit that takes nothing off the line any more: the session is over, and what waits for the unit is the release',
    ],
  },
  {
    id: 'F22',
    title: 'bits turn over',
    hazards: ['H2', 'H4'],
    cases: [planned('link.ber=0.00001'), opens('link.ber=0.01', B.deaf, UNDER_WAY)],
    tests: [
      'F22: with %s the byte is repeated ten times a second, and no more',
      'exactly those lines are accepted that are right by another grammar and another CRC, byte for byte',
    ],
  },
  {
    id: 'F23',
    title: 'lines are lost',
    hazards: ['H6'],
    cases: [opens('link.drop=0.7', B.deaf, UNDER_WAY)],
    tests: ['F23: with the reports of %i ms missing in a hold the session ends %s'],
  },
  {
    id: 'F24',
    title: 'lines come twice',
    hazards: ['H3'],
    cases: [planned('link.dup')],
    tests: ['REQ-SIGHT (I-12, F24, F25): an old, repeated or misplaced report changes nothing'],
  },
  {
    id: 'F25',
    title: 'lines come in another order, late, or in a burst',
    hazards: ['H3', 'H6'],
    cases: [
      planned('link.reorder'),
      planned('link.burst=300'),
      opens('link.delay=3000', B.deaf, UNDER_WAY),
      opens('link.burst=3000', B.silence, UNDER_WAY),
    ],
    tests: ['F25, F26: reports that were held up for 3 s count for nothing when they come'],
  },
  {
    id: 'F26',
    title: 'old leases and targets come again',
    hazards: ['H1', 'H3'],
    cases: [planned('link.replay', GREETED), noPress('link.replay', ['connecting'])],
    tests: ['a repeated lease renews nothing', 'are answered as the first time, and not carried out again'],
  },
  {
    id: 'F27',
    title: 'a line has no end',
    hazards: ['H5'],
    cases: [opens('dev.noNewline=8000000', B.stale, UNDER_WAY)],
    tests: ['a line of 64 MiB takes no memory in the guard, and the next line after it counts'],
  },
  {
    id: 'F28',
    title: 'a flood of good lines',
    hazards: ['H5'],
    cases: [planned('dev.flood')],
    tests: ['REQ-STALE (I-12): damaged, repeated, late and swapped lines change nothing'],
    missing: 'a unit that reports far more often than it was asked to is not called out',
  },
  {
    id: 'F29',
    title: 'control characters and markup in texts',
    hazards: ['H6', 'H8'],
    cases: [planned('dev.escapes', but('connecting')), noPress('dev.escapes', ['connecting'])],
    tests: [
      'F29: what a unit calls itself reaches the screen as printable text only',
      'nothing that a unit or a system says reaches the terminal raw',
    ],
  },
  {
    id: 'F30',
    title: 'another rate, or another device on the port',
    hazards: ['H3'],
    cases: [opens('dev.noise', B.deaf, UNDER_WAY), noPress('dev.noise', ['connecting'])],
    tests: ['F30: a port on which something else talks is refused, and nothing but the question is sent'],
  },
  {
    id: 'F31',
    title: 'unit and host speak different versions',
    hazards: ['H2', 'H6'],
    cases: [],
    tests: [
      'F31: a unit that speaks the next version of the protocol is refused',
      'hello of another version is refused with 01, and the session before it goes on',
    ],
  },
  {
    id: 'F32',
    title: 'another program writes to the port',
    hazards: ['H3', 'H5'],
    cases: [
      opens(foreignHello, B.loop, PRESSED),
      noPress(foreignHello, GREETED),
      planned(foreignTarget),
      opens(foreignRelease, B.loop, PRESSED),
    ],
    tests: ['02 without a session, and for a nonce that is not the session’s', 'works without any session'],
  },
  {
    id: 'F33',
    title: 'opening the port restarts the unit',
    hazards: ['H1'],
    cases: [planned('dev.resetOnOpen')],
    tests: [
      'REQ-STALE (I-12): damaged, repeated, late and swapped lines change nothing',
      '%s while inflated: the valve opens at once',
    ],
  },
  {
    id: 'F34',
    title: 'the supply of the unit breaks down for a moment',
    hazards: ['H1'],
    cases: [opens('dev.powerCycle=300', B.loop, PRESSED), noPress('dev.powerCycle=300', GREETED)],
    tests: ['%s while inflated: the valve opens at once'],
  },
]
