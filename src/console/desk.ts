import { symptomIn } from '../../machines/symptoms.ts'
import type { Millis, MonoMs, WallMs } from '../../protocol/units.ts'
import { type Identified, unitWords } from '../cli/identify.ts'
import { CuffError } from '../errors.ts'
import { reportOf } from '../report/page.ts'
import { recordedIn } from '../report/session.ts'
import { type Act, needsControl } from './acts.ts'
import { type Choice, choose, OFFERED } from './choice.ts'
import { backOf, graceLeft, type Hold, lostBy, mustRelease, takenBy } from './control.ts'
import { Live } from './live.ts'
import { Screening } from './screening.ts'
import type { ChoiceView, Point, Room } from './shown.ts'
import { PRESS_MS } from './times.ts'
import { type Paper, takeVerdict } from './verdict.ts'

export interface DeskOptions {
  /** The data folder. */
  readonly home: string
  /** Path of a serial port, or tcp:PORT. */
  readonly path: string
  readonly speed: number
  readonly rate_Hz: number
  /** The guard reads the keys of this program's terminal. */
  readonly keys: boolean
  readonly identify: (path: string) => Promise<Identified>
  readonly now: () => MonoMs
  readonly wall: () => WallMs
  /** Something changed that a page shows. */
  readonly changed: () => void
  /** To the terminal of this program. */
  readonly print: (line: string) => void
}

/** A unit that was just switched on, or a busy computer, can miss a question. Project policy. */
const QUESTIONS = 3
/** A START that was held down for longer than this was forgotten. Unit ms; project policy. */
const PRESS_MAX_MS: Millis = 10_000

/** One operator's desk: the way of a session from the unit to the summary, for however many pages look at it. */
export class Desk {
  private readonly options: DeskOptions
  private hold: Hold | undefined
  private unit: Identified | undefined
  private screening: Screening | undefined
  private paper: Paper | undefined
  private choice: Choice | undefined
  private live: Live | undefined
  private pressed: { readonly page: string; readonly at: MonoMs } | undefined

  constructor(options: DeskOptions) {
    this.options = options
  }

  get points(): readonly Point[] {
    return this.live?.points ?? []
  }

  /** The session that is under way; undefined when there is none, or none any more. */
  get underWay(): Live | undefined {
    return this.live && !this.live.isOver ? this.live : undefined
  }

  /** The report of the session that is over; undefined while there is none. @throws CuffError CP-JOURNAL-… */
  report(): string | undefined {
    const path = this.live?.journal
    return path === undefined ? undefined : reportOf(recordedIn(path))
  }

  room(): Room {
    const { unit, screening, paper, choice, live, hold, options } = this
    return {
      unit: unit?.is === 'unit' ? { words: unitWords(unit), ...sizeOf(unit) } : undefined,
      noUnit: unit?.is === 'no unit' ? unit.why : undefined,
      screening: screening?.view(options.wall()),
      verdict: paper && { ...paper.view, subject: paper.subject },
      programs: OFFERED,
      choice: choice?.view,
      session: live?.session,
      control: hold && { page: hold.page, graceLeft_ms: graceLeft(hold, options.now()) },
    }
  }

  /** A page is there, or there again. */
  arrived(page: string): void {
    this.hold = backOf(page, this.hold)
    this.options.changed()
  }

  left(page: string): void {
    this.hold = lostBy(page, this.hold, this.options.now())
    this.options.changed()
  }

  /** To be called ten times a second: a session does not go on for longer than the grace without the page that holds control. */
  look(): void {
    const { underWay } = this
    if (!underWay || !mustRelease(this.hold, underWay.hands.view(), this.options.now())) return
    underWay.hands.release('presence', 'the page that held control is gone')
  }

  /** Does what a page asks for. What is not done is said why, to that page. */
  async do(act: Act, page: string): Promise<string | undefined> {
    try {
      if (needsControl(act) && this.hold?.page !== page)
        return 'This page looks on: another one, or none, holds control.'
      return await this.act(act, page)
    } catch (error) {
      if (error instanceof CuffError) return error.line()
      throw error
    } finally {
      this.options.changed()
    }
  }

