import { CHECKLIST_ITEMS } from '../../machines/checklist.ts'
import type { GuardCommand, GuardReport } from '../../machines/guardMessages.ts'
import { LIMITS } from '../../machines/limits.ts'
import type { LinkInput } from '../../machines/link.ts'
import type { SessionInput } from '../../machines/sessionContext.ts'
import type { Verdict } from '../../machines/verdict.ts'
import { type Phase, type View, viewOf } from '../../machines/view.ts'
import { decodeHostFrame, type HostFrame } from '../../protocol/hostFrames.ts'
import type { Millis, MonoMs, WallMs } from '../../protocol/units.ts'
import { RELEASE } from '../../protocol/wire.ts'
import type { UnitEvent } from '../../sim/events.ts'
import { createUnit, type Unit, type UnitOptions } from '../../sim/unit.ts'
import { Guard } from '../../src/guard/core.ts'
import { type Booking, useOf } from '../../src/ledger/booking.ts'
import { compile } from '../../src/programs/compile.ts'
import { cuffsFor } from '../../src/programs/cuffs.ts'
import { loadProgram } from '../../src/programs/load.ts'
import type { Program } from '../../src/programs/schema.ts'
import { Session } from '../../src/session.ts'

export const WALL_START: WallMs = Date.parse('2026-05-04T10:30:00.000Z')

/** An acceptance for P, arms and legs, good for an hour. */
export const acceptance = (change: Partial<Verdict> = {}): Verdict => ({
  result: 'accept',
  person: 'P',
  limbs: ['left-arm', 'right-arm', 'left-leg', 'right-leg'],
  issued_wall: WALL_START - 60_000,
  expires_wall: WALL_START + 3_600_000,
  serial: 7,
  signer: 'simulator',
  keyId: 'test',
  blood_pressure: { systolic_mmHg: 120, diastolic_mmHg: 75, measured_wall: WALL_START - 300_000 },
  needs_test: false,
  one_side_only: false,
  ...change,
})

/** Who runs the sessions of the tests. */
export const OPERATOR = 'C. Abe, KAATSU trainer'

export interface StackOptions {
  readonly unit?: UnitOptions
  readonly program?: Program | string
  readonly limbs?: Parameters<typeof cuffsFor>[0]
  readonly input?: Partial<SessionInput>
  /** Somebody confirms the checklist, starts, and is there when asked. Default true. */
  readonly attended?: boolean
  /** Somebody looks at the capillary refill when asked, and finds it good. Default true. */
  readonly refills?: boolean
  readonly rate_Hz?: number
  /** The session's place in a ledger. */
  readonly booking?: (input: SessionInput) => Booking
  /** Number of the last command that the guard has used up, as in the course of hours. Default 0. */
  readonly commandsUsed?: number
  /** The time on the host's clock. Default 1,000. */
  readonly startedAt?: MonoMs
  /** Sees everything that goes over the line. */
  readonly tap?: (towards: 'unit' | 'host', bytes: Uint8Array, at: MonoMs) => void
}

/** Of a session's options, with what is usual in place of what was not said. */
function settingOf(options: StackOptions) {
  const cuffs = cuffsFor(options.limbs ?? ['left-arm', 'right-arm'])
  const program =
    typeof options.program === 'object' ? options.program : loadProgram(options.program ?? 'first-session')
  const verdict = options.input && 'verdict' in options.input ? options.input.verdict : acceptance()
  const input: SessionInput = {
    plan: options.input?.plan ?? compile(program, { cuffs, verdict, past: options.input?.past }),
    verdict,
    person: 'P',
    newestSerialSeen: 0,
    past: options.input?.past,
    checklist: CHECKLIST_ITEMS,
    operator: OPERATOR,
    unattended: false,
    ...options.input,
  }
  const { attended = true, refills = true, rate_Hz = 10, commandsUsed = 0, tap } = options
  return { input, attended, refills, rate_Hz, commandsUsed, tap, booking: options.booking?.(input) }
}

/** What went over the line towards the unit. */
export interface Sent {
  readonly at: MonoMs
  readonly what: HostFrame | 'release' | string
}

