import type { AnyStateMachine } from 'xstate'
import type { Stamp } from '../../machines/events.ts'
import { linkMachine } from '../../machines/link.ts'
import { sessionMachine } from '../../machines/session.ts'
import { type Phase, phaseOf, type View, viewOf } from '../../machines/view.ts'
import { CuffError, EXIT } from '../errors.ts'
import { Runner, type Stamped, type Wanted } from '../runner.ts'
import { readJournal } from './read.ts'
import type { JournalRecord } from './record.ts'

/** What the first record of a session holds, so that the machines can be set up again as they were. */
export interface Beginning {
  readonly input: unknown
  readonly link: unknown
}

export interface Replay {
  /** Events that were taken in again. */
  readonly events: number
  /** Decisions that came out as recorded. */
  readonly decisions: number
  /** The first decision that did not, or undefined. */
  readonly difference: Difference | undefined
  /** The state in which the session ended, or as far as the record goes. */
  readonly phase: Phase
  /** The record goes on to the end of the session. */
  readonly whole: boolean
}

/** Told what a screen would have shown behind each event of the session. */
export type Seen = (view: View, stamp: Stamp) => void

export interface Difference {
  /** Number of the record after which the machine decided otherwise. */
  readonly n: number
  readonly recorded: string
  readonly decided: string
}

/**
 * Takes the recorded events through the same machines again and compares each decision with the recorded one.
 * @throws CuffError CP-JOURNAL-INVALID for a file that was changed, CP-REPLAY for one that is no session's
 */
export function replayFile(path: string, seen: Seen = () => {}): Replay {
  const records = readJournal(path)
  const first = records.next()
  const beginning = first.done ? undefined : (first.value.data as { session?: Beginning } | null)?.session
  if (!beginning?.input || !beginning.link) throw noSession(path)
  try {
    return replay(beginning, records, seen)
  } catch (error) {
    if (error instanceof CuffError) throw error
    throw noSession(path, error)
  }
}

function replay(beginning: Beginning, records: Iterable<JournalRecord>, seen: Seen): Replay {
  const machines = {
    link: new Decider(linkMachine, beginning.link),
    session: new Decider(sessionMachine, beginning.input),
  }
  let [events, decisions] = [0, 0]
  let difference: Difference | undefined
  let whole = false
  for (const { n, kind, data } of records) {
    const { machine, event, ...recorded } = data as { machine: keyof typeof machines; event?: Stamped } & Wanted
    whole ||= kind === 'end'
    if (kind === 'in' && event) {
      difference ??= machines[machine].leftOver(n)
      machines[machine].take(event)
      events++
      if (machine === 'session') seen(viewOf(machines.session.snapshot, event.at), event)
    } else if (kind === 'out') {
      difference ??= machines[machine].compare(n, recorded)
      decisions++
    }
    if (difference) break
  }
  return { events, decisions, difference, phase: phaseOf(machines.session.snapshot.value), whole }
}

/** A machine that decides again, and keeps what it decided until the record says what it decided then. */
class Decider {
  private readonly runner: Runner<AnyStateMachine>
  private readonly decided: string[] = []

  constructor(machine: AnyStateMachine, input: unknown) {
    const hooks = {
      perform: (wanted: Wanted) => this.decided.push(said(wanted)) > 0,
      onEvent: () => {},
      onFault: (error: unknown) => this.decided.push(`fault ${String(error)}`),
    }
    this.runner = new Runner({ machine, input, ...hooks }, { at: 0, wall: 0 })
  }

  get snapshot() {
    return this.runner.snapshot
  }

  take(event: Stamped): void {
    this.runner.send(event)
  }

  compare(n: number, recorded: Wanted): Difference | undefined {
    const decided = this.decided.shift() ?? 'nothing'
    return decided === said(recorded) ? undefined : { n, recorded: said(recorded), decided }
  }

  /** Something decided that was not recorded. */
  leftOver(n: number): Difference | undefined {
    const decided = this.decided[0]
    return decided === undefined ? undefined : { n, recorded: 'nothing', decided }
  }
}

/** A decision in one spelling. */
const said = ({ type, params }: Wanted): string => JSON.stringify({ type, params })

const noSession = (path: string, cause?: unknown): CuffError =>
  new CuffError(
    'CP-REPLAY',
    `${path} is not the journal of a session that this version can replay.`,
    'Use the version that wrote it; the first record names it.',
    EXIT.usage,
    cause,
  )
