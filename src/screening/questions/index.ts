import type { Question } from '../question.ts'
import { MEASUREMENTS } from './measurements.ts'
import { HISTORY, PERSON } from './person.ts'
import { TODAY } from './today.ts'

/** Groups in the order in which they are asked, under the heading that the interview and the page give them. */
export const GROUPS: readonly (readonly [string, readonly Question[]])[] = [
  ['The person', PERSON],
  ['Symptoms, diseases, medicine', HISTORY],
  ['Measurements', MEASUREMENTS],
  ['Today', TODAY],
]

export const QUESTIONS: readonly Question[] = GROUPS.flatMap(([, questions]) => questions)

const BY_ID = new Map(QUESTIONS.map(question => [question.id, question]))
export const questionOf = (id: string): Question | undefined => BY_ID.get(id)
