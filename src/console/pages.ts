import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { WebSocket } from 'ws'
import type { Millis, MonoMs } from '../../protocol/units.ts'
import { actIn, FRAMES_MAX } from './acts.ts'
import type { Desk } from './desk.ts'
import type { Told } from './shown.ts'

/** Pages are told at most this often, and at least that often. Unit ms. */
const SOON_MS: Millis = 100
const IDLE_MS: Millis = 500
/** A page that does not answer for so long is gone. Unit ms; project policy. */
const SILENT_MS: Millis = 5_000
/** What a page has not taken off the line; above it, it is told nothing more until it has. Unit bytes. */
const BACKLOG_MAX = 256 * 1024
/** Pages at once. Project policy. */
const PAGES_MAX = 8
/** Points in one message. */
const BATCH = 500

/** WebSocket close codes: RFC 6455, 7.4.1. */
const POLICY_VIOLATION = 1008
const TRY_LATER = 1013

interface Page {
  readonly id: string
  readonly socket: WebSocket
  heardAt: MonoMs
  /** Points that it has. */
  points: number
  /** When its last frames came. */
  frames: MonoMs[]
}

/** The pages that are open. What they are told stands on this program's side; what they ask for is looked at frame by frame. */
export class Pages {
  private readonly desk: Desk
  private readonly open = new Set<Page>()
  private readonly timer: NodeJS.Timeout
  private toldAt: MonoMs = 0
  /** Something is to be told. */
  isStale = true

  constructor(desk: Desk) {
    this.desk = desk
    this.timer = setInterval(() => this.tell(), SOON_MS)
  }

  add(socket: WebSocket, wanted: string | undefined, mayStay: () => boolean): void {
    if (this.open.size >= PAGES_MAX) return socket.close(TRY_LATER, 'too many pages')
    const taken = [...this.open].some(page => page.id === wanted)
    const id = wanted && !taken ? wanted : randomBytes(9).toString('base64url')
    const page: Page = { id, socket, heardAt: performance.now(), points: 0, frames: [] }
    this.open.add(page)
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      this.open.delete(page)
      this.desk.left(id)
    })
    socket.on('message', (data, isBinary) => {
      if (isBinary || !mayStay()) return socket.close(POLICY_VIOLATION, 'not admitted')
      void this.take(page, data.toString())
    })
    this.send(page, { is: 'you', page: id })
    this.desk.arrived(id)
    this.isStale = true
  }

  close(): void {
    clearInterval(this.timer)
    for (const { socket } of this.open) socket.terminate()
  }

  private async take(page: Page, frame: string): Promise<void> {
    const now = performance.now()
    page.heardAt = now
    page.frames = [...page.frames.filter(at => now - at < 1_000), now]
    const act = page.frames.length > FRAMES_MAX ? undefined : actIn(frame)
    if (!act) return page.socket.close(POLICY_VIOLATION, 'not a frame of ours')
    const problem = await this.desk.do(act, page.id)
    if (problem) this.send(page, { is: 'problem', text: problem })
  }

  /** Tells every page what there is to see. A page that stands still is taken for gone. */
  private tell(): void {
    const now = performance.now()
    this.desk.look()
    for (const page of this.open) if (now - page.heardAt > SILENT_MS) page.socket.terminate()
    if (this.open.size === 0 || !(this.isStale || now - this.toldAt > IDLE_MS)) return
    this.isStale = false
    this.toldAt = now
    const text = JSON.stringify({ is: 'room', at: now, room: this.desk.room() } satisfies Told)
    for (const page of this.open) this.tellOne(page, text)
  }

  private tellOne(page: Page, room: string): void {
    if (page.socket.bufferedAmount > BACKLOG_MAX) return
    const { points } = this.desk
    if (page.points > points.length) page.points = 0
    const batch = points.slice(page.points, page.points + BATCH)
    if (batch.length > 0) this.send(page, { is: 'points', from: page.points, points: batch })
    page.points += batch.length
    page.socket.send(room)
  }

  private send({ socket }: Page, told: Told): void {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(told))
  }
}
