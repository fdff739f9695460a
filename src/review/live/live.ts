import type { View } from '../../../machines/view.ts'
import type { Telemetry } from '../../../protocol/unitFrames.ts'
import type { Millis, MmHg, MonoMs } from '../../../protocol/units.ts'
import type { Wanted } from '../../runner.ts'
import type { INVARIANTS } from '../explore/session/invariants.ts'
import { perform } from './acts.ts'
import { ClosedLoop } from './closedLoop.ts'
import { Judge } from './judge.ts'
import { inputOf, type Plans, type Scenario, WALL_START } from './scenario.ts'
import { type By, lineWords, reportWords, sessionWords, unitWords } from './words.ts'

/** One line of what happened. */
export interface Told {
  /** Since the run began. */
  readonly at: Millis
  readonly by: By
  readonly text: string
}

/** Pressures at one moment: as they truly are on the limb, as the controller shows them, and what was commanded. */
export interface Sample {
  readonly at: Millis
  readonly limbs: readonly {
    readonly true_mmHg: MmHg
    readonly measured_mmHg: MmHg | undefined
    readonly commanded_mmHg: MmHg
  }[]
}

/** How often the screen is looked at, and pressures are noted, whatever happens. Unit ms. */
const LOOK_MS: Millis = 100
/** "To the next change" waits no longer for one. Unit ms. */
export const PATIENCE_MS: Millis = 60_000
/** Leases that are not told one by one go by four times a second. */
const ROUTINE = 'lease'

/**
 * The closed loop as a reviewer sees it: what happened in words, the pressures, and what came of each invariant. It knows
 * nothing but what it was given: the same scenario and the same acts at the same times give the same, to the byte.
 */
export class Live extends ClosedLoop {
  readonly list: Told[] = []
  readonly samples: Sample[] = []
  private readonly judge: Judge
  private lookAt: MonoMs = this.startedAt
  private news = true
  private seen: View | undefined
  /** How much of what happened has been put into words. */
  private worded = { sent: 0, reports: 0, events: 0, said: 0 }

  constructor(scenario: Scenario, plans: Plans, invariants?: typeof INVARIANTS) {
    super({
      unit: { seed: scenario.seed },
      input: inputOf(scenario, plans),
      // The nonce has to be random for a unit that meets many hosts; here it is one more thing that stays the same.
      link: { nonce: 0x8f03a2c1, rate_Hz: 10 },
      wallStart: WALL_START,
    })
    this.judge = new Judge(this.session, this.now, this.wall, invariants)
    this.act(session => session.connect())
    this.look()
  }

  /** Since the run began. */
  get at(): Millis {
    return this.now - this.startedAt
  }

  get judgements() {
    return this.judge.judgements
  }

  /** Steps of the session that the invariants were asked about. */
  get judged(): number {
    return this.judge.steps
  }

  /** The last report of the unit that came in. */
  get report(): Telemetry | undefined {
    const last = this.reports.findLast(one => one.is === 'telemetry')
    return last?.is === 'telemetry' ? last.frame : undefined
  }

  /** @throws RangeError when the words say nothing that can be done, and nothing was done then */
  do(words: string): void {
    perform(this, words)
    this.tell('you', words)
    this.news = true
    this.look()
  }

  override toNext(latest: MonoMs): void {
    super.toNext(latest)
    this.look()
  }

  /** Goes on until something more has happened. */
  toChange(): void {
    const [from, length] = [this.now, this.list.length]
    while (this.now < from + PATIENCE_MS && (this.now === from || this.list.length === length))
      this.toNext(from + PATIENCE_MS)
    // An act can be written down at whole milliseconds.
    this.advance(Math.ceil(this.at) - this.at)
  }

  protected override get nextDeadline(): MonoMs {
    return Math.min(super.nextDeadline, this.lookAt)
  }

  protected override record = (kind: string, data: unknown): void => {
    this.judge.record(kind, data as Wanted)
  }

  protected override changed(): void {
    this.news = true
    this.judge.judge(this.now, this.wall)
  }

  /** Puts what happened into words: what went over the line first, for that is what a release does first. */
  private look(): void {
    const { worded, sent, reports, events, said } = this
    for (const { what } of sent.slice(worded.sent)) this.tell('line', isRoutine(what) ? undefined : lineWords(what))
    for (const report of reports.slice(worded.reports)) this.tell('guard', reportWords(report))
    for (const event of events.slice(worded.events)) this.tell('unit', unitWords(event))
    this.worded = { sent: sent.length, reports: reports.length, events: events.length, said: said.length }
    const isDue = this.now >= this.lookAt
    if (isDue || this.news) this.lookAtSession()
    for (const text of said.slice(worded.said)) this.tell('session', text)
    if (isDue) this.sample()
  }

  private lookAtSession(): void {
    this.news = false
    const { view } = this
    if (this.controllerLives) for (const text of sessionWords(this.seen, view)) this.tell('session', text)
    this.seen = view
  }

  private sample(): void {
    this.lookAt += LOOK_MS
    const pressures = this.unit.pressures()
    const limbs = this.view.limbs.map(({ measured_mmHg, commanded_mmHg }, i) => ({
      ...{ true_mmHg: pressures[i]!, measured_mmHg, commanded_mmHg },
    }))
    this.samples.push({ at: this.at, limbs })
  }

  /** The release byte is repeated ten times a second: said once in a row. */
  private tell(by: By, text: string | undefined): void {
    if (text === undefined) return
    if (by === 'line' && this.list.findLast(one => one.by === 'line')?.text === text) return
    this.list.push({ at: this.at, by, text })
  }
}

const isRoutine = (what: unknown): boolean => (what as { type?: string }).type === ROUTINE
