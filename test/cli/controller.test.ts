import { expect, onTestFinished, test, vi } from 'vitest'
import { CHECKLIST_ITEMS } from '../../machines/checklist.ts'
import type { View } from '../../machines/view.ts'
import { type Control, type Operator, runSession } from '../../src/controller.ts'
import { openJournal } from '../../src/journal/open.ts'
import { verifyFile } from '../../src/journal/read.ts'
import { keyHands } from '../../src/operator/keys.ts'
import { compile } from '../../src/programs/compile.ts'
import { cuffsFor } from '../../src/programs/cuffs.ts'
import { loadProgram } from '../../src/programs/load.ts'
import { temporaryFolder } from '../support/processes.ts'
import { acceptance } from '../support/stack.ts'

/** A session on a port that is not there, watched by `operator`. */
function session(operator: Partial<Operator>) {
  const folder = temporaryFolder()
  const verdict = acceptance()
  const plan = compile(loadProgram('first-session'), { cuffs: cuffsFor(['left-arm']), verdict })
  const input = {
    plan,
    verdict,
    person: 'P',
    newestSerialSeen: 0,
    past: undefined,
    checklist: CHECKLIST_ITEMS,
    operator: 'Op',
    unattended: false,
  }
  const journal = (clock: { now(): number; wall(): number }, header: unknown) =>
    openJournal({ folder, name: 's', header, ...clock })
  const options = { path: '/dev/no-such-port', speed: 1, rate_Hz: 10, keys: false, input, journal, booking: undefined }
  return runSession(options, () => ({ changed() {}, say() {}, key() {}, ...operator }))
}

test('a screen that breaks ends the session with its journal closed and signed, and status 70', async () => {
  const changed = ({ cause }: View) => {
    if (cause) throw new Error('setRawMode EIO')
  }
  const said: string[] = []
  const { exit, journal } = await session({ changed, say: text => said.push(text) })
  expect({ exit, failed: journal.failed }).toEqual({ exit: 70, failed: undefined })
  expect(said).toContain('The controller broke: setRawMode EIO')
  expect(verifyFile(journal.path)).toMatchObject({ ok: true, signed: 1, head: journal.head })
})

test('keys that cannot be had, because the terminal went away with the guard, break nothing', () => {
  const setRawMode = vi.fn(() => {
    throw new Error('setRawMode EIO')
  })
  const { stdin } = process
  onTestFinished(() => void Object.defineProperty(process, 'stdin', { value: stdin }))
  Object.defineProperty(process, 'stdin', { value: { isTTY: true, setRawMode }, configurable: true })
  const hands = keyHands({ guardIsGone: () => true } as Control, 'Op')
  const lost = { cause: { kind: 'link', text: 'the port closed' } } as View
  hands.changed(lost)
  hands.changed(lost)
  expect(setRawMode).toHaveBeenCalledTimes(1)
})
