import type { AfterNotes } from '../../machines/past.ts'
import type { SessionInput } from '../../machines/sessionContext.ts'
import type { View } from '../../machines/view.ts'
import type { Millis, MonoMs } from '../../protocol/units.ts'
import { type Control, type Operator, runSession } from '../controller.ts'
import type { Ending } from '../ending.ts'
import { AFTER_QUESTIONS, AfterCheck } from '../operator/after.ts'
import { recordsOf } from '../operator/records.ts'
import { type Summary, summaryLines, Tally, unwrittenLines } from '../summary.ts'
import type { Point, SessionView } from './shown.ts'

export interface LiveOptions {
  readonly home: string
  readonly path: string
  readonly speed: number
  readonly rate_Hz: number
  readonly keys: boolean
  readonly input: SessionInput
  readonly now: () => MonoMs
  readonly changed: () => void
  /** To the terminal of this program. */
  readonly print: (line: string) => void
}

/** The curve has no more than one point in this time. Unit ms. */
const POINT_MS: Millis = 100
/** What was said last is shown. */
const SAID = 4

/** A session that pages look at and act in. It goes its way with none of them. */
export class Live implements Operator {
  readonly points: Point[] = []
  readonly ended: Promise<Ending>
  private readonly options: LiveOptions
  private readonly tally: Tally
  private readonly began: MonoMs
  private control: Control | undefined
  private said: string[] = []
  private check: AfterCheck | undefined
  private summary: Summary | undefined
  readonly noted: (notes: AfterNotes) => void

  constructor(options: LiveOptions) {
    const { now, speed, changed } = options
    this.options = options
    this.began = now()
    this.tally = new Tally(() => now() * speed)
    const { noted, ...records } = recordsOf({ ...options, unattended: false, attestation: undefined })
    this.noted = noted
    const ending = runSession({ ...options, ...records }, control => {
      this.control = control
      return this
    })
    this.ended = ending.then(done => {
      this.summary = this.tally.summary(done, options.input.plan.program)
      // What the disk did not take is shown where it can be kept: a page is no place for ten thousand lines.
      for (const line of [...unwrittenLines(done, false), ...summaryLines(this.summary)]) options.print(line)
      changed()
      return done
    })
  }

  /** What the operator can do; of a session that is over nothing comes. */
  get hands(): Control {
    return this.control!
  }

  get isOver(): boolean {
    return this.summary !== undefined
  }

  /** Where the journal is, once it is closed. */
  get journal(): string | undefined {
    return this.summary?.journal.path
  }

  get session(): SessionView {
    return {
      view: this.hands.view(),
      said: this.said,
      after: this.asked(),
      summary: this.summary && { lines: summaryLines(this.summary), exit: this.summary.exit },
    }
  }

  /** An answer to the question that is asked now; null is not known. One to another question is passed over. */
  answer(question: number, answer: number | null): void {
    if (this.asked()?.question === question) this.hands.key(answer === null ? '\r' : `${answer}`)
  }

  changed(view: View): void {
    this.tally.changed(view)
    const at_ms = this.options.now() - this.began
    if (at_ms - (this.points.at(-1)?.at_ms ?? Number.NEGATIVE_INFINITY) >= POINT_MS)
      this.points.push(pointOf(view, at_ms))
    this.options.changed()
  }

  say(text: string): void {
    this.said = [...this.said, text].slice(-SAID)
  }

  /** Keys of this terminal: the guard has released for those that release, and nothing else is done by them. */
  key(): void {}

  after(done: (notes: AfterNotes) => void): AfterCheck {
    this.check = new AfterCheck(() => {}, done)
    return this.check
  }

  private asked(): SessionView['after'] {
    const question = this.check && this.summary === undefined ? AFTER_QUESTIONS[this.check.at] : undefined
    if (!this.check || !question) return undefined
    const { text, answers } = question
    return { question: this.check.at, of: AFTER_QUESTIONS.length, text, answers }
  }
}

const pointOf = ({ limbs }: View, at_ms: Millis): Point => ({
  at_ms: Math.round(at_ms),
  measured_mmHg: limbs.map(({ measured_mmHg: mmHg }) => (mmHg === undefined ? null : Math.round(mmHg * 10) / 10)),
  commanded_mmHg: limbs.map(limb => limb.commanded_mmHg),
})
