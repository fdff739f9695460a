import type { Command } from 'commander'
import type { ChecklistItem } from '../../machines/checklist.ts'
import type { Refusal } from '../../machines/gate.ts'
import type { BloodPressure } from '../../machines/verdict.ts'
import { CuffError, EXIT, printable } from '../errors.ts'
import { dataFolder } from '../home.ts'
import type { Attestation } from '../operator/attest.ts'
import { operatorNamed } from '../operator/named.ts'
import { numberFrom } from './numbers.ts'

interface RunOptions {
  port: string
  verdict?: string
  clearance?: string
  subject: string
  limbs: string
  widths?: string
  program: string
  operator?: string
  bloodPressure?: string
  attest?: string
  rate: number
  speed: number
  unattended?: true
  json?: true
}

/** `cuffpilot run`: a session on a unit. */
export function register(program: Command): void {
  program
    .command('run')
    .description('run a session. Space or Esc releases at any moment, and so does a signal')
    .requiredOption('--port <path>', 'the serial port of the unit; see cuffpilot ports')
    .option('--verdict <file>', 'the signed result of the screening; without one nothing is inflated')
    .option('--clearance <file>', "the clinician's signed yes to a verdict that leaves the decision to one")
    .requiredOption('--subject <id>', 'the person, as typed at the screening')
    .requiredOption('--limbs <names>', 'limbs with a cuff, in the order of the channels, such as left-arm,right-arm')
    .option('--widths <cm>', 'width of the cuff on each limb, such as 5,5 (default: 5 cm, as of KAATSU belts)')
    .option('--program <name>', 'a preset or a file; see cuffpilot programs list', 'first-session')
    .option('--operator <who>', 'who runs the session: name and qualification (Point 3), unless --attest names them')
    .option(
      '--blood-pressure <mmHg>',
      'taken now, such as 118/72; both this one and that of the screening have to be good',
    )
    .option('--attest <file>', 'what an operator has confirmed of the checklist, in writing')
    .option('--rate <hz>', 'reports of the unit in a second, 10 to 100', numberFrom(10, 100, true), 10)
    .option('--speed <n>', "how many of the unit's seconds pass in one of yours; simulated units only", speed, 1)
    .option('--unattended', 'nobody answers: the program confirms and starts; simulated units only')
    .option('--json', 'NDJSON on stdout')
    .addHelpText(
      'after',
      `
Keys: y confirm, g start, Enter "I am here", r refill seen within 3 s, t too tight; Space or Esc release now;
b d n p w c h release and note a symptom.

Example:
  $ cuffpilot run --port /dev/ttyUSB0 --verdict p-017.verdict --subject P-017 --limbs left-arm,right-arm --operator "C. Abe, KAATSU trainer"`,
    )
    .action(run)
}

export const speed = numberFrom(0.1, 10, false)

async function run(options: RunOptions): Promise<void> {
  const unattended = options.unattended === true
  const json = options.json === true
  if (!process.stdin.isTTY && !unattended) throw noTerminal()
  const { prepare } = await import('../prepare.ts')
  const { parseLimbs, parseWidths } = await import('../programs/cuffs.ts')
  const home = dataFolder()
  const now = Date.now()
  const attestation = await attested(options.attest, now)
  const prepared = prepare({
    home,
    verdict: options.verdict,
    clearance: options.clearance,
    subject: options.subject,
    limbs: parseLimbs(options.limbs),
    widths: options.widths === undefined ? undefined : parseWidths(options.widths),
    program: options.program,
    operator: operatorOf(options, attestation),
    unattended,
    reading: readingOf(options.bloodPressure, now),
    now,
  })
  if (prepared.refusals) return refuse(prepared.refusals)
  const { input } = prepared
  if (input.past) await tellFollowUps(home, options.subject, now)
  if (unattended && attestation) checkAttestation(attestation, input.checklist)
  const { sit } = await import('../operator/sitting.ts')
  const { port: path, rate: rate_Hz, speed } = options
  process.exitCode = await sit({
    path,
    speed,
    rate_Hz,
    input,
    home,
    subject: options.subject,
    json,
    unattended,
    attestation,
  })
}

/** An attestation says it in writing, and where nobody is, nobody is qualified. */
function operatorOf({ operator, unattended }: RunOptions, attestation: Attestation | undefined): string {
  const given = operator ?? attestation?.operator ?? (unattended ? 'nobody, unattended' : '')
  return operatorNamed(given, unattended || given.trim() === attestation?.operator)
}

/** `118/72`, taken now. The gate judges it; what is no reading at all is refused here. */
function readingOf(text: string | undefined, now: number): BloodPressure | undefined {
  if (text === undefined) return undefined
  const [, systolic = '', diastolic = ''] = /^(\d{2,3})\/(\d{2,3})$/.exec(text.trim()) ?? []
  const reading = { systolic_mmHg: Number(systolic), diastolic_mmHg: Number(diastolic), measured_wall: now }
  if (diastolic !== '' && reading.systolic_mmHg > reading.diastolic_mmHg) return reading
  throw new CuffError(
    'CP-BLOOD-PRESSURE',
    `"${printable(text, 20)}" is no blood pressure.`,
    'Give systolic and diastolic in mmHg, the higher one first, such as 118/72.',
    EXIT.usage,
  )
}

/** What is left to be asked about earlier sessions; `cuffpilot ledger note` takes the answers. */
async function tellFollowUps(home: string, subject: string, now: number): Promise<void> {
  const { followUpsDue } = await import('../ledger/followUp.ts')
  const { entriesOf, pseudonymsOf } = await import('../ledger/ledger.ts')
  const { followUpWords } = await import('../ledger/standing.ts')
  const due = followUpsDue(entriesOf(home, pseudonymsOf(home, subject)), now)
  for (const one of due) process.stderr.write(`${printable(followUpWords(one))}\n`)
}

/** Every reason on its own line, and no port was opened. */
function refuse(refusals: readonly Refusal[]): void {
  for (const { id, text, action } of refusals)
    process.stderr.write(`${new CuffError(`CP-${id}`, text, action, EXIT.refused).line()}\n`)
  process.exitCode = EXIT.refused
}

const noTerminal = (): CuffError =>
  new CuffError(
    'CP-TERMINAL',
    'nobody sits at a terminal: there are no keys to confirm, to start and to release with.',
    'Run it at a terminal, or with --unattended on a simulated unit.',
    EXIT.refused,
  )

async function attested(file: string | undefined, now: number): Promise<Attestation | undefined> {
  if (file === undefined) return undefined
  const { loadAttestation } = await import('../operator/attest.ts')
  return loadAttestation(file, now)
}

/** Without a terminal nobody could confirm what the attestation leaves open. */
function checkAttestation({ confirmed }: Attestation, checklist: readonly ChecklistItem[]): void {
  const open = checklist.filter(item => !confirmed.includes(item))
  if (open.length === 0) return
  throw new CuffError(
    'CP-CHECKLIST',
    `the attestation leaves open: ${open.join(', ')}.`,
    'Confirm them in the file, or at a terminal.',
    EXIT.refused,
  )
}
