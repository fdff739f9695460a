import { CHECKLIST_ITEMS } from '../../machines/checklist.ts'
import { LIMITS } from '../../machines/limits.ts'
import type { SessionInput } from '../../machines/sessionContext.ts'
import type { Verdict } from '../../machines/verdict.ts'
import type { Phase } from '../../machines/view.ts'
import type { HostFrame } from '../../protocol/hostFrames.ts'
import type { Millis, MonoMs, WallMs } from '../../protocol/units.ts'
import type { UnitOptions } from '../../sim/unit.ts'
import type { Guard } from '../../src/guard/core.ts'
import type { Journal } from '../../src/journal/journal.ts'
import type { Booking } from '../../src/ledger/booking.ts'
import { Settlement } from '../../src/ledger/settlement.ts'
import { compile } from '../../src/programs/compile.ts'
import { cuffsFor } from '../../src/programs/cuffs.ts'
import { loadProgram } from '../../src/programs/load.ts'
import type { Program } from '../../src/programs/schema.ts'
import { ClosedLoop, type Sent } from '../../src/review/live/closedLoop.ts'

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
  /** The record of the session, in place of a list. */
  readonly journal?: (clock: { readonly now: () => MonoMs; readonly wall: () => WallMs }) => Journal
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
  const booking = options.booking?.(input)
  const settlement = booking && new Settlement(booking)
  return { input, attended, refills, rate_Hz, commandsUsed, tap, booking, settlement }
}

/** The closed loop with somebody at it who answers, a disk that can fail, and a place in a ledger. */
export class Stack extends ClosedLoop {
  readonly recorded: { kind: string; data: unknown }[] = []
  /** The disk fails from now on: at a sync, or at each record. */
  diskFails = false
  recordFails = false
  /** How often the record was made durable behind a release. */
  saves = 0
  readonly journal: Journal | undefined
  private setting: ReturnType<typeof settingOf>
  /** Something has come in since somebody last looked. */
  private news = true

  constructor(options: StackOptions = {}) {
    const setting = settingOf(options)
    const link = { nonce: 0x8f03a2c1, rate_Hz: setting.rate_Hz }
    super({ ...options, input: setting.input, link, wallStart: WALL_START })
    this.setting = setting
    this.journal = options.journal?.({ now: () => this.now, wall: () => this.wall })
    useUp(this.guard, setting.commandsUsed)
    this.act(session => session.connect())
  }

  protected override record: ClosedLoop['record'] = (kind, data, { at, wall }) => {
    this.journal?.record(kind, data, { mono: at, wall })
    if (this.recordFails) throw new Error('no space left on device')
    this.recorded.push({ kind, data })
  }

  protected override save(): void {
    this.saves++
    this.journal?.save()
  }

  protected override sync(): void {
    if (this.diskFails) throw new Error('no space left on device')
    this.journal?.sync()
    this.setting.booking?.book(this.wall)
  }

  protected override changed(): void {
    this.news = true
  }

  protected override toHost(bytes: Uint8Array): void {
    this.setting.tap?.('host', bytes, this.now)
    super.toHost(bytes)
  }

  protected override toUnit(bytes: Uint8Array): void {
    this.setting.tap?.('unit', bytes, this.now)
    super.toUnit(bytes)
  }

  /** Goes on until `wanted` is true. @throws when it is not within `most_ms`. */
  until(wanted: (stack: Stack) => boolean, most_ms: Millis = 60_000): void {
    const end = this.now + most_ms
    while (!wanted(this)) {
      if (this.now >= end) throw new Error(`not within ${most_ms} ms; the session is ${this.phase}`)
      this.toNext(end)
    }
  }

  untilPhase(phase: Phase, most_ms: Millis = 1_300_000): void {
    this.until(() => this.phase === phase, most_ms)
  }

  /** What the controller does with the ledger when a session has ended. */
  settle(): void {
    this.setting.settlement?.look({
      context: this.session.snapshot.context,
      view: this.view,
      now: this.now,
      wall: this.wall,
    })
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

  /** Nobody answers any more, whatever is asked. */
  leaveAlone(): void {
    this.setting = { ...this.setting, attended: false, refills: false }
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

  protected override newGuard(): Guard {
    const guard = super.newGuard()
    // The first one is made before there is a setting; the constructor knows it then.
    if (this.setting) useUp(guard, this.setting.commandsUsed)
    return guard
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
    this.input = this.setting.input
    this.diskFails = false
    this.restartHost(nonce, this.setting.rate_Hz)
  }

  protected override attend(): void {
    // As the controller does after each step.
    this.journal?.tick(this.now)
    this.session.watchRecord(this.journal?.failed)
    this.settle()
    if (this.setting.refills && this.view.refillAsked) this.session.refill(false)
    if (!this.setting.attended || !this.news) return
    this.news = false
    const { phase, presenceAsked, unconfirmed } = this.view
    if (presenceAsked) this.session.present()
    if (phase !== 'fitting') return
    for (const item of unconfirmed) this.session.confirm(item, OPERATOR)
    if (this.view.mayStart) this.session.start()
  }
}

/** Before a guard has said anything: its numbers only rise. */
function useUp(guard: Guard, commands: number): void {
  ;(guard as unknown as { outbox: { seq: number } }).outbox.seq = commands
}
