import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Admission, IDLE_MS, TRIES_MAX } from '../../src/console/admission.ts'
import { backOf, GRACE_MS, graceLeft, lostBy, mustRelease, takenBy } from '../../src/console/control.ts'
import { type Knock, refusedAtTheDoor } from '../../src/console/doors.ts'
import { type Console, serve } from '../../src/console/server.ts'
import { testDesk } from './support.ts'

const PORT = 8123
const OURS = `http://127.0.0.1:${PORT}`
const good = { host: `127.0.0.1:${PORT}`, origin: OURS, site: 'same-origin' }

/** What a page of another site can make a browser say, and what a name that was bound to this machine says. */
const HOSTS = [
  'evil.example',
  `evil.example:${PORT}`,
  `localhost:${PORT}`,
  '127.0.0.1',
  '127.0.0.1:1',
  `[::1]:${PORT}`,
  '',
  undefined,
]
const ORIGINS = [
  'http://evil.example',
  'https://127.0.0.1:8123',
  'http://127.0.0.1:8124',
  `${OURS}/`,
  `${OURS}.evil.example`,
  'null',
  '',
]
const SITES = ['cross-site', 'same-site', 'none, same-origin', 'anything']

describe('REQ-CONSOLE (F82, F83): nothing gets in by way of another site or another name', () => {
  const kinds = ['read', 'write', 'upgrade'] as const
  const hostile: Knock[] = kinds.flatMap(kind => [
    ...HOSTS.map(host => ({ kind, ...good, host })),
    ...ORIGINS.map(origin => ({ kind, ...good, origin })),
    ...SITES.map(site => ({ kind, ...good, site })),
  ])

  test(`${hostile.length} hostile combinations of host, origin and site are refused, and ours is not`, () => {
    expect(hostile.length).toBeGreaterThan(40)
    expect(hostile.filter(knock => refusedAtTheDoor(knock, PORT) === undefined)).toEqual([])
    for (const kind of kinds) expect(refusedAtTheDoor({ kind, ...good }, PORT)).toBeUndefined()
  })

  test('whoever acts says which page asks; whoever reads may have typed the address', () => {
    for (const kind of ['write', 'upgrade'] as const) {
      expect(refusedAtTheDoor({ kind, ...good, origin: undefined }, PORT)?.status).toBe(403)
      expect(refusedAtTheDoor({ kind, ...good, site: 'none' }, PORT)?.status).toBe(403)
    }
    expect(refusedAtTheDoor({ kind: 'read', ...good, origin: undefined, site: 'none' }, PORT)).toBeUndefined()
    expect(refusedAtTheDoor({ kind: 'read', ...good, host: 'evil.example' }, PORT)?.status).toBe(421)
  })
})

describe('REQ-CONSOLE (F84, F86): the address that is printed', () => {
  test('works once; the next one is another; a token is kept alive by use and ends when nobody uses it', () => {
    const admission = new Admission()
    const idle: number = IDLE_MS
    const { key } = admission
    const first = admission.enter(key, 0)
    expect(admission.enter(key, 1)).toEqual({ refused: 'wrong' })
    expect(admission.key).not.toBe(key)
    const token = 'token' in first ? first.token : ''
    expect(token).toMatch(/^[\w-]{22}$/)
    expect(admission.knows(token, idle)).toBe(true)
    expect(admission.knows(token, 2 * idle)).toBe(true)
    expect(admission.knows(token, 3 * idle + 1)).toBe(false)
    expect(admission.knows(token, 3 * idle + 2)).toBe(false)
    expect(admission.knows(undefined, 0)).toBe(false)
    expect(admission.knows('', 0)).toBe(false)
  })

  test(`cannot be guessed: after ${TRIES_MAX} tries in a minute the right one is refused too, until a minute is over`, () => {
    const admission = new Admission()
    for (let i = 0; i < TRIES_MAX; i++) expect(admission.enter(`wrong ${i}`, i)).toEqual({ refused: 'wrong' })
    expect(admission.enter(admission.key, TRIES_MAX)).toEqual({ refused: 'too often' })
    expect(admission.enter(admission.key, 60_000)).toHaveProperty('token')
  })
})