/**
 * The machines, the runner, the guard's core and the simulated unit, all as shipped, on one virtual clock that goes
 * from deadline to deadline. What one says to another arrives within the same millisecond, in order.
 */
export class Stack {
  readonly startedAt: MonoMs
  now: MonoMs
  /** Added to the wall clock, to set it wrong. */
  wallShift: Millis = 0
  readonly unit: Unit
  readonly events: UnitEvent[] = []
  readonly sent: Sent[] = []
  readonly reports: GuardReport[] = []
  readonly said: string[] = []
  readonly recorded: { kind: string; data: unknown }[] = []
  readonly faults: unknown[] = []
  guard: Guard
  session: Session
  /** What the controller told the guard. */
  readonly told: GuardCommand[] = []
  /** The disk fails from now on: at a sync, or at each record. */
  diskFails = false
  recordFails = false
  /** How often the record was made durable behind a release. */
  saves = 0
  controllerLives = true
  guardLives = true
  private setting: ReturnType<typeof settingOf>
  private nonce = 0
  /** Something has come in since somebody last looked. */
  private news = true
  private readonly queue: (() => void)[] = []

  constructor(options: StackOptions = {}) {
    this.startedAt = this.now = options.startedAt ?? 1_000
    this.setting = settingOf(options)
    this.unit = createUnit({
      ...options.unit,
      now: this.now,
      send: bytes => this.toHost(bytes),
      event: event => this.events.push(event),
    })
    this.guard = this.newGuard()
    this.session = this.newSession(0x8f03a2c1)
    this.act(session => session.connect())
  }

  private newGuard(): Guard {
    const guard = new Guard(
      {
        write: line => this.toUnit(Buffer.from(line, 'latin1')),
        writeRelease: () => this.toUnit(Buffer.of(RELEASE)),
        report: report => {
          this.reports.push(report)
          this.queue.push(() => this.controllerLives && this.session.report(report))
        },
      },
      this.now,
    )
    ;(guard as unknown as { outbox: { seq: number } }).outbox.seq = this.setting.commandsUsed
    return guard
  }

  /** What the session began with, as the journal's first record has it. */
  get beginning(): { readonly input: SessionInput; readonly link: LinkInput } {
    const { input, rate_Hz } = this.setting
    return { input, link: { nonce: this.nonce, rate_Hz } }
  }

  private newSession(nonce: number): Session {
    this.nonce = nonce
    return new Session(
      {
        now: () => this.now,
        wall: () => this.wall,
        openPort: () => this.queue.push(() => this.open()),
        tellGuard: command => {
          this.told.push(command)
          this.queue.push(() => this.guardLives && this.guard.command(command, this.now))
        },
        record: (kind, data) => {
          if (this.recordFails) throw new Error('no space left on device')
          this.recorded.push({ kind, data })
        },
        save: () => {
          this.saves++
        },
        sync: () => {
          if (this.diskFails) throw new Error('no space left on device')
          this.setting.booking?.book(this.wall)
        },
        say: text => this.said.push(text),
        key: () => {},
        changed: () => {
          this.news = true
        },
        fault: error => this.faults.push(error),
      },
      this.setting.input,
      this.beginning.link,
    )
  }

  private open(): void {
    this.unit.opened(this.now)
    this.session.report({ is: 'opened' })
  }

  private toHost(bytes: Uint8Array): void {
    this.setting.tap?.('host', bytes, this.now)
    this.queue.push(() => this.guardLives && this.guard.bytes(bytes, this.now))
  }

  private toUnit(bytes: Uint8Array): void {
    this.setting.tap?.('unit', bytes, this.now)
    const what = bytes[0] === RELEASE ? 'release' : decodeHostFrame(bytes, bytes.length - 1)
    this.sent.push({ at: this.now, what })
    this.queue.push(() => this.unit.receive(bytes, this.now))
  }

  /** Lives through `ms`, from one deadline to the next. */
  advance(ms: Millis): void {
    const until = this.now + ms
    for (;;) {
      const next = Math.min(until, this.nextDeadline)
      this.now = Math.max(this.now, next)
      this.live()
      if (this.now >= until) return
    }
  }

