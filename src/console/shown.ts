import type { Limb } from '../../machines/limits.ts'
import type { Plan } from '../../machines/plan.ts'
import type { View } from '../../machines/view.ts'
import type { Millis, MmHg, MonoMs } from '../../protocol/units.ts'

/** What a page is sent. `at` is the program's clock, so that the page knows how old it is. */
export type Told =
  | { readonly is: 'you'; readonly page: string }
  | { readonly is: 'room'; readonly at: MonoMs; readonly room: Room }
  | { readonly is: 'points'; readonly from: number; readonly points: readonly Point[] }
  | { readonly is: 'problem'; readonly text: string }

/** Everything that a page shows but the curve. */
export interface Room {
  readonly unit: { readonly words: string; readonly simulated: boolean; readonly channels: number } | undefined
  /** Why no unit was found. */
  readonly noUnit: string | undefined
  readonly screening: InterviewView | undefined
  readonly verdict: (PaperView & { readonly subject: string }) | undefined
  readonly programs: readonly OfferedProgram[]
  readonly choice: ChoiceView | undefined
  readonly session: SessionView | undefined
  /** `graceLeft_ms`: until the session is released, because the page is gone. */
  readonly control: { readonly page: string; readonly graceLeft_ms: Millis | undefined } | undefined
}

/** The interview of a screening. */
export interface InterviewView {
  /** The person, as typed. */
  readonly subject: string
  readonly limbs: readonly Limb[]
  /** What is asked now; undefined once nothing more is needed. */
  readonly question?: QuestionView
  readonly left: number
  readonly answered: readonly { readonly text: string; readonly answer: string }[]
  readonly outcome: OutcomeView
}

export interface QuestionView {
  readonly id: string
  readonly group: string
  readonly text: string
  readonly source: string
  /** Answers to choose from. */
  readonly options: readonly string[]
  /** What may be typed in their place, in words; undefined where nothing may. */
  readonly typed?: string
}

export interface OutcomeView {
  readonly result: string
  readonly words: string
  readonly points: string
  readonly limits: readonly string[]
  readonly limbs: readonly Limb[]
  readonly rules: readonly RuleView[]
}

export interface RuleView {
  readonly id: string
  readonly effect: string
  readonly reason: string
  readonly source: string
  readonly lift: string
}

/** A verdict. */
export interface PaperView {
  readonly result: string
  readonly words: string
  readonly limbs: readonly Limb[]
  readonly issued: string
  readonly expires: string
  readonly screener: string
  readonly rules: readonly Pick<RuleView, 'id' | 'effect' | 'source'>[]
}

export interface OfferedProgram {
  readonly name: string
  readonly title: string
  readonly description: string
}

/** What the operator has chosen, and what came of it: a plan, or every reason why there is none. */
export interface ChoiceView {
  readonly limbs: readonly Limb[]
  readonly program: string
  readonly operator: string
  readonly plan?: PlanView
  readonly refusals: View['refusals']
}

/** A plan to be drawn: each press, and the lowest limit of each cuff. */
export interface PlanView extends Pick<Plan, 'steps' | 'cap_ms' | 'cap_by' | 'max_mmHg'> {
  readonly cuffs: readonly {
    readonly limb: Limb
    readonly width_cm: number
    readonly limit_mmHg: MmHg
    /** The name of the limit that binds. */
    readonly by: string
  }[]
  /** From the first inflation to the end of the last rest. */
  readonly planned_ms: Millis
}

/** One moment of the curve. */
export interface Point {
  /** Since the session began. */
  readonly at_ms: Millis
  /** One for each cuff; null where the last report is older than 1 s. */
  readonly measured_mmHg: readonly (MmHg | null)[]
  readonly commanded_mmHg: readonly MmHg[]
}

export interface SessionView {
  readonly view: View
  /** What was said last. */
  readonly said: readonly string[]
  /** What is asked once it is over: which question, of how many. */
  readonly after: AskedView | undefined
  readonly summary: { readonly lines: readonly string[]; readonly exit: number } | undefined
}

export interface AskedView {
  readonly question: number
  readonly of: number
  readonly text: string
  readonly answers: readonly string[]
}
