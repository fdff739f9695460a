import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { AfterNotes } from '../../machines/past.ts'
import type { View } from '../../machines/view.ts'
import { type Control, type ControllerOptions, type Operator, runSession } from '../controller.ts'
import { CuffError, type Exit } from '../errors.ts'
import { endQuietlyAfterHangUp } from '../hangUp.ts'
import { openJournal } from '../journal/open.ts'
import { bookingFor } from '../ledger/booking.ts'
import { noteAfter } from '../ledger/ledger.ts'
import { packageVersion } from '../packageRoot.ts'
import { summaryLines, Tally, unwrittenLines } from '../summary.ts'
import { AfterCheck } from './after.ts'
import type { Attestation } from './attest.ts'
import { attesting, type Hands, standIn } from './hands.ts'
import { jsonWatcher, ndjson } from './json.ts'
import { keyHands } from './keys.ts'
import { lineWatcher } from './lines.ts'
import type { Watcher } from './watcher.ts'
import { limbWords } from './words.ts'

export interface Sitting extends Omit<ControllerOptions, 'keys' | 'journal' | 'booking'> {
  readonly home: string
  /** The person, as typed: shown, and never recorded. */
  readonly subject: string
  readonly json: boolean
  /** Nobody answers: a stand-in does, on a simulated unit. */
  readonly unattended: boolean
  readonly attestation: Attestation | undefined
}

/**
 * Runs one session with whoever sits at this terminal, shows it, and prints the summary.
 * @throws CuffError CP-CHECKLIST, CP-JOURNAL-…
 */
export async function sit(sitting: Sitting): Promise<Exit> {
  endQuietlyAfterHangUp()
  const keys = process.stdin.isTTY === true
  const print = (line: string): void => void process.stdout.write(`${line}\n`)
  const watcher = await watcherFor(sitting, keys, print)
  if (sitting.unattended) watcher.say('Unattended: the program itself confirms, starts, and answers when it asks.')
  const tally = new Tally(() => performance.now() * sitting.speed)
  let hands: readonly (Hands & Closing)[] = []
  const name = journalName()
  const booking = bookingFor(sitting.home, name, sitting.input)
  const journal: ControllerOptions['journal'] = (clock, beginning) => {
    const header = { ...headerOf(sitting), ...beginning }
    return openJournal({ folder: join(sitting.home, 'journals'), name, header, ...clock })
  }
  const ending = await runSession({ ...sitting, keys, journal, booking }, control => {
    hands = handsOf(sitting, keys, control)
    const noted = (notes: AfterNotes) => (booking ? keepNotes(sitting, name, notes) : undefined)
    return { ...together([watcher, tally], hands, keys && !sitting.unattended), noted }
  }).finally(() => {
    for (const one of hands) one.close?.()
    watcher.close?.()
  })
  const summary = tally.summary(ending, sitting.input.plan.program)
  for (const line of unwrittenLines(ending, sitting.json)) print(line)
  for (const line of sitting.json ? [ndjson(summary)] : summaryLines(summary)) print(line)
  return ending.exit
}

type Closing = { close?(): void }

async function watcherFor(sitting: Sitting, keys: boolean, print: (line: string) => void): Promise<Watcher & Closing> {
  const now = () => performance.now()
  if (sitting.json) return jsonWatcher(print, now)
  if (!process.stdout.isTTY) return lineWatcher(print, keys && !sitting.unattended, now)
  const { terminalWatcher } = await import('./terminal.ts')
  const { program, cuffs } = sitting.input.plan
  return terminalWatcher(process.stdout, {
    title: `${sitting.subject}: ${program} on ${cuffs.map(limbWords).join(', ')}`,
    keys,
    now,
  })
}

/** The ledger hears how the person is; that it cannot be written is said, and the journal has it all the same. */
function keepNotes({ home, input }: Sitting, session: string, notes: AfterNotes): void {
  if (Object.values(notes).every(answer => answer === 'unknown')) return
  try {
    noteAfter(home, input.person, session, notes)
  } catch (error) {
    process.stderr.write(`${error instanceof CuffError ? error.line() : String(error)}\n`)
  }
}

/** Who acts: the keys of a terminal, an attestation, a stand-in, or several of them. */
function handsOf(sitting: Sitting, keys: boolean, control: Control): (Hands & Closing)[] {
  const { attestation, unattended } = sitting
  const { checklist, operator } = sitting.input
  return [
    ...(keys ? [keyHands(control, operator)] : []),
    ...(attestation ? [attesting(control, attestation.confirmed, attestation.operator)] : []),
    ...(unattended && !attestation ? [attesting(control, checklist, UNATTENDED)] : []),
    ...(unattended ? [standIn(control)] : []),
  ]
}

/** Who confirms where nobody does. */
export const UNATTENDED = 'nobody, unattended'

/** `answers`: somebody at the keys can say how the person is. */
const together = (watchers: readonly Watcher[], hands: readonly Hands[], answers: boolean): Operator => ({
  changed(view: View) {
    for (const one of [...watchers, ...hands]) one.changed(view)
  },
  say(text) {
    for (const one of watchers) one.say(text)
  },
  key(key) {
    for (const one of hands) one.key(key)
  },
  ...(answers && {
    after: done =>
      new AfterCheck(text => {
        for (const one of watchers) one.say(text)
      }, done),
  }),
})

/** UTC time and four random digits, so that two sessions of one second do not meet. */
const journalName = (): string =>
  `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}Z-${randomBytes(2).toString('hex')}`

/** What the first record of the journal says of the session, besides what it takes to run the machines again. */
function headerOf({ path, speed, unattended, attestation }: Sitting) {
  const operator = { unattended, attestation: attestation ?? null }
  return { program: `cuffpilot ${packageVersion()}`, port: path, speed, operator }
}
