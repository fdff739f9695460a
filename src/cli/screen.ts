import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { CuffError, EXIT } from '../errors.ts'
import { dataFolder } from '../home.ts'
import type { Outcome } from '../screening/engine.ts'
import type { Intake } from '../screening/intake.ts'
import { print } from './output.ts'

interface ScreenOptions {
  intake?: string
  limbs?: string
  explain?: true
  out?: string
  subject?: string
  screener?: string
  schema?: true
  example?: string | true
  json?: true
}

/** `cuffpilot screen`: from an intake to a verdict. */
export function register(program: Command): void {
  program
    .command('screen')
    .description('judge an intake by the rules of the paper, and sign the verdict')
    .option('--intake <file>', 'the answers. At a terminal, what is missing is asked, and kept in this file')
    .option('--limbs <names>', 'limbs that are to carry a cuff, for an intake that is begun now')
    .option('--explain', 'every rule that fired, with its source and what would change it')
    .option('--out <file>', 'sign the verdict with the screening key of this machine (cuffpilot keys init)')
    .option('--subject <id>', 'the person, for the verdict')
    .option('--screener <name>', 'who answers for the intake, for the verdict')
    .option('--example [name]', 'one of the ten example people in src/screening/people, or all of them')
    .option('--schema', 'the JSON Schema of an intake, and nothing else')
    .option('--json', 'NDJSON on stdout')
    .addHelpText(
      'after',
      `
Exit status: 0 accepted, 3 anything else.

Example:
  $ cuffpilot screen --intake p-017.json --limbs left-arm,right-arm --explain
  $ cuffpilot screen --intake p-017.json --subject P-017 --screener "A. Sato, trainer" --out p-017.verdict`,
    )
    .action(run)
}

async function run(options: ScreenOptions): Promise<void> {
  if (options.schema) return schema()
  if (options.example) return examples(options)
  const { screen } = await import('../screening/engine.ts')
  const signing = signingOf(options)
  const intake = await intakeOf(options)
  const now = Date.now()
  const outcome = screen(intake, now)
  await tell(outcome, options)
  if (signing) await sign(intake, outcome, signing, now)
  process.exitCode = outcome.result === 'accept' ? EXIT.completed : EXIT.refused
}

/** People who are not real, measured five minutes ago. */
async function examples(options: ScreenOptions): Promise<void> {
  const { screen } = await import('../screening/engine.ts')
  const { EXAMPLES, exampleIntake } = await import('../screening/example.ts')
  const names = EXAMPLES.filter(name => options.example === true || name === options.example)
  if (names.length === 0)
    throw usage(
      'CP-SCREEN-EXAMPLE',
      'there is no such example.',
      `Give one of ${EXAMPLES.join(', ')}, or no name for all.`,
    )
  const now = Date.now()
  for (const name of names) {
    print(options.json ? JSON.stringify({ type: 'example', name }) : `${name}`)
    await tell(screen(exampleIntake(name, now), now), options)
    if (!options.json) print('')
  }
}

async function schema(): Promise<void> {
  const { z } = await import('zod')
  const { IntakeFile } = await import('../screening/intake.ts')
  print(JSON.stringify(z.toJSONSchema(IntakeFile), undefined, 2))
}

interface Signing {
  readonly out: string
  readonly subject: string
  readonly screener: string
}

/** Known before anything is asked: nobody answers fifty questions for a verdict that cannot be signed. */
function signingOf({ out, subject, screener }: ScreenOptions): Signing | undefined {
  if (out === undefined) return undefined
  if (subject !== undefined && screener !== undefined) return { out, subject, screener }
  throw usage('CP-SCREEN-WHO', 'a verdict names the person and the screener.', 'Give --subject and --screener too.')
}

const usage = (code: string, what: string, action: string): CuffError => new CuffError(code, what, action, EXIT.usage)

/** The intake of the file; at a terminal completed by its questions, and kept after each answer. */
async function intakeOf({ intake: path, limbs }: ScreenOptions): Promise<Intake> {
  if (path === undefined)
    throw usage('CP-SCREEN-INTAKE', 'there is no intake.', 'Give --intake FILE; at a terminal it is made by asking.')
  const { loadIntake } = await import('../screening/intake.ts')
  const terminal = process.stdin.isTTY === true
  const begun = existsSync(path) || !terminal ? loadIntake(path, Date.now()) : await newIntake(limbs)
  if (!terminal) return begun
  const { ask } = await import('../screening/ask.ts')
  const { writeDurably } = await import('../home.ts')
  const keep = (intake: Intake): void => writeDurably(path, `${JSON.stringify(intake, undefined, 2)}\n`)
  return ask(begun, { input: process.stdin, output: process.stderr, now: Date.now, keep })
}

async function newIntake(limbs: string | undefined): Promise<Intake> {
  if (limbs === undefined)
    throw usage('CP-SCREEN-LIMBS', 'a new intake names the limbs.', 'Give --limbs, such as left-arm,right-arm.')
  const { parseLimbs } = await import('../programs/cuffs.ts')
  return { format: 'cuffpilot-intake/1', limbs: parseLimbs(limbs), answers: {} }
}

async function tell(outcome: Outcome, { explain, json }: ScreenOptions): Promise<void> {
  const { outcomeLines } = await import('../screening/words.ts')
  const lines = json ? jsonLines(outcome) : outcomeLines(outcome, explain === true)
  for (const line of lines) print(line)
}

function jsonLines({ fired, ...outcome }: Outcome): string[] {
  const rules = fired.map(({ rule: { id, reason, source, lift }, effect, unknown }) => ({
    type: 'rule',
    id,
    effect,
    unknown,
    reason,
    source,
    lift,
  }))
  return [...rules, { type: 'screening', ...outcome }].map(one => JSON.stringify(one))
}

/** A refusal is signed too: once a laptop has seen it, older acceptances of this person count no more there. */
async function sign(intake: Intake, outcome: Outcome, { out, subject, screener }: Signing, now: number): Promise<void> {
  const { writeDurably } = await import('../home.ts')
  const { contentOf } = await import('../screening/verdict.ts')
  const { issueVerdict } = await import('../verdict/issue.ts')
  const content = contentOf(intake, outcome, screener, now)
  writeDurably(out, issueVerdict(dataFolder(), { role: 'screening', subject, now }, content))
  process.stderr.write(`Signed ${out}: ${outcome.result}, good until ${content.expires}.\n`)
}
