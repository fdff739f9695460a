import type { GuardCommand, GuardReport } from '../../../machines/guardMessages.ts'
import type { LinkInput } from '../../../machines/link.ts'
import type { SessionInput } from '../../../machines/sessionContext.ts'
import { type Phase, type View, viewOf } from '../../../machines/view.ts'
import { decodeHostFrame, type HostFrame } from '../../../protocol/hostFrames.ts'
import type { Millis, MonoMs, WallMs } from '../../../protocol/units.ts'
import { RELEASE } from '../../../protocol/wire.ts'
import type { UnitEvent } from '../../../sim/events.ts'
import { createUnit, type Unit, type UnitOptions } from '../../../sim/unit.ts'
import { Guard } from '../../guard/core.ts'
import { Session, type SessionWorld } from '../../session.ts'

export interface LoopOptions {
  readonly unit?: UnitOptions | undefined
  readonly input: SessionInput
  readonly link: LinkInput
  /** The wall clock's time when the loop's own is 0. */
  readonly wallStart: WallMs
  /** The time on the loop's clock when it begins. Default 1,000. */
  readonly startedAt?: MonoMs | undefined
}

/** What went over the line towards the unit. */
export interface Sent {
  readonly at: MonoMs
  readonly what: HostFrame | 'release' | string
}

/** A line is printable ASCII, so that its characters are its bytes. */
const ascii = (line: string): Uint8Array => Uint8Array.from(line, character => character.charCodeAt(0))

/**
 * The machines, the runner, the guard's core and the simulated unit, all as shipped, on one virtual clock that goes
 * from deadline to deadline. What one says to another arrives within the same millisecond, in order. There is no other
 * clock in it and no chance but the unit's seed: the same calls at the same times give the same run.
 */
export class ClosedLoop {
  readonly startedAt: MonoMs
  now: MonoMs
  /** Added to the wall clock, to set it wrong. */
  wallShift: Millis = 0
  readonly unit: Unit
  readonly events: UnitEvent[] = []
  readonly sent: Sent[] = []
  readonly reports: GuardReport[] = []
  readonly said: string[] = []
  readonly faults: unknown[] = []
  guard: Guard
  session: Session
  /** What the controller told the guard. */
  readonly told: GuardCommand[] = []
  controllerLives = true
  guardLives = true
  protected input: SessionInput
  private readonly wallStart: WallMs
  private link: LinkInput
  private readonly queue: (() => void)[] = []

  constructor({ unit, input, link, wallStart, startedAt = 1_000 }: LoopOptions) {
    this.startedAt = this.now = startedAt
    this.wallStart = wallStart
    this.input = input
    this.link = link
    this.unit = createUnit({
      ...unit,
      now: this.now,
      send: bytes => this.toHost(bytes),
      event: event => this.events.push(event),
    })
    this.guard = this.newGuard()
    this.session = this.newSession()
  }

  /** What the session began with, as the journal's first record has it. */
  get beginning(): { readonly input: SessionInput; readonly link: LinkInput } {
    return { input: this.input, link: this.link }
  }

  get view(): View {
    return viewOf(this.session.snapshot, this.now)
  }

  get phase(): Phase {
    return this.view.phase
  }

  get ended(): boolean {
    return this.session.snapshot.hasTag('ended')
  }

  /** How often the release byte went out. */
  get releasesSent(): number {
    return this.sent.filter(one => one.what === 'release').length
  }

  /** Lives through `ms`, from one deadline to the next. */
  advance(ms: Millis): void {
    const until = this.now + ms
    do this.toNext(until)
    while (this.now < until)
  }

  /** Lives until the next deadline, and until `latest` where that is later. */
  toNext(latest: MonoMs): void {
    this.now = Math.max(this.now, Math.min(latest, this.nextDeadline))
    this.live()
  }

  /** Somebody does something now, and it has its consequences before this returns. */
  act(work: (session: Session, guard: Guard) => void): void {
    work(this.session, this.guard)
    this.drain()
  }

  inject(spec: string): void {
    this.unit.inject(spec, this.now)
    this.drain()
  }

  /** As the guard's process does when its channel closes. */
  killController(): void {
    this.controllerLives = false
    this.act((_, guard) => guard.release('the controller is gone', this.now))
  }

  killGuard(): void {
    this.guardLives = false
    this.act(session => session.report({ is: 'closed', why: 'the guard ended (SIGKILL)' }))
  }

  /** The host is started anew: another guard, another session, the same unit in whatever state it is. */
  restartHost(nonce = 0x11223344, rate_Hz = this.link.rate_Hz): void {
    this.link = { nonce, rate_Hz }
    this.guard = this.newGuard()
    this.session = this.newSession()
    this.guardLives = this.controllerLives = true
    this.act(session => session.connect())
  }

  get wall(): WallMs {
    return this.wallStart + this.now + this.wallShift
  }

  /** The record of what the session takes in and decides. What it throws is the disk's failure. */
  protected record: SessionWorld['record'] = () => {}
  protected sync(): void {}
  protected save(): void {}
  /** The session has taken something in. */
  protected changed(): void {}
  /** Somebody sits there, and may act. */
  protected attend(): void {}

  protected get nextDeadline(): MonoMs {
    return Math.min(
      this.unit.nextDeadline(),
      this.guardLives ? this.guard.nextDeadline : Number.POSITIVE_INFINITY,
      this.controllerLives ? this.session.nextDeadline : Number.POSITIVE_INFINITY,
    )
  }

  private live(): void {
    this.unit.advance(this.now)
    this.drain()
    if (this.guardLives && this.guard.nextDeadline <= this.now) this.guard.tick(this.now)
    this.drain()
    if (this.controllerLives && this.session.nextDeadline <= this.now) this.tickSession()
    if (this.controllerLives) this.attend()
    this.drain()
  }

  private tickSession(): void {
    this.session.tick()
    this.changed()
  }

  protected newGuard(): Guard {
    return new Guard(
      {
        write: line => this.toUnit(ascii(line)),
        writeRelease: () => this.toUnit(Uint8Array.of(RELEASE)),
        report: report => {
          this.reports.push(report)
          this.queue.push(() => this.controllerLives && this.session.report(report))
        },
      },
      this.now,
    )
  }

  private newSession(): Session {
    return new Session(
      {
        now: () => this.now,
        wall: () => this.wall,
        openPort: () => this.queue.push(() => this.open()),
        tellGuard: command => {
          this.told.push(command)
          this.queue.push(() => this.guardLives && this.guard.command(command, this.now))
        },
        record: (kind, data, stamp) => this.record(kind, data, stamp),
        save: () => this.save(),
        sync: () => this.sync(),
        say: text => this.said.push(text),
        key: () => {},
        changed: () => this.changed(),
        fault: error => this.faults.push(error),
      },
      this.input,
      this.link,
    )
  }

  private open(): void {
    this.unit.opened(this.now)
    this.session.report({ is: 'opened' })
  }

  protected toHost(bytes: Uint8Array): void {
    this.queue.push(() => this.guardLives && this.guard.bytes(bytes, this.now))
  }

  protected toUnit(bytes: Uint8Array): void {
    const what = bytes[0] === RELEASE ? 'release' : decodeHostFrame(bytes, bytes.length - 1)
    this.sent.push({ at: this.now, what })
    this.queue.push(() => this.unit.receive(bytes, this.now))
  }

  private drain(): void {
    for (let work = this.queue.shift(); work; work = this.queue.shift()) work()
  }
}
