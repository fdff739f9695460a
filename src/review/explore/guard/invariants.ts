import { IN_FLIGHT_MAX, TIMING } from '../../../../protocol/wire.ts'
import type * as search from '../step.ts'
import { keyOf } from './key.ts'
import type { Put, Situation } from './situation.ts'

type Invariant = search.Invariant<Situation, Put>
type Step = search.Step<Situation, Put>

/** How late the guard may look, and a little for what it takes to. Unit ms. */
const LOOK_MS = 101

const typeOf = ({ line }: Put): string => (line === 'release' ? line : line.type)
const inflates = (put: Put): boolean => ['arm', 'lease', 'target'].includes(typeOf(put))
const when = (wrong: boolean, text: string): string | undefined => (wrong ? text : undefined)
const releases = ({ outputs }: Step): boolean => outputs.some(put => put.line === 'release')

/** The invariants of the safety concept that are the guard's. */
export const INVARIANTS: readonly Invariant[] = [
  {
    id: 'I-1, I-7',
    text: 'behind a release goes nothing that inflates, in the same step or ever after',
    broken: ({ before, outputs }) => {
      const first = before.witness.released ? -1 : outputs.findIndex(put => put.line === 'release')
      const behind = before.witness.released ? outputs : first < 0 ? [] : outputs.slice(first)
      const wrong = behind.find(inflates)
      return wrong && `${typeOf(wrong)} behind a release`
    },
  },
  {
    id: 'I-2, I-18',
    text: 'asked to release, with a session or without, the guard puts the release byte out first, and at once',
    broken: ({ move, before, outputs }) =>
      when(
        move.name === 'release' && !(outputs[0]?.line === 'release' && outputs[0].at === before.now),
        `the first output is ${outputs[0] ? typeOf(outputs[0]) : 'nothing'}`,
      ),
  },
  {
    id: 'I-3',
    text: 'nothing that inflates goes out without a hello and an envelope, and none without a press that was asked for',
    broken: ({ outputs, after }) => {
      const { hello, envelope, pressing, pressEndedAt } = after.witness
      const asked = (pressing ?? pressEndedAt) !== undefined
      const wrong = outputs.find(put => inflates(put) && !(hello && envelope && (asked || typeOf(put) === 'arm')))
      return wrong && `${typeOf(wrong)}, and nobody asked for it`
    },
  },
  { id: 'I-4', text: 'no target above the envelope, on a channel without a cuff, or faster than it', broken: tooHigh },
  {
    id: 'I-5',
    text: 'no lease goes out beyond the longest press and T_SILENCE, nor beyond the time from the first press',
    broken: ({ outputs, after }) => {
      const { envelope, pressedAt, firstPressAt } = after.witness
      const late = ({ at }: Put) =>
        at - (pressedAt ?? at) > (envelope?.press_ms ?? 0) + TIMING.silence + LOOK_MS ||
        at - (firstPressAt ?? at) > (envelope?.cum_ms ?? 0) + LOOK_MS
      return when(
        outputs.some(put => typeOf(put) === 'lease' && late(put)),
        'a lease beyond its time',
      )
    },
  },
  {
    id: 'I-6',
    text: 'before a press the line has been seen vented, and the rest is over',
    broken: ({ before, after }) => {
      const { ventedSince, pressEndedAt, envelope } = before.witness
      const begins = after.witness.pressing && after.witness.pressedAt !== before.witness.pressedAt
      if (!begins) return undefined
      if (before.witness.pressing) return 'a press while another one is in force'
      const rested = Math.round(before.now - Math.max(ventedSince ?? Number.POSITIVE_INFINITY, pressEndedAt ?? 0))
      const enough = pressEndedAt === undefined ? ventedSince !== undefined : rested >= envelope!.rest_ms
      return when(!enough, 'a press without a vented line and a rest')
    },
  },
  {
    id: 'I-8',
    text: 'a lease goes out only in a press, with a report of the last 500 ms, and a controller that got on in the last 1 s',
    broken: ({ before, outputs, after }) => {
      const { pressing, seenAt, gotOnAt } = after.witness
      const fresh = ({ at }: Put) => at - seenAt <= TIMING.stale && at - gotOnAt <= TIMING.lost
      const wrong = outputs.filter(put => typeOf(put) === 'lease').find(put => !fresh(put))
      const idle = !pressing && !before.witness.pressing && outputs.some(put => typeOf(put) === 'lease')
      return when(idle || wrong !== undefined, 'a lease that is not deserved')
    },
  },
  {
    id: 'I-9',
    text: 'with no press in force, the last that went out of what moves air is a vent or a release',
    broken: ({ outputs, after }) => {
      const last = outputs.filter(put => ['target', 'vent', 'release'].includes(typeOf(put))).at(-1)
      return when(!after.witness.pressing && last !== undefined && typeOf(last) === 'target', 'a target, and no press')
    },
  },
  {
    id: 'I-10',
    text: 'a release is repeated until the unit has been seen latched and vented for 3 s; silence ends no release',
    broken: ({ before, move, outputs, after }) => {
      const repeats = outputs.filter(put => put.line === 'release').length
      const due = Math.floor((after.now - before.now) / TIMING.releaseRepeat) - 1
      const silent = move.name.startsWith('silence') && before.witness.released && !before.guard.mayLeave
      return when(silent && repeats < due, `${repeats} release bytes where ${due} are due`)
    },
  },
  {
    id: 'I-12',
    text: 'a report that comes again, too late or without a channel, and a damaged line, change nothing but counters',
    broken: ({ move, before, outputs, after }) => {
      if (!CHANGES_NOTHING.includes(move.name)) return undefined
      if (outputs.length > 0 && outputs.every(put => put.line === 'release')) return undefined
      return when(outputs.length > 0 || lessBad(after) !== lessBad(before), `${move.name} changed something`)
    },
  },
  {
    id: 'I-13',
    text: 'a unit that has restarted since it was first seen in its session is released with its next report',
    broken: step => {
      const { hello, released } = step.before.witness
      const seen = step.before.guard.memory.seen.boot !== undefined
      return when(
        step.move.name === 'a report: the unit has restarted' && hello && seen && !released && !releases(step),
        'it goes on',
      )
    },
  },
  {
    id: 'I-16',
    text: 'a press is not in force beyond 1 s without a controller that gets on, nor beyond 0.5 s without a report',
    broken: ({ after: { witness, now } }) => {
      if (!witness.pressing) return undefined
      const alone = now - witness.gotOnAt > TIMING.lost + LOOK_MS
      return when(alone || now - witness.seenAt > TIMING.stale + LOOK_MS, alone ? 'no controller' : 'no report')
    },
  },
  {
    id: 'W-64',
    text: 'never more than 64 unanswered bytes stand between a release and the unit',
    broken: ({ after }) =>
      when(after.world.unanswered.reduce((sum, line) => sum + line.bytes, 0) > IN_FLIGHT_MAX, 'too much at once'),
  },
]

const CHANGES_NOTHING: readonly string[] = [
  ...['the last report, again', 'a report that was sent before the last one'],
  ...['a report without its second channel', 'a damaged line'],
]

const lessBad = (one: Situation): string =>
  JSON.stringify([keyOf({ ...one, guard: Object.assign(one.guard.fork(QUIET), { badLines: [] }) })])
const QUIET = { write() {}, writeRelease() {}, report() {} }

function tooHigh({ outputs, after }: Step): string | undefined {
  const { envelope } = after.witness
  for (const { line } of outputs) {
    if (line === 'release' || line.type !== 'target') continue
    const most = envelope?.cuffs.find(cuff => cuff.channel === line.channel)?.max_mmHg
    if (most === undefined) return `a target for channel ${line.channel}`
    if (!(line.target_mmHg <= most && line.slew_mmHg_per_s <= envelope!.slew_mmHg_per_s))
      return `${line.target_mmHg} mmHg at ${line.slew_mmHg_per_s} mmHg/s`
  }
  return undefined
}
