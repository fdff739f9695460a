import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { CuffError, EXIT } from '../errors.ts'
import { packageRoot } from '../packageRoot.ts'
import type { Chain } from '../review/trace/orphans.ts'
import type { Results } from '../review/trace/results.ts'
import { compareAll, readOr, writeAll } from './generated.ts'
import { print } from './output.ts'

interface TraceOptions {
  out?: string
  check?: boolean
  results?: string
  commit: string
}

/** `cuffpilot trace`: hazards and requirements, what meets them in the code, and what last came of their tests. */
export function register(program: Command): void {
  program
    .command('trace')
    .description('HAZARDS.md and TRACE.md: from hazard and requirement to code, tests and their last results')
    .option('--out <dir>', 'where they are (default: the root of this package)')
    .option('--check', 'write nothing; status 2 when a file there is not what would be written')
    .option('--results <file>', "results anew, from a vitest report (--reporter=json); without it, the page's own stay")
    .option('--commit <id>', 'of which commit the results are', 'unknown')
    .addHelpText(
      'after',
      '\nStatus 2 too when something hangs in the air: each such thing is a line. In a checkout only: it reads the tests.\n\nExamples:\n  $ cuffpilot trace\n  $ cuffpilot trace --check\n  $ npm run trace              runs every test, and writes the results with it',
    )
    .action(trace)
}

const WHAT = { code: 'CP-TRACE', are: 'what code and tests are', again: 'cuffpilot trace' }

async function trace({ out, check, results: report, commit }: TraceOptions): Promise<void> {
  const { TRACE, traceFiles } = await import('../review/trace/files.ts')
  const { orphansIn } = await import('../review/trace/orphans.ts')
  const folder = out ?? packageRoot()
  const chain = await chainHere()
  const files = traceFiles(chain, await resultsFrom(report, commit, readOr(join(folder, TRACE), WHAT)))
  for (const line of check ? compareAll(folder, files, WHAT) : writeAll(folder, files, WHAT)) print(line)
  const orphans = orphansIn(chain)
  for (const line of orphans) print(line)
  if (orphans.length > 0)
    throw new CuffError(
      'CP-TRACE-ORPHAN',
      `${orphans.length} things hang in the air.`,
      'Give each its control and its test, in src/review/trace.',
      EXIT.usage,
    )
}

async function chainHere(): Promise<Chain> {
  const { chainIn } = await import('../review/trace/chain.ts')
  try {
    return await chainIn(packageRoot())
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const what = 'the sources and tests that it reads are not here.'
    throw new CuffError('CP-TRACE', what, 'Run it in a checkout of the repository.', EXIT.usage, error)
  }
}

/** Results of a report, or those that the page has from before. */
async function resultsFrom(report: string | undefined, commit: string, page = ''): Promise<Results> {
  const { printed, reported } = await import('../review/trace/results.ts')
  if (report === undefined) return printed(page)
  try {
    return reported(readFileSync(report, 'utf8'), packageRoot(), commit)
  } catch (error) {
    const what = `${report} is no report of vitest.`
    throw new CuffError('CP-TRACE', what, 'Make one with "vitest run --reporter=json".', EXIT.usage, error)
  }
}
