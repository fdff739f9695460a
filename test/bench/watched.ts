import { hostClock } from '../../sim/fronts/drive.ts'
import { Stack, type StackOptions } from '../support/stack.ts'

/** A stack in virtual time that notes what each report costs on its way, in µs. */
export class Watched {
  readonly stack: Stack
  readonly guard: number[] = []
  readonly session: number[] = []

  constructor(options: StackOptions) {
    this.stack = new Stack(options)
    const { guard, session } = this.stack
    const [bytes, report] = [guard.bytes.bind(guard), session.report.bind(session)]
    guard.bytes = (chunk, now) => note(this.guard, chunk[0] === TELEMETRY, () => bytes(chunk, now))
    session.report = one => note(this.session, one.is === 'telemetry', () => report(one))
  }
}

const TELEMETRY = 'T'.charCodeAt(0)

function note(into: number[], counts: boolean, work: () => void): void {
  const from = hostClock()
  work()
  if (counts) into.push((hostClock() - from) * 1000)
}
