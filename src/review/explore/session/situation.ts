import type { SessionEvent, Stamp } from '../../../../machines/events.ts'
import type { sessionMachine } from '../../../../machines/session.ts'
import type { SessionContext, SessionInput } from '../../../../machines/sessionContext.ts'
import { type Phase, phaseOf } from '../../../../machines/view.ts'
import { isVented } from '../../../../machines/watch.ts'
import type { Telemetry } from '../../../../protocol/unitFrames.ts'
import type { MonoMs, WallMs } from '../../../../protocol/units.ts'
import { Runner, type Wanted } from '../../../runner.ts'
import type * as search from '../step.ts'

export type Machine = typeof sessionMachine

/** What an observer outside the machine remembers, to judge what it does next. */
export interface Witness {
  /** What the unit was last told to do. */
  readonly told: 'nothing' | 'press' | 'vent' | 'release'
  /** Since the last press ended, a report has shown the unit armed and its line vented: when the first one did. */
  readonly ventedAt: MonoMs | undefined
  readonly presses: number
  /** The release was asked for once: nothing inflates any more. */
  readonly released: boolean
  /** Faults of ours that may happen once on a way. */
  readonly diskFails: boolean
  readonly limitLost: boolean
  readonly clockTurned: boolean
}

/** Where a session can be: the shipped machine in the shipped runner, the time, and what was seen from outside. */
export interface Situation {
  readonly runner: Runner<Machine>
  readonly now: MonoMs
  readonly wall: WallMs
  readonly witness: Witness
}

export type Unstamped = SessionEvent extends infer E ? (E extends Stamp ? Omit<E, keyof Stamp> : never) : never

export const phase = ({ runner }: Situation): Phase => phaseOf(runner.snapshot.value)
export const contextOf = ({ runner }: Situation): SessionContext => runner.snapshot.context
export const energised = ({ runner }: Situation): boolean => runner.snapshot.hasTag('energised')

/** A session that has just begun. */
export function begin(machine: Machine, input: SessionInput, now: MonoMs, wall: WallMs): Situation {
  const broke = (error: unknown): never => {
    throw error
  }
  const options = { machine, input, perform: () => true, onEvent: () => {}, onFault: broke }
  return { runner: new Runner(options, { at: now, wall }), now, wall, witness: NOTHING_WITNESSED }
}

/** Before anything has happened. */
export const NOTHING_WITNESSED: Witness = {
  ...{ told: 'nothing', ventedAt: undefined, presses: 0, released: false },
  ...{ diskFails: false, limitLost: false, clockTurned: false },
}

export type Outcome = search.Outcome<Situation, Wanted>

/** Something happens now. */
export function happen(before: Situation, event: Unstamped): Outcome {
  return step(before, (runner, stamp) => runner.send({ ...event, ...stamp } as SessionEvent), event)
}

/** Time passes, and the time limits that are due are taken in; nobody reports anything. */
export function wait(before: Situation, ms: number): Outcome {
  const later = { ...before, now: before.now + ms, wall: before.wall + ms }
  return step(later, (runner, stamp) => runner.tick(stamp))
}

function step(before: Situation, act: (runner: Runner<Machine>, stamp: Stamp) => void, event?: Unstamped): Outcome {
  const outputs: Wanted[] = []
  let diskFailed = false
  const runner = before.runner.fork(wanted => {
    // The rest of a step whose record is not on the disk is not done; the session releases instead.
    if (wanted.type === 'syncJournal' && before.witness.diskFails) diskFailed = true
    else outputs.push(wanted)
    return !diskFailed
  })
  const stamp = { at: before.now, wall: before.wall }
  act(runner, stamp)
  if (diskFailed) runner.send({ type: 'RELEASE', kind: 'record', why: 'the disk', ...stamp } as SessionEvent)
  const report = event?.type === 'TELEMETRY' ? event.frame : undefined
  return { after: { ...before, runner, witness: witnessed(before.witness, outputs, report, before.now) }, outputs }
}

/** What an observer remembers after a step. */
export function witnessed(
  was: Witness,
  outputs: readonly Wanted[],
  report: Telemetry | undefined,
  now: MonoMs,
): Witness {
  let seen = was
  if (
    report &&
    seen.presses > 0 &&
    seen.told !== 'press' &&
    seen.ventedAt === undefined &&
    report.mode === 'armed' &&
    isVented(report)
  )
    seen = { ...seen, ventedAt: now }
  for (const output of outputs) seen = after(seen, output)
  return seen
}

function after(was: Witness, { type, params }: Wanted): Witness {
  if (type === 'release') return { ...was, told: 'release', released: true }
  if (type !== 'command') return was
  const command = (params as { do: string }).do
  if (command === 'press') return { ...was, told: 'press', ventedAt: undefined, presses: was.presses + 1 }
  return command === 'vent' ? { ...was, told: 'vent' } : was
}