  /** Goes on until `wanted` is true. @throws when it is not within `most_ms`. */
  until(wanted: (stack: Stack) => boolean, most_ms: Millis = 60_000): void {
    const end = this.now + most_ms
    while (!wanted(this)) {
      if (this.now >= end) throw new Error(`not within ${most_ms} ms; the session is ${this.phase}`)
      this.now = Math.max(this.now, Math.min(end, this.nextDeadline))
      this.live()
    }
  }

  untilPhase(phase: Phase, most_ms: Millis = 1_300_000): void {
    this.until(() => this.phase === phase, most_ms)
  }

  get wall(): WallMs {
    return WALL_START + this.now + this.wallShift
  }

  /** What the controller does with the ledger when a session has ended. */
  settle(): void {
    this.setting.booking?.settle(useOf(this.session.snapshot.context, this.phase, this.now), this.wall)
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

  /** The highest true pressure on a limb now. */
  get pressure(): number {
    return Math.max(...this.unit.pressures())
  }

  /** Commands to the unit of one type, in order. */
  framesSent(type: HostFrame['type']): (Sent & { what: HostFrame })[] {
    return this.sent.filter(
      (one): one is Sent & { what: HostFrame } => typeof one.what === 'object' && one.what.type === type,
    )
  }

  /** The number of the newest ping. */
  get lastPing(): number {
    const ping = this.reports.findLast(one => one.is === 'ping')
    return ping?.is === 'ping' ? ping.ping : 0
  }

  get releasesSent(): number {
    return this.sent.filter(one => one.what === 'release').length
  }

  /** Nobody answers any more, whatever is asked. */
  leaveAlone(): void {
    this.setting = { ...this.setting, attended: false, refills: false }
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

  inject(spec: string): void {
    this.unit.inject(spec, this.now)
    this.drain()
  }

  /** Somebody does something now, and it has its consequences before this returns. */
  act(work: (session: Session, guard: Guard) => void): void {
    work(this.session, this.guard)
    this.drain()
  }

  /** The whole checklist is confirmed, and START pressed. */
  begin(): void {
    this.untilPhase('fitting')
    this.advance(LIMITS.ventedBeforeStart.value)
    this.act(session => {
      for (const item of this.view.unconfirmed) session.confirm(item, OPERATOR)
      session.start()
    })
  }

  /** The session's time limits whose name contains this are lost, as by a defect of ours. */
  loseTimers(name: string): void {
    const { timers } = (this.session as unknown as { session: { timers: Map<string, unknown> } }).session
    for (const id of [...timers.keys()].filter(one => one.includes(name))) timers.delete(id)
  }

  /** The host is started anew: another guard, another session, the same unit in whatever state it is. */
  restartHost(nonce = 0x11223344): void {
    this.guard = this.newGuard()
    this.session = this.newSession(nonce)
    this.guardLives = this.controllerLives = true
    this.act(session => session.connect())
  }

  /** Of what went on until now nothing is kept. */
  forget(): void {
    for (const list of [this.events, this.sent, this.reports, this.said, this.recorded, this.faults, this.told])
      list.length = 0
  }

  /** Another session on the same unit, with a host of its own. */
  another(options: Omit<StackOptions, 'unit' | 'startedAt'>, nonce: number): void {
    this.forget()
    this.setting = settingOf(options)
    this.diskFails = false
    this.restartHost(nonce)
  }

  private get nextDeadline(): MonoMs {
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
    if (this.controllerLives && this.session.nextDeadline <= this.now) this.session.tick()
    if (this.controllerLives && this.setting.refills && this.view.refillAsked) this.session.refill(false)
    if (this.controllerLives && this.setting.attended && this.news) this.attend()
    this.drain()
  }

  private attend(): void {
    this.news = false
    const { phase, presenceAsked, unconfirmed } = this.view
    if (presenceAsked) this.session.present()
    if (phase !== 'fitting') return
    for (const item of unconfirmed) this.session.confirm(item, OPERATOR)
    if (this.view.mayStart) this.session.start()
  }

  private drain(): void {
    for (let work = this.queue.shift(); work; work = this.queue.shift()) work()
  }
}
