import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Phase } from '../../machines/view.ts'
import { startUnit } from '../../src/cli/demoUnit.ts'
import { type ControllerOptions, runSession } from '../../src/controller.ts'
import { EXIT, type Exit } from '../../src/errors.ts'
import { openJournal } from '../../src/journal/open.ts'
import { verifyFile } from '../../src/journal/read.ts'
import { replayFile } from '../../src/journal/replay.ts'
import { attesting, standIn } from '../../src/operator/hands.ts'
import { prepare } from '../../src/prepare.ts'
import { exampleVerdict } from '../../src/screening/example.ts'
import { onSignals } from '../../src/signals.ts'
import { signerFor } from '../../src/verdict/keys.ts'
import { SHORT } from '../support/programs.ts'
import { leftForGood, standing } from './leftovers.ts'

/** Faster, and a machine that has something else to do as well is easily too late for a session. */
const SPEED = 5
/** All of them begin again within the session, which takes 40 s. */
const COUNTERS = 'fw.counters=4294947296,65300,64500,255'
const PROGRAM = { ...SHORT, steps: SHORT.steps.map(step => (step.kind === 'training' ? { ...step, repeat: 1 } : step)) }

export interface RealSession {
  readonly phase: Phase
  /** What must not have been, and what the session left behind in this process. */
  readonly wrong: readonly string[]
}

/**
 * A session of the shipped controller in this process, with guard and unit in processes of their own, at five times the
 * pace of life.
 */
export async function realSession(): Promise<RealSession> {
  onSignals(() => {})()
  const then = standing()
  const home = mkdtempSync(join(tmpdir(), 'cuffpilot-soak-'))
  try {
    const { phase, wrong } = await session(home)
    return { phase, wrong: [...wrong, ...(await leftForGood(then)).map(what => `left behind: ${what}`)] }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** On a machine that is held up the link may fail; then the session ends for that. */
const IN_ORDER: readonly Exit[] = [EXIT.completed, EXIT.unit]

async function session(home: string): Promise<RealSession> {
  const input = prepared(home)
  const unit = await startUnit({ channels: 2, speed: SPEED, faults: [COUNTERS] }, () => {})
  const journal: ControllerOptions['journal'] = (clock, beginning) =>
    openJournal({ folder: home, name: 'soak', header: beginning, ...clock })
  const options = { path: unit.path, speed: SPEED, rate_Hz: 10, keys: false, input, journal, booking: undefined }
  const {
    exit,
    view,
    journal: kept,
  } = await runSession(options, control => {
    const hands = [attesting(control, input.checklist, input.operator), standIn(control)]
    return { changed: now => hands.forEach(one => void one.changed(now)), say() {}, key() {} }
  })
  await unit.stop()
  const replay = replayFile(kept.path)
  const wrong = [
    ...(IN_ORDER.includes(exit) ? [] : [`${view.phase}, exit status ${exit}: ${view.cause?.text}`]),
    ...(verifyFile(kept.path).ok ? [] : ['its journal does not verify']),
    ...(replay.difference ? [`its replay differs at record ${replay.difference.n}`] : []),
  ]
  return { phase: view.phase, wrong }
}

function prepared(home: string) {
  const [now, limbs, subject] = [Date.now(), ['left-arm', 'right-arm'] as const, 'EXAMPLE']
  const [verdict, program] = [join(home, 'example.verdict'), join(home, 'short.json')]
  writeFileSync(verdict, exampleVerdict({ subject, limbs, now, signer: signerFor(home, 'simulator', now) }))
  writeFileSync(program, JSON.stringify(PROGRAM))
  const who = { operator: 'nobody, unattended', unattended: true, clearance: undefined, widths: undefined }
  const ready = prepare({ home, verdict, subject, limbs, program, now, ...who })
  if (ready.refusals) throw new Error(`refused: ${ready.refusals[0]?.text}`)
  return ready.input
}
