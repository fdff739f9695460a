import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { View } from '../../machines/view.ts'
import { type Control, type ControllerOptions, type Operator, runSession } from '../controller.ts'
import { CuffError, EXIT, type Exit } from '../errors.ts'
import { endQuietlyAfterHangUp } from '../hangUp.ts'
import { openJournal } from '../journal/open.ts'
import { bookingFor } from '../ledger/booking.ts'
import { packageVersion } from '../packageRoot.ts'
import { summaryLines, Tally } from '../summary.ts'
import type { Attestation } from './attest.ts'
import { attesting, type Hands, standIn } from './hands.ts'
import { jsonWatcher, ndjson } from './json.ts'
import { keyHands } from './keys.ts'
import { lineWatcher } from './lines.ts'
import type { Watcher } from './watcher.ts'
import { limbWords } from './words.ts'

export interface Sitting extends Omit<ControllerOptions, 'keys' | 'journal' | 'booking'> {
  readonly home: string
  readonly json: boolean
  /** Nobody answers: a stand-in does, on a simulated unit. */
  readonly unattended: boolean
  readonly attestation: Attestation | undefined
}

/**
 * Runs one session with whoever sits at this terminal, shows it, and prints the summary.
 * @throws CuffError CP-UNATTENDED when nobody sits there and the unit is real, CP-CHECKLIST, CP-JOURNAL-…
 */
export async function sit(sitting: Sitting): Promise<Exit> {
  endQuietlyAfterHangUp()
  const keys = process.stdin.isTTY === true
  const print = (line: string): void => void process.stdout.write(`${line}\n`)
  const watcher = await watcherFor(sitting, keys, print)
  if (sitting.unattended) watcher.say('Unattended: the program itself confirms, starts, and answers when it asks.')
  const tally = new Tally(() => performance.now() * sitting.speed)
  const hands = new SeatedHands(sitting, keys)
  const name = journalName()
  const booking = bookingFor(sitting.home, name, sitting.input)
  const journal: ControllerOptions['journal'] = (clock, beginning) => {
    const header = { ...headerOf(sitting), ...beginning }
    return openJournal({ folder: join(sitting.home, 'journals'), name, header, ...clock })
  }
  const ending = await runSession({ ...sitting, keys, journal, booking }, control =>
    together([watcher, tally], hands.of(control)),
  ).finally(() => {
    hands.close()
    watcher.close?.()
  })
  const summary = tally.summary(ending, sitting.input.plan.program)
  for (const line of sitting.json ? [ndjson(summary)] : summaryLines(summary)) print(line)
  if (hands.onRealUnit) throw unattended()
  return ending.exit
}

type Closing = { close?(): void }

async function watcherFor(sitting: Sitting, keys: boolean, print: (line: string) => void): Promise<Watcher & Closing> {
  const now = () => performance.now()
  if (sitting.json) return jsonWatcher(print, now)
  if (!process.stdout.isTTY) return lineWatcher(print, keys && !sitting.unattended, now)
  const { terminalWatcher } = await import('./terminal.ts')
  const { program, cuffs } = sitting.input.plan
  return terminalWatcher(process.stdout, { title: `${program} on ${cuffs.map(limbWords).join(', ')}`, keys, now })
}

/** Who acts: the keys of a terminal, an attestation, a stand-in, or several of them. */
class SeatedHands {
  onRealUnit = false
  private readonly sitting: Sitting
  private readonly keys: boolean
  private readonly closing: Closing[] = []

  constructor(sitting: Sitting, keys: boolean) {
    this.sitting = sitting
    this.keys = keys
  }

  of(control: Control): Hands[] {
    const { attestation, unattended } = this.sitting
    const confirmed = attestation?.confirmed ?? (unattended ? this.sitting.input.checklist : [])
    const keyed = this.keys ? [keyHands(control)] : []
    this.closing.push(...keyed)
    return [
      ...keyed,
      attesting(control, confirmed),
      ...(unattended ? [standIn(control, () => this.refuse(control))] : []),
    ]
  }

  close(): void {
    for (const one of this.closing) one.close?.()
  }

  private refuse(control: Control): void {
    if (!this.onRealUnit) control.release('operator', unattended().line())
    this.onRealUnit = true
  }
}

const unattended = (): CuffError =>
  new CuffError(
    'CP-UNATTENDED',
    'the unit is real, and nobody sits at a terminal.',
    'Run it without --unattended at a terminal, with an operator who stays.',
    EXIT.refused,
  )

const together = (watchers: readonly Watcher[], hands: readonly Hands[]): Operator => ({
  changed(view: View) {
    for (const one of [...watchers, ...hands]) one.changed(view)
  },
  say(text) {
    for (const one of watchers) one.say(text)
  },
  key(key) {
    for (const one of hands) one.key(key)
  },
})

/** UTC time and four random digits, so that two sessions of one second do not meet. */
const journalName = (): string =>
  `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}Z-${randomBytes(2).toString('hex')}`

/** What the first record of the journal says of the session, besides what it takes to run the machines again. */
function headerOf({ path, speed, unattended, attestation }: Sitting) {
  const operator = { unattended, attestation: attestation ?? null }
  return { program: `cuffpilot ${packageVersion()}`, port: path, speed, operator }
}
