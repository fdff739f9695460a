import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Limb } from '../../machines/limits.ts'
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
import type { InterviewView, OutcomeView, QuestionView } from './shown.ts'

/** A screening in a page: kept on the disk after each answer, and taken up again after a crash. */
export class Screening {
  intake: Intake
  private readonly file: string

  private constructor(file: string, intake: Intake) {
    this.file = file
    this.intake = intake
  }

  /** The screening that was not ended, if there is one. @throws CuffError CP-INTAKE */
  static left(home: string, now: WallMs): Screening | undefined {
    const file = join(home, 'intakes', 'unfinished.json')
    return existsSync(file) ? new Screening(file, loadIntake(file, now)) : undefined
  }

  static begin(home: string, limbs: readonly Limb[]): Screening {
    const screening = new Screening(join(home, 'intakes', 'unfinished.json'), {
      format: 'cuffpilot-intake/1',
      limbs,
      answers: {},
    })
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

  /** Signs what the answers come to. The bytes of the verdict. @throws CuffError CP-KEY-NONE and others of `issueVerdict` */
  sign(home: string, role: 'simulator' | 'screening', subject: string, screener: string, now: WallMs): Uint8Array {
    const content = contentOf(this.intake, screen(this.intake, now), screener, now)
    return issueVerdict(home, { role, subject, now }, content)
  }

  view(now: WallMs): InterviewView {
    const question = nextQuestion(this.intake, now)
    return {
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
    writeDurably(this.file, `${JSON.stringify(this.intake, undefined, 2)}\n`)
  }
}

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
