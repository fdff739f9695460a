import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import helmet from '@fastify/helmet'
import serveStatic from '@fastify/static'
import websocket from '@fastify/websocket'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { packageRoot } from '../packageRoot.ts'
import { FRAME_MAX } from './acts.ts'
import { Admission } from './admission.ts'
import type { Desk } from './desk.ts'
import { addressOf, type Knock, refusedAtTheDoor } from './doors.ts'
import { Pages } from './pages.ts'

export interface Console {
  readonly port: number
  /** The address to be opened now; worth nothing once it was used. */
  readonly address: () => string
  /** Something changed that pages show. */
  readonly changed: () => void
  close(): Promise<void>
}

export interface ServerOptions {
  /** 0 takes any that is free. */
  readonly port: number
  readonly desk: Desk
  /** The address was used, and there is a new one. */
  readonly entered: () => void
}

/** Where the bundled pages lie. */
const FILES = join(packageRoot(), 'dist', 'console')
/** Longest body of a request. Unit bytes. */
const BODY_MAX = 1_024

/** The console's server, on loopback and nowhere else. */
export async function serve({ port: wanted, desk, entered }: ServerOptions): Promise<Console> {
  const app = fastify({ bodyLimit: BODY_MAX, trustProxy: false, exposeHeadRoutes: false })
  const admission = new Admission()
  const pages = new Pages(desk)
  let port = wanted
  const cookie = () => `cuffpilot-${port}`
  await app.register(helmet, { contentSecurityPolicy: POLICY, hsts: false, referrerPolicy: { policy: 'no-referrer' } })
  await app.register(websocket, { options: { maxPayload: FRAME_MAX, perMessageDeflate: false } })
  app.addHook('onRequest', async (request, reply) => {
    const refused = refusedAtTheDoor(knockOf(request), port)
    if (refused) return reply.code(refused.status).send({ error: refused.why })
    reply.header('cache-control', 'no-store')
  })
  // Whoever is let in by the door may release: no token, no control, no session of a browser.
  app.post('/release', async (_, reply) => {
    await desk.do({ do: 'release' }, '')
    return reply.code(204).send()
  })
  app.post('/enter', async (request, reply) => {
    const { key } = (request.body ?? {}) as { key?: unknown }
    const answer = admission.enter(typeof key === 'string' ? key : '', performance.now())
    if ('refused' in answer)
      return reply.code(answer.refused === 'wrong' ? 403 : 429).send({ error: WORDS[answer.refused] })
    entered()
    reply.header('set-cookie', `${cookie()}=${answer.token}; HttpOnly; SameSite=Strict; Path=/`)
    return reply.code(204).send()
  })
  const isIn = (request: FastifyRequest) =>
    admission.knows(tokenIn(request.headers.cookie, cookie()), performance.now())
  await app.register(async inside => {
    inside.get('/channel', { websocket: true, preValidation: refuseStrangers(isIn) }, (socket, request) => {
      const { page } = request.query as { page?: unknown }
      pages.add(socket, typeof page === 'string' && PAGE.test(page) ? page : undefined, () => isIn(request))
    })
  })
  app.get('/report', async (request, reply) => {
    if (!isIn(request)) return reply.code(401).send({ error: WORDS.wrong })
    const report = desk.report()
    if (report === undefined) return reply.code(404).send({ error: 'no session is over yet' })
    // A file of its own, with a policy of its own; it is no page of the console.
    return reply
      .type('text/html; charset=utf-8')
      .header('content-disposition', 'attachment; filename="session.html"')
      .send(report)
  })
  await app.register(serveStatic, { root: FILES, index: 'index.html', cacheControl: false })
  await app.listen({ host: '127.0.0.1', port: wanted })
  port = (app.server.address() as { port: number }).port
  return {
    port,
    address: () => `http://${addressOf(port)}/#${admission.key}`,
    changed: () => {
      pages.isStale = true
    },
    close: () => closeAll(app, pages),
  }
}

/** A page's name, as it was given one. */
const PAGE = /^[\w-]{12}$/

const WORDS = {
  wrong: 'this address was used before, or is not ours: take the one that the program has printed last',
  'too often': 'too many tries: wait a minute',
} as const

const refuseStrangers =
  (isIn: (request: FastifyRequest) => boolean) =>
  async (request: FastifyRequest, reply: { code(status: number): { send(body: unknown): unknown } }) => {
    if (!isIn(request)) return reply.code(401).send({ error: WORDS.wrong })
    return undefined
  }

function knockOf({ headers, method }: FastifyRequest): Knock {
  const upgrade = headers.upgrade !== undefined
  const kind = upgrade ? 'upgrade' : method === 'GET' ? 'read' : 'write'
  const site = headers['sec-fetch-site']
  return { kind, host: headers.host, origin: headers.origin, site: Array.isArray(site) ? site.join() : site }
}

/** The value of one cookie, if it is there once. */
function tokenIn(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '').split(';').flatMap(part => {
    const [key, value] = part.trim().split('=')
    return key === name && value !== undefined ? [value] : []
  })
  return values.length === 1 ? values[0] : undefined
}

async function closeAll(app: FastifyInstance, pages: Pages): Promise<void> {
  pages.close()
  await app.close()
}

/** Nothing from elsewhere, and nothing that was not built along with the program. */
const POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
}
