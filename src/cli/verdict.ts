import type { Command } from 'commander'
import type { Refusal } from '../../machines/gate.ts'
import { LIMB_NAMES, type Limb } from '../../machines/limits.ts'
import type { Verdict } from '../../machines/verdict.ts'
import { CuffError, EXIT, printable } from '../errors.ts'
import { dataFolder } from '../home.ts'
import type { OpenedClearance } from '../verdict/clearance.ts'
import type { OpenedVerdict } from '../verdict/file.ts'
import { numberFrom } from './numbers.ts'
import { print } from './output.ts'

interface Options {
  subject: string
  limbs?: Limb[]
  clearance?: string
  out: string
  json?: boolean
}

/** `cuffpilot verdict`: what a verdict file says, and whether it opens the gate. */
export function register(program: Command): void {
  const verdict = program
    .command('verdict')
    .description('show or check the signed result of a screening')
    .addHelpText('after', '\nExample:\n  $ cuffpilot verdict check p-017.verdict --subject P-017 --limbs left-arm')
  registerShow(verdict)
  registerCheck(verdict)
  registerClear(verdict)
  registerExample(verdict)
}

function registerShow(verdict: Command): void {
  verdict
    .command('show')
    .description('print everything that a verdict, or a clearance, says, and whether its signature holds')
    .argument('<file>', 'the verdict or the clearance')
    .option('--json', 'NDJSON on stdout')
    .addHelpText('after', '\nExample:\n  $ cuffpilot verdict show p-017.verdict')
    .action(show)
}

function registerCheck(verdict: Command): void {
  verdict
    .command('check')
    .description('ask the gate now: exit status 0, or 3 with every reason on its own line')
    .argument('<file>', 'the verdict')
    .requiredOption('--subject <id>', 'the person, as typed at the screening')
    .option('--limbs <names>', `limbs of the session, of ${LIMB_NAMES.join(', ')} (default: not checked)`, limbList)
    .option('--clearance <file>', "a clinician's clearance of it")
    .option('--json', 'NDJSON on stdout')
    .addHelpText('after', '\nExample:\n  $ cuffpilot verdict check p-017.verdict --subject P-017 --limbs left-arm')
    .action(check)
}

function registerClear(verdict: Command): void {
  verdict
    .command('clear')
    .description('sign, as a clinician, that a verdict which leaves the decision to a clinician may be acted on')
    .argument('<file>', 'the verdict')
    .requiredOption('--clinician <name>', 'who decides: name and registration')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--out <file>', 'where to write the clearance')
    .option('--limbs <names>', `no other than these, of ${LIMB_NAMES.join(', ')}`, limbList)
    .option('--one-side', 'one side only')
    .option('--arm-max <mmHg>', 'highest target on an arm', numberFrom(20, 200, true))
    .option('--leg-max <mmHg>', 'highest target on a leg', numberFrom(20, 250, true))
    .option('--session-max <minutes>', 'from the first press', numberFrom(1, 20, false))
    .option('--json', 'NDJSON on stdout')
    .addHelpText(
      'after',
      `
The key is made once with: cuffpilot keys init --role clinician

Example:
  $ cuffpilot verdict clear p-017.verdict --clinician "Dr. B. Mori, 12345" --reason "stable for a year" --arm-max 60 --out p-017.clearance`,
    )
    .action(async (file: string, options) => (await import('./clear.ts')).clear(file, options))
}

function registerExample(verdict: Command): void {
  verdict
    .command('example')
    .description('sign an acceptance with a simulator key; good on simulated units only')
    .requiredOption('--out <file>', 'where to write it')
    .requiredOption('--subject <id>', 'any name')
    .requiredOption('--limbs <names>', `one or more of ${LIMB_NAMES.join(', ')}`, limbList)
    .option('--json', 'NDJSON on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  $ cuffpilot verdict example --out example.verdict --subject EXAMPLE --limbs left-arm,right-arm',
    )
    .action(example)
}

function limbList(names: string): Limb[] {
  return names.split(',').map(name => {
    const limb = LIMB_NAMES.find(known => known === name.trim())
    if (limb) return limb
    throw new CuffError('CP-LIMB', `"${name}" is no limb.`, `The limbs are ${LIMB_NAMES.join(', ')}.`, EXIT.usage)
  })
}

async function show(file: string, { json }: Options): Promise<void> {
  const { readVerdictFile } = await import('../verdict/file.ts')
  const bytes = readVerdictFile(file)
  const opened = await open(bytes)
  const failed = opened instanceof CuffError
  if (json) {
    const { key, body } = failed ? {} : opened
    print(ndjson(failed ? { file, holds: false, ...told(opened) } : { file, holds: true, key, body }))
  } else {
    for (const line of Buffer.from(bytes).toString('utf8').split('\n')) print(printable(line, bytes.length))
    print(failed ? `NOT VALID  ${opened.line()}` : `The signature holds, by ${signedBy(opened)}.`)
    if (!failed) print(await about(opened, bytes))
  }
  if (failed) process.exitCode = opened.exit
}

