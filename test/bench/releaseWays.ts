import { ReadlineParser } from '@serialport/parser-readline'
import { SerialPort } from 'serialport'
import type { Commanded, GuardCommand, GuardReport } from '../../machines/guardMessages.ts'
import { encodeHostFrame } from '../../protocol/hostFrames.ts'
import { BAUD, RELEASE } from '../../protocol/wire.ts'
import { GuardClient } from '../../src/guard/client.ts'

export const QUESTION = encodeHostFrame({ type: 'identify' })

/** A way to ask the unit, and to release it by a key. */
export interface Host {
  /** Makes all ready for a key. Ends with '', or with what was in the way. */
  ready(): Promise<string>
  /** Asks the unit who it is. */
  ask(): void
  close(): Promise<void>
}

const LIMBS = ['left-arm', 'right-arm'] as const
const TARGET_MMHG = 60
const SLEW = { slew_mmHg_per_s: 10 }
const envelope = {
  cuffs: LIMBS.map((limb, i) => ({ channel: i + 1, limb, max_mmHg: TARGET_MMHG })),
  ...SLEW,
  press_ms: 60_000,
  rest_ms: 5_000,
  cum_ms: 120_000,
}

type Wanted = (report: GuardReport) => boolean
const done =
  (of: Commanded): Wanted =>
  report =>
    report.is === 'outcome' && report.of === of && report.outcome === 'done'
const armed: Wanted = report => report.is === 'telemetry' && report.frame.mode === 'armed'

/** What is sent after what, up to a press in force. */
const SCRIPT: readonly (readonly [Wanted, GuardCommand])[] = [
  [report => report.is === 'opened', { do: 'identify' }],
  [done('identify'), { do: 'hello', nonce: 1, rate_Hz: 10 }],
  [done('hello'), { do: 'envelope', envelope }],
  // The guard has heard the answer to its ping by then.
  [report => report.is === 'ping', { do: 'arm' }],
  [armed, { do: 'press', targets: LIMBS.map((_, i) => ({ channel: i + 1, target_mmHg: TARGET_MMHG })), ...SLEW }],
]

/** A guard with its session and a press in force. It ends with what was in the way of that. */
function pressing(path: string, answered: () => void): { guard: GuardClient; ready: Promise<string> } {
  let [step, at] = [0, 0]
  let settle: (problem: string) => void = () => {}
  const ready = new Promise<string>(resolve => {
    settle = resolve
  })
  const guard = new GuardClient({ path, speed: 1, keys: true }, report => {
    if (report.is === 'ping') guard.send({ do: 'pong', ping: report.ping, step: ++step })
    if (report.is === 'released' || report.is === 'closed') settle(report.why)
    if (report.is === 'outcome' && report.outcome !== 'done') settle(`${report.of}: ${report.outcome} ${report.why}`)
    const [wanted, command] = SCRIPT[at] ?? []
    if (command && wanted?.(report)) {
      at++
      guard.send(command)
    } else if (done('press')(report)) settle('')
    else if (!command && done('identify')(report)) answered()
  })
  return { guard, ready }
}

/** Its release has been measured. Otherwise it would wait until it has seen the device vented for 3 s. */
async function end(guard: GuardClient): Promise<void> {
  const ended = guard.close()
  if (guard.pid !== undefined && !guard.gone) process.kill(guard.pid, 'SIGKILL')
  await ended
}

/** The guard's process owns the port and reads the keys. A guard is new each time: it has released nothing yet. */
export function throughGuard(path: string, answered: () => void): Host {
  let guard: GuardClient | undefined
  return {
    ready: async () => {
      if (guard) await end(guard)
      const begun = pressing(path, answered)
      guard = begun.guard
      return begun.ready
    },
    ask: () => guard?.send({ do: 'identify' }),
    close: async () => guard?.close(),
  }
}

/** This process does both, as one would write it first. One release is like another here. */
export async function bare(path: string, answered: () => void): Promise<Host> {
  const port = new SerialPort({ path, baudRate: BAUD, autoOpen: false })
  await new Promise<void>((resolve, reject) => port.open(error => (error ? reject(error) : resolve())))
  const lines = port.pipe(new ReadlineParser())
  await new Promise(resolve => lines.once('data', resolve))
  lines.on('data', (line: string) => line.split(' ')[0] === 'J' && answered())
  process.stdin.setRawMode(true)
  process.stdin.on('data', (keys: Buffer) => {
    for (const key of keys) if (key === 0x20) port.write(Buffer.of(RELEASE))
  })
  return {
    ready: async () => '',
    ask: () => void port.write(QUESTION),
    close: () => new Promise<void>(resolve => port.close(() => resolve())),
  }
}
