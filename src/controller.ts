import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { AfterNotes } from '../machines/past.ts'
import type { SessionInput } from '../machines/sessionContext.ts'
import { symptomIn } from '../machines/symptoms.ts'
import { type View, viewOf } from '../machines/view.ts'
import type { MonoMs } from '../protocol/units.ts'
import { type Ending, exitOf, type Kept } from './ending.ts'
import { EXIT } from './errors.ts'
import { GuardClient } from './guard/client.ts'
import type { Journal } from './journal/journal.ts'
import type { Head } from './journal/record.ts'
import type { Beginning } from './journal/replay.ts'
import type { Booking } from './ledger/booking.ts'
import { Settlement } from './ledger/settlement.ts'
import { type AfterCheck, NOTHING_NOTED, needsAfterCheck } from './operator/after.ts'
import { Session } from './session.ts'
import { onSignals } from './signals.ts'

export interface ControllerOptions {
  /** Path of a serial port, or tcp:PORT on this machine. */
  readonly path: string
  /** 1, or for a simulated unit how many times faster than life everything goes. */
  readonly speed: number
  /** Telemetry rate asked for, 10 to 100 Hz. */
  readonly rate_Hz: number
  /** The guard reads the operator's keys from the terminal. */
  readonly keys: boolean
  readonly input: SessionInput
  /** Opened before the port is: nothing begins without a record. */
  readonly journal: (clock: Clock, beginning: Beginning) => Journal
  /** The session's place in the ledger; undefined when its verdict is about nobody. */
  readonly booking: Booking | undefined
}

export interface Clock {
  readonly now: () => MonoMs
  readonly wall: () => number
}

/** What an operator, or the program in their place, can do in a session. */
export type Control = Pick<Session, 'confirm' | 'start' | 'present' | 'refill' | 'symptom' | 'release'> & {
  readonly view: () => View
  /** A key that the guard did not read. */
  readonly key: (key: string) => void
  /** The guard, which reads the keys, is not there any more. */
  readonly guardIsGone: () => boolean
  /** Ends the program although nobody has seen the line vented. Only while the session is stuck. */
  readonly leave: () => void
}

/** Who sees the session and acts in it: a person at a terminal, or a stand-in on a simulated unit. */
export interface Operator {
  changed(view: View): void
  say(text: string): void
  key(key: string): void
  /** Asks how the person is once a session that pressed is over; absent where nobody can answer. */
  after?(done: (notes: AfterNotes) => void): AfterCheck
  /** What was said of the person, as soon as it is known. */
  noted?(notes: AfterNotes): void
}

/** Runs one session to its end. The journal is closed and the guard has let go of the unit when it resolves. */
export function runSession(options: ControllerOptions, operatorOf: (control: Control) => Operator): Promise<Ending> {
  return new Controller(options, operatorOf).ended
}

class Controller {
  readonly ended: Promise<Ending>
  private readonly options: ControllerOptions
  private readonly clock: Clock
  private readonly journal: Journal
  private readonly session: Session
  private readonly operator: Operator
  private readonly unhook: () => void
  private guard: GuardClient | undefined
  private timer: NodeJS.Timeout | undefined
  private over = false
  private check: AfterCheck | undefined
  private notes: AfterNotes | undefined
  private readonly settlement: Settlement | undefined
  /** A signal asked for the end, or the output is gone: nobody is expected at the keys any more. */
  private abandoned = false
  private resolve: (ending: Ending) => void = () => {}

  constructor(options: ControllerOptions, operatorOf: (control: Control) => Operator) {
    this.options = options
    this.clock = clockAt(options.speed)
    const link = { nonce: randomBytes(4).readUInt32BE() || 1, rate_Hz: options.rate_Hz }
    this.journal = options.journal(this.clock, { input: options.input, link })
    this.ended = new Promise(resolve => {
      this.resolve = resolve
    })
    this.session = new Session(this.world(), options.input, link)
    this.settlement = options.booking && new Settlement(options.booking)
    this.operator = operatorOf(this.control())
    this.unhook = onSignals(why => {
      this.abandoned = true
      this.control().release('operator', why)
    })
    this.after(() => this.session.connect())
  }

  private control(): Control {
    const { session } = this
    const timed =
      <Args extends unknown[]>(act: (...args: Args) => void) =>
      (...args: Args) =>
        this.after(() => act.apply(session, args))
    return {
      confirm: timed(session.confirm),
      start: timed(session.start),
      present: timed(session.present),
      refill: timed(session.refill),
      symptom: timed(session.symptom),
      release: timed(session.release),
      view: () => this.view(),
      key: key => this.after(() => this.key(key)),
      guardIsGone: () => this.guard?.gone === true,
      leave: () => (this.view().phase === 'stuck' ? this.finish() : undefined),
    }
  }

  private world() {
    return {
      ...this.clock,
      openPort: () => {
        const { path, speed, keys } = this.options
        this.guard = new GuardClient({ path, speed, keys }, report => this.after(() => this.session.report(report)))
      },
      tellGuard: (command: Parameters<GuardClient['send']>[0]) => this.guard?.send(command),
      record: (kind: 'in' | 'out' | 'note', data: unknown, at: { at: MonoMs; wall: number }) =>
        this.journal.record(kind, data, { mono: at.at, wall: at.wall }),
      sync: () => {
        this.journal.sync()
        this.options.booking?.book(this.clock.wall())
      },
      save: () => this.journal.save(),
      say: (text: string) => this.operator.say(text),
      key: (key: string) => this.key(key),
      changed: () => {},
      fault: (error: unknown) => void this.giveUp(error),
    }
  }

