import { LIMITS } from '../../machines/limits.ts'
import { type Millis, type MonoMs, VENTED_MMHG } from '../../protocol/units.ts'
import { TIMING } from '../../protocol/wire.ts'
import type { Stack } from '../support/stack.ts'
import { happened } from '../support/trace.ts'
import { HOLD_MS } from './bounds.ts'
import { ROWS } from './list.ts'
import { ledTo } from './moments.ts'
import { type Case, type Fault, nameOf } from './row.ts'
import { apply, general, goneAt, isCalledStuck, letGoAt, livedThrough, mayThrow, type SeenPhases } from './strike.ts'

/** The thirty worst: those that take away somebody who would act, or what they would act on. */
const WORST_IDS: readonly (readonly [id: string, fault: string])[] = [
  ['F01', 'controller killed'],
  ['F02', 'session machine throws'],
  ['F03', 'controller answers and does not get on'],
  ['F04', 'controller held up for 2000 ms'],
  ['F07', 'laptop asleep for 5000 ms'],
  ['F11', 'guard killed'],
  ['F17', 'link.cut'],
  ['F19', 'link.rxDrop'],
  ['F20', 'link.txDrop'],
  ['F22', 'link.ber=0.01'],
  ['F23', 'link.drop=0.7'],
  ['F25', 'link.delay=3000'],
  ['F30', 'dev.noise'],
  ['F32', 'another program opens a session'],
  ['F34', 'dev.powerCycle=300'],
  ['F35', 'fw.reset'],
  ['F36', 'fw.hang'],
  ['F37', 'fw.loopHang'],
  ['F38', 'sensor.freeze'],
  ['F40', 'sensor.offset=-100'],
  ['F41', 'sensor.rail=high'],
  ['F47', 'pneu.kinkVent'],
  ['F48', 'valve.stuckClosed'],
  ['F50', 'valve.slow'],
  ['F51', 'pump.stuckOn'],
  ['F53', 'limb.squeeze=80'],
  ['F55', 'fw.powerLoss'],
  ['F56', 'fw.lyingAck=V'],
  ['F57', 'dev.units=kPa'],
  ['F75', 'no record can be written'],
]

/** One of the thirty, with its time in a hold. */
export interface Worst {
  readonly id: string
  readonly fault: Fault
  readonly hidden: boolean
  /** The bound of its row in a hold, and then 10 s for the cuff to empty and 4 s for STUCK to be said where it does not. */
  readonly gone_ms: Millis
}

/** LIM-VENT-DONE, LIM-VENTED-START and T_LOST: a release that nobody sees is STUCK by then. */
const SEEN_MS: Millis = LIMITS.ventDone.value + LIMITS.ventedBeforeStart.value + TIMING.lost

const bounded = (id: string, fault: string): Case => {
  const cases = ROWS.find(row => row.id === id)?.cases ?? []
  const found = cases.find(one => nameOf(one.fault) === fault && one.bound && one.moments.includes('holding'))
  if (!found) throw new Error(`${id} has no case of ${fault} with a bound in a hold`)
  return found
}

export const WORST: readonly Worst[] = WORST_IDS.map(([id, name]) => {
  const { fault, hidden, to, bound } = bounded(id, name)
  // What shows only when it vents is given the hold that goes before.
  const before = to === 'stuck' ? HOLD_MS : 0
  return { id, fault, hidden: hidden === true, gone_ms: before + bound!.bound_ms + SEEN_MS }
})

export interface Pair {
  readonly first: Worst
  readonly second: Worst
}
export const PAIRS: readonly Pair[] = WORST.flatMap((first, i) => WORST.slice(i + 1).map(second => ({ first, second })))

export interface PairResult {
  readonly pair: Pair
  readonly bound_ms: Millis
  /** To a true pressure below 15 mmHg for good; or to STUCK, or the unit's buzzer, where it never is. */
  readonly took_ms: Millis
  readonly by: 'gone' | 'STUCK' | 'buzzer' | 'valves open' | 'nothing'
  readonly problems: readonly string[]
}

/** A laptop that sleeps, say, does so for a while: the other fault has come before. */
const takesTime = ({ fault }: Worst): boolean => typeof fault !== 'string'

/** Both faults at once in the same hold. */
export function strikePair(pair: Pair): PairResult {
  const { first, second } = pair
  const stack = ledTo('holding')
  const begun = stack.now
  const [a, b] = takesTime(first) ? [second, first] : [first, second]
  apply(a.fault, stack)
  const at = stack.now
  apply(b.fault, stack)
  const seen = livedThrough(stack)
  const bound_ms = Math.max(first.gone_ms, second.gone_ms)
  const hidden = first.hidden || second.hidden
  const { to, by } = hidden ? { to: letGoAt(stack, begun), by: 'valves open' as const } : ended(stack, begun, seen)
  const took_ms = Math.max(0, to - at)
  return {
    pair,
    bound_ms,
    took_ms,
    by,
    problems: [
      ...(took_ms <= bound_ms ? [] : ['not in time']),
      ...(happened(stack, 'target', begun + 1).length > 0 ? ['a press began after them'] : []),
      // Where pressure stays, `ended` says what must have come.
      ...general(stack, begun, { hidden: true, mayThrow: mayThrow(first.fault) || mayThrow(second.fault) }),
    ],
  }
}

function ended(stack: Stack, begun: MonoMs, { stuckAt }: SeenPhases): { to: MonoMs; by: PairResult['by'] } {
  if (stack.pressure < VENTED_MMHG) return { to: goneAt(stack), by: 'gone' }
  if (isCalledStuck(stack)) return { to: stuckAt, by: 'STUCK' }
  const nobody = !stack.controllerLives || stack.faults.length > 0
  const last = stack.events.findLast(event => event.type === 'buzzer')
  const sounds = nobody && last?.type === 'buzzer' && last.on
  return sounds
    ? { to: happened(stack, 'buzzer', begun)[0]!, by: 'buzzer' }
    : { to: Number.POSITIVE_INFINITY, by: 'nothing' }
}
