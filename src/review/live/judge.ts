import type { SessionEvent } from '../../../machines/events.ts'
import type { MonoMs, WallMs } from '../../../protocol/units.ts'
import type { Wanted } from '../../runner.ts'
import type { Session } from '../../session.ts'
import { INVARIANTS } from '../explore/session/invariants.ts'
import type { Move } from '../explore/session/moves.ts'
import { NOTHING_WITNESSED, type Situation, witnessed } from '../explore/session/situation.ts'
import { wrongWith } from '../explore/step.ts'

/** What came of an invariant so far. */
export interface Judgement {
  readonly id: string
  readonly text: string
  /** When it was first broken, and how. Undefined: it holds. */
  readonly broken: { readonly at: MonoMs; readonly what: string } | undefined
}

const PEOPLE: readonly string[] = ['CONFIRM', 'START', 'PRESENT', 'REFILL', 'SYMPTOM', 'RELEASE']
const BY_TIME = 'xstate.after'

/** Asks the invariants of the exploration about each step of a session that runs, in the same words and by the same code. */
export class Judge {
  judgements: readonly Judgement[]
  /** Steps that were judged. */
  steps = 0
  private readonly session: Session
  private readonly invariants: typeof INVARIANTS
  private before: Situation
  private event: SessionEvent | undefined
  private outputs: Wanted[] = []

  constructor(session: Session, now: MonoMs, wall: WallMs, invariants = INVARIANTS) {
    this.session = session
    this.invariants = invariants
    this.before = { runner: session.lookAhead(), now, wall, witness: NOTHING_WITNESSED }
    this.judgements = invariants.map(({ id, text }) => ({ id, text, broken: undefined }))
  }

  /** The record of a session, line by line. */
  record(kind: string, data: unknown): void {
    const { machine, event, ...output } = data as { machine: string; event?: SessionEvent } & Wanted
    if (machine !== 'session') return
    if (kind === 'in') this.event ??= event
    else this.outputs.push(output)
  }

  /** What was recorded since the last time is one step, which ended now. */
  judge(now: MonoMs, wall: WallMs): void {
    const { event, outputs } = this
    if (!event) return
    const before: Situation = { ...this.before, now, wall }
    const report = event.type === 'TELEMETRY' ? event.frame : undefined
    const witness = witnessed(before.witness, outputs, report, now)
    const after: Situation = { ...before, runner: this.session.lookAhead(), witness }
    this.ask({ before, move: moveOf(event), outputs, after })
    this.before = after
    this.event = undefined
    this.outputs = []
  }

  private ask(step: Parameters<(typeof INVARIANTS)[number]['broken']>[0]): void {
    this.steps++
    this.judgements = this.judgements.map((one, i) => {
      const what = one.broken ? undefined : wrongWith(this.invariants[i]!, step)
      return what === undefined ? one : { ...one, broken: { at: step.after.now, what } }
    })
  }
}

/** What happened, as the exploration calls it. */
function moveOf({ type }: SessionEvent): Move {
  const by = PEOPLE.includes(type) ? 'person' : type.startsWith(BY_TIME) ? 'time' : 'unit'
  return { name: type === 'TELEMETRY' ? 'report' : type, by, apply: () => undefined }
}
