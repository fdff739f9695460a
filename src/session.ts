import type { ChecklistItem } from '../machines/checklist.ts'
import type { LinkEvent, LinkNews, ReleaseKind, SessionEvent, Stamp } from '../machines/events.ts'
import type { GuardCommand, GuardReport } from '../machines/guardMessages.ts'
import { type LinkInput, linkMachine } from '../machines/link.ts'
import { sessionMachine } from '../machines/session.ts'
import type { SessionInput } from '../machines/sessionContext.ts'
import type { MonoMs, WallMs } from '../protocol/units.ts'
import { Runner, type Stamped, type Wanted } from './runner.ts'

/** An event before it is stamped with the time. */
type Unstamped<E> = E extends Stamp ? Omit<E, keyof Stamp> : never

/** What a session needs of the world around it. */
export interface SessionWorld {
  readonly now: () => MonoMs
  readonly wall: () => WallMs
  /** Towards the port guard. */
  readonly openPort: () => void
  readonly tellGuard: (command: GuardCommand) => void
  /** The record: what comes in, what is decided, and a sync that throws when the disk does not keep it. */
  readonly record: (kind: 'in' | 'out' | 'note', data: unknown, stamp: Stamp) => void
  readonly sync: () => void
  /** Makes durable what was recorded. Never throws; a disk that fails is noticed by whoever keeps the journal. */
  readonly save: () => void
  /** To the operator. */
  readonly say: (text: string) => void
  readonly key: (key: string) => void
  /** Something changed. */
  readonly changed: () => void
  /** One of the machines broke. The release is out already; the program ends with status 70. */
  readonly fault: (error: unknown) => void
}

/** The two machines of a session at work: guard reports go in, commands to the guard come out. */
export class Session {
  private readonly world: SessionWorld
  private readonly link: Runner<typeof linkMachine>
  private readonly session: Runner<typeof sessionMachine>

  constructor(world: SessionWorld, sessionInput: SessionInput, linkInput: LinkInput) {
    this.world = world
    const stamp = this.stamp()
    this.session = new Runner(
      { ...this.hooks('session'), machine: sessionMachine, input: sessionInput, perform: this.performer('session') },
      stamp,
    )
    this.link = new Runner(
      { ...this.hooks('link'), machine: linkMachine, input: linkInput, perform: this.performer('link') },
      stamp,
    )
  }

  get snapshot() {
    return this.session.snapshot
  }

  get linkSnapshot() {
    return this.link.snapshot
  }

  /** The session's machine as it stands, to look ahead with: what it does there, nobody hears of. */
  lookAhead(): Runner<typeof sessionMachine> {
    return this.session.fork(() => true)
  }

  connect(): void {
    this.toLink({ type: 'CONNECT' })
  }

  confirm(item: ChecklistItem, by: string): void {
    this.toSession({ type: 'CONFIRM', item, by })
  }

  start(): void {
    this.toSession({ type: 'START' })
  }

  present(): void {
    this.toSession({ type: 'PRESENT' })
  }

  /** The capillary refill was looked at. Too slow releases, and ends the session. */
  refill(slow: boolean): void {
    if (slow) this.world.tellGuard({ do: 'release', why: 'the capillary refill is too slow' })
    this.toSession({ type: 'REFILL', slow })
  }

  symptom(what: string): void {
    this.world.tellGuard({ do: 'release', why: what })
    this.toSession({ type: 'SYMPTOM', what })
  }

  /** The guard hears of it first; it needs no machine for that. */
  release(kind: ReleaseKind, why: string): void {
    this.world.tellGuard({ do: 'release', why })
    this.toSession({ type: 'RELEASE', kind, why })
  }

  /** A record that is not kept ends the session; the release goes out first, as always. To be called after each step. */
  watchRecord(failed: Error | undefined): void {
    if (!failed || this.snapshot.hasTag('ended') || this.snapshot.context.cause) return
    this.release('record', `the journal cannot be written: ${failed.message.replace(/\.$/, '')}`)
  }

