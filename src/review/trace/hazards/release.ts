import { control, type Hazard } from '../model.ts'

export const NO_RELEASE: Hazard = {
  id: 'H5',
  title: 'Release not possible',
  harm: 'Whoever wants to let go cannot: every other harm lasts longer.',
  sequences: [
    {
      id: 'H5.1',
      what: 'A key is not heard: another screen, another state, a busy program, a terminal that went away.',
      controls: [
        control(
          'guard',
          'reads the keys itself, and puts the byte on the wire before it tells anybody',
          'code src/guard/keys.ts',
          'I-18',
        ),
        control(
          'machine',
          'goes from every state to the release in one step',
          'event RELEASE',
          'state releasing',
          'I-2',
          'action release',
        ),
      ],
      tests: ['REQ-FAULTS', 'REQ-RELEASE', 'REQ-KEY', 'REQ-SIGNAL', 'REQ-LAST-LINE', 'I-2', 'I-18'],
      faults: [4, 12, 72, 79],
    },
    {
      id: 'H5.2',
      what: 'The line is jammed: commands wait, a write blocks, reports flood in, a line never ends.',
      controls: [
        control(
          'guard',
          'lets no more than 64 unanswered bytes stand before the byte',
          'code src/guard/outbox.ts Outbox',
        ),
        control('guard', 'bounds every line that comes in', 'code protocol/framer.ts Framer'),
        control('unit', 'sees the byte before any framing', 'FW-7', 'event RELEASE_BYTE'),
      ],
      tests: ['REQ-FAULTS', 'REQ-WINDOW', 'REQ-BATCH', 'REQ-LINK', 'FW-7'],
      faults: [20, 21, 27, 28, 32, 87],
    },
    {
      id: 'H5.3',
      what: 'Something else fails at that moment: the machine throws, the disk is full or slow.',
      controls: [
        control('guard', 'releases without machine, record, verdict or lease', 'I-18', 'event GUARD_RELEASED'),
        control('machine', 'releases first and records then', 'I-14', 'action release', 'action saveJournal'),
      ],
      tests: ['REQ-FAULTS', 'REQ-FAULT', 'REQ-RECORD', 'REQ-RELEASE', 'REQ-WINDOW', 'I-18'],
      faults: [2, 75, 78],
    },
    {
      id: 'H5.4',
      what: 'The byte is lost, or the unit does not hear.',
      controls: [
        control(
          'guard',
          'repeats it every 100 ms until latched and vented were seen for 3 s',
          'timing releaseRepeat',
          'LIM-VENTED-START',
          'guard reportShowsReleased',
        ),
        control('unit', 'vents when no lease comes', 'FW-3', 'FW-7'),
      ],
      tests: ['REQ-REPEAT', 'REQ-STORM', 'REQ-STUCK', 'FW-3', 'FW-7'],
      faults: [20],
    },
    {
      id: 'H5.5',
      what: 'The unit acknowledges and does nothing, or says two things that cannot both be.',
      controls: [
        control('guard', 'believes the reports and no acknowledgement', 'rule VENT', 'rule UNIT', 'rule PUMP'),
        control(
          'machine',
          'sees an armed unit in its reports, not in its answers',
          'guard reportShowsArmed',
          'guard reportShowsVented',
        ),
      ],
      tests: ['REQ-FAULTS', 'F56', 'REQ-CONTRADICTION', 'REQ-MONITOR', 'REQ-VENT'],
      faults: [56],
    },
    {
      id: 'H5.6',
      what: 'Laptop and link are out of reach, and somebody has to let go at the unit.',
      controls: [
        control(
          'unit',
          'a button where it has one, a coupling that can be pulled',
          'fault BUTTON',
          'event BUTTON',
          'FW-12',
        ),
        control('guard', 'takes the button for a release by a person', 'rule BUTTON', 'guard guardHadAReason'),
        control('operator', 'has confirmed to know how', 'item coupling'),
      ],
      tests: ['REQ-MONITOR', 'REQ-LATCHED', 'REQ-CHECKLIST', 'REQ-SENSOR'],
      faults: [],
      left: 'That the coupling comes off is the hardware’s, and is not shown here.',
    },
  ],
}

