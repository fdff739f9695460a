import { hostname } from 'node:os'
import { type Command, Option } from 'commander'
import { printable } from '../errors.ts'
import { dataFolder } from '../home.ts'
import type { Role, TrustedKey } from '../verdict/trust.ts'
import { print } from './output.ts'

interface Options {
  role: Role
  label?: string
  json?: boolean
}

/** `cuffpilot keys`: whose verdicts this machine can sign, and whose it takes. */
export function register(program: Command): void {
  const keys = program
    .command('keys')
    .description("the screening station's signing key, and the keys that this machine trusts")
    .addHelpText('after', '\nExample:\n  $ cuffpilot keys init --label "Screening room 2"')
  registerInit(keys)
  registerList(keys)
  registerTrust(keys)
}

const roleOption = (): Option =>
  new Option('--role <role>', 'what it signs: verdicts, clearances, or verdicts for simulated units').choices([
    'screening',
    'clinician',
    'simulator',
  ])

function registerInit(keys: Command): void {
  keys
    .command('init')
    .description('make a signing key; what it signs counts on this machine at once')
    .addOption(roleOption().default('screening'))
    .option('--label <text>', "whose it is (default: this machine's name)")
    .option('--json', 'NDJSON on stdout')
    .addHelpText('after', '\nExample:\n  $ cuffpilot keys init --label "Screening room 2"')
    .action(init)
}

function registerList(keys: Command): void {
  keys
    .command('list')
    .description('the trusted keys; to withdraw trust, delete the entry from the file that it names')
    .option('--json', 'NDJSON on stdout')
    .addHelpText('after', '\nExample:\n  $ cuffpilot keys list')
    .action(list)
}

function registerTrust(keys: Command): void {
  keys
    .command('trust')
    .description('trust the public key of another machine')
    .argument('<key>', 'the base64 that "keys init" printed there, or a file with it or with PEM')
    .addOption(roleOption().makeOptionMandatory())
    .requiredOption('--label <text>', 'whose key it is')
    .option('--json', 'NDJSON on stdout')
    .addHelpText(
      'after',
      '\nCompare the key id with the one printed there, by telephone or on paper.' +
        '\n\nExample:\n  $ cuffpilot keys trust station.pub --role screening --label "Screening room 2"',
    )
    .action(trust)
}

async function init({ role, label, json }: Options): Promise<void> {
  const { createSigner } = await import('../verdict/keys.ts')
  const home = dataFolder()
  const { keyId } = createSigner(home, role, label ?? hostname(), Date.now())
  await show(home, keyId, json)
  if (!json) print(`\nOn another machine:\n  cuffpilot keys trust <public key> --role ${role} --label <whose it is>`)
}

async function list({ json }: Options): Promise<void> {
  const shown = await show(dataFolder(), undefined, json)
  if (shown === 0 && !json) print('No key is trusted here. Run: cuffpilot keys init, or cuffpilot keys trust')
}

async function trust(given: string, { role, label = '', json }: Options): Promise<void> {
  const { addTrusted } = await import('../verdict/trust.ts')
  const { readPublicKey } = await import('../verdict/publicKey.ts')
  const home = dataFolder()
  const { key_id } = addTrusted(home, readPublicKey(given), role, label, Date.now())
  await show(home, key_id, json)
}

/** Prints one trusted key, or all of them, and says how many. */
async function show(home: string, keyId: string | undefined, json = false): Promise<number> {
  const { loadTrust, trustPath } = await import('../verdict/trust.ts')
  const { loadPrivateKey } = await import('../verdict/keys.ts')
  const keys = loadTrust(home).filter(key => keyId === undefined || key.key_id === keyId)
  for (const key of keys) {
    const signs_here = loadPrivateKey(home, key.key_id) !== undefined
    print(json ? JSON.stringify({ ...key, signs_here }) : lines(key, signs_here))
  }
  if (!json && keys.length > 0) print(`trust file    ${trustPath(home)}`)
  return keys.length
}

const lines = (key: TrustedKey, signsHere: boolean): string =>
  [
    `${key.key_id}  ${key.role}  ${printable(key.label)}${signsHere ? '  (signs on this machine)' : ''}`,
    `  public key  ${key.public_key}`,
    `  trusted     since ${key.added}`,
  ].join('\n')