  /** To be called at `nextDeadline` at the latest. */
  tick(): void {
    const stamp = this.stamp()
    this.link.tick(stamp)
    this.session.tick(stamp)
  }

  get nextDeadline(): MonoMs {
    return Math.min(this.link.nextDeadline, this.session.nextDeadline)
  }

  /** One report of the port guard. */
  report(report: GuardReport): void {
    switch (report.is) {
      case 'ping':
        return this.pong(report.ping)
      case 'key':
        return this.world.key(report.key)
      case 'opened':
        return this.toLink({ type: 'OPENED' })
      case 'closed':
        return this.toLink({ type: 'CLOSED', why: report.why })
      case 'identity':
        return this.toLink({ type: 'IDENTITY', frame: report.frame })
      case 'profile':
        return this.toLink({ type: 'PROFILE', frame: report.frame })
      case 'self-test':
        return this.toSession({ type: 'SELF_TEST', frame: report.frame })
      case 'released':
        return this.toSession({
          type: 'GUARD_RELEASED',
          why: report.why,
          ...(report.rule && { rule: report.rule }),
        })
      case 'outcome': {
        const { is: _, ...outcome } = report
        const event = { type: 'OUTCOME', ...outcome } as const
        return report.of === 'identify' || report.of === 'hello' ? this.toLink(event) : this.toSession(event)
      }
      case 'telemetry':
        this.toLink({ type: 'TELEMETRY', frame: report.frame })
        return this.toSession({ type: 'TELEMETRY', frame: report.frame })
    }
  }

  /** A machine that stands still is not answered for: the guard then lets the lease lapse and releases. */
  private pong(ping: number): void {
    if (this.link.faulted || this.session.faulted) return
    this.world.tellGuard({ do: 'pong', ping, step: this.link.steps + this.session.steps })
  }

  private stamp(): Stamp {
    return { at: this.world.now(), wall: this.world.wall() }
  }

  private toLink(event: Unstamped<LinkEvent>): void {
    this.link.send({ ...event, ...this.stamp() })
  }

  private toSession(event: Unstamped<SessionEvent>): void {
    this.session.send({ ...event, ...this.stamp() })
    this.world.changed()
  }

  private hooks(machine: 'link' | 'session') {
    return {
      onEvent: (event: Stamped) => this.world.record('in', { machine, event }, event),
      onFault: (error: unknown) => {
        this.world.tellGuard({ do: 'release', why: 'the controller broke' })
        this.world.fault(error)
      },
    }
  }

  private performer(machine: 'link' | 'session') {
    return (wanted: Wanted, stamp: Stamp): boolean => {
      // The release goes out before it is written down; everything else the other way round.
      if (wanted.type === 'release') this.world.tellGuard({ do: 'release', ...(wanted.params as { why: string }) })
      this.world.record('out', { machine, ...wanted }, stamp)
      return wanted.type === 'release' || this.perform(wanted)
    }
  }

  private perform({ type, params }: Wanted): boolean {
    switch (type) {
      case 'command':
        this.world.tellGuard(params as GuardCommand)
        return true
      case 'openPort':
        this.world.openPort()
        return true
      case 'tellSession':
        this.toSession(params as LinkNews)
        return true
      case 'say':
        this.world.say((params as { text: string }).text)
        return true
      case 'saveJournal':
        this.world.save()
        return true
      case 'syncJournal':
        return this.syncJournal()
      default:
        return true
    }
  }

  /** What the disk does not keep is not begun: the rest of the step, which would inflate, is given up. */
  private syncJournal(): boolean {
    try {
      this.world.sync()
      return true
    } catch (error) {
      this.release('record', `the record cannot be kept: ${(error as Error).message.replace(/\.$/, '')}`)
      return false
    }
  }
}
