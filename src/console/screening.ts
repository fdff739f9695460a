import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { LIMITS, type Limb } from '../../machines/limits.ts'
import type { WallMs } from '../../protocol/units.ts'
import { writeDurably } from '../home.ts'
import { type Outcome, screen } from '../screening/engine.ts'
import { type Intake, loadIntake } from '../screening/intake.ts'
import { answered, choices, nextQuestion, questionsLeft, without } from '../screening/interview.ts'
import { UNKNOWN } from '../screening/question.ts'
import { GROUPS, questionOf } from '../screening/questions/index.ts'
import { contentOf } from '../screening/verdict.ts'
import { EFFECT_WORDS, limitWords, pointWords, RESULT_WORDS } from '../screening/words.ts'
import { issueVerdict } from '../verdict/issue.ts'
import { pseudonym, siteSalt } from '../verdict/person.ts'
import type { InterviewView, OutcomeView, QuestionView } from './shown.ts'

/** One person's screening in a page: kept on the disk after each answer, and taken up again after a crash. */
export class Screening {
  /** The person, as typed. */
  readonly subject: string
  private intake: Intake
  private readonly home: string
  /** The person in names of files: nobody's name. */
  private readonly person: string

  private constructor(home: string, subject: string, person: string, intake: Intake) {
    this.home = home
    this.subject = subject
    this.person = person
    this.intake = intake
  }

  /**
   * Goes on with the answers that this person has given and nobody has signed, as long as a verdict would count; or else
   * begins with none.
   * @throws CuffError CP-SUBJECT, CP-SALT, CP-INTAKE, CP-WRITE
   */
  static of(home: string, subject: string, limbs: readonly Limb[], now: WallMs): Screening {
    const person = pseudonym(subject, siteSalt(home)).split(':')[1]!
    const file = unfinished(home, person)
    const kept = statSync(file, { throwIfNoEntry: false })
    const isRecent = kept !== undefined && now - kept.mtimeMs < LIMITS.verdictAge.value
    const answers = isRecent ? loadIntake(file, now).answers : {}
    const screening = new Screening(home, subject, person, { format: 'cuffpilot-intake/1', limbs, answers })
    screening.keep()
    return screening
  }

  /** What is wrong with an answer, if anything. */
  answer(id: string, typed: string, now: WallMs): string | undefined {
    const question = questionOf(id)
    if (!question) return 'there is no such question'
    const next = answered(this.intake, question, typed, now)
    if (typeof next === 'string') return next
    this.become(next)
    return undefined
  }

  back(): void {
    const last = Object.keys(this.intake.answers).at(-1)
    if (last !== undefined) this.become(without(this.intake, last))
  }

  /**
   * Signs what the answers come to, and keeps them beside: the next screening of this person begins with none.
   * @throws CuffError CP-KEY-NONE and others of `issueVerdict`, CP-WRITE
   */
  sign(role: 'simulator' | 'screening', screener: string, now: WallMs): Uint8Array {
    const { home, subject, person, intake } = this
    const content = contentOf(intake, screen(intake, now), screener, now)
    const bytes = issueVerdict(home, { role, subject, now }, content)
    writeDurably(join(home, 'intakes', `${person}-${now}.json`), textOf(intake))
    rmSync(unfinished(home, person), { force: true })
    return bytes
  }

  view(now: WallMs): InterviewView {
    const question = nextQuestion(this.intake, now)
    return {
      subject: this.subject,
      limbs: this.intake.limbs,
      ...(question && { question: questionView(question.id) }),
      left: questionsLeft(this.intake, now),
      answered: Object.entries(this.intake.answers).map(([id, answer]) => ({
        text: questionOf(id)?.text ?? id,
        answer: typeof answer === 'object' ? `${answer.value} ${answer.unit}` : `${answer}`,
      })),
      outcome: outcomeView(screen(this.intake, now)),
    }
  }

  private become(intake: Intake): void {
    this.intake = intake
    this.keep()
  }

  private keep(): void {
    writeDurably(unfinished(this.home, this.person), textOf(this.intake))
  }
}

const textOf = (intake: Intake): string => `${JSON.stringify(intake, undefined, 2)}\n`
const unfinished = (home: string, person: string): string => join(home, 'intakes', `${person}-unfinished.json`)

function questionView(id: string): QuestionView {
  const question = questionOf(id)!
  const { text, source, answer: kind } = question
  const group = GROUPS.find(([, questions]) => questions.includes(question))?.[0] ?? ''
  const only =
    kind.kind === 'yes-no' ? ['yes', 'no', UNKNOWN] : kind.kind === 'choice' ? [...kind.of, UNKNOWN] : undefined
  const options = only ?? [UNKNOWN]
  return { id, group, text, source, options, ...(only ? {} : { typed: choices(question) }) }
}

function outcomeView(outcome: Outcome): OutcomeView {
  const { result, limits, limbs, fired } = outcome
  return {
    result,
    words: RESULT_WORDS[result],
    points: pointWords(outcome),
    limits: limitWords(limits),
    limbs,
    rules: fired.map(({ rule: { id, reason, source, lift }, effect }) => ({
      id,
      effect: EFFECT_WORDS[effect],
      reason,
      source,
      lift,
    })),
  }
}
