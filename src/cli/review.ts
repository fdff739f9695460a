import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { CuffError, EXIT } from '../errors.ts'
import { readRegularFile } from '../home.ts'
import { numberFrom } from './numbers.ts'
import { print } from './output.ts'

interface ReviewOptions {
  out: string
  faults?: string
  situations: number
}

/** `cuffpilot review`: everything that a reviewer wants to see, in one file for a browser. */
export function register(program: Command): void {
  program
    .command('review')
    .description('the dossier for a safety reviewer: one HTML file, with the shipped machines at work in it')
    .option('--out <file>', 'where to write it', 'cuffpilot-review.html')
    .option('--faults <file>', 'results of the fault matrix, as npm run faults -- --json writes them')
    .option(
      '--situations <n>',
      'explore so many of session and guard while it is made',
      numberFrom(1, 10_000_000, true),
      20_000,
    )
    .addHelpText(
      'after',
      '\nThe file needs no network and nothing beside it.\n\nExample:\n  $ cuffpilot review --out review.html',
    )
    .action(review)
}

async function review({ out, faults: path, situations }: ReviewOptions): Promise<void> {
  const faults = path === undefined ? undefined : await faultsFrom(path)
  const { exploreAll, progressOf } = await import('../review/explore/onCores.ts')
  const explored = await exploreAll(situations, soFar =>
    process.stderr.write(`exploring: ${progressOf(soFar) || 'begun'} …\n`),
  )
  process.stderr.write('drawing …\n')
  const { dossier } = await import('../review/dossier/dossier.ts')
  const html = await dossier({ explored, situations, faults })
  try {
    writeFileSync(out, html)
  } catch (error) {
    throw new CuffError(
      'CP-REVIEW',
      `${out} was not written: ${(error as Error).message}.`,
      'Give another --out.',
      EXIT.usage,
      error,
    )
  }
  print(out)
}

async function faultsFrom(path: string): Promise<string> {
  const { faultResultsText, faultRowsFrom, RESULTS_MAX_BYTES } = await import('../review/dossier/faultResults.ts')
  try {
    return faultResultsText(faultRowsFrom(readRegularFile(path, RESULTS_MAX_BYTES).toString('utf8')))
  } catch (error) {
    const what = `${path} was not read: ${(error as Error).message}.`
    throw new CuffError('CP-REVIEW-FAULTS', what, 'Give what "npm run faults -- --json" wrote.', EXIT.usage, error)
  }
}
