/**
 * `npm run mutants -- [protocol] [guard] [machines]`: changes the code in every small way that Stryker knows, one at a time, and
 * runs the room's tests; each change has to make one fail. Ends with 70 when fewer are found out in a room than rooms.json
 * asks for, or one survives for which MUTANTS.md gives no reason.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type FileReport, listedOn, survivorsIn } from './page.ts'

const FAILED = 70
const rooms = Object.keys(JSON.parse(readFileSync('test/mutants/rooms.json', 'utf8')) as object)
const wanted = process.argv.slice(2)
const unknown = wanted.find(room => !rooms.includes(room))
if (unknown !== undefined) {
  process.stderr.write(`There is no room ${unknown}. Rooms are ${rooms.join(', ')}; all of them by default.\n`)
  process.exit(2)
}
const page = readFileSync('MUTANTS.md', 'utf8')

/** True when enough was found out; Stryker shows how far it is. */
function mutate(room: string): boolean {
  process.stdout.write(`\n${room}\n`)
  const args = ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run']
  return (
    spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...process.env, MUTATED_ROOM: room } }).status === 0
  )
}

/** True when nothing survived that the page does not give a reason for. */
function compare(file: string, report: FileReport): boolean {
  const [survivors, listed] = [survivorsIn(report), listedOn(page, file)]
  const news = survivors.filter(diff => !listed.includes(diff))
  for (const diff of news) process.stdout.write(`${file}: it survives, and MUTANTS.md gives no reason\n${diff}\n`)
  for (const diff of listed.filter(one => !survivors.includes(one)))
    process.stdout.write(`${file}: it is found out by now, and may leave MUTANTS.md\n${diff}\n`)
  return news.length === 0
}

let good = true
for (const room of wanted.length > 0 ? wanted : rooms) {
  if (!mutate(room)) good = false
  const { files } = JSON.parse(readFileSync(`dist/mutants/${room}.json`, 'utf8')) as {
    files: Record<string, FileReport>
  }
  for (const [file, report] of Object.entries(files)) if (!compare(file, report)) good = false
}
process.exitCode = good ? 0 : FAILED