describe('REQ-CONSOLE (F80): control', () => {
  test('is held by one page; another one gets it when that page is gone, and it gets it back when it returns in time', () => {
    const held = takenBy('a', undefined)
    expect(takenBy('b', held)).toBe(held)
    const lost = lostBy('a', held, 1_000)
    expect(lostBy('b', held, 1_000)).toBe(held)
    expect(backOf('a', lost)).toEqual({ page: 'a', lostAt: undefined })
    expect(backOf('b', lost)).toBe(lost)
    expect(takenBy('b', lost)).toEqual({ page: 'b', lostAt: undefined })
  })

  test('LIM-PRESENCE-GRACE: once the page is gone its grace runs from the first moment, and ends after 30 s', () => {
    const lost = lostBy('a', { page: 'a', lostAt: undefined }, 1_000)
    expect(lostBy('a', lost, 5_000)).toBe(lost)
    expect(GRACE_MS).toBe(30_000)
    expect(graceLeft(lost, 30_999)).toBe(1)
    expect(graceLeft(lost, 31_000)).toBe(0)
    expect(graceLeft({ page: 'a', lostAt: undefined }, 99_000)).toBeUndefined()
    expect(graceLeft(undefined, 99_000)).toBeUndefined()
  })

  test('once the grace is over a session is released, and no other time: not before, and not when it has ended or was released', () => {
    const lost = { page: 'a', lostAt: 0 }
    const going = { phase: 'holding', cause: undefined } as const
    expect([mustRelease(lost, going, 29_999), mustRelease(lost, going, 30_000)]).toEqual([false, true])
    expect(mustRelease({ page: 'a', lostAt: undefined }, going, 99_000)).toBe(false)
    for (const phase of ['releasing', 'finished', 'refused', 'stopped', 'faulted'] as const)
      expect([phase, mustRelease(lost, { ...going, phase }, 30_000)]).toEqual([phase, false])
    expect(mustRelease(lost, { phase: 'stuck', cause: { kind: 'safety', text: 'a leak' } }, 30_000)).toBe(false)
  })
})

