import { connect, type Socket } from 'node:net'
import { SerialPort } from 'serialport'
import { afterEach, describe, expect, test } from 'vitest'
import { encodeHostFrame } from '../../protocol/hostFrames.ts'
import type { UnitEvent } from '../../sim/events.ts'
import { type Driven, drive, type Front } from '../../sim/fronts/drive.ts'
import { mockFront } from '../../sim/fronts/mock.ts'
import { ptyAvailable, ptyFront } from '../../sim/fronts/pty.ts'
import { tcpFront } from '../../sim/fronts/tcp.ts'

const IDENTIFY = encodeHostFrame({ type: 'identify' })
const HELLO = encodeHostFrame({ type: 'hello', nonce: 1, version: 1, rate_Hz: 100 })

/** A unit in real time, whose events can be awaited. */
class Live {
  readonly events: UnitEvent[] = []
  private readonly waiting = new Set<() => void>()
  readonly driven: Driven
  constructor(options: Parameters<typeof drive>[0] = {}) {
    this.driven = drive({
      ...options,
      event: event => {
        this.events.push(event)
        for (const look of this.waiting) look()
      },
    })
    cleanups.push(() => this.driven.stop())
  }
  happened(type: UnitEvent['type'], times = 1): Promise<void> {
    return new Promise(resolve => {
      const look = (): void => {
        if (this.events.filter(one => one.type === type).length < times) return
        this.waiting.delete(look)
        resolve()
      }
      this.waiting.add(look)
      look()
    })
  }
}

/** Text that comes until it matches. */
function says(stream: { on(name: 'data', on: (bytes: Buffer) => void): unknown }, pattern: RegExp): Promise<string> {
  return new Promise(resolve => {
    let text = ''
    stream.on('data', bytes => {
      text = (text + bytes.toString('latin1')).slice(-100_000)
      if (pattern.test(text)) resolve(text)
    })
  })
}

let cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup()
  cleanups = []
})

const opened = (path: string): Promise<SerialPort> =>
  new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate: 115_200, hupcl: false }, error =>
      error ? reject(error) : resolve(port),
    )
  })
const closed = (port: SerialPort): Promise<void> => new Promise(resolve => port.close(() => resolve()))
const written = (port: { write(bytes: string | Buffer, done: () => void): unknown }, bytes: string | Buffer) =>
  new Promise<void>(resolve => port.write(bytes, () => resolve()))

const havePty = await ptyAvailable()

describe.skipIf(!havePty)('a pseudo-terminal', () => {
  const front = async (live: Live): Promise<Front> => {
    const made = await ptyFront(live.driven)
    cleanups.push(() => made.close())
    return made
  }

  test('serialport opens it, is answered, and the release byte arrives', async () => {
    const live = new Live()
    const { path } = await front(live)
    const port = await opened(path)
    const answer = says(port, /^I 01 CuffSim .*\nJ .*\nT /m)
    await written(port, IDENTIFY)
    await answer
    await written(port, Buffer.of(0x18))
    await live.happened('release')
    await closed(port)
  })
  test('bytes 0x18, 0x03, 0x0A and 0x0D pass unchanged for a host that sets nothing itself', async () => {
    const { openSync, writeSync, closeSync } = await import('node:fs')
    const live = new Live()
    const made = await front(live)
    const heard: number[] = []
    const receive = live.driven.receive
    const all = new Promise<void>(resolve => {
      live.driven.receive = bytes => {
        heard.push(...bytes)
        receive(bytes)
        if (heard.length >= 7) resolve()
      }
    })
    const raw = openSync(made.path, 'r+')
    writeSync(raw, Buffer.of(0x18, 0x03, 0x04, 0x11, 0x1a, 0x0d, 0x0a))
    await all
    closeSync(raw)
    expect(heard).toEqual([0x18, 0x03, 0x04, 0x11, 0x1a, 0x0d, 0x0a])
  })
  test('a host that closes and comes back finds the same unit', async () => {
    const live = new Live()
    const { path } = await front(live)
    for (let i = 1; i <= 3; i++) {
      const port = await opened(path)
      const answer = says(port, /^I 01 CuffSim/m)
      await written(port, IDENTIFY)
      await answer
      await written(port, Buffer.of(0x18))
      await live.happened('release', i)
      await closed(port)
    }
    expect(live.events.filter(one => one.type === 'start')).toHaveLength(1)
  })
  test('a host that does not read costs no memory, and what it missed is thrown away', async () => {
    const live = new Live({ speed: 200 })
    const { path } = await front(live)
    const { openSync, writeSync, closeSync } = await import('node:fs')
    const raw = openSync(path, 'r+')
    writeSync(raw, HELLO)
    await live.happened('disconnect')
    writeSync(raw, Buffer.of(0x18))
    await live.happened('connect', 2)
    await live.happened('release')
    closeSync(raw)
  })
})

