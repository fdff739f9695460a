/**
 * `npm run faults -- [F36 …] [pairs] [--json]`: every fault of FAULTS.md in every moment of a session in which it applies, in
 * virtual time, and all pairs of the thirty worst in a hold; what was measured stands beside its bound. Ends with 70 when a
 * row or a pair fails.
 */
import { parseArgs } from 'node:util'
import { ROWS } from './list.ts'
import { type RowResult, runRow } from './matrix.ts'
import { PAIRS, type PairResult, strikePair } from './pairs.ts'
import { asJson, failed, pairsAsJson, pairTable, table } from './table.ts'

const FAILED = 70
const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } })
const unknown = positionals.find(name => name !== 'pairs' && !ROWS.some(row => row.id === name))
if (unknown !== undefined) {
  process.stderr.write(`There is no row ${unknown}. Rows are F01 to F88, and pairs; all of them by default.\n`)
  process.exit(2)
}
const isWanted = (name: string): boolean => positionals.length === 0 || positionals.includes(name)

/** Rows take a second each: on a terminal one line that changes, and in a pipe a line now and then. */
function progress(what: string, done: number, of: number, every: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${what} ${done} of ${of}${done === of ? '\n' : ' '}`)
  else if (done % every === 0 || done === of) process.stderr.write(`${what} ${done} of ${of}\n`)
}

const rows: RowResult[] = []
const wanted = ROWS.filter(row => isWanted(row.id))
for (const row of wanted) {
  rows.push(runRow(row))
  progress('row', rows.length, wanted.length, 10)
}
const pairs: PairResult[] = []
for (const pair of isWanted('pairs') ? PAIRS : []) {
  pairs.push(strikePair(pair))
  progress('pair', pairs.length, PAIRS.length, 50)
}

if (values.json) {
  for (const row of rows) process.stdout.write(`${JSON.stringify(asJson(row))}\n`)
  if (pairs.length > 0) process.stdout.write(`${JSON.stringify(pairsAsJson(pairs))}\n`)
} else process.stdout.write(`${rows.length > 0 ? table(rows) : ''}${pairs.length > 0 ? pairTable(pairs) : ''}`)
process.exitCode = failed(rows, pairs) ? FAILED : 0
