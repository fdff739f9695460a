import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { GuardReport } from '../../machines/guardMessages.ts'
import { GuardClient } from '../../src/guard/client.ts'
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

/** A guard that goes on releasing, for the gauge of its unit never shows a vented line. */
async function releasing(): Promise<GuardClient> {
  const unit = await startSim(temporaryFolder(), '--speed', '1', '--fault', 'sensor.offset=40')
  return new Promise(resolve => {
    const onReport = (report: GuardReport): void => {
      if (report.is === 'opened') client.send({ do: 'identify' })
      if (report.is === 'profile') client.send({ do: 'hello', nonce: 1, rate_Hz: 10 })
      if (report.is === 'released') resolve(client)
    }
    const client = new GuardClient({ path: unit.path, speed: 1, keys: false }, onReport)
    onTestFinished(() => void (client.gone || process.kill(client.pid!, 'SIGKILL')))
  })
}

test('REQ-HANG: a guard that hangs while the session closes is ended, and one that only waits for the unit is not', async () => {
  const [hangs, waits] = await Promise.all([releasing(), releasing()])
  const closed = hangs.close()
  void waits.close()
  process.kill(hangs.pid!, 'SIGSTOP')
  await closed
  expect([hangs.gone, waits.gone]).toEqual([true, false])
})