/** The line by which a verdict and its clearance can be told to belong together. */
async function about(opened: OpenedVerdict | OpenedClearance, bytes: Uint8Array): Promise<string> {
  const { sha256 } = await import('../verdict/clearance.ts')
  return 'verdict' in opened
    ? `The verdict with SHA-256 ${sha256(bytes)}.`
    : `Clears the verdict with SHA-256 ${opened.body.verdict_sha256}, until ${opened.body.expires}.`
}

/** JSON in plain ASCII: what a file says can then do nothing to a terminal. */
export const ndjson = (value: object): string =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)

const told = ({ code, message, action }: CuffError) => ({ code, text: message, action })

/** A verdict, or else a clearance. */
async function open(bytes: Uint8Array): Promise<OpenedVerdict | OpenedClearance | CuffError> {
  const { openVerdict } = await import('../verdict/file.ts')
  const { openClearance } = await import('../verdict/clearance.ts')
  const { loadTrust } = await import('../verdict/trust.ts')
  const trust = loadTrust(dataFolder())
  const verdict = attempt(() => openVerdict(bytes, trust))
  if (!(verdict instanceof CuffError) || verdict.code !== 'CP-VERDICT-SIGNATURE') return verdict
  const clearance = attempt(() => openClearance(bytes, trust))
  return clearance instanceof CuffError ? verdict : clearance
}

function attempt<T>(act: () => T): T | CuffError {
  try {
    return act()
  } catch (error) {
    if (error instanceof CuffError) return error
    throw error
  }
}

const signedBy = ({ key }: Pick<OpenedVerdict, 'key'>): string =>
  `${key.role} key ${key.key_id}, "${printable(key.label)}"${key.role === 'simulator' ? ', good on simulated units only' : ''}`

async function check(file: string, { subject, limbs, clearance, json }: Options): Promise<void> {
  const { openVerdict, readVerdictFile } = await import('../verdict/file.ts')
  const { openCleared } = await import('../verdict/clearance.ts')
  const { loadTrust } = await import('../verdict/trust.ts')
  const trust = loadTrust(dataFolder())
  const opened = openVerdict(readVerdictFile(file), trust)
  const verdict = openCleared(file, clearance, trust)
  const refusals = await ask(verdict, subject, limbs)
  const by = { signer: opened.key.role, clearance: verdict.clearance }
  if (json) print(ndjson({ file, good: refusals.length === 0, ...by, refusals }))
  else if (refusals.length === 0)
    print(`Good now; expires ${opened.body.expires}. Signed by ${signedBy(opened)}.${clearedBy(verdict)}`)
  else for (const { id, text, action } of refusals) print(`CP-${id}: ${text} ${action}`)
  if (refusals.length > 0) process.exitCode = EXIT.refused
}

const clearedBy = ({ clearance: c }: Verdict): string =>
  c
    ? ` Cleared by ${printable(c.clinician)}, with clinician key ${c.keyId}, until ${new Date(c.expires_wall).toISOString()}.`
    : ''

/** The gate's answer. A simulator's verdict is asked about for a simulated unit, and the answer says so. */
async function ask(verdict: Verdict, subject: string, limbs?: Limb[]): Promise<readonly Refusal[]> {
  const { gateRefusals } = await import('../../machines/gate.ts')
  const { pseudonymLike } = await import('../verdict/person.ts')
  const { seenBefore } = await import('../verdict/seen.ts')
  const { pastFor } = await import('../ledger/ledger.ts')
  return gateRefusals(verdict, {
    person: pseudonymLike(verdict.person, subject),
    limbs: limbs ?? verdict.limbs.slice(0, 1),
    simulatedUnit: verdict.signer === 'simulator',
    now_wall: Date.now(),
    newestSerialSeen: seenBefore(dataFolder(), verdict, subject),
    past: pastFor(dataFolder(), verdict, subject, Date.now()),
  })
}

async function example({ out, subject, limbs = [], json }: Options): Promise<void> {
  const { writeDurably } = await import('../home.ts')
  const { exampleVerdict } = await import('../screening/example.ts')
  const { signerFor } = await import('../verdict/keys.ts')
  const now = Date.now()
  const signer = signerFor(dataFolder(), 'simulator', now)
  writeDurably(out, exampleVerdict({ subject, limbs, now, signer }))
  if (json) print(ndjson({ file: out, key_id: signer.keyId, signer: 'simulator' }))
  else print(`Wrote ${out}, for one hour. It is an example: it is good on simulated units only.`)
}
