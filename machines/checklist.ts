/** What the operator confirms before START. The text is what stands on the screen. */
export const CHECKLIST = {
  person: 'This is the person whom the verdict names.',
  operator: 'I am qualified to run this training (Nakajima, Morita, Sato 2011, Point 3).',
  explained: 'Petechiae and numbness (Points 4 and 7.4), chills and dizziness were explained and understood.',
  well: 'The person feels well today, and has drunk enough (Points 7.7 and 7.12).',
  placement: 'Each cuff sits at the base of the limb on the right side; one finger fits under it (project policy).',
  width: 'The width of each cuff is the one that is shown.',
  position: 'The person sits or lies safely and cannot fall when the cuff is released.',
  aed: 'An AED is at hand (Point 7.10).',
  coupling: 'I know how to pull the coupling open by hand, and I have heard the buzzer of the unit.',
} as const satisfies Record<string, string>

export type ChecklistItem = keyof typeof CHECKLIST
export const CHECKLIST_ITEMS = Object.keys(CHECKLIST) as ChecklistItem[]