describe('TCP', () => {
  const dial = (path: string): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(path.split(':')[2]), '127.0.0.1', () => resolve(socket)).on('error', reject)
      cleanups.push(() => socket.destroy())
    })
  const front = async (live: Live): Promise<Front> => {
    const made = await tcpFront(live.driven, 0)
    cleanups.push(() => made.close())
    return made
  }

  test('talks, sees the release byte, and outlives its host', async () => {
    const live = new Live()
    const { path } = await front(live)
    for (let i = 1; i <= 2; i++) {
      const socket = await dial(path)
      const answer = says(socket, /^I 01 CuffSim .*\nJ /m)
      socket.write(IDENTIFY)
      await answer
      socket.write(Buffer.of(0x18))
      await live.happened('release', i)
      socket.resetAndDestroy()
      await live.happened('disconnect', i)
    }
    expect(live.events.filter(one => one.type === 'start')).toHaveLength(1)
  })
  test('a second connection is closed at once, and the first goes on', async () => {
    const live = new Live()
    const { path } = await front(live)
    const first = await dial(path)
    await live.happened('connect')
    const second = await dial(path)
    await new Promise(resolve => second.on('close', resolve).resume())
    const answer = says(first, /^I 01/m)
    first.write(IDENTIFY)
    await answer
  })
  test('a host that does not read costs no more than a bounded buffer', async () => {
    const live = new Live({ speed: 1_000 })
    const { path } = await front(live)
    const socket = await dial(path)
    socket.pause()
    socket.write(HELLO)
    await live.happened('hello')
    const before = process.memoryUsage()
    // 100 Hz at a thousand times our speed is 8 MB a second; a leak of it would show.
    live.driven.inject('button.release@2000s')
    await live.happened('release')
    const after = process.memoryUsage()
    expect(after.external + after.arrayBuffers - before.external - before.arrayBuffers).toBeLessThan(16 * 2 ** 20)
    socket.write(Buffer.of(0x18))
    await live.happened('release', 2)
  })
  test('listens on this machine only', async () => {
    const { path } = await front(new Live())
    expect(path).toMatch(/^tcp:127\.0\.0\.1:\d+$/)
  })
})

describe('real time', () => {
  test('after a pause of the process the unit lives through what it missed, each thing at its own time', async () => {
    const live = new Live({ speed: 10 })
    const times: number[] = []
    live.driven.attach(bytes => {
      const up = /^T \w{4} (\w{8})/.exec(Buffer.from(bytes).toString('latin1'))?.[1]
      if (up) times.push(Number.parseInt(up, 16))
    })
    const end = performance.now() + 300
    while (performance.now() < end);
    live.driven.inject('button.release@100ms')
    await live.happened('release')
    expect(times.length).toBeGreaterThan(25)
    for (let i = 1; i < times.length; i++) expect(times[i]! - times[i - 1]!).toBeLessThanOrEqual(120)
  })
  test('a stopped unit says and does nothing more', async () => {
    const live = new Live()
    live.driven.stop()
    live.driven.receive(Buffer.of(0x18))
    expect(live.events.filter(one => one.type === 'release')).toHaveLength(0)
  })
})

describe('serialport’s mock', () => {
  let count = 0
  const plugged = (live: Live) => {
    const mock = mockFront(live.driven, `/dev/mock-${count++}`)
    return { mock, open: () => mock.binding.open({ path: mock.path, baudRate: 115_200 }) }
  }
  type Port = Awaited<ReturnType<ReturnType<typeof plugged>['open']>>

  /** Reads as serialport does, one read after the other, until the text matches. */
  async function reads(port: Port, pattern: RegExp): Promise<string> {
    const buffer = Buffer.alloc(1_024)
    for (let text = ''; ; ) {
      const { bytesRead } = await port.read(buffer, 0, buffer.length)
      text += buffer.toString('latin1', 0, bytesRead)
      if (pattern.test(text)) return text
    }
  }

  test('talks, and sees the release byte', async () => {
    const live = new Live()
    const port = await plugged(live).open()
    await port.write(Buffer.from(IDENTIFY))
    await reads(port, /^I 01 CuffSim .*\nJ /m)
    await port.write(Buffer.of(0x18))
    await live.happened('release')
    await port.close()
    await live.happened('disconnect')
  })
  test('a stalled write does not end and reaches nobody, until the stall ends', async () => {
    const live = new Live()
    const { mock, open } = plugged(live)
    const port = await open()
    mock.stall(true)
    let done = false
    const write = port.write(Buffer.of(0x18)).then(() => {
      done = true
    })
    live.driven.inject('fw.noWatchdog@50ms')
    await live.happened('behaviour')
    expect([done, live.events.some(one => one.type === 'release')]).toEqual([false, false])
    mock.stall(false)
    await write
    await live.happened('release')
  })
  test('a silent unplug: no data, no error, no end of writes, no path; and a new port after plugging in', async () => {
    const live = new Live()
    const { mock, open } = plugged(live)
    const old = await open()
    await reads(old, /^T /m)
    mock.unplug('silent')
    const seen: string[] = []
    const note = (what: string) => () => seen.push(what)
    old.read(Buffer.alloc(64), 0, 64).then(note('data'), note('error'))
    old.write(Buffer.of(0x18)).then(note('written'), note('error'))
    live.driven.inject('fw.noWatchdog@300ms')
    await live.happened('behaviour')
    expect(seen).toEqual([])
    await expect(open()).rejects.toThrow('No such file')
    expect((await mock.binding.list()).some(info => info.path === mock.path)).toBe(false)
    mock.plug()
    const port = await open()
    await port.write(Buffer.from(IDENTIFY))
    await reads(port, /^I 01/m)
    expect(live.events.some(one => one.type === 'release')).toBe(false)
  })
  test('an unplug that is told fails the pending read, which is no cancelled one', async () => {
    const live = new Live()
    const { mock, open } = plugged(live)
    const port = await open()
    await reads(port, /^T /m)
    const read = reads(port, /never/)
    read.catch(() => {})
    await new Promise(resolve => setImmediate(resolve))
    mock.unplug('error')
    const error: { canceled?: boolean; message: string } = await read.catch(e => e)
    expect(error.message).toContain('the device is gone')
    expect(error.canceled).toBeUndefined()
  })
})
