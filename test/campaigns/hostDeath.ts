import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { VENTED_MMHG } from '../../protocol/units.ts'
import { hostClock } from '../../sim/fronts/drive.ts'
import { Random } from '../../sim/random.ts'
import { exampleVerdict } from '../../src/screening/example.ts'
import { signerFor } from '../../src/verdict/keys.ts'
import { SHORT } from '../support/programs.ts'
import { childrenOf, survivors } from './processes.ts'
import { MAIN, type Seen, UnitProcess } from './unitProcess.ts'

export type Victim = 'controller' | 'guard' | 'both'

/** One kill, and what the unit saw of it. All clocks in ms. */
export interface Death {
  readonly victim: Victim
  /** The same seed gives the same moment, and the same unit. */
  readonly seed: number
  /** After the first target of the press. */
  readonly moment_ms: number
  readonly inflating: boolean
  /** What made the unit vent; undefined when it did not. */
  readonly by: 'release' | 'lapse' | undefined
  /** From the kill to the unit's letting go. */
  readonly ventedAfter_ms: number
  /** From the last lease to the unit's letting go, by the unit's own clock. */
  readonly sinceLease_ms: number
  /** Leases that the unit got from the kill on. One may have been on its way. */
  readonly leasesAfter: number
  /** From the kill to every channel below 15 mmHg. */
  readonly emptyAfter_ms: number
  /** What the unit was told to do after the kill that it should never be told. */
  readonly inflatedAfter: number
  /** Processes that were left over. */
  readonly orphans: number
}

/** One press: 100 mmHg at 30 mmHg/s, so that half of the moments are in the rise and half in the hold. */
const HOLD_MS = 8_000
const WINDOW_MS = HOLD_MS - 1_000
const PRESS = { arm_mmHg: 100, hold_ms: HOLD_MS }
const PROGRAM = { ...SHORT, name: 'campaign', steps: SHORT.steps.map(step => ({ ...step, ...PRESS })) }

/** To the first target: two starts of node, the identity, the self test. */
const BEGIN_MS = 60_000
/** To the unit's letting go, and to a line that is empty; far beyond what is asked for, so that a miss is measured. */
const VENT_MS = 20_000

/** A unit that never measured 15 mmHg does not say that it is below that again; it still may have been about to. */
const NOT_PRESSED_MS = 1_000

const LIMBS = ['left-arm', 'right-arm'] as const

/**
 * Kills the controller, the guard or both within `window_ms` of a press's first target, and looks at the unit. Returns
 * words when that shows nothing: on a machine that is held up for long, a session ends by itself.
 */
export async function hostDeath(victim: Victim, seed: number, window_ms = WINDOW_MS): Promise<Death | string> {
  const home = mkdtempSync(join(tmpdir(), 'cuffpilot-death-'))
  const unit = new UnitProcess(seed)
  let controller: ChildProcess | undefined
  try {
    await unit.until(({ path }) => path || undefined, BEGIN_MS)
    controller = startController(home, unit.path)
    const said = lastWords(controller)
    const begun = await unit.until(({ events }) => events.find(one => one.type === 'target'), BEGIN_MS)
    if (!begun) return `seed ${seed}: no press began; ${said.at(-1)}`
    const moment_ms = new Random(seed).next() * window_ms
    return await kill({ victim, seed, unit, controller, moment_ms, begun_ms: begun.host_ms })
  } finally {
    controller?.kill()
    await unit.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

function startController(home: string, path: string): ChildProcess {
  const now = Date.now()
  const [verdict, program] = [join(home, 'example.verdict'), join(home, 'campaign.json')]
  const signer = signerFor(home, 'simulator', now)
  writeFileSync(verdict, exampleVerdict({ subject: 'EXAMPLE', limbs: LIMBS, now, signer }))
  writeFileSync(program, JSON.stringify(PROGRAM))
  const session = ['--port', path, '--verdict', verdict, '--subject', 'EXAMPLE', '--limbs', LIMBS.join(',')]
  return spawn(process.execPath, [MAIN, 'run', ...session, '--program', program, '--unattended', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, CUFFPILOT_HOME: home },
  })
}

/** The newest line of a controller that says why something ended. */
function lastWords(controller: ChildProcess): string[] {
  const said: string[] = []
  createInterface({ input: controller.stdout! }).on('line', line => {
    if (/"type":"(cause|refusal|say)"/.test(line)) said.splice(0, said.length, line)
  })
  return said
}

interface Running {
  readonly victim: Victim
  readonly seed: number
  readonly unit: UnitProcess
  readonly controller: ChildProcess
  readonly begun_ms: number
  readonly moment_ms: number
}

async function kill({ victim, seed, unit, controller, begun_ms, moment_ms }: Running): Promise<Death | string> {
  const [guard] = await childrenOf(controller.pid!)
  if (guard === undefined) return `seed ${seed}: the session had ended before the kill`
  const victims = { controller: [controller.pid!], guard: [guard], both: [guard, controller.pid!] }[victim]
  await sleep(Math.max(0, begun_ms + moment_ms - hostClock()))
  const killed_ms = hostClock()
  const letGo = () => unit.events.some(one => one.type === 'venting' && one.host_ms < killed_ms)
  if (letGo()) return `seed ${seed}: the unit had let go before the kill`
  for (const pid of victims) process.kill(pid, 'SIGKILL')
  const after = ({ events }: UnitProcess) => events.filter(one => one.host_ms >= killed_ms)
  await unit.until(one => after(one).find(event => event.type === 'venting'), VENT_MS)
  const patience_ms = highest(unit.events) < VENTED_MMHG ? NOT_PRESSED_MS : VENT_MS
  await unit.until(one => after(one).find(event => event.type === 'vented'), patience_ms)
  if (letGo()) return `seed ${seed}: the unit let go just before the kill`
  const left = await survivors([guard, controller.pid!], VENT_MS)
  for (const pid of left) process.kill(pid, 'SIGKILL')
  return { victim, seed, moment_ms, orphans: left.length, ...measured(unit.events, killed_ms) }
}

function measured(events: readonly Seen[], killed_ms: number) {
  const after = events.filter(one => one.host_ms >= killed_ms)
  const first = (type: Seen['type']) => after.find(one => one.type === type)
  const venting = first('venting')
  const empty = first('vented') ?? (highest(events) < VENTED_MMHG ? venting : undefined)
  const lease = events.findLast(one => one.type === 'lease' && one.t_ms <= (venting?.t_ms ?? Infinity))
  const cause = after.find(one => one.type === 'release' || one.type === 'lapse')
  return {
    inflating: highest(events.filter(one => one.host_ms < killed_ms)) < PRESS.arm_mmHg - 5,
    by: venting && (cause?.type as Death['by']),
    ventedAfter_ms: (venting?.host_ms ?? Infinity) - killed_ms,
    sinceLease_ms: (venting?.t_ms ?? Infinity) - (lease?.t_ms ?? 0),
    leasesAfter: after.filter(one => one.type === 'lease').length,
    emptyAfter_ms: (empty?.host_ms ?? Infinity) - killed_ms,
    inflatedAfter: after.filter(one => one.t_ms > (venting?.t_ms ?? 0) && isInflation(one)).length,
  }
}

const isInflation = ({ type }: Seen): boolean => type === 'target' || type === 'armed'

/** As the unit measured. */
const highest = (events: readonly Seen[]): number =>
  Math.max(0, ...events.flatMap(one => (one.type === 'pressure' ? one.measured_mmHg : [])))
