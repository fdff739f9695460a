import type { Name, Requirement, TestId } from './model.ts'

const PROTOCOL = 'PROTOCOL.md, section 7'
const HARDWARE = 'Shown on the simulated unit alone: no unit of hardware has been tested.'

const unit = (
  number: number,
  text: string,
  by: readonly Name[],
  tests: readonly TestId[],
  unmet = HARDWARE,
): Requirement => ({ id: `FW-${number}`, text, place: PROTOCOL, kind: 'unit', by, tests, unmet })

/** What every unit has to do by itself. The safety concept counts on these, and not on the laptop. */
export const UNIT_FUNCTIONS: readonly Requirement[] = [
  unit(1, 'The valve is open without energy.', ['code sim/plant.ts'], ['FW-1', 'REQ-SENSOR']),
  unit(2, 'It starts vented and takes over no pressure that it finds.', ['fault BOOT', 'state latched'], ['FW-2']),
  unit(3, 'It vents when the host falls silent.', ['fault LEASE', 'event SILENCE', 'timing silence'], ['FW-3']),
  unit(4, 'A ceiling of its own, on a path beside the control loop.', ['fault CEILING'], ['FW-4']),
  unit(5, 'Inflated time of its own, without a break and per hour, that no host resets.', ['fault TIME'], ['FW-5']),
  unit(
    6,
    'It takes targets, never bits of pump and valve.',
    ['event TARGET', 'code protocol/hostFrames.ts encodeHostFrame'],
    ['FW-6'],
  ),
  unit(
    7,
    'One byte releases: before framing, from anybody, at any time, latching until a deliberate arming.',
    ['fault RELEASED', 'event RELEASE_BYTE'],
    ['FW-7'],
  ),
  unit(
    8,
    'A lease is a nonce and a rising number; an old or repeated one renews nothing.',
    ['code sim/firmware/commands.ts'],
    ['FW-8'],
  ),
  unit(9, 'A watchdog that the control loop alone feeds.', ['fault WATCHDOG'], ['FW-9']),
  unit(10, 'A buzzer of its own.', ['code sim/firmware/faults.ts'], ['FW-10']),
  unit(
    11,
    'Telemetry with sequence, clock, boot and loop count, lease echo, raw counts, faults.',
    ['event TELEMETRY', 'code sim/firmware/telemetry.ts'],
    ['FW-11'],
  ),
  unit(
    12,
    'A release by hand that works with everything dead.',
    ['item coupling'],
    ['REQ-CHECKLIST'],
    'A thing of hardware, which no test here can show. The operator confirms to know how.',
  ),
]

const holds = (
  number: number,
  text: string,
  by: readonly Name[],
  tests: readonly TestId[],
  unmet?: string,
): Requirement => ({
  id: `I-${number}`,
  text,
  place: 'the safety concept',
  kind: 'invariant',
  by,
  tests,
  ...(unmet !== undefined && { unmet }),
})

const GUARD_RELEASE = 'code src/guard/releasing.ts Releasing'

/** What must hold in every situation. Those that `cuffpilot explore` looks for each have a mutant that breaks it. */
export const INVARIANTS: readonly Requirement[] = [
  holds(1, 'With a release goes no command that inflates.', ['state releasing', GUARD_RELEASE], ['I-1']),
  holds(
    2,
    'From every state a request for release leads to the release in one step, and its first output is the release.',
    ['event RELEASE', 'event SYMPTOM', 'state releasing', 'action release'],
    ['I-2'],
  ),
  holds(
    3,
    'No press without a verdict that accepts this person, for this limb, now.',
    ['guard gateIsOpen', 'guard firstPressIsRefused', 'guard nextPressIsRefused'],
    ['I-3'],
  ),
  holds(
    4,
    'No target above the lowest of all limits.',
    ['guard planFits', 'code src/guard/envelope.ts pressProblem'],
    ['I-4'],
  ),
  holds(
    5,
    'Inflated time never exceeds the hold and T_SILENCE, nor the time from the first press.',
    ['state depressurizing', 'rule HOLD', 'rule CUM', 'FW-5'],
    ['I-5'],
    'A vent that takes long adds to it: the valve is open by then, and the limb not yet free.',
  ),
  holds(
    6,
    'Between two presses the line is seen vented, and the least rest goes by.',
    ['guard reportShowsVented', 'LIM-REST-MIN', 'code src/guard/envelope.ts pressProblem'],
    ['I-6'],
  ),
  holds(
    7,
    'After a release nothing inflates again in this session.',
    ['state stopped', 'state faulted', GUARD_RELEASE],
    ['I-7'],
  ),
  holds(
    8,
    'A lease goes out only in a press, and with fresh reports.',
    ['code src/guard/lease.ts mayRenew', 'timing stale'],
    ['I-8'],
  ),
  holds(
    9,
    'With nothing pressed, the last that went out of what moves air is a vent or a release.',
    ['state depressurizing', 'state releasing', GUARD_RELEASE],
    ['I-9'],
  ),
  holds(
    10,
    'When nobody says anything any more, everything ends vented or stuck within the hold and 12 s.',
    ['event LINK_LOST', 'state stuck', 'LIM-VENT-DONE', 'FW-3'],
    ['I-10'],
  ),
  holds(
    11,
    'START arms nothing while a line is at 15 mmHg or more, or not seen.',
    ['guard lineIsVented', 'state readyToArm'],
    ['I-11'],
  ),
  holds(
    12,
    'A report that is late, repeated or out of order, and a damaged line, change nothing but counters.',
    ['code src/guard/sight.ts look'],
    ['I-12'],
  ),
  holds(
    13,
    'A unit that has restarted ends the session with its next report, and gets no target again.',
    ['rule BOOT', 'guard reportIsAlarming', 'fault BOOT'],
    ['I-13'],
  ),
  holds(
    14,
    'The record is on the disk before a press; a release goes before the record.',
    ['action syncJournal', 'action saveJournal', 'action release'],
    ['I-14'],
  ),
  holds(15, 'No pressure is shown that is older than 1 s.', ['code machines/view.ts viewOf'], ['I-15']),
  holds(
    16,
    'A runner that faulted gets no lease: released, and the process gone within 250 ms.',
    ['code src/runner.ts Runner', 'rule CONTROLLER'],
    ['I-16'],
  ),
  holds(
    17,
    'Nobody raises a limit, lengthens a hold or delays a release.',
    ['code src/guard/envelope.ts envelopeProblem', 'event PRESENT'],
    ['I-17'],
  ),
  holds(
    18,
    'A release needs no verdict, no record, no machine and no lease.',
    ['code src/guard/keys.ts', GUARD_RELEASE],
    ['I-18'],
  ),
]
