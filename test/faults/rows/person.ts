import { BOUNDS as B } from '../bounds.ts'
import { asked, feelsBad, startAgain, wallSet } from '../deeds.ts'
import { noPress, planned, type Row, releases } from '../row.ts'

const GATE = 'REQ-GATE (I-3, F59 to F64): without a verdict that allows it here and now, nothing arms or inflates'

/** FAULTS.md, section 4. */
export const PERSON: readonly Row[] = [
  {
    id: 'F59',
    title: 'there is no verdict',
    hazards: ['H4'],
    cases: [],
    tests: [
      GATE,
      'no verdict, no inflation',
      'REQ-EXPLORE: every event in every situation, and what must always hold holds',
    ],
  },
  {
    id: 'F60',
    title: 'the verdict has expired, or expires in the session',
    hazards: ['H4'],
    cases: [noPress(wallSet(3_600_000))],
    tests: [
      'a verdict that expires in a hold: the hold ends as planned, and no press follows',
      'REQ-GATE (F60): the first press is asked about again when the unit is armed',
    ],
  },
  {
    id: 'F61',
    title: 'the verdict is for another person',
    hazards: ['H4'],
    cases: [],
    tests: [GATE, '%s: status 3, and no port is opened'],
  },
  {
    id: 'F62',
    title: 'the verdict was tampered with, or signed by an unknown key',
    hazards: ['H4', 'H8'],
    cases: [],
    tests: ['each of the 8,192 single bit flips of a 1 KiB verdict is refused', '%s: status 3, and no port is opened'],
  },
  {
    id: 'F63',
    title: 'a result that is no acceptance is passed off as one',
    hazards: ['H4'],
    cases: [],
    tests: [GATE, 'any value in any field of a signed body is taken or refused, and nothing else'],
  },
  {
    id: 'F64',
    title: 'an old acceptance is shown after a newer refusal',
    hazards: ['H4'],
    cases: [],
    tests: ['REQ-SERIAL: an old acceptance is worth nothing after a newer verdict was seen'],
  },
  {
    id: 'F65',
    title: 'the program asks for more than a limit',
    hazards: ['H1', 'H2'],
    cases: [],
    tests: [
      'whatever the program and the bounds: it is refused, or every number of the plan keeps every bound',
      'REQ-PLAN (F65): a plan that does not fit the unit is refused, and the bound is named',
    ],
  },
  {
    id: 'F66',
    title: 'a file of limits is edited or missing',
    hazards: ['H2'],
    cases: [],
    tests: [
      'REQ-ENVELOPE (I-4, F65 to F67): an envelope is never wider than what was compiled in, or than the unit',
      'property: no ledger entry ever raises a bound',
    ],
  },
  {
    id: 'F67',
    title: 'a number of the program is none',
    hazards: ['H2'],
    cases: [],
    tests: ['arbitrary bytes and arbitrary JSON give a program or one line, and never anything else'],
  },
  {
    id: 'F68',
    title: 'time adds up over sessions and restarts',
    hazards: ['H1'],
    cases: [],
    tests: [
      'killed again and again while it books: the sum is never less than what was said to be booked',
      'session after session of one day: the sum is kept across restarts, until the next one is refused by name',
      'REQ-LEDGER: a ledger that cannot be read refuses, and is never taken for an empty one',
    ],
  },
  {
    id: 'F69',
    title: 'the wrong limb, or a cuff of another width',
    hazards: ['H4'],
    cases: [],
    tests: [
      GATE,
      'keeps the pressure limit of the widest cuff that is known, too',
      'who confirmed what stands in the record',
    ],
    missing: 'no cuff says what it is: limb and width are what the operator confirms',
  },
  {
    id: 'F70',
    title: 'START is pressed twice, or at the wrong time',
    hazards: ['H3'],
    cases: [planned(startAgain)],
    tests: ['REQ-START (I-11, F70): START counts in one state only, and only when everything is as it should be'],
  },
  {
    id: 'F71',
    title: 'the operator leaves',
    hazards: ['H1'],
    cases: [],
    tests: ['REQ-PRESENCE (F71): a cuff that nobody watches is let go'],
  },
  {
    id: 'F72',
    title: 'the person feels bad',
    hazards: ['H1'],
    cases: [releases(asked, B.atOnce), releases(feelsBad, B.atOnce)],
    tests: [
      'REQ-RELEASE (I-1, I-2): in every phase a release is out in the same millisecond and ends every pressure',
      'REQ-SCREEN: at every stage the screen is whole, and its last line is how to release',
      'Space releases the demo too',
    ],
  },
  {
    id: 'F73',
    title: 'something goes on by itself once an alarm is over',
    hazards: ['H3'],
    cases: [noPress(asked)],
    tests: ['REQ-LATCH (I-7, F73): after a release nothing arms or presses again, whatever comes'],
  },
]
