/**
 * The port guard: a process of its own between the controller and the unit. It is started with the path of the port
 * (or tcp:PORT) and a speed, and talks to the controller in lines of JSON over file descriptor 3. It has the serial
 * binding and no other library. When the controller goes, it releases, and ends once the unit is vented.
 */
import { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { ReadStream } from 'node:tty'
import type { GuardCommand, GuardReport } from '../../machines/guardMessages.ts'
import { endQuietlyAfterHangUp } from '../hangUp.ts'
import { closeDebugger } from '../noDebugger.ts'
import { Guard } from './core.ts'
import { watchKeys } from './keys.ts'
import { openSerial, openTcp, type Port } from './port.ts'

/** What comes from the unit is shed above this backlog towards the controller; what the guard decides is not. Unit bytes. */
const BACKLOG_MAX = 64 * 1024
const FROM_UNIT: ReadonlySet<string> = new Set(['telemetry', 'identity', 'profile', 'self-test'])
/** A line of the controller's is never longer. Unit characters. */
const COMMAND_MAX = 16 * 1024
/** How long to wait, once the controller is gone, for the unit to show that it is vented. Unit ms. */
const FAREWELL_MS = 15_000

closeDebugger()
endQuietlyAfterHangUp()
const [where = '', speedText = '1'] = process.argv.slice(2)
const speed = Number(speedText)
const now = (): number => performance.now() * speed

// A controller that only has no more to say still hears that this process lives.
const controller = new Socket({ fd: 3, readable: true, writable: true, allowHalfOpen: true })
let port: Port | undefined
let timer: NodeJS.Timeout | undefined
let goneAt: number | undefined

function report(one: GuardReport): void {
  if (controller.destroyed) return
  if (FROM_UNIT.has(one.is) && controller.writableLength > BACKLOG_MAX) return
  controller.write(`${JSON.stringify(one)}\n`)
}

const guard = new Guard(
  { write: line => port?.write(line), writeRelease: () => port?.writeRelease(), report },
  now(),
  speed !== 1,
)
const release = (why: string): void => after(() => guard.release(why, now()))

// Whatever breaks in here: the byte first, then the crash goes its way. Nothing carries on.
process.on('uncaughtExceptionMonitor', () => port?.writeRelease())
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'] as const)
  process.on(signal, () => release(`signal ${signal}`))

/** Does one thing, tells what came of it in one piece, and sets the one timer anew: no beat runs by itself. */
function after(work: () => void): void {
  controller.cork()
  work()
  controller.uncork()
  clearTimeout(timer)
  if (goneAt !== undefined && farewell(goneAt)) process.exit(0)
  timer = setTimeout(() => after(() => guard.tick(now())), Math.max(0, (guard.nextDeadline - now()) / speed))
}

const farewell = (since: number): boolean => !port || guard.mayLeave || performance.now() - since > FAREWELL_MS

let rest = ''
controller.setEncoding('utf8')
controller.on('data', (text: string) => {
  const lines = (rest + text).split('\n')
  rest = lines.pop() ?? ''
  if (rest.length > COMMAND_MAX) throw new Error('a line of the controller has no end')
  after(() => {
    for (const line of lines) guard.command(JSON.parse(line) as GuardCommand, now())
  })
})
controller.on('error', () => {})
function gone(): void {
  goneAt ??= performance.now()
  if (guard.hasSession) release('the controller is gone')
  after(() => {})
}
controller.on('end', gone)
controller.on('close', gone)

const events = {
  bytes: (chunk: Uint8Array) => after(() => guard.bytes(chunk, now())),
  closed: (why: string) => {
    const lost = port
    port = undefined
    // Whatever is left of the port may still carry one byte.
    if (guard.hasSession) lost?.writeRelease()
    report({ is: 'closed', why })
    after(() => {})
  },
}
try {
  const tcp = /^tcp:(?:127\.0\.0\.1:)?(\d+)$/.exec(where)
  port = tcp ? await openTcp(Number(tcp[1]), events) : await openSerial(where, events)
  report({ is: 'opened' })
  if (process.stdin instanceof ReadStream) watchKeys(process.stdin, { release, key: key => report({ is: 'key', key }) })
} catch (error) {
  report({ is: 'closed', why: error instanceof Error ? error.message : String(error) })
}
after(() => {})
