import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { actIn, FRAME_MAX, FRAMES_MAX, needsControl } from '../../src/console/acts.ts'
import { acknowledged, audible, latch } from '../../src/console/page/alarms.ts'
import { Age, SHOWN_MAX_MS } from '../../src/console/page/fresh.ts'
import { type Console, serve } from '../../src/console/server.ts'
import type { Told } from '../../src/console/shown.ts'
import { testDesk } from './support.ts'

/** A page without a browser. */
class Client {
  readonly told: Told[] = []
  readonly closed: Promise<number>
  readonly socket: WebSocket
  private waiting: (() => void)[] = []

  constructor(port: number, cookie: string) {
    const headers = { cookie, origin: `http://127.0.0.1:${port}` }
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/channel`, { headers })
    this.closed = new Promise(resolve => this.socket.on('close', resolve))
    this.socket.on('message', data => {
      this.told.push(JSON.parse(data.toString()) as Told)
      for (const look of this.waiting.splice(0)) look()
    })
  }

  async until<Is extends Told['is']>(is: Is): Promise<Told & { is: Is }> {
    for (;;) {
      const found = this.told.find((one): one is Told & { is: Is } => one.is === is)
      if (found) return found
      await new Promise<void>(resolve => this.waiting.push(resolve))
    }
  }

  send(act: unknown): void {
    this.socket.send(JSON.stringify(act))
  }
}

describe('REQ-CONSOLE: what a page sends is looked at frame by frame', () => {
  let served: Console
  let cookie: string
  beforeEach(async () => {
    served = await serve({ port: 0, desk: testDesk().desk, entered: () => {} })
    const answer = await fetch(`http://127.0.0.1:${served.port}/enter`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: `http://127.0.0.1:${served.port}` },
      body: JSON.stringify({ key: served.address().split('#')[1] }),
    })
    cookie = answer.headers.get('set-cookie')!.split(';')[0]!
  })
  afterEach(() => served.close())
  const client = () => new Client(served.port, cookie)

  test.each<[string, (one: Client) => void, number]>([
    ['too large', one => one.socket.send('x'.repeat(FRAME_MAX + 1)), 1009],
    ['no JSON', one => one.socket.send('{'), 1008],
    ['of no shape of ours', one => one.send({ do: 'inflate', mmHg: 300 }), 1008],
    ['with a field too many', one => one.send({ do: 'release', why: 'because' }), 1008],
    ['in bytes', one => one.socket.send(Buffer.from('{"do":"beat"}')), 1008],
    ['for a limb that there is not', one => one.send({ do: 'screen', subject: 'P', limbs: ['neck'] }), 1008],
  ])('a frame %s closes that page, and no other', async (_, send, code) => {
    const [bad, good] = [client(), client()]
    await Promise.all([bad.until('you'), good.until('you')])
    send(bad)
    expect(await bad.closed).toBe(code)
    good.send({ do: 'take' })
    await expect
      .poll(() => good.told.findLast(one => one.is === 'room')?.room.control?.page)
      .toBe((await good.until('you')).page)
    expect(good.socket.readyState).toBe(WebSocket.OPEN)
  })

  test(`more than ${FRAMES_MAX} frames in a second close that page, and no other`, async () => {
    const [bad, good] = [client(), client()]
    await Promise.all([bad.until('you'), good.until('you')])
    for (let i = 0; i <= FRAMES_MAX; i++) bad.send({ do: 'beat' })
    expect(await bad.closed).toBe(1008)
    expect(good.socket.readyState).toBe(WebSocket.OPEN)
  })

  test('a ninth page is sent away, and nothing that needs control is done for a page without it', async () => {
    const all = Array.from({ length: 8 }, client)
    await Promise.all(all.map(one => one.until('you')))
    expect(await client().closed).toBe(1013)
    all[0]!.send({ do: 'look' })
    expect((await all[0]!.until('problem')).text).toMatch(/looks on/)
  })

  test('two pages have two names; one that comes back with its own keeps it, and takes none that is in use', async () => {
    const one = client()
    const { page } = await one.until('you')
    const headers = { cookie, origin: `http://127.0.0.1:${served.port}` }
    const named = async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${served.port}/channel?page=${page}`, { headers })
      return new Promise<string>(resolve => {
        socket.once('message', data => resolve((JSON.parse(data.toString()) as { page: string }).page))
      })
    }
    expect(await named()).not.toBe(page)
    one.socket.close()
    await one.closed
    await expect.poll(named).toBe(page)
  })
})

test('REQ-CONSOLE: the unit is asked three times before it is said that there is none', async () => {
  let asked = 0
  const { desk } = testDesk({
    identify: async () => {
      asked++
      return { is: 'no unit', why: 'no cuff unit answers' }
    },
  })
  await desk.do({ do: 'take' }, 'page')
  expect(await desk.do({ do: 'look' }, 'page')).toBe('no cuff unit answers')
  expect(asked).toBe(3)
  expect(desk.room().noUnit).toBe('no cuff unit answers')
})

test('REQ-CONSOLE (I-17, I-18): releasing, and noting a symptom, need no control; everything that begins or confirms does', () => {
  for (const free of [{ do: 'release' }, { do: 'symptom', key: 'd' }, { do: 'beat' }, { do: 'take' }])
    expect([free, needsControl(actIn(JSON.stringify(free))!)]).toEqual([free, false])
  for (const bound of [
    { do: 'press' },
    { do: 'start' },
    { do: 'begin' },
    { do: 'confirm', item: 'aed' },
    { do: 'leave' },
    { do: 'look' },
  ])
    expect([bound, needsControl(actIn(JSON.stringify(bound))!)]).toEqual([bound, true])
})

describe('REQ-CONSOLE (F81, I-15): how old something is, by the clock of the program', () => {
  test('is known from the fastest message; what was on its way for longer than a second is not shown', () => {
    const age = new Age()
    expect(age.isFresh(0)).toBe(false)
    age.take(5_000, 100)
    expect([age.isFresh(100 + SHOWN_MAX_MS), age.isFresh(101 + SHOWN_MAX_MS)]).toEqual([true, false])
    age.take(5_100, 1_500)
    expect(age.isFresh(1_500)).toBe(false)
    age.take(6_500, 1_601)
    expect(age.isFresh(1_601)).toBe(true)
    age.forget()
    expect(age.isFresh(1_601)).toBe(false)
  })
})

describe('REQ-CONSOLE: alarms', () => {
  const alarm = (id: string, priority: 'high' | 'medium' | 'low') => ({ id, priority, text: id })
  const [leak, ending, stuck] = [
    alarm('ALARM-SAFETY', 'high'),
    alarm('ALARM-ENDING', 'low'),
    alarm('ALARM-STUCK', 'high'),
  ]

  test('stay until somebody has acknowledged them, the worst first', () => {
    const both = latch(latch([], [ending]), [leak, ending])
    expect(both.map(one => one.alarm.id)).toEqual(['ALARM-SAFETY', 'ALARM-ENDING'])
    const over = latch(both, [])
    expect(over.map(one => one.stands)).toEqual([false, false])
    expect(acknowledged(over)).toEqual([])
    expect(latch(acknowledged(both), [leak]).map(one => one.acknowledged)).toEqual([true])
    expect(latch(latch(acknowledged(both), []), [leak]).map(one => one.acknowledged)).toEqual([false])
  })

  test('the worst that stands is heard, unless acknowledged or paused; a vent that failed is heard all the same', () => {
    const both = latch([], [ending, leak])
    expect(audible(both, false)).toBe(leak)
    expect(audible(both, true)).toBeUndefined()
    expect(audible(acknowledged(both), false)).toBeUndefined()
    expect(audible(latch(both, []), false)).toBeUndefined()
    expect(audible(acknowledged(latch([], [stuck])), true)).toBe(stuck)
  })
})
