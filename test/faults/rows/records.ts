import { BOUNDS as B } from '../bounds.ts'
import { keyWhileSyncing, recordFails, syncFails } from '../deeds.ts'
import { noPress, type Row, releases } from '../row.ts'

/** Shown with the console as it is served. */
const ofConsole = (id: string, title: string, hazards: Row['hazards'], ...tests: readonly string[]): Row => ({
  id,
  title,
  hazards,
  cases: [],
  tests,
})

/** FAULTS.md, section 5. */
export const RECORDS: readonly Row[] = [
  {
    id: 'F74',
    title: 'the disk is full before the start',
    hazards: ['H7'],
    cases: [noPress(syncFails)],
    tests: ['a disk with less than 200 MB free refuses a session'],
  },
  {
    id: 'F75',
    title: 'the disk is full, or fails, in the session',
    hazards: ['H7'],
    cases: [noPress(syncFails), releases(recordFails, B.report)],
    tests: ['whichever call to the disk fails, the journal says so, writes nothing more and keeps every record'],
  },
  {
    id: 'F76',
    title: 'the journal is cut by a crash',
    hazards: ['H7'],
    cases: [],
    tests: ['cut at any byte of 64 KiB, a journal keeps its whole records and shows the cut'],
  },
  {
    id: 'F77',
    title: 'the end of the journal is taken away, or rewritten',
    hazards: ['H7', 'H8'],
    cases: [],
    tests: [
      'a removed tail of a closed journal is reported, however long',
      'a journal rewritten with the very key is reported by heads.json, and by the header of the next one',
      'the tail that was removed from a session that a crash had ended is reported by the next session',
    ],
  },
  {
    id: 'F78',
    title: 'the disk is slow',
    hazards: ['H5'],
    cases: [releases(keyWhileSyncing, B.atOnce)],
    tests: ['REQ-WINDOW (F21, F78): at most 64 unanswered bytes stand between a release and the unit'],
  },
  ofConsole(
    'F79',
    'the console is lost, or its tab closed',
    ['H5'],
    'REQ-CONSOLE (F79, F80): a second page looks on, and confirms and starts nothing; once the page that holds control is closed the session is released after its grace of 30 s',
    'LIM-PRESENCE-GRACE: once the page is gone its grace runs from the first moment, and ends after 30 s',
  ),
  ofConsole('F80', 'two tabs', ['H3'], 'REQ-CONSOLE (F80): a page that only looks on releases, with Space'),
  ofConsole(
    'F81',
    'a page that stands still shows an old pressure',
    ['H6'],
    'REQ-CONSOLE (F81): while nothing newer comes no pressure is shown for longer than a second; a program that dies is said, and the unit is released',
  ),
  ofConsole(
    'F82',
    'another site talks to the console',
    ['H3', 'H8'],
    'REQ-CONSOLE (F82, F83): nothing gets in by way of another site or another name',
    'refuses each hostile host, origin and site on GET, POST and upgrade, before anything else',
  ),
  ofConsole(
    'F83',
    'a name is bound to the address of this machine',
    ['H8'],
    'REQ-CONSOLE (F82, F83): nothing gets in by way of another site or another name',
  ),
  ofConsole(
    'F84',
    "the console's token is stolen",
    ['H8'],
    'REQ-CONSOLE (F84, F86): the address that is printed',
    'an address is exchanged once for a cookie that no script reads and no other site sends; it opens the channel',
  ),
  ofConsole(
    'F85',
    'another user or process of this machine',
    ['H8'],
    'REQ-CONSOLE (F85): the channel needs the cookie; a release needs nothing but the own page',
  ),
  ofConsole('F86', "the console's token is guessed", ['H8'], 'REQ-CONSOLE (F84, F86): the address that is printed'),
  {
    id: 'F87',
    title: 'a unit that means harm',
    hazards: ['H5', 'H8'],
    cases: [],
    tests: [
      'a guard takes no frame from them that is not one, sends no target, and leaves no pressure behind',
      'nothing that a unit or a system says reaches the terminal raw',
      'F29: what a unit calls itself reaches the screen as printable text only',
    ],
  },
  {
    id: 'F88',
    title: 'a dependency is taken over',
    hazards: ['H8'],
    cases: [],
    tests: [
      "the guard's process has no library but the serial binding, and nothing of the controller",
      'F88: every dependency is pinned to one version, with the hash of what was taken',
    ],
    missing: 'no list of all parts is made, and nothing asks whether one of them is known to be bad',
  },
]
