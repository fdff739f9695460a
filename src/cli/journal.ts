import type { Command } from 'commander'
import { CuffError, EXIT, printable } from '../errors.ts'
import type { Verification } from '../journal/verify.ts'
import { print } from './output.ts'

/** `cuffpilot journal …` */
export function register(program: Command): void {
  const journal = program
    .command('journal')
    .description('check the records of sessions')
    .addHelpText('after', '\nExample:\n  $ cuffpilot journal verify session.ndjson')
  journal
    .command('verify')
    .argument('<file>', 'a journal, left in its folder: heads.json and the key there show more than the file alone')
    .option('--json', 'NDJSON: each problem, then the result')
    .description('show whether a journal was edited, rewritten or cut; it is never changed')
    .addHelpText(
      'after',
      `
Exit status: 0 as it was written, as far as could be checked; 2 anything else. Away from its folder less can be
checked, and what that is, is said.

Example:
  $ cuffpilot journal verify session.ndjson`,
    )
    .action(verify)
  journal
    .command('replay')
    .argument('<file>', 'the journal of a session')
    .option('--json', 'one object on stdout')
    .description('take the recorded events through the same machines again, and compare every decision')
    .addHelpText(
      'after',
      `
Exit status: 0 the same decisions to the end of the session, 2 anything else.

Example:
  $ cuffpilot journal replay session.ndjson`,
    )
    .action(replay)
  journal
    .command('report')
    .argument('<file>', 'the journal of a session')
    .requiredOption('--out <file>', 'the HTML file to write')
    .description('one HTML file that loads nothing: who, program, curves, score, events, and what the record is worth')
    .addHelpText('after', '\nExample:\n  $ cuffpilot journal report session.ndjson --out session.html')
    .action(report)
  journal
    .command('export')
    .argument('<file>', 'the journal of a session')
    .description('the curve as CSV on stdout: ms since the session began, mmHg measured and commanded of each cuff')
    .addHelpText('after', '\nExample:\n  $ cuffpilot journal export session.ndjson > session.csv')
    .action(exportCsv)
}

async function report(file: string, { out }: { out: string }): Promise<void> {
  const { recordedIn } = await import('../report/session.ts')
  const { reportOf } = await import('../report/page.ts')
  const { writeDurably } = await import('../home.ts')
  writeDurably(out, reportOf(recordedIn(file)))
  print(`Wrote ${printable(out)}.`)
}

async function exportCsv(file: string): Promise<void> {
  const { recordedIn } = await import('../report/session.ts')
  const { csvOf } = await import('../report/csv.ts')
  for (const line of csvOf(recordedIn(file))) print(line)
}

async function replay(file: string, options: { json?: true }): Promise<void> {
  const { replayFile } = await import('../journal/replay.ts')
  const result = replayFile(file)
  const { events, decisions, difference, phase, whole } = result
  const end = `${whole ? 'ended' : 'last seen'} ${phase}`
  const text = `same: ${file}: ${events} events, ${decisions} decisions as recorded, ${end}`
  if (options.json) print(JSON.stringify({ type: 'replay', file, ...result }))
  else if (!difference) print(printable(text))
  if (!difference && !whole) throw endless(file, phase)
  if (!difference) return
  const { n, recorded, decided } = difference
  throw new CuffError(
    'CP-REPLAY-DIFFERS',
    `at record ${n} the machine decides ${decided}, and ${recorded} was recorded.`,
    'Replay with the version that wrote the journal; if that differs too, do not rely on either.',
    EXIT.usage,
  )
}

/** As far as it goes the record replays; that it ends before the session did is no "same". */
const endless = (file: string, phase: string): CuffError =>
  new CuffError(
    'CP-REPLAY-CUT',
    `${file} goes no further than ${phase}: what the session did after that is not in it.`,
    'If the session still runs, wait for its end. If not, "cuffpilot journal verify" says where the record ends.',
    EXIT.usage,
  )

async function verify(file: string, options: { json?: true }): Promise<void> {
  const { invalid, verifyFile } = await import('../journal/read.ts')
  const result = verifyFile(file, process.stderr.isTTY ? progress() : undefined)
  for (const line of options.json ? jsonLines(file, result) : textLines(file, result)) print(line)
  if (!result.ok) throw invalid(file, result)
}

function jsonLines(file: string, result: Verification): string[] {
  const { problems, header, ...rest } = result
  const summary = { type: 'journal', file, ...rest, key: header?.key.id, previous: header?.previous }
  return [...problems.map(problem => ({ type: 'problem', ...problem })), summary].map(one => JSON.stringify(one))
}

function textLines(file: string, result: Verification): string[] {
  const { problems, more, cut, head, signed, header, unchecked } = result
  const lines = problems.map(one => `line ${one.line}${one.n === undefined ? '' : `, record ${one.n}`}: ${one.text}`)
  if (more > 0) lines.push(`and ${more} more`)
  if (cut)
    lines.push(
      `cut after ${cut.afterRecord === null ? 'no whole record' : `record ${cut.afterRecord}`}: ${cut.bytes} bytes are no whole record`,
    )
  for (const one of unchecked) lines.push(`not checked: ${one}`)
  const heading = head ? `head ${head.n} ${head.sha256}` : 'no head'
  const signatures = header ? `${signed} signatures by key ${header.key.id}` : 'no signature'
  const ok = unchecked.length > 0 ? 'ok as far as could be checked' : 'ok'
  lines.push(`${result.ok ? ok : 'NOT ok'}: ${file}: ${result.records} records, ${heading}, ${signatures}`)
  return lines.map(line => printable(line))
}

/** Percent on a terminal, for files that take a moment. */
function progress(): (done: number, total: number) => void {
  let shown = 0
  return (done, total) => {
    const percent = Math.min(100, Math.floor((100 * done) / total))
    if (total < 8_000_000 || percent === shown) return
    shown = percent
    process.stderr.write(percent < 100 ? `\rchecking ${percent} %` : '\r\u001b[K')
  }
}
