import type { Plan } from '../../machines/plan.ts'
import type { Millis, MonoMs } from '../../protocol/units.ts'
import { VENTED_MMHG } from '../../protocol/units.ts'
import { TIMING } from '../../protocol/wire.ts'
import { acceptance, type Stack } from '../support/stack.ts'
import { DEEDS, type Deed, type Visit } from './soakPlan.ts'

/** How one session ended, and what must not have been. */
export interface Ended {
  readonly how: string
  readonly wrong: readonly string[]
  /** Pressure on a limb of which the line shows nothing: a known limit, with the faults that bring it about. */
  readonly unseen: boolean
}

/** Pressure can stay in a cuff for all that firmware and guard do: it takes a hand at the coupling. */
const TRAPS = ['valve.stuckClosed', 'valve.slow', 'pneu.kink', 'pneu.kinkVent', 'fw.noWatchdog', 'limb.squeeze']
/** What the line shows is not what the limb feels. */
const BLINDS = ['pneu.kink', 'pneu.kinkVent', 'dev.units', 'limb.squeeze']
const traps = (what: string): boolean => TRAPS.includes(what)
const blinds = (what: string): boolean => BLINDS.includes(what) || what.startsWith('sensor.')
/** What is over when the session is, or when the cable is mended. Any other fault is the end of a unit's service. */
const PASSING = ['fw.reset', 'fw.hang', 'fw.loopHang', 'button.release', 'dev.powerCycle']
export const leavesSound = (what: string): boolean =>
  PASSING.includes(what) || what.startsWith('link.') || (DEEDS as readonly string[]).includes(what)
export const mayTrap = ({ happenings }: Visit): boolean => happenings.some(({ what }) => traps(what))

/** A session that has not ended by itself by then is given up by its operator. */
const PATIENCE_MS: Millis = 300_000
/** As long as a guard waits for the unit to show that it is vented, once its controller is gone. */
const FAREWELL_MS: Millis = 15_000
const SEEN_MS: Millis = TIMING.lost

/** Lives through one session and the way of its host from the unit, and says how it went. */
export function live(stack: Stack, visit: Visit, tap: (towards: 'unit' | 'host', bytes: Uint8Array) => void): Ended {
  const { counters, happenings, commandsUsed, program, limbs, rate_Hz } = visit
  if (counters) stack.inject(counters)
  const input = { verdict: freshVerdict(stack) }
  stack.another({ program, limbs: [...limbs], rate_Hz, commandsUsed, input, tap }, visit.nonce)
  const [began, length] = [stack.now, plannedTime(stack.beginning.input.plan)]
  for (const { share, what } of happenings) {
    stack.until(one => isOver(one) || one.now >= began + share * length, Number.POSITIVE_INFINITY)
    if (!isOver(stack)) happen(stack, what)
  }
  awaitEnd(stack, began + length + PATIENCE_MS)
  const phase = stack.controllerLives ? stack.phase : 'left alone'
  const pressing = stack.releasesSent > 0 ? targetsAfterRelease(stack) : 0
  stack.advance(SEEN_MS)
  const found = judge(stack, visit, phase)
  leave(
    stack,
    happenings.some(({ what }) => what.startsWith('link.')),
  )
  return { ...found, wrong: [...found.wrong, ...(pressing > 0 ? ['a target followed a release'] : [])] }
}

const freshVerdict = ({ wall }: Stack) =>
  acceptance({
    issued_wall: wall - 60_000,
    expires_wall: wall + 3_600_000,
    blood_pressure: { systolic_mmHg: 120, diastolic_mmHg: 75, measured_wall: wall - 300_000 },
  })

const plannedTime = ({ steps }: Plan): Millis => steps.reduce((sum, one) => sum + one.hold_ms + one.rest_ms, 10_000)

const isOver = (stack: Stack): boolean => !stack.controllerLives || stack.ended

