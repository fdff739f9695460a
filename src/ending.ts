import type { AfterNotes } from '../machines/past.ts'
import type { View } from '../machines/view.ts'
import { EXIT, type Exit } from './errors.ts'
import type { Head } from './journal/record.ts'

/** How a session ended, and what became of its record. */
export interface Ending {
  readonly exit: Exit
  readonly view: View
  /** What was noted of the person; undefined when nothing was pressed. */
  readonly after: AfterNotes | undefined
  readonly journal: Kept
}

/** What became of the record. */
export interface Kept {
  readonly path: string
  readonly head: Head
  readonly failed: Error | undefined
  /** Lines that are not known to be on the disk, the newest 10,000, and how many more there were. */
  readonly unwritten: readonly string[]
  readonly dropped: number
}

/** What the program's exit status says about how a session ended. */
export function exitOf({ phase, cause }: View): Exit {
  // Whatever led there: somebody may still be under pressure.
  if (phase === 'stuck') return EXIT.faulted
  if (phase === 'finished') return EXIT.completed
  if (phase === 'refused') return EXIT.refused
  switch (cause?.kind) {
    case 'operator':
    case 'presence':
    case 'symptom':
      return EXIT.released
    case 'link':
    case 'unit':
      return EXIT.unit
    case 'internal':
      return EXIT.internal
    default:
      return EXIT.faulted
  }
}
