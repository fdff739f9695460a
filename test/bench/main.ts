/**
 * `npm run bench -- [part …] [--json]`: what the controller costs, side by side with the plain way of doing the same, in
 * one run. Ratios travel between machines; the times beside them are this machine's. BENCH_ROUNDS (default 10) scales
 * how much is measured.
 */
import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { cold } from './cold.ts'
import { decode } from './decode.ts'
import { type Findings, isMet, type Part } from './findings.ts'
import { lease } from './lease.ts'
import { release } from './release.ts'
import { roundtrip } from './roundtrip.ts'
import { tables } from './table.ts'
import { virtual } from './virtual.ts'

const PARTS: readonly Part[] = [roundtrip, decode, release, virtual, cold, lease]

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } })
const rounds = Number(process.env.BENCH_ROUNDS ?? 10)
const unknown = positionals.find(name => !PARTS.some(part => part.name === name))
if (unknown !== undefined || !Number.isInteger(rounds) || rounds < 1) {
  const list = PARTS.map(part => `  ${part.name.padEnd(10)} ${part.about}`).join('\n')
  const what = unknown === undefined ? 'BENCH_ROUNDS is a whole number from 1.' : `There is no part ${unknown}.`
  process.stderr.write(`${what} Parts, all of them by default:\n${list}\n`)
  process.exit(2)
}

const machine = `Node ${process.version}, ${availableParallelism()} CPUs, load ${loadavg()[0]!.toFixed(1)} before the bench began.`
process.stderr.write(`${machine}\n`)
const found: Findings[] = []
for (const part of PARTS.filter(one => positionals.length === 0 || positionals.includes(one.name))) {
  process.stderr.write(`${part.name}: ${part.about}\n`)
  found.push(await part.run(rounds, text => process.stderr.write(`  ${text}\n`)))
}
const all = { measured: found.flatMap(one => one.measured), goals: found.flatMap(one => one.goals) }
if (values.json) {
  for (const one of all.measured) process.stdout.write(`${JSON.stringify({ type: 'measured', ...one })}\n`)
  for (const one of all.goals) process.stdout.write(`${JSON.stringify({ type: 'goal', ...one, met: isMet(one) })}\n`)
} else process.stdout.write(`\n${tables(all)}${machine}\n`)
