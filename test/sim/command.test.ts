import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { encodeHostFrame } from '../../protocol/hostFrames.ts'
import { ptyAvailable } from '../../sim/fronts/pty.ts'
import { Program, startSim, temporaryFolder } from '../support/processes.ts'

const sim = (...args: string[]): Program => new Program(temporaryFolder(), ['sim', ...args], 'pipe')
const ready = async (program: Program) => {
  const line = await program.out.until('a line', () => true)
  return JSON.parse(line) as { ready: boolean; path: string }
}
const havePty = await ptyAvailable()

describe('cuffpilot sim', () => {
  test('on TCP: the first line says where, and the unit answers there', async () => {
    const program = sim('--tcp', '0', '--events', '--baud', '115200', '--claim-real')
    const { path, ...rest } = await ready(program)
    expect(rest).toEqual({ ready: true, channels: 2, speed: 1 })
    const socket = connect(Number(path.split(':').at(-1)), '127.0.0.1')
    const profile = new Promise<string>(resolve => {
      let text = ''
      socket.on('data', bytes => {
        text += bytes.toString()
        const line = /^J .*/m.exec(text)
        if (line) resolve(line[0])
      })
    })
    socket.write(encodeHostFrame({ type: 'identify' }))
    expect(await profile).toMatch(/^J 0 FFF /)
    socket.write(Buffer.of(0x18))
    const release = await program.out.until('release', line => line.includes('"release"'))
    expect(JSON.parse(release)).toMatchObject({
      type: 'release',
      t_ms: expect.any(Number),
      host_ms: expect.any(Number),
    })
    socket.destroy()
    await program.out.until('disconnect', line => line.includes('"disconnect"'))
  })
  test.skipIf(!havePty)('on a pseudo-terminal with a link, which goes with the program', async () => {
    const link = join(temporaryFolder(), 'unit')
    const unit = await startSim(temporaryFolder(), '--link', link, '--fault', 'button.release@200ms', '--speed', '5')
    expect(existsSync(link)).toBe(true)
    expect(unit.path).toMatch(/^\/dev\//)
    expect(await unit.until('release')).toMatchObject({ type: 'release' })
    unit.process.child.kill('SIGTERM')
    expect(await unit.process.ended).toEqual({ code: 0, signal: null })
    expect(existsSync(link)).toBe(false)
  })
  test('ends when its standard input, a pipe, ends: a parent that dies leaves no unit behind', async () => {
    const program = sim('--tcp', '0')
    await ready(program)
    program.child.stdin!.end()
    expect((await program.ended).code).toBe(0)
  })
  test('goes on when its standard input is no pipe', async () => {
    const program = new Program(temporaryFolder(), ['sim', '--tcp', '0', '--events', '--fault', 'fw.reset@200ms'])
    await ready(program)
    await program.out.until('a restart', line => line.includes('"reset"'))
    program.child.kill('SIGINT')
    expect((await program.ended).code).toBe(0)
  })
  test('--list-faults prints every name with what it does', async () => {
    const program = sim('--list-faults')
    expect((await program.ended).code).toBe(0)
    expect(program.out.all.length).toBeGreaterThan(45)
    for (const line of program.out.all.slice(2)) expect(line).toMatch(/^[a-z]+\.\w+(=\S+)? {2,}\S/)
  })
  test.each([
    [['--fault', 'nope'], 2, /^CP-SIM-FAULT: "nope" is no behaviour/],
    [['--fault', 'fw.reset@soon'], 2, /^CP-SIM-FAULT: "@soon"/],
    [['--channels', '5'], 2, /whole number from 1 to 4/],
    [['--speed', '0'], 2, /number from 0\.01/],
    [['--tcp', '0', '--pty'], 2, /cannot be used with/],
    [['--link', '/nowhere/at/all'], 4, /^CP-SIM-PTY: /],
  ] as const)('%o: one clear line and status %i', async (args, code, line) => {
    const program = sim(...args)
    expect((await program.ended).code).toBe(code)
    expect(program.err.all).toHaveLength(1)
    expect(program.err.all[0]).toMatch(line)
    expect(program.out.all).toEqual([])
  })
  test('a port that is taken: one clear line and status 4', async () => {
    const first = sim('--tcp', '0')
    const port = (await ready(first)).path.split(':').at(-1)!
    const second = sim('--tcp', port)
    expect((await second.ended).code).toBe(4)
    expect(second.err.all).toEqual([expect.stringMatching(/^CP-SIM-TCP: .*EADDRINUSE/)])
  })
})
