/**
 * `npm run mutants -- [protocol] [guard] [machines]`: changes the code in every small way that Stryker knows, one at a time, and
 * runs the room's tests; each change has to make one fail. Ends with 1 when more survive in a room than stryker.config.mjs
 * lets pass, or one does for which MUTANTS.md gives no reason.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { ROOMS } from '../../stryker.config.mjs'

const rooms = process.argv.slice(2)
const unknown = rooms.find(room => !(room in ROOMS))
if (unknown !== undefined) {
  process.stderr.write(
    `There is no room ${unknown}. Rooms are ${Object.keys(ROOMS).join(', ')}; all of them by default.\n`,
  )
  process.exit(2)
}

const trimmed = text => text.split('\n').map(line => line.trim())
const asDiff = (was, is) => [...was.map(line => `- ${line}`), ...is.map(line => `+ ${line}`)].join('\n')

/** What survived in a file, as MUTANTS.md has it: the lines that were, and those that they became. */
function survivorsIn({ source, mutants }) {
  const lines = source.split('\n')
  const survived = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
  const diffs = survived.map(({ replacement, location: { start, end } }) => {
    const [head, tail] = [lines[start.line - 1].slice(0, start.column - 1), lines[end.line - 1].slice(end.column - 1)]
    return asDiff(trimmed(lines.slice(start.line - 1, end.line).join('\n')), trimmed(head + replacement + tail))
  })
  return [...new Set(diffs)]
}

/** The diffs that MUTANTS.md has under the heading of a file. */
function listedFor(file) {
  const [, section = ''] = readFileSync('MUTANTS.md', 'utf8').split(`\n### ${file}\n`)
  const [own] = section.split(/^#/m)
  return [...own.matchAll(/^ *```diff\n(.*?)\n *```$/gms)].map(([, diff]) => trimmed(diff).join('\n'))
}

let failed = false
for (const room of rooms.length > 0 ? rooms : Object.keys(ROOMS)) {
  process.stdout.write(`\n${room}: ${ROOMS[room].mutate.join(' ')}\n`)
  const stryker = 'node_modules/@stryker-mutator/core/bin/stryker.js'
  const env = { ...process.env, MUTATED_ROOM: room }
  const { status } = spawnSync(process.execPath, [stryker, 'run'], { stdio: 'inherit', env })
  failed ||= status !== 0
  const { files } = JSON.parse(readFileSync(`dist/mutants/${room}.json`, 'utf8'))
  for (const [file, report] of Object.entries(files)) {
    const [survivors, listed] = [survivorsIn(report), listedFor(file)]
    const news = survivors.filter(diff => !listed.includes(diff))
    failed ||= news.length > 0
    for (const diff of news) process.stdout.write(`${file}: survived, and MUTANTS.md gives no reason\n${diff}\n`)
    for (const diff of listed.filter(one => !survivors.includes(one)))
      process.stdout.write(`${file}: found out now, take it off MUTANTS.md\n${diff}\n`)
  }
}
process.exit(failed ? 1 : 0)
