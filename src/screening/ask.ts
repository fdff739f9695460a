import { createInterface, type Interface } from 'node:readline/promises'
import type { WallMs } from '../../protocol/units.ts'
import { printable } from '../errors.ts'
import { screen } from './engine.ts'
import type { Intake } from './intake.ts'
import { answered, choices, nextQuestion, questionsLeft, without } from './interview.ts'
import type { Question } from './question.ts'
import { GROUPS } from './questions/index.ts'

/** What an interview needs of the world. */
export interface Sitting {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
  readonly now: () => WallMs
  /** Called with each new state of the intake. */
  readonly keep: (intake: Intake) => void
}

const INTRODUCTION = [
  'Only what can still change the answer is asked. What is not known counts as the worse answer.',
  '< goes back, q keeps what there is and ends the questions.',
]

/** Asks at the terminal until nothing more is needed, or until whoever answers ends it. Returns what is known then. */
export async function ask(intake: Intake, sitting: Sitting): Promise<Intake> {
  const { input, output } = sitting
  const lines = createInterface({ input, output, terminal: false })
  const closed = new Promise<undefined>(resolve => lines.once('close', () => resolve(undefined)))
  try {
    return await new Interview(intake, sitting, lines, closed).run()
  } finally {
    lines.close()
  }
}

class Interview {
  private intake: Intake
  private readonly sitting: Sitting
  private readonly lines: Interface
  private readonly closed: Promise<undefined>
  /** What has been answered, in this sitting or an earlier one, the last one last. */
  private readonly history: string[]
  /** Rules that refuse by themselves and were told of. */
  private readonly told = new Set<string>()

  constructor(intake: Intake, sitting: Sitting, lines: Interface, closed: Promise<undefined>) {
    this.intake = intake
    this.history = Object.keys(intake.answers)
    this.sitting = sitting
    this.lines = lines
    this.closed = closed
  }

  async run(): Promise<Intake> {
    for (const line of INTRODUCTION) this.print(line)
    for (;;) {
      const question = nextQuestion(this.intake, this.sitting.now())
      if (!question) return this.intake
      this.show(question)
      const typed = await Promise.race([this.lines.question('> '), this.closed])
      if (typed === undefined || typed.trim() === 'q') return this.intake
      if (typed.trim() === '<') this.back()
      else this.take(question, typed)
    }
  }

  private show(question: Question): void {
    const group = GROUPS.find(([, questions]) => questions.includes(question))?.[0]
    this.print('')
    this.print(`${group}, about ${questionsLeft(this.intake, this.sitting.now())} left`)
    this.print(`${question.text}? (${question.source})`)
    this.print(choices(question))
  }

  private take(question: Question, typed: string): void {
    const next = answered(this.intake, question, typed, this.sitting.now())
    if (typeof next === 'string') return this.print(printable(next, 300))
    this.history.push(question.id)
    this.become(next)
    this.tellRefusals()
  }

  private back(): void {
    const last = this.history.pop()
    if (last === undefined) return this.print('There is nothing to go back to.')
    const earlier = without(this.intake, last)
    // An answer that would not be asked for again stays as it is.
    if (!screen(earlier, this.sitting.now()).missing.includes(last)) return this.back()
    this.become(earlier)
  }

  private become(intake: Intake): void {
    this.intake = intake
    this.sitting.keep(intake)
  }

  /** Whoever answers need not go on when the answer is no already. */
  private tellRefusals(): void {
    for (const { rule, effect, unknown } of screen(this.intake, this.sitting.now()).fired) {
      if (effect !== 'refuse' || unknown.length > 0 || this.told.has(rule.id)) continue
      this.told.add(rule.id)
      this.print(`This refuses by itself: ${rule.reason} (${rule.source}) q ends the questions here.`)
    }
  }

  private print(line: string): void {
    this.sitting.output.write(`${line}\n`)
  }
}
