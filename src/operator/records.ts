import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { AfterNotes } from '../../machines/past.ts'
import type { SessionInput } from '../../machines/sessionContext.ts'
import type { ControllerOptions } from '../controller.ts'
import { CuffError } from '../errors.ts'
import { openJournal } from '../journal/open.ts'
import { bookingFor } from '../ledger/booking.ts'
import { noteAfter } from '../ledger/ledger.ts'
import { packageVersion } from '../packageRoot.ts'
import type { Attestation } from './attest.ts'

/** Of whom and of what there is to be a record. */
export interface Recorded {
  /** The data folder. */
  readonly home: string
  readonly path: string
  readonly speed: number
  readonly input: SessionInput
  /** Nobody answers: a stand-in does. */
  readonly unattended: boolean
  readonly attestation: Attestation | undefined
}

/** What a session leaves behind. */
export interface Records extends Pick<ControllerOptions, 'journal' | 'booking'> {
  /** To be told how the person is. */
  readonly noted: (notes: AfterNotes) => void
}

/** A journal of a name of its own, and the session's place in the ledger. */
export function recordsOf(session: Recorded): Records {
  const name = journalName()
  const booking = bookingFor(session.home, name, session.input)
  return {
    booking,
    journal: (clock, beginning) => {
      const header = { ...headerOf(session), ...beginning }
      return openJournal({ folder: join(session.home, 'journals'), name, header, ...clock })
    },
    noted: notes => (booking ? keepNotes(session, name, notes) : undefined),
  }
}

/** UTC time and four random digits, so that two sessions of one second do not meet. */
const journalName = (): string =>
  `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}Z-${randomBytes(2).toString('hex')}`

/** What the first record of the journal says of the session, besides what it takes to run the machines again. */
function headerOf({ path, speed, unattended, attestation }: Recorded) {
  const operator = { unattended, attestation: attestation ?? null }
  return { program: `cuffpilot ${packageVersion()}`, port: path, speed, operator }
}

/** The ledger hears how the person is; that it cannot be written is said, and the journal has it all the same. */
function keepNotes({ home, input }: Recorded, session: string, notes: AfterNotes): void {
  if (Object.values(notes).every(answer => answer === 'unknown')) return
  try {
    noteAfter(home, input.person, session, notes)
  } catch (error) {
    process.stderr.write(`${error instanceof CuffError ? error.line() : String(error)}\n`)
  }
}
