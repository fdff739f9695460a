import type { Limb } from './limits.ts'
import type { Verdict } from './verdict.ts'

/** What the operator confirms before START, in this order. The text is what stands on the screen. */
export const CHECKLIST = {
  person: 'This is the person whom the verdict names, and they have said so themselves.',
  operator: 'I am qualified to run this training (Nakajima, Morita, Sato 2011, Point 3).',
  well: 'The person is not ill, does not feel unwell today (Point 7.12), and has not trained hard in two days (Section I.3).',
  fluids:
    'The person has drunk enough, and there is more at hand, with electrolytes when it is hot (Point 7.7; Section I.3).',
  stretched: 'The person has stretched (Section II).',
  petechiae:
    'Petechiae were explained and understood, to young women and people who come for beauty above all: harmless as a rule, gone in days, very rarely serious (Points 4 and 7.4).',
  arms: 'Said again, for the arms: petechiae come there most of all (Point 4).',
  first: 'Said again, for a first session: petechiae come mostly at the beginning (Point 3).',
  numbness:
    'Numbness, chills and dizziness were explained, and that each of them is to be said at once (Points 3 and 7.4).',
  load: 'The load is low, and the person knows to breathe out on effort (Point 1; Section I.1).',
  placement:
    'Each cuff sits at the base of the limb on the right side (Section I.4); one finger fits under it (project policy).',
  width: 'The width of each cuff is the one that is shown.',
  position: 'The person sits or lies safely and cannot fall when the cuff is released (Section II).',
  aed: 'An AED is at hand (Point 7.10).',
  coupling: 'I know how to pull the coupling open by hand, and I have heard the buzzer of the unit.',
} as const satisfies Record<string, string>

export type ChecklistItem = keyof typeof CHECKLIST
export const CHECKLIST_ITEMS = Object.keys(CHECKLIST) as ChecklistItem[]

/** The items of a session: arms and a first session are explained with extra care. */
export function checklistFor(limbs: readonly Limb[], verdict: Verdict | undefined): readonly ChecklistItem[] {
  const arms = limbs.some(limb => limb.endsWith('arm'))
  const first = verdict?.new_to_kaatsu === true
  return CHECKLIST_ITEMS.filter(item => (item !== 'arms' || arms) && (item !== 'first' || first))
}
