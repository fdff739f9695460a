import { type Command, Option } from 'commander'
import type { SessionInput } from '../../machines/sessionContext.ts'
import { CuffError, EXIT } from '../errors.ts'
import { speed } from './run.ts'

interface DemoOptions {
  speed: number
  program?: string
  limbs: string
  fault: string[]
  out?: string
  json?: true
}

/** `cuffpilot demo`: a whole session on the simulated unit. */
export function register(program: Command): void {
  program
    .command('demo')
    .description('a whole session on the simulated unit, under a minute; needs no terminal and no answer')
    .option('--program <name>', 'a preset or a file; see cuffpilot programs list (default: a short one, for showing)')
    .option('--limbs <names>', 'limbs with a cuff', 'left-arm,right-arm')
    .option('--speed <n>', 'how many times faster than life', speed, 1)
    .addOption(
      new Option('--fault <spec>', 'what goes wrong, as often as wanted; see cuffpilot sim --list-faults')
        .argParser((spec: string, before: string[]) => [...before, spec])
        .default([], 'nothing'),
    )
    .option('--out <folder>', "for the journal, the keys and the verdict (default: demo in the program's data folder)")
    .option('--json', 'NDJSON on stdout')
    .addHelpText('after', '\nExample:\n  $ cuffpilot demo --fault pneu.leak=20@hold+5s')
    .action(demo)
}

async function demo(options: DemoOptions): Promise<void> {
  const { join, resolve } = await import('node:path')
  const { dataFolder } = await import('../home.ts')
  const { startUnit } = await import('./demoUnit.ts')
  const { sit } = await import('../operator/sitting.ts')
  const { speed } = options
  const json = options.json === true
  const say = (line: string): void => void (json ? process.stderr : process.stdout).write(`${line}\n`)
  say(
    'CuffPilot demo: research and engineering software, no medical device. The unit is simulated; nobody wears a cuff.',
  )
  const home = options.out === undefined ? join(dataFolder(), 'demo') : resolve(options.out)
  const input = await exampleInput(home, options, say)
  const unit = await startUnit({ channels: input.plan.cuffs.length, speed, faults: options.fault }, say)
  say(
    `The simulated unit is on ${unit.path}${speed === 1 ? '' : `, ${speed} times faster than life`}. Keys and signals release.`,
  )
  const sitting = {
    path: unit.path,
    speed,
    rate_Hz: 10,
    input,
    home,
    subject: 'EXAMPLE',
    json,
    unattended: true,
    attestation: undefined,
  }
  try {
    process.exitCode = await sit(sitting)
  } finally {
    await unit.stop()
  }
}

/** The example person, accepted by a simulator's key that is worth nothing on a real unit. */
async function exampleInput(
  home: string,
  { program: chosen, limbs: names }: DemoOptions,
  say: (line: string) => void,
): Promise<SessionInput> {
  const { join } = await import('node:path')
  const { writeDurably } = await import('../home.ts')
  const { UNATTENDED } = await import('../operator/sitting.ts')
  const { prepare } = await import('../prepare.ts')
  const { parseLimbs } = await import('../programs/cuffs.ts')
  const { demoPath } = await import('../programs/presets.ts')
  const { screen } = await import('../screening/engine.ts')
  const { exampleIntake, exampleVerdict } = await import('../screening/example.ts')
  const { pointWords, RESULT_WORDS } = await import('../screening/words.ts')
  const { signerFor } = await import('../verdict/keys.ts')
  const [subject, now, limbs, verdict] = ['EXAMPLE', Date.now(), parseLimbs(names), join(home, 'example.verdict')]
  writeDurably(verdict, exampleVerdict({ subject, limbs, now, signer: signerFor(home, 'simulator', now) }))
  const outcome = screen({ ...exampleIntake('01-fit', now), limbs }, now)
  say(`The example person was screened: ${RESULT_WORDS[outcome.result]}, ${pointWords(outcome)} points (Point 5).`)
  const program = chosen ?? demoPath()
  const prepared = prepare({
    home,
    verdict,
    subject,
    limbs,
    widths: undefined,
    program,
    now,
    operator: UNATTENDED,
    unattended: true,
  })
  if (!prepared.refusals) return prepared.input
  const { id, text, action } = prepared.refusals[0]!
  throw new CuffError(`CP-${id}`, text, action, EXIT.refused)
}
