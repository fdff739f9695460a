import { type ChildProcess, spawn } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { Lines, MAIN, runArgs, startSim, temporaryFolder } from '../support/processes.ts'

const GUARD = fileURLToPath(new URL('../../dist/src/guard/main.js', import.meta.url))

/** A process that was sent SIGUSR1 every millisecond from its start until it said `up`. */
interface Pestered {
  readonly child: ChildProcess
  readonly out: Lines
  /** Ports of debuggers that it ever opened. */
  readonly ports: () => number[]
  readonly ended: Promise<unknown>
}

/**
 * Before Node itself has started, the system ends a process for this signal: each try begins a millisecond later than the
 * one before, and the first that lives has heard it as early as can be.
 */
async function pester(home: string, args: readonly string[], up: RegExp): Promise<Pestered> {
  const env = { ...process.env, CUFFPILOT_HOME: home, NODE_OPTIONS: '--inspect-port=0' }
  for (let from_ms = 0; ; from_ms++) {
    const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const channel = child.stdio[3] as Socket
    for (const one of [channel, child.stdin!]) one.on('error', () => {})
    const [out, err] = [new Lines(child.stdout!), new Lines(child.stderr!)]
    channel.on('data', bytes => out.add(String(bytes)))
    const started = performance.now()
    const timer = setInterval(() => performance.now() - started >= from_ms && child.kill('SIGUSR1'), 1)
    const ended = new Promise<unknown>(resolve => child.once('close', (code, signal) => resolve(signal ?? code)))
    const isUp = await Promise.race([out.until('it is up', line => up.test(line)).then(() => true), ended])
    clearInterval(timer)
    const ports = () =>
      err.all.flatMap(line => /Debugger listening on ws:.*:(\d+)/.exec(line)?.slice(1).map(Number) ?? [])
    if (isUp === true) return { child, out, ports, ended }
    expect(isUp).toBe('SIGUSR1')
  }
}

/** The debugger that Node opened before a line of ours had run is closed, and there is no other. */
async function expectNoDebugger({ ports }: Pestered): Promise<void> {
  expect(ports().length).toBeLessThan(2)
  for (const port of ports())
    await expect(
      new Promise((resolve, reject) => connect(port, '127.0.0.1').on('connect', resolve).on('error', reject)),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' })
}

test('SIGUSR1 from the start on leaves no debugger in a simulated unit, and does not end it', async () => {
  const unit = await pester(temporaryFolder(), [MAIN, 'sim'], /"ready":true/)
  await expectNoDebugger(unit)
  unit.child.kill('SIGTERM')
  expect(await unit.ended).toBe(0)
})

test('SIGUSR1 from the start on leaves no debugger in the guard, which goes with its controller', async () => {
  const unit = await startSim(temporaryFolder())
  const guard = await pester(temporaryFolder(), [GUARD, unit.path, '1'], /"opened"/)
  await expectNoDebugger(guard)
  ;(guard.child.stdio[3] as Socket).end()
  expect(await guard.ended).toBe(0)
})

test('SIGUSR1 from the start on leaves no debugger in a session, and then releases', async () => {
  const home = temporaryFolder()
  const unit = await startSim(home)
  const session = await pester(home, [MAIN, ...runArgs(home, unit.path, '--unattended')], /./)
  await expectNoDebugger(session)
  await session.out.until('a state, or the end', line => /fitting|cause: /.test(line))
  if (!session.out.all.some(line => line.includes('cause: '))) session.child.kill('SIGUSR1')
  expect(await session.ended).toBe(5)
  expect(session.out.all).toContainEqual(expect.stringContaining('cause: signal SIGUSR1'))
})