  private act(act: Act, page: string): Promise<string | undefined> | string | undefined {
    const session = this.inSession(act)
    if (session !== 'no such act') return session
    switch (act.do) {
      case 'take':
        this.hold = takenBy(page, this.hold)
        return this.hold?.page === page ? undefined : 'Another page holds control. Close it, or go on there.'
      case 'press':
        this.pressed = { page, at: this.options.now() }
        return undefined
      case 'start':
        return this.start(page)
      case 'again':
        return this.again()
      default:
        return this.underWay ? 'Not during a session.' : this.before(act)
    }
  }

  /** What is done in a session, and nowhere else; a release needs neither control nor a reason. */
  private inSession(act: Act): string | undefined {
    const hands = this.underWay?.hands
    switch (act.do) {
      case 'beat':
        return undefined
      case 'release':
        return void hands?.release('operator', 'Release now, in the console')
      case 'symptom':
        return void hands?.symptom(symptomIn(act.key)!)
      case 'confirm':
        return void hands?.confirm(act.item, this.choice!.view.operator)
      case 'present':
        return void hands?.present()
      case 'refill':
        return void hands?.refill(act.slow)
      case 'after':
        return void this.underWay?.answer(act.question, act.answer)
      case 'leave':
        return void hands?.leave()
      default:
        return 'no such act'
    }
  }

  /** What is done before a session, step by step. Each step undoes those that followed from it. */
  private before(act: Act): Promise<string | undefined> | string | undefined {
    const { home, wall } = this.options
    switch (act.do) {
      case 'look':
        return this.lookAtUnit()
      case 'screen':
        this.screening = Screening.of(home, act.subject, act.limbs, wall())
        return undefined
      case 'answer':
        return this.screening?.answer(act.question, act.typed, wall())
      case 'back':
        return void this.screening?.back()
      case 'sign':
        return this.sign(act.screener)
      case 'verdict':
        return this.take(Buffer.from(act.file), act.subject)
      case 'choose':
        return this.choose(act)
      case 'begin':
        return this.begin()
      default:
        return undefined
    }
  }

  private async lookAtUnit(): Promise<string | undefined> {
    const { identify, path } = this.options
    let answer = await identify(path)
    for (let asked = 1; asked < QUESTIONS && answer.is === 'no unit'; asked++) answer = await identify(path)
    this.unit = answer
    return answer.is === 'unit' ? undefined : answer.why
  }

  private sign(screener: string): undefined {
    if (!this.screening) return
    const role = this.unit?.is === 'unit' && this.unit.profile.simulated ? 'simulator' : 'screening'
    this.take(Buffer.from(this.screening.sign(role, screener, this.options.wall())), this.screening.subject)
    this.screening = undefined
  }

  private take(bytes: Buffer, subject: string): undefined {
    this.paper = takeVerdict(this.options.home, bytes, subject)
    this.choice = undefined
  }

  private choose(chosen: Pick<ChoiceView, 'limbs' | 'program' | 'operator'>): string | undefined {
    if (!this.paper) return 'There is no verdict yet.'
    const { limbs, program, operator } = chosen
    const { path: verdict, subject } = this.paper
    this.choice = choose({
      home: this.options.home,
      verdict,
      subject,
      limbs,
      program,
      operator,
      now: this.options.wall(),
    })
    return undefined
  }

  /** Connects, and fits the cuffs. Nothing inflates before START. What was chosen is held against what is true now. */
  private begin(): string | undefined {
    if (this.choice) this.choose(this.choice.view)
    const input = this.choice?.input
    if (!input) return 'There is no plan that may be run.'
    this.live = new Live({ ...this.options, input })
    return undefined
  }

  /** START counts when the same page has held it down, by this program's clock. */
  private start(page: string): string | undefined {
    const held = this.pressed?.page === page ? this.options.now() - this.pressed.at : 0
    if (held < PRESS_MS || held > PRESS_MAX_MS) return `Hold START down for ${PRESS_MS / 1000} s.`
    this.pressed = undefined
    return void this.underWay?.hands.start()
  }

  /** The next session begins at the beginning: with a verdict, a choice, a checklist. */
  private again(): string | undefined {
    if (this.underWay) return 'Not during a session.'
    this.live = this.choice = this.paper = this.screening = undefined
    return undefined
  }
}

const sizeOf = ({ profile }: Identified & { is: 'unit' }) => ({
  simulated: profile.simulated,
  channels: profile.ceilings_mmHg.length,
})
