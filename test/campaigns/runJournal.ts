/**
 * `npm run campaign:journal -- [--seed N]`: the journal under fire. A cut at every byte of 64 KiB, another byte in the
 * place of each, records removed from every place; a disk that fails at every call of a session; and a real session whose
 * disk is really full, where one can be had.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Random } from '../../sim/random.ts'
import { UnderFire, wrongAt } from './diskFire.ts'
import { fullDisk } from './fullDisk.ts'
import { cutAt, editAt, removedAt, writeJournal } from './journalFire.ts'
import { numbers } from './numbers.ts'

/** Status of an internal fault. */
const MISSED = 70
const BYTES = 65_536

const { seed } = numbers({ seed: 1 })
const misses: string[] = []
const print = (line: string): void => void process.stdout.write(`${line}\n`)
const home = mkdtempSync(join(tmpdir(), 'cuffpilot-fire-'))
const written = writeJournal(join(home, 'journals'), BYTES)
const random = new Random(seed)
print(`seed ${seed}: a journal of ${written.bytes.length} bytes, ${written.lines.length} records`)

const reported = (so: boolean): string[] => (so ? [] : ['not reported'])

/** Does something at each of so many places; `attempt` says what was wrong there. */
function each(what: string, count: number, attempt: (at: number) => readonly string[]): void {
  let [missed, toldAt] = [0, performance.now()]
  for (let at = 0; at < count; at++) {
    const wrong = attempt(at)
    if (wrong.length > 0 && missed++ < 10) misses.push(`${what} ${at}: ${wrong.join(', ')}`)
    if (performance.now() - toldAt < 1_000) continue
    toldAt = performance.now()
    process.stderr.write(`${what}: ${at + 1} of ${count}\n`)
  }
  print(`${what}: ${count}, of which wrong ${missed}`)
}

try {
  each('cut after byte', written.bytes.length + 1, at => cutAt(written, at))
  each('another byte at', written.bytes.length, at => reported(editAt(written, at, random)))
  for (const count of [1, 2, 10, 100])
    each(`${count} records removed from`, written.lines.length - count + 1, at =>
      reported(removedAt(written, at, count)),
    )
  const { calls } = new UnderFire(join(home, 'session'), Number.POSITIVE_INFINITY)
  each('disk fails in a session at call', calls.length, at => wrongAt(join(home, `session-${at}`), at + 1))
} finally {
  rmSync(home, { recursive: true, force: true })
}
process.stderr.write('a session on a disk that fills up\n')
const disk = await fullDisk()
print(`a full disk under a real session: ${disk.what}`)
misses.push(...disk.wrong.map(one => `on a full disk, ${one}`))
for (const miss of misses) print(`MISS: ${miss}`)
print(misses.length === 0 ? 'no miss' : `${misses.length} misses`)
process.exitCode = misses.length === 0 ? 0 : MISSED
