import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DISK_MIN_BYTES } from '../../src/journal/sink.ts'
import type { Summary } from '../../src/summary.ts'
import { numbersOf, untrue, wholeLines } from './journalFire.ts'
import { MAIN } from './unitProcess.ts'

/** Somewhat more than a session asks for. */
const SIZE_BYTES = DISK_MIN_BYTES + 20_000_000
const CHUNK = Buffer.alloc(1 << 20)

/** How a session came out: in words, and what was not as it should be. */
export interface Outcome {
  readonly what: string
  readonly wrong: readonly string[]
}

/** A session of the shipped program, with its data on a small disk of its own that is filled up during a hold. */
export async function fullDisk(): Promise<Outcome> {
  const home = mkdtempSync(join(tmpdir(), 'cuffpilot-full-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_BYTES}`, 'none', home]).status === 0
  try {
    if (!mounted) return { what: 'not tested, this user may not mount a file system', wrong: [] }
    const demo = [MAIN, 'demo', '--json', '--out', home]
    let isFull = false
    const onLine = (line: string) => {
      if (isFull || !line.includes('holding')) return
      isFull = true
      fill(home)
    }
    return await outcomeOf(
      spawn(process.execPath, demo, { stdio: ['ignore', 'pipe', 'ignore'] }),
      home,
      'ENOSPC',
      onLine,
    )
  } finally {
    if (mounted) spawnSync('umount', ['-l', home])
    rmSync(home, { recursive: true, force: true })
  }
}

/** Until the system says that there is no space left. */
function fill(home: string): void {
  const fd = openSync(join(home, 'filler'), 'w')
  for (let chunk = CHUNK; chunk.length > 0; ) {
    try {
      writeSync(fd, chunk)
    } catch {
      chunk = chunk.subarray(0, chunk.length >> 1)
    }
  }
  closeSync(fd)
}

/** What `--json` tells of a session with its data in `home`, whose disk has to fail with `code`. */
export async function outcomeOf(
  child: ChildProcess,
  home: string,
  code: string,
  onLine = (_: string): void => {},
): Promise<Outcome> {
  const said: { type?: string; record?: string }[] = []
  createInterface({ input: child.stdout! }).on('line', line => {
    said.push(JSON.parse(line))
    onLine(line)
  })
  const status = await new Promise(resolve => child.once('close', resolve))
  const summary = said.find(one => one.type === 'summary') as Summary | undefined
  const unwritten = said.flatMap(one => (one.type === 'unwritten' ? [one.record!] : []))
  const folder = join(home, 'journals')
  const file = readFileSync(join(folder, readdirSync(folder).find(one => one.endsWith('.ndjson'))!), 'utf8')
  const known = numbersOf([...wholeLines(file), ...unwritten])
  const wrong = untrue({
    'the session ended for its record': summary?.phase === 'faulted' && summary.cause?.kind === 'record',
    'the status is 6': status === 6,
    [`the summary says ${code}`]: summary?.journal.failed?.includes(code) === true,
    'the summary counts what was shown': summary?.journal.unwritten === unwritten.length,
    'every record is on the disk or was shown': known.size === (summary?.journal.head.n ?? Number.NaN) + 1,
  })
  const end = `${summary?.phase}, status ${status}, ${summary?.journal.failed}`
  return { what: `${end}; ${unwritten.length} records shown that were not written`, wrong }
}