function awaitEnd(stack: Stack, patience: MonoMs): void {
  stack.until(one => isOver(one) || one.now >= patience, Number.POSITIVE_INFINITY)
  if (!isOver(stack)) happen(stack, 'the operator releases')
  if (stack.controllerLives) return stack.until(one => one.ended, 30_000)
  stack.until(one => one.pressure < VENTED_MMHG || one.now >= patience + 2 * TIMING.vented, Number.POSITIVE_INFINITY)
}

const ACTS: Record<Deed, (stack: Stack) => void> = {
  'a key releases': stack => stack.guardLives && stack.act((_, guard) => guard.release('Space', stack.now)),
  'the operator releases': stack => stack.act(session => session.release('operator', 'enough for today')),
  'a symptom': stack => stack.act(session => session.symptom('dizzy')),
  'a slow refill': stack => stack.act(session => session.refill(true)),
  'nobody answers': stack => stack.leaveAlone(),
  'the controller dies': stack => stack.killController(),
  'the guard dies': stack => stack.killGuard(),
  'the wall clock goes back': stack => {
    stack.wallShift -= 120_000
  },
  'the disk fails': stack => {
    stack.diskFails = true
  },
}

function happen(stack: Stack, what: string): void {
  if ((DEEDS as readonly string[]).includes(what)) ACTS[what as Deed](stack)
  else stack.inject(what)
}

/** I-1: nothing inflates behind the first release byte of a session. */
function targetsAfterRelease(stack: Stack): number {
  const first = stack.sent.findIndex(({ what }) => what === 'release')
  return stack.sent.slice(first).filter(({ what }) => typeof what === 'object' && what.type === 'target').length
}

function judge(stack: Stack, { happenings, commandsUsed }: Visit, phase: string): Ended {
  const { cause, alarms } = stack.view
  const wrong: string[] = []
  const has = (which: (what: string) => boolean) => happenings.some(({ what }) => which(what))
  if (stack.faults.length > 0) wrong.push(`a machine broke: ${stack.faults[0]}`)
  if (cause?.kind === 'internal') wrong.push(`an internal fault: ${cause.text}`)
  const stuck = phase === 'stuck' && alarms.some(({ id }) => id === 'ALARM-STUCK')
  const full = stack.pressure >= VENTED_MMHG && !stuck
  const unseen = full && has(blinds)
  if (full && !unseen && !(phase === 'left alone' && has(traps)))
    wrong.push(`${phase} with ${stack.pressure.toFixed(0)} mmHg on a limb`)
  if (stack.ended && stack.controllerLives && sessionLimits(stack).length > 0)
    wrong.push(`${phase} with a time limit that runs: ${sessionLimits(stack)}`)
  const peace = happenings.length === 0 && commandsUsed < 2 ** 32 - 3_000
  if (peace && phase !== 'finished' && !isHourUsedUp(stack)) wrong.push(`${phase} in peace: ${cause?.text}`)
  return { how: [phase, cause?.kind].filter(Boolean).join(', '), wrong, unseen }
}

/** The unit keeps its own hour of inflated time, across sessions: it lets go, or does not arm. */
const isHourUsedUp = ({ events, view }: Stack): boolean =>
  events.some(one => one.type === 'fault' && one.faults.includes('TIME')) || view.cause?.text === REFUSED_FOR_TIME
const REFUSED_FOR_TIME = 'arm: the unit refuses: time'

const sessionLimits = (stack: Stack): string[] =>
  (stack.session as unknown as { session: { limits: [string, MonoMs][] } }).session.limits.map(([id]) => id)

/** The host goes: its guard releases, waits until it sees the line vented, and closes the port. Then the cable is mended. */
function leave(stack: Stack, mend: boolean): void {
  if (stack.guardLives && stack.guard.hasSession) stack.killController()
  stack.controllerLives = false
  const until = stack.now + FAREWELL_MS
  while (stack.guardLives && stack.now < until && !stack.guard.mayLeave) stack.advance(100)
  stack.guardLives = false
  stack.unit.closed(stack.now)
  if (mend) stack.inject('link.restore')
}
