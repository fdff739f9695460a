import { execFile, execFileSync } from 'node:child_process'
import { existsSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MAIN, temporaryFolder } from '../support/processes.ts'

interface Outcome {
  readonly code: number | string | null | undefined
  readonly out: string
  readonly err: string
}

/** Runs the program; one that does not end is ended, and has no status then. */
function cuffpilot(home: string, ...args: string[]): Promise<Outcome> {
  const env = { ...process.env, CUFFPILOT_HOME: home, NO_COLOR: '1' }
  return new Promise(resolve => {
    execFile(process.execPath, [MAIN, ...args], { env, timeout: 30_000 }, (error, out, err) =>
      resolve({ code: error ? error.code : 0, out, err }),
    )
  })
}

const READERS: [code: string, args: (file: string) => string[]][] = [
  ['CP-JOURNAL-READ', file => ['journal', 'verify', file]],
  ['CP-JOURNAL-READ', file => ['journal', 'replay', file]],
  ['CP-KEY-READ', file => ['keys', 'trust', file, '--role', 'screening', '--label', 'x']],
  ['CP-VERDICT-READ', file => ['verdict', 'show', file]],
  ['CP-PROGRAM-FILE', file => ['programs', 'check', file]],
  [
    'CP-ATTEST',
    file => ['run', '--port', 'x', '--subject', 'x', '--limbs', 'left-arm', '--unattended', '--attest', file],
  ],
]

function pipeIn(folder: string): string {
  const path = join(folder, 'pipe')
  execFileSync('mkfifo', [path])
  return path
}

test.runIf(process.platform !== 'win32').each<[string, (folder: string) => string]>([
  ['a device without an end', () => '/dev/zero'],
  ['a pipe that nobody writes to', pipeIn],
  ['a folder', folder => folder],
])('%s is refused in one line by everything that reads a file', async (_, make) => {
  const home = temporaryFolder()
  const file = make(home)
  const ended = await Promise.all(READERS.map(([, args]) => cuffpilot(home, ...args(file))))
  expect(ended).toEqual(
    READERS.map(([code]) => ({ code: 2, out: '', err: expect.stringMatching(RegExp(`^${code}: [^\\n]+\\n$`)) })),
  )
})

test.runIf(process.platform !== 'win32')('what is no file is never replaced by one', async () => {
  const home = temporaryFolder()
  const pipe = pipeIn(home)
  const made = await cuffpilot(home, 'verdict', 'example', '--out', pipe, '--subject', 'x', '--limbs', 'left-arm')
  expect(made).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^CP-WRITE: [^\n]+\n$/) })
  expect(lstatSync(pipe).isFIFO()).toBe(true)
})

test.runIf(existsSync('/proc'))('a data folder that cannot be made is refused in one line', async () => {
  const made = await cuffpilot('/proc/nope', 'keys', 'init', '--label', 'x')
  expect(made).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^CP-WRITE: [^\n]+\n$/) })
})

test('a data folder is made with every folder above it', async () => {
  const home = join(temporaryFolder(), 'a', 'b')
  expect(await cuffpilot(home, 'keys', 'init', '--label', 'x')).toMatchObject({ code: 0 })
  expect(lstatSync(home).mode & 0o777).toBe(0o700)
})
