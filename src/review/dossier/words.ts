/** What the dossier says of itself. */
export const ABOUT = `What can this controller do, what can it never do, and how do you know? Everything here is made from the shipped code by
\`cuffpilot review\`: the diagrams and tables from the machines themselves, and the live page *is* those machines. This is research
and engineering software. It is no medical device and carries no certificate of any kind; nobody outside has reviewed it.`

export const LIVE = `The shipped session machine, link machine and guard, and the simulated unit, on a clock of their own. Press what the operator presses,
break what can break, let time go by, and step back. The same list of events gives the same run on any machine.`

export const LIVE_KEYS = `**Colours in the diagram.** Amber: pressure may be on. Green: no press, vented or on the way there. Red: the release is out, and the line
not seen vented. Grey: ended. A blue frame: the session is there now.

**Keys.** Space and Esc release, whatever part of the panel has the focus but a field to type in; Enter presses a button. **Release now** is a key on a
keyboard, not a safety-rated stop.`

export const NOT_SHOWN = `- No unit of hardware has been driven by this yet. What is said here of a unit was shown on the simulated one.
- The invariants of the live page are those of the session machine. Those of the guard are asked in the exploration; those of the unit,
  the journal and the processes by the tests that the traceability names.
- The live page has no journal, no ledger and no real processes: a disk that fails, a program that is starved and a port that hangs are
  in the fault matrix.
- A line below 15 mmHg does not show what is in a cuff: a hose that is kinked while venting reads so, too. The operator looks at the limb.
- The exploration is bounded, and rounds times to buckets around each limit; what lies between two of them is not told apart.`
