import { type Command, Option } from 'commander'
import { AFTER, type AfterNotes } from '../../machines/past.ts'
import { CuffError, EXIT, printable } from '../errors.ts'
import { dataFolder } from '../home.ts'
import type { Standing } from '../ledger/standing.ts'
import { print } from './output.ts'

interface ShowOptions {
  subject: string
  json?: true
}

interface NoteOptions {
  subject: string
  session?: string
  petechiae: AfterNotes['petechiae']
  numbness: AfterNotes['numbness']
  wellbeing: AfterNotes['wellbeing']
  venousInjury: AfterNotes['venous_injury']
}

/** `cuffpilot ledger`: a person's earlier sessions, and what they allow next. */
export function register(program: Command): void {
  const ledger = program
    .command('ledger')
    .description("a person's earlier sessions, what they allow next, and notes of what showed up later")
    .addHelpText('after', '\nExample:\n  $ cuffpilot ledger show --subject P-017')
  registerShow(ledger)
  registerNote(ledger)
}

function registerShow(ledger: Command): void {
  ledger
    .command('show')
    .description('time left of the rolling day, highest next target, lock-out, sessions, and what to ask about now')
    .requiredOption('--subject <id>', 'the person, as typed at the screening')
    .option('--json', 'NDJSON on stdout')
    .addHelpText(
      'after',
      `
Sessions with a simulator's verdict are about nobody and not kept.

Example:
  $ cuffpilot ledger show --subject P-017`,
    )
    .action(show)
}

function registerNote(ledger: Command): void {
  const answer = (flag: string, what: string, choices: readonly string[]) =>
    new Option(`${flag} <answer>`, what).choices(choices).default('unknown')
  ledger
    .command('note')
    .description('note what is learned of a session later; it adds to earlier notes and takes nothing back')
    .requiredOption('--subject <id>', 'the person, as typed at the screening')
    .option('--session <id>', "the name of the session's journal (default: the last session)")
    .addOption(answer('--petechiae', 'small red dots below the cuff', AFTER.petechiae))
    .addOption(answer('--numbness', 'numbness of the limb', AFTER.numbness))
    .addOption(answer('--wellbeing', 'how the person feels', AFTER.wellbeing))
    .addOption(answer('--venous-injury', 'a vein that is hard or hurts; locks out for nine weeks', AFTER.venous_injury))
    .addHelpText('after', '\nExample:\n  $ cuffpilot ledger note --subject P-017 --petechiae some --numbness gone')
    .action(note)
}

async function show({ subject, json }: ShowOptions): Promise<void> {
  const { standingLines } = await import('../ledger/standing.ts')
  const standing = await standingNow(subject)
  if (json) print(JSON.stringify(standing))
  else for (const line of standingLines(standing)) print(printable(line))
}

async function standingNow(subject: string): Promise<Standing> {
  const { entriesOf, pseudonymsOf } = await import('../ledger/ledger.ts')
  const { standingOf } = await import('../ledger/standing.ts')
  const home = dataFolder()
  return standingOf(entriesOf(home, pseudonymsOf(home, subject)), Date.now())
}

async function note({ subject, session, venousInjury: venous_injury, ...others }: NoteOptions): Promise<void> {
  const { noteAfter, sessionOf } = await import('../ledger/ledger.ts')
  const { petechiae, numbness, wellbeing } = others
  const notes: AfterNotes = { petechiae, numbness, wellbeing, venous_injury }
  if (Object.values(notes).every(answer => answer === 'unknown')) throw nothingSaid()
  const home = dataFolder()
  const about = sessionOf(home, subject, session)
  noteAfter(home, about.person, about.session, notes)
  const { locked_until } = await standingNow(subject)
  print(
    `Noted for the session ${about.session}.${locked_until ? ` The person is locked out until ${locked_until}.` : ''}`,
  )
}

const nothingSaid = (): CuffError =>
  new CuffError('CP-LEDGER-NOTE', 'there is nothing to note.', 'Give at least one answer; see --help.', EXIT.usage)