  /** A symptom is one at any time, while questions are asked too; and what is stuck comes before any question. */
  private key(key: string): void {
    const answers = this.check && !symptomIn(key) && this.view().phase !== 'stuck'
    if (answers) this.check?.key(key)
    else this.operator.key(key)
  }

  private view(): View {
    return viewOf(this.session.snapshot, this.clock.now())
  }

  /** Does one thing, then what follows from it: the screen, the journal's batch, the next time limit, the end. */
  private after(work: () => void): void {
    if (this.over) return
    try {
      this.step(work)
    } catch (error) {
      this.guard?.send({ do: 'release', why: 'the controller broke' })
      void this.giveUp(error)
    }
  }

  private step(work: () => void): void {
    work()
    this.session.tick()
    this.journal.tick(this.clock.now())
    this.session.watchRecord(this.journal.failed)
    this.guard?.watch(performance.now())
    const view = this.view()
    this.operator.changed(view)
    clearTimeout(this.timer)
    if (this.over) return
    this.settle()
    if (this.session.snapshot.hasTag('ended') && (view.phase !== 'stuck' || this.abandoned)) this.wrapUp(view)
    if (this.over) return
    const wait_ms = Math.min(UI_MS, Math.max(0, (this.session.nextDeadline - this.clock.now()) / this.options.speed))
    this.timer = setTimeout(() => this.after(() => {}), wait_ms)
  }

  /** The session is over. Before the journal is closed, somebody is asked how the person is. */
  private wrapUp(view: View): void {
    if (this.notes !== undefined || !needsAfterCheck(view)) return this.finish()
    if (!this.check && !this.abandoned && this.operator.after) {
      // The guard stays, so that every key still releases; the unit is latched while the questions are asked.
      this.guard?.send({ do: 'release', why: 'the session is over' })
      this.check = this.operator.after(notes => this.after(() => this.noteAfter(notes)))
      return
    }
    if (this.check && !this.abandoned) return
    this.noteAfter(this.check?.notes ?? NOTHING_NOTED)
    this.finish()
  }

  private noteAfter(notes: AfterNotes): void {
    if (this.notes !== undefined) return
    this.notes = notes
    this.journal.record('note', { after: notes }, this.at())
    this.operator.noted?.(notes)
  }

  private at() {
    return { mono: this.clock.now(), wall: this.clock.wall() }
  }

  private finish(): void {
    if (this.over) return
    if (this.check) this.noteAfter(this.check.notes)
    const view = this.view()
    if (view.phase === 'stuck') {
      this.operator.say(this.guard?.gone === false ? STILL_RELEASING : NOBODY_RELEASES)
      this.operator.changed(view)
    }
    this.over = true
    this.check?.end()
    clearTimeout(this.timer)
    const exit = exitOf(view)
    const head = this.journal.close({ phase: view.phase, exit, cause: view.cause ?? null })
    const journal = this.kept(head)
    void (this.guard?.close() ?? Promise.resolve()).then(() => {
      this.unhook()
      this.resolve({ exit, view, after: this.notes, journal })
    })
  }

  private kept(head: Head): Kept {
    const { path, failed, unwritten, dropped } = this.journal
    return { path, head, failed, unwritten, dropped }
  }

  /** The ledger gets the time that was used, and what showed up since. Where that fails, all that was booked stays counted. */
  private settle(): void {
    try {
      const [now, wall] = [this.clock.now(), this.clock.wall()]
      this.settlement?.look({ context: this.session.snapshot.context, view: this.view(), now, wall })
    } catch (error) {
      this.operator.say(`The ledger keeps the whole plan as used: ${(error as Error).message}`)
    }
  }

  /** A machine broke, or who watches it. The guard was told to release; what is left is to say so and to go, within 250 ms. */
  private async giveUp(error: unknown): Promise<void> {
    if (this.over) return
    this.over = true
    clearTimeout(this.timer)
    await this.guard?.leave()
    this.settle()
    if (this.check) this.noteAfter(this.check.notes)
    this.check?.end()
    this.operator.say(`The controller broke: ${error instanceof Error ? error.message : String(error)}`)
    const view = this.view()
    const head = this.journal.close({ phase: view.phase, exit: EXIT.internal, error: String(error) })
    this.unhook()
    this.resolve({ exit: EXIT.internal, view, after: this.notes, journal: this.kept(head) })
  }
}

/** Both clocks, faster than life for a simulated unit at speed. */
function clockAt(speed: number): Clock {
  const now = () => performance.now() * speed
  const offset = Date.now() - now()
  return { now, wall: () => (speed === 1 ? Date.now() : now() + offset) }
}

const STILL_RELEASING = 'Open the coupling by hand. The release goes on for up to 15 s more; then this program ends.'
const NOBODY_RELEASES = 'Open the coupling by hand. Nothing here reaches the unit any more; this program ends.'

/** The screen is brought up to date at least this often. Unit ms. */
const UI_MS = 100
