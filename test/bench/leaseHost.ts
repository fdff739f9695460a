/**
 * A controller of the bench with a real session, in a process of its own. Arguments: the unit's port, and a folder for the
 * journal. It tells when the cuff is held, and is told to do chores or to hang.
 */
import { CHECKLIST_ITEMS } from '../../machines/checklist.ts'
import type { View } from '../../machines/view.ts'
import { hostClock } from '../../sim/fronts/drive.ts'
import { type ControllerOptions, type Operator, runSession } from '../../src/controller.ts'
import { openJournal } from '../../src/journal/open.ts'
import { attesting, standIn } from '../../src/operator/hands.ts'
import { compile } from '../../src/programs/compile.ts'
import { cuffsFor } from '../../src/programs/cuffs.ts'
import { loadProgram } from '../../src/programs/load.ts'
import { acceptance } from '../support/stack.ts'
import { busyFor, chores } from './loads.ts'

const [path = '', folder = ''] = process.argv.slice(2)
const now = Date.now()
const verdict = acceptance({
  issued_wall: now - 60_000,
  expires_wall: now + 3_600_000,
  blood_pressure: { systolic_mmHg: 120, diastolic_mmHg: 75, measured_wall: now - 300_000 },
})
const plan = compile(loadProgram('first-session'), { cuffs: cuffsFor(['left-arm', 'right-arm']), verdict })
const options: ControllerOptions = {
  path,
  speed: 1,
  rate_Hz: 10,
  keys: false,
  input: {
    plan,
    verdict,
    person: 'P',
    newestSerialSeen: 0,
    past: undefined,
    checklist: CHECKLIST_ITEMS,
    operator: 'bench',
    unattended: true,
  },
  journal: (clock, header) => openJournal({ folder, name: `bench-${process.pid}`, header, ...clock }),
  booking: undefined,
}

let phase = ''
const tell = (view: View): void => {
  if (view.phase === phase) return
  phase = view.phase
  process.send?.({ phase })
}

const session = runSession(options, (control): Operator => {
  const watching = [{ changed: tell }, attesting(control, CHECKLIST_ITEMS, 'bench'), standIn(control)]
  return {
    changed: view => {
      for (const one of watching) one.changed(view)
    },
    say: text => process.stderr.write(`  ${text}\n`),
    key: () => {},
  }
})

process.on('message', ({ chore, hang_ms }: { chore?: true; hang_ms?: number }) => {
  if (chore) chores()
  if (hang_ms === undefined) return
  process.send?.({ hung: hostClock() })
  busyFor(hang_ms)
})
const { exit } = await session
process.send?.({ exit })
process.exit(0)