export const MISLEADING: Hazard = {
  id: 'H6',
  title: 'Misleading display or record',
  harm: 'Somebody acts, or does not act, on what is not so: a full cuff is taken for an empty one.',
  sequences: [
    {
      id: 'H6.1',
      what: 'An old pressure is shown as the present one.',
      controls: [
        control(
          'machine',
          'shows no pressure that is older than 1 s',
          'code machines/view.ts viewOf',
          'I-15',
          'ALARM-STALE',
          'timing stale',
        ),
        control('guard', 'does not take an old report for a new one', 'code src/guard/sight.ts look'),
      ],
      tests: ['I-15', 'REQ-SIGHT', 'REQ-BACKLOG', 'REQ-EXPLORE', 'REQ-ALARM'],
      faults: [23, 25, 38, 81],
    },
    {
      id: 'H6.2',
      what: '"Released" or "empty" is said of a cuff that is not.',
      controls: [
        control(
          'machine',
          'says finished, refused, stopped or released of a latched unit and a line below 15 mmHg for 3 s alone, and STUCK otherwise',
          'guard reportShowsReleased',
          'guard endedByPlan',
          'guard guardWasAsked',
          'guard endedByRefusal',
          'guard releaseIsOverdue',
          'state stuck',
          'LIM-VENTED-START',
        ),
        control('operator', 'is told what a low line does not show', 'code src/operator/words.ts LOOK_AND_LOOSEN'),
      ],
      tests: ['REQ-FAULTS', 'REQ-END', 'REQ-STUCK', 'REQ-VENTED', 'F47', 'REQ-WORDS'],
      faults: [16, 42, 47],
      left: 'A line at 0 shows the line: see H1.7. A unit that falls into kPa while its valve is stuck is taken for vented (FAULTS.md, Pairs).',
    },
    {
      id: 'H6.3',
      what: 'An alarm is not noticed, or a mild cause hides a worse one.',
      controls: [
        control(
          'machine',
          'marks each alarm by a sign besides its colour; of several causes names the worst',
          'ALARM-STUCK',
          'ALARM-STALE',
          'ALARM-ENDING',
          'code machines/cause.ts worst',
        ),
        control('unit', 'has a buzzer of its own', 'FW-10'),
        control('operator', 'has heard the buzzer before START', 'item coupling'),
      ],
      tests: ['REQ-ALARM', 'REQ-CAUSE', 'REQ-STUCK', 'FW-10'],
      faults: [],
      left: 'The terminal makes no sound. Loudness and place of a buzzer are the hardware’s.',
    },
    {
      id: 'H6.4',
      what: 'What a unit or a file says rearranges the screen or the record.',
      controls: [
        control('guard', 'takes printable ASCII in its fields, and nothing else', 'code protocol/framer.ts Framer'),
        control('machine', 'prints nothing raw', 'code src/errors.ts printable'),
      ],
      tests: ['F29', 'REQ-PRINTABLE', 'REQ-PROFILE'],
      faults: [29, 31],
    },
    {
      id: 'H6.5',
      what: 'A reviewer reads a diagram, a table or a page that is not what the code is.',
      controls: [
        control(
          'record',
          'generates them from what is shipped; tests compare',
          'code src/review/files.ts diagramFiles',
          'code src/screening/page.ts rulesPage',
          'code src/review/trace/orphans.ts orphansIn',
        ),
        control(
          'record',
          'lets a reviewer step the shipped machines, guard and simulated unit, and asks the invariants of the exploration',
          'code src/review/live/closedLoop.ts ClosedLoop',
          'code src/review/live/judge.ts Judge',
        ),
        control(
          'record',
          'lets a browser load nothing and run one script; markup in a document or a result is text',
          'code src/review/dossier/document.ts documentOf',
          'code src/review/dossier/markdown.ts htmlOf',
        ),
      ],
      tests: ['REQ-DIAGRAMS', 'REQ-TRACE', 'REQ-SCREEN', 'REQ-LIVE', 'REQ-DOSSIER'],
      faults: [],
    },
  ],
}
