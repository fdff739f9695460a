import { control, type Hazard } from '../model.ts'

export const LOST: Hazard = {
  id: 'H7',
  title: 'Evidence lost',
  harm: 'Nobody can tell afterwards what was done to a person: no learning, no lock-out, no next limit.',
  sequences: [
    {
      id: 'H7.1',
      what: 'The disk is full or fails, before a session or within it.',
      controls: [
        control(
          'record',
          'begins no session with less than 200 MB free, nor when the header cannot be written',
          'code src/journal/open.ts openJournal',
        ),
        control(
          'machine',
          'inflates nothing that is not on the disk',
          'action syncJournal',
          'action saveJournal',
          'I-14',
        ),
        control(
          'record',
          'keeps in memory, bounded, what could not be written, and says so',
          'code src/journal/journal.ts Journal',
        ),
      ],
      tests: ['REQ-FAULTS', 'REQ-RECORD', 'REQ-DURABLE', 'REQ-DISK', 'REQ-SAVED', 'I-14'],
      faults: [74, 75],
    },
    {
      id: 'H7.2',
      what: 'A crash cuts the journal.',
      controls: [
        control(
          'record',
          'keeps the whole records, marks the cut and repairs nothing',
          'code src/journal/read.ts readJournal',
        ),
      ],
      tests: ['REQ-CUT'],
      faults: [76],
    },
    {
      id: 'H7.3',
      what: 'Somebody edits, cuts or rewrites it.',
      controls: [
        control(
          'record',
          'chains and signs the records, and keeps the head elsewhere',
          'code src/journal/verify.ts Verifier',
          'code src/journal/heads.ts',
        ),
      ],
      tests: ['REQ-TAMPER', 'REQ-REPLAY', 'REQ-REPORT'],
      faults: [77],
      left: 'Whoever has the account has the key: against them, only a head that was noted elsewhere helps.',
    },
    {
      id: 'H7.4',
      what: 'What a person had under the cuff is forgotten: the ledger is lost, damaged or unreadable.',
      controls: [
        control(
          'record',
          'books before the first press, and refuses when it cannot read',
          'code src/ledger/booking.ts bookingFor',
          'code src/ledger/ledger.ts pastFor',
        ),
      ],
      tests: ['REQ-LEDGER'],
      faults: [68],
      left: 'A ledger that is deleted as a whole is a new person’s.',
    },
    {
      id: 'H7.5',
      what: 'What the person felt, or showed days later, is not noted.',
      controls: [
        control(
          'operator',
          'is asked after a session, and again before the next',
          'after petechiae',
          'after numbness',
          'after wellbeing',
          'after venous_injury',
        ),
        control('machine', 'keeps every symptom, whatever ended the session', 'action noteSymptom'),
      ],
      tests: ['REQ-AFTER', 'REQ-RELEASE', 'REQ-LOCK'],
      faults: [],
      left: 'Questions that nobody answers keep nobody from the next session.',
    },
  ],
}

export const TAKEOVER: Hazard = {
  id: 'H8',
  title: 'Takeover',
  harm: 'Somebody else’s will is done to a person under a cuff: any of the harms above, on purpose.',
  sequences: [
    {
      id: 'H8.1',
      what: 'A verdict or a clearance is forged, altered, renamed or signed by whoever.',
      controls: [
        control(
          'record',
          'checks an Ed25519 signature over the exact bytes by a key that was trusted for this purpose',
          'code src/verdict/signed.ts',
          'code src/verdict/trust.ts loadTrust',
          'GATE-SIGNER',
        ),
      ],
      tests: [
        'REQ-VERDICT-SIGNATURE',
        'REQ-VERDICT-FORM',
        'REQ-VERDICT-HOSTILE',
        'REQ-KEYS',
        'REQ-TRUST',
        'REQ-CLEARANCE',
        'REQ-GATE',
      ],
      faults: [62, 63],
    },
    {
      id: 'H8.2',
      what: 'A unit, or what poses as one, sends what no unit would.',
      controls: [
        control(
          'guard',
          'drops what is no frame, and holds a profile against the protocol',
          'code src/guard/envelope.ts helloProblem',
          'rule BAD-LINES',
        ),
        control(
          'machine',
          'sends nothing but the question to what does not say who it is',
          'state identifying',
          'state failed',
          'timing identify',
        ),
      ],
      tests: ['REQ-PROFILE', 'REQ-HELLO', 'REQ-BAD-LINES', 'REQ-HOSTILE-LINES', 'F30'],
      faults: [27, 28, 29, 30, 87],
    },
    {
      id: 'H8.3',
      what: 'The controller is not ours any more, or mad.',
      controls: [
        control(
          'guard',
          'keeps to its envelope, and releases at what is no command',
          'code src/guard/envelope.ts pressProblem',
          'rule CONTROLLER',
        ),
        control('unit', 'keeps its own ceiling and times against any host', 'FW-4', 'FW-5', 'FW-6'),
      ],
      tests: ['REQ-ENVELOPE', 'REQ-COMMANDS', 'REQ-HOSTILE-HOST', 'I-17', 'FW-4', 'FW-5', 'FW-6'],
      faults: [32],
    },
    {
      id: 'H8.4',
      what: 'Another user or program of the computer, or a web page, reaches in.',
      controls: [
        control('record', 'keeps keys, journals and ledgers for their owner alone', 'code src/home.ts'),
        control(
          'operator',
          'has a console on 127.0.0.1 that is asked by its own page alone, by whoever was given its address; all others can release, and nothing else',
          'code src/console/doors.ts refusedAtTheDoor',
          'code src/console/admission.ts Admission',
          'code src/console/control.ts takenBy',
          'code src/console/acts.ts actIn',
        ),
      ],
      tests: ['REQ-KEYS', 'REQ-DISK', 'REQ-CORE', 'REQ-CONSOLE'],
      faults: [77, 79, 80, 82, 83, 84, 85, 86],
      left: 'Whoever has the operator’s account is the operator.',
    },
    {
      id: 'H8.5',
      what: 'A library that we use is not what it was.',
      controls: [control('guard', 'loads the serial binding and no other library', 'code src/guard/process.ts')],
      tests: ['REQ-ROOMS'],
      faults: [88],
      left: 'Every version is pinned, and nothing audits them.',
    },
  ],
}
