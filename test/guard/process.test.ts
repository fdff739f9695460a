import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { Lines, startSim, temporaryFolder } from '../support/processes.ts'

const GUARD = fileURLToPath(new URL('../../dist/src/guard/main.js', import.meta.url))

/** The guard's process on a port that is open, and the channel on which a controller would talk to it. */
async function opened(path: string) {
  const child = spawn(process.execPath, [GUARD, path, '1'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
  const channel = child.stdio[3] as Socket
  channel.on('error', () => {})
  await new Lines(channel).until('the port opened', line => line.includes('"opened"'))
  return { channel, ended }
}

test.each([
  ['a line that is no JSON', 'what is this\n'],
  ['a line without an end', 'x'.repeat(16 * 1024 + 1)],
])('REQ-RELEASE: a guard that breaks over %s writes the release byte first, and ends', async (_, said) => {
  const unit = await startSim(temporaryFolder(), '--speed', '1')
  const { channel, ended } = await opened(unit.path)
  const since = unit.events().length
  channel.write(said)
  expect(await ended).not.toBe(0)
  await unit.until('release', since)
})
