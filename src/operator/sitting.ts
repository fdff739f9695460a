import { performance } from 'node:perf_hooks'
import type { View } from '../../machines/view.ts'
import { type Control, type ControllerOptions, type Operator, runSession } from '../controller.ts'
import type { Exit } from '../errors.ts'
import { endQuietlyAfterHangUp } from '../hangUp.ts'
import { summaryLines, Tally, unwrittenLines } from '../summary.ts'
import { AfterCheck } from './after.ts'
import { attesting, type Hands, standIn } from './hands.ts'
import { jsonWatcher, ndjson } from './json.ts'
import { keyHands } from './keys.ts'
import { lineWatcher } from './lines.ts'
import { type Recorded, recordsOf } from './records.ts'
import type { Watcher } from './watcher.ts'
import { limbWords } from './words.ts'

export interface Sitting extends Recorded, Pick<ControllerOptions, 'rate_Hz'> {
  /** The person, as typed: shown, and never recorded. */
  readonly subject: string
  readonly json: boolean
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
  const { noted, ...records } = recordsOf(sitting)
  const ending = await runSession({ ...sitting, keys, ...records }, control => {
    hands = handsOf(sitting, keys, control)
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