describe('REQ-CONSOLE: the server that is shipped', () => {
  let served: Console
  beforeAll(async () => {
    served = await serve({ port: 0, desk: testDesk().desk, entered: () => {} })
  })
  afterAll(() => served.close())

  /** Over a socket, without any library that would set a header of its own, or understand an answer in its own way. */
  const ask = async (method: string, path: string, headers: Record<string, string>, body = '') => {
    const socket = connect(served.port, '127.0.0.1')
    const all = { connection: 'close', ...headers, ...(body && { 'content-length': `${body.length}` }) }
    const lines = [`${method} ${path} HTTP/1.1`, ...Object.entries(all).map(([name, value]) => `${name}: ${value}`)]
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
    let answer = ''
    for await (const part of socket.setEncoding('utf8')) {
      answer += part
      if (answer.startsWith('HTTP/1.1 101')) break
    }
    const [head = '', text = ''] = answer.split('\r\n\r\n')
    const [first = '', ...rest] = head.split('\r\n')
    const told = rest.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)])
    return { status: Number(first.split(' ')[1]), headers: Object.fromEntries(told) as Record<string, string>, text }
  }
  const own = () => `127.0.0.1:${served.port}`
  const origin = () => `http://${own()}`
  const UPGRADE = {
    connection: 'upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  }
  const json = { 'content-type': 'application/json' }
  const enter = (key: string, more: Record<string, string> = {}) =>
    ask('POST', '/enter', { host: own(), origin: origin(), ...json, ...more }, JSON.stringify({ key }))

  test('refuses each hostile host, origin and site on GET, POST and upgrade, before anything else', async () => {
    const ways = [
      ['GET', '/', {}],
      ['GET', '/main.js', {}],
      ['POST', '/enter', json],
      ['POST', '/release', {}],
      ['GET', '/channel', UPGRADE],
    ] as const
    const hostile = [
      { host: `evil.example:${served.port}`, origin: origin() },
      { host: `localhost:${served.port}`, origin: origin() },
      { host: own(), origin: 'http://evil.example' },
      { host: own(), origin: 'null' },
      { host: own(), origin: `http://127.0.0.1:${served.port + 1}` },
      { host: own(), origin: origin(), 'sec-fetch-site': 'cross-site' },
      { host: own(), origin: origin(), 'sec-fetch-site': 'same-site' },
      {
        host: `evil.example:${served.port}`,
        origin: `http://evil.example:${served.port}`,
        'sec-fetch-site': 'same-origin',
      },
    ]
    for (const [method, path, headers] of ways)
      for (const bad of hostile)
        expect([path, bad, (await ask(method, path, { ...headers, ...bad })).status]).toEqual([
          path,
          bad,
          bad.host === own() ? 403 : 421,
        ])
  })

  test('REQ-CONSOLE (F85): the channel needs the cookie; a release needs nothing but the own page', async () => {
    const to = { host: own(), origin: origin() }
    expect((await ask('GET', '/channel', { ...to, ...UPGRADE })).status).toBe(401)
    expect(
      (await ask('GET', '/channel', { ...to, ...UPGRADE, cookie: `cuffpilot-${served.port}=AAAAAAAAAAAAAAAAAAAAAA` }))
        .status,
    ).toBe(401)
    expect((await ask('GET', '/report', to)).status).toBe(401)
    expect((await ask('POST', '/release', to)).status).toBe(204)
  })

  test('an address is exchanged once for a cookie that no script reads and no other site sends; it opens the channel', async () => {
    const key = served.address().split('#')[1]!
    const answer = await enter(key)
    expect(answer.status).toBe(204)
    const cookie = answer.headers['set-cookie']
    expect(cookie).toMatch(/^cuffpilot-\d+=[\w-]{22}; HttpOnly; SameSite=Strict; Path=\/$/)
    expect((await enter(key)).status).toBe(403)
    const [pair = ''] = cookie!.split(';')
    const to = { host: own(), origin: origin(), ...UPGRADE }
    expect((await ask('GET', '/channel', { ...to, cookie: pair })).status).toBe(101)
    expect((await ask('GET', '/channel', { ...to, cookie: `${pair}; ${pair}` })).status).toBe(401)
    expect((await ask('GET', '/channel', { ...to, cookie: pair, origin: 'http://evil.example' })).status).toBe(403)
  })

  test('nothing from elsewhere, no script in a page, no frame around it, no other way of asking', async () => {
    const { headers, text } = await ask('GET', '/', { host: own() })
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(headers).not.toHaveProperty('access-control-allow-origin')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(text).not.toMatch(/<script>|style=|https?:/)
    const to = { host: own(), origin: origin() }
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/channel', '/nothing'])
      expect([path, (await ask('GET', path, to)).status >= 400]).toEqual([path, true])
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH'])
      expect((await ask(method, '/release', to)).status).toBe(404)
  })

  test('a body that is too long, or is none, is refused and changes nothing', async () => {
    const to = { host: own(), origin: origin(), ...json }
    expect((await ask('POST', '/enter', to, JSON.stringify({ key: 'x'.repeat(2_000) }))).status).toBe(413)
    expect((await ask('POST', '/enter', to, '{')).status).toBe(400)
    expect((await ask('POST', '/enter', to, '[1]')).status).toBe(403)
    expect((await ask('POST', '/enter', to, '{"key":{}}')).status).toBe(403)
  })
})
