import { ReadlineParser } from '@serialport/parser-readline'
import { SerialPort } from 'serialport'
import type { GuardReport } from '../../machines/guardMessages.ts'
import { encodeHostFrame } from '../../protocol/hostFrames.ts'
import { BAUD } from '../../protocol/wire.ts'
import { hostClock } from '../../sim/fronts/drive.ts'
import { GuardClient } from '../../src/guard/client.ts'
import { type Findings, type Part, spreadOf } from './findings.ts'
import { startSim } from './processes.ts'

const PAIRS = 100

/** A way to ask the unit who it is. */
interface Asker {
  /** Ends with the answer. */
  ask(): Promise<void>
  close(): Promise<void>
}

async function throughGuard(path: string): Promise<Asker> {
  let settle: (report: GuardReport) => void = () => {}
  const opened = new Promise<void>((resolve, reject) => {
    settle = report => (report.is === 'opened' ? resolve() : report.is === 'closed' && reject(new Error(report.why)))
  })
  const guard = new GuardClient({ path, speed: 1, keys: false }, report => settle(report))
  await opened
  const ask = () =>
    new Promise<void>((resolve, reject) => {
      settle = report => {
        if (report.is !== 'outcome') return
        // One that is settled as unknown, on a machine that is too busy, counts with the time that it took.
        if (report.outcome === 'refused') reject(new Error(`identify: ${report.why}`))
        else resolve()
      }
      guard.send({ do: 'identify' })
    })
  return { ask, close: () => guard.close() }
}

/** The same port and question with serialport and its line parser, and nothing else: no check of what comes in. */
async function bare(path: string): Promise<Asker> {
  const port = new SerialPort({ path, baudRate: BAUD, autoOpen: false })
  await new Promise<void>((resolve, reject) => port.open(error => (error ? reject(error) : resolve())))
  const lines = port.pipe(new ReadlineParser())
  let settle: () => void = () => {}
  lines.on('data', (line: string) => line.startsWith('J') && settle())
  const question = encodeHostFrame({ type: 'identify' })
  const ask = () =>
    new Promise<void>(resolve => {
      settle = resolve
      port.write(question)
    })
  return { ask, close: () => new Promise(resolve => port.close(() => resolve())) }
}

async function timed(asker: Asker): Promise<number> {
  const from = hostClock()
  await asker.ask()
  return hostClock() - from
}

/** Two units that are alike, so that neither way reads what belongs to the other; they change sides every round. */
async function run(rounds: number, progress: (text: string) => void): Promise<Findings> {
  const units = [await startSim(), await startSim()] as const
  const [ours, beside]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    const [guard, port] = [await throughGuard(units[round % 2]!.path), await bare(units[(round + 1) % 2]!.path)]
    for (const asker of [guard, port, guard, port]) await asker.ask()
    for (let i = 0; i < PAIRS; i++) {
      const first = i % 2 === 0
      if (first) ours.push(await timed(guard))
      beside.push(await timed(port))
      if (!first) ours.push(await timed(guard))
    }
    await Promise.all([guard.close(), port.close()])
    progress(`round ${round + 1} of ${rounds}`)
  }
  await Promise.all(units.map(unit => unit.close()))
  const [a, b] = [spreadOf(ours), spreadOf(beside)]
  const row = { part: 'roundtrip', what: 'identify to its outcome', unit: 'ms' } as const
  const measured = [
    { ...row, who: 'through the guard', spread: a },
    { ...row, who: 'serialport + ReadlineParser', spread: b },
  ]
  const goal = {
    what: 'guard against bare, p50',
    figure: a.p50 / b.p50,
    sense: 'at most',
    bound: 2,
    unit: '×',
  } as const
  return { measured, goals: [{ part: 'roundtrip', ...goal }] }
}

export const roundtrip: Part = {
  name: 'roundtrip',
  about: 'a command and its answer, through the guard and without',
  run,
}
