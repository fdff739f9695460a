import { join } from 'node:path'
import type { Command } from 'commander'
import { packageRoot } from '../packageRoot.ts'
import { compareAll, writeAll } from './generated.ts'
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

const WHAT = { code: 'CP-DIAGRAMS', are: 'what the machines are', again: 'cuffpilot diagrams' }

async function diagrams({ out, check }: DiagramsOptions): Promise<void> {
  const { DIAGRAMS, diagramFiles } = await import('../review/files.ts')
  const folder = out ?? join(packageRoot(), DIAGRAMS)
  const files = await diagramFiles()
  for (const line of check ? compareAll(folder, files, WHAT) : writeAll(folder, files, WHAT)) print(line)
}
