import { encodeUnitFrame } from '../../protocol/unitFrames.ts'
import { Random } from '../../sim/random.ts'
import { HostileLines, judge } from '../support/hostileLines.ts'
import { SHORT } from '../support/programs.ts'
import { Stack } from '../support/stack.ts'
import { pieces } from './fuzzHost.ts'

export interface GuardResult {
  sessions: number
  /** Sessions whose hold the guard ended, as it should when lines are many, or when a right one says so. */
  released: number
  right: number
  accepted: number
  /** Every way in which the guard did what it must not, in words. */
  readonly wrong: string[]
  highest_mmHg: number
}

/** The first press lasts for two and a half minutes, so that there is a hold to pour into. */
const TARGET = 80
const HOLD = { 'warm-up': 150_000, training: 10_000 }
const LONG = { ...SHORT, steps: SHORT.steps.map(step => ({ ...step, arm_mmHg: TARGET, hold_ms: HOLD[step.kind] })) }

/** In what a session is when the lines begin: nobody has pressed START, the pressure rises, it is held. */
const MOMENTS = {
  fitting: stack => stack.untilPhase('fitting'),
  rising: stack => {
    stack.begin()
    stack.until(({ pressure }) => pressure > 20)
  },
  holding: stack => {
    stack.begin()
    stack.untilPhase('holding')
  },
} satisfies Record<string, (stack: Stack) => void>
type Moment = keyof typeof MOMENTS
const ALL = Object.keys(MOMENTS) as Moment[]

/** Most lines of one session. */
const MOST = 200

/** Pours seeded hostile lines into the guard of many sessions, on the whole stack in virtual time. */
export function fuzzGuard(lines: number, seed: number): GuardResult {
  const result: GuardResult = { sessions: 0, released: 0, right: 0, accepted: 0, wrong: [], highest_mmHg: 0 }
  const [hostile, random] = [new HostileLines(seed, 'toHost'), new Random(seed + 1)]
  for (let left = lines; left > 0; ) {
    const count = Math.min(left, 1 + random.below(MOST))
    new Pour(ALL[result.sessions % ALL.length]!, random, result).run(count, () => hostile.next())
    left -= count
  }
  return result
}

/** Ten a second are too many, so these come further apart; lines that are right are left out. */
const APART_MS = 120

/** Lines that are damaged, and few enough, into a hold: it goes on as if there were none. Returns what was wrong. */
export function trickle(lines: number, seed: number): string[] {
  const hostile = new HostileLines(seed, 'toHost')
  const stack = begun('holding')
  const before = stack.reports.length
  for (let done = 0; done < lines; ) {
    const bytes = hostile.next()
    if (judge(bytes, 'toHost').good > 0) continue
    stack.act((_, guard) => guard.bytes(bytes, stack.now))
    stack.advance(APART_MS)
    done++
  }
  const news = new Set(stack.reports.slice(before).map(({ is }) => is))
  const unexpected = [...news].filter(is => is !== 'telemetry' && is !== 'ping')
  return [
    ...unexpected.map(is => `the guard reports ${is}`),
    ...(stack.phase === 'holding' ? [] : [`the session is ${stack.phase}`]),
    ...(Math.abs(stack.pressure - TARGET) < 10 ? [] : [`the pressure is ${stack.pressure}`]),
  ]
}

function begun(moment: Moment): Stack {
  const stack = new Stack({ program: LONG, limbs: ['left-arm'], unit: { channels: 1 }, attended: false })
  MOMENTS[moment](stack)
  return stack
}

class Pour {
  private readonly stack: Stack
  private readonly random: Random
  private readonly result: GuardResult

  constructor(moment: Moment, random: Random, result: GuardResult) {
    this.stack = begun(moment)
    this.random = random
    this.result = result
    result.sessions++
  }

  run(lines: number, next: () => Uint8Array): void {
    const { stack } = this
    const sentBefore = stack.sent.length
    for (let i = 0; i < lines; i++) this.feed(next())
    if (stack.sent.slice(sentBefore).some(isTarget)) this.wrong('a target was sent')
    if (stack.faults.length > 0) this.wrong(`a machine broke: ${stack.faults[0]}`)
    if (stack.sent.slice(sentBefore).some(({ what }) => what === 'release')) this.empty()
  }

  private feed(bytes: Uint8Array): void {
    const { stack, random, result } = this
    const [before, right] = [stack.reports.length, judge(bytes, 'toHost').good]
    for (const piece of pieces(bytes, random)) stack.guard.bytes(piece, stack.now)
    const lines = Buffer.from(bytes).toString('latin1').split('\n')
    for (const report of stack.reports.slice(before)) {
      if (!('frame' in report)) continue
      result.accepted++
      if (right === 0 || !lines.includes(encodeUnitFrame(report.frame).trimEnd())) this.wrong(`accepted ${lines}`)
    }
    result.right += right
    stack.advance(random.below(20))
    result.highest_mmHg = Math.max(result.highest_mmHg, stack.pressure)
  }

  /** A guard that has released goes on until the unit is empty, whatever it is told meanwhile. */
  private empty(): void {
    this.result.released++
    this.stack.advance(10_000)
    if (this.stack.pressure >= 15) this.wrong(`${this.stack.pressure} mmHg 10 s after the release`)
  }

  private wrong(what: string): void {
    this.result.wrong.push(`session ${this.result.sessions}: ${what}`)
  }
}

const isTarget = ({ what }: Stack['sent'][number]): boolean => typeof what === 'object' && what.type === 'target'
