import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { CuffError, EXIT } from '../errors.ts'
import { packageRoot } from '../packageRoot.ts'
import type { GeneratedFile } from '../review/files.ts'
import { print } from './output.ts'

interface DiagramsOptions {
  out?: string
  check?: boolean
}

/** `cuffpilot diagrams`: pictures and tables of the machines, made from the machines themselves. */
export function register(program: Command): void {
  program
    .command('diagrams')
    .description('diagrams (SVG, Mermaid) and state-event tables, made from the shipped machines')
    .option('--out <dir>', 'where to write them (default: machines/diagrams of this package)')
    .option('--check', 'write nothing; status 2 when a file there is not what would be written')
    .addHelpText('after', '\nExamples:\n  $ cuffpilot diagrams --out ./review\n  $ cuffpilot diagrams --check')
    .action(diagrams)
}

async function diagrams({ out, check }: DiagramsOptions): Promise<void> {
  const { DIAGRAMS, diagramFiles } = await import('../review/files.ts')
  const folder = out ?? join(packageRoot(), DIAGRAMS)
  const files = await diagramFiles()
  if (check) return compare(folder, files)
  try {
    mkdirSync(folder, { recursive: true })
    for (const { name, text } of files) writeFileSync(join(folder, name), text)
  } catch (error) {
    throw cannot('written', error)
  }
  for (const { name } of files) print(join(folder, name))
}

function compare(folder: string, files: readonly GeneratedFile[]): void {
  const differing = files.filter(({ name, text }) => read(join(folder, name)) !== text).map(({ name }) => name)
  if (differing.length > 0)
    throw new CuffError(
      'CP-DIAGRAMS',
      `not what the machines are: ${differing.join(', ')} in ${folder}.`,
      'Run "cuffpilot diagrams" and look at what changed.',
      EXIT.usage,
    )
  print(`${files.length} files are what the machines are.`)
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw cannot('read', error)
  }
}

const cannot = (what: string, error: unknown): CuffError =>
  new CuffError('CP-DIAGRAMS', `cannot be ${what}: ${(error as Error).message}.`, 'Choose another --out.', EXIT.usage)
