import type { AfterNotes } from '../../machines/past.ts'
import type { View } from '../../machines/view.ts'

export const NOTHING_NOTED: AfterNotes = {
  petechiae: 'unknown',
  numbness: 'unknown',
  wellbeing: 'unknown',
  venous_injury: 'unknown',
}

interface Question {
  readonly key: keyof AfterNotes
  readonly text: string
  readonly answers: readonly string[]
}

/** Digits, so that the letters of the symptoms and the keys that release keep their meaning. */
export const AFTER_QUESTIONS: readonly Question[] = [
  { key: 'petechiae', text: 'Petechiae, red or purple spots under the skin?', answers: ['none', 'some', 'much'] },
  { key: 'numbness', text: 'Numbness?', answers: ['none', 'gone', 'stays'] },
  { key: 'wellbeing', text: 'How does the person feel?', answers: ['good', 'bad'] },
  { key: 'venous_injury', text: 'Is a vein painful or hard?', answers: ['no', 'yes'] },
]

/** Unit ms. Whoever does not answer for so long has gone. Project policy, as LIM-PRESENCE. */
const PATIENCE_MS = 120_000

/** Asks the operator about the person, one key an answer. Unanswered questions stay unknown. */
export class AfterCheck {
  notes: AfterNotes = NOTHING_NOTED
  /** Which question is asked now. */
  at = 0
  private readonly say: (text: string) => void
  private readonly done: (notes: AfterNotes) => void
  private readonly timer: NodeJS.Timeout
  private over = false

  constructor(say: (text: string) => void, done: (notes: AfterNotes) => void) {
    this.say = say
    this.done = done
    this.timer = setTimeout(() => this.end(), PATIENCE_MS)
    this.ask()
  }

  key(typed: string): void {
    const question = AFTER_QUESTIONS[this.at]
    if (!question || this.over) return
    const enter = typed === '\r' || typed === '\n'
    const answer = question.answers[Number(typed)]
    if (!enter && (typed.length !== 1 || answer === undefined)) return
    if (answer !== undefined && !enter) this.notes = { ...this.notes, [question.key]: answer }
    this.at++
    this.ask()
  }

  /** Nobody is expected to answer any more. */
  end(): void {
    if (this.over) return
    this.over = true
    clearTimeout(this.timer)
    this.done(this.notes)
  }

  private ask(): void {
    const question = AFTER_QUESTIONS[this.at]
    if (!question) return this.end()
    const keys = question.answers.map((answer, i) => `${i} ${answer}`).join(', ')
    this.say(`After, ${this.at + 1} of ${AFTER_QUESTIONS.length}: ${question.text} ${keys}, Enter not known`)
  }
}

/** Somebody has to be asked: a press had begun, and the line is not stuck. */
export const needsAfterCheck = ({ pressed, phase }: View): boolean => pressed && phase !== 'stuck'

/** What is left to be done in the days after. Days are project policy, but for the nine weeks. */
export function followUps({ petechiae, numbness, wellbeing, venous_injury }: AfterNotes): string[] {
  return [
    ...(petechiae === 'some' || petechiae === 'much'
      ? ['Ask in three days whether the petechiae are gone (Point 4).']
      : []),
    ...(numbness === 'gone' || numbness === 'stays' ? ['Ask tomorrow whether there is numbness (Section I.4).'] : []),
    ...(venous_injury === 'yes' ? ['No training for nine weeks: a vein was injured (Section I.6).'] : []),
    ...(petechiae === 'much' || numbness === 'stays' || wellbeing === 'bad' || venous_injury === 'yes'
      ? ['When unsure, ask a specialist or a medical institution (Point 7.13).']
      : []),
  ]
}
