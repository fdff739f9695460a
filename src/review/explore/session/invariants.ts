import type { Envelope, GuardCommand, Press } from '../../../../machines/guardMessages.ts'
import { kindOf, LIMITS } from '../../../../machines/limits.ts'
import { capEndsAt, currentStep, type SessionContext } from '../../../../machines/sessionContext.ts'
import { viewOf } from '../../../../machines/view.ts'
import { isVented } from '../../../../machines/watch.ts'
import type { MmHg } from '../../../../protocol/units.ts'
import { TIMING } from '../../../../protocol/wire.ts'
import type { Wanted } from '../../../runner.ts'
import type * as search from '../step.ts'
import type { Move } from './moves.ts'
import { contextOf, energised, happen, phase, type Situation, wait } from './situation.ts'

type Invariant = search.Invariant<Situation, Wanted>

const commandsOf = (outputs: readonly Wanted[]): readonly GuardCommand[] =>
  outputs.flatMap(({ type, params }) => (type === 'command' ? [params as GuardCommand] : []))
const pressesIn = (outputs: readonly Wanted[]): readonly Press[] =>
  commandsOf(outputs).flatMap(command => (command.do === 'press' ? [command] : []))
const indexOf = (outputs: readonly Wanted[], type: string): number => outputs.findIndex(one => one.type === type)
const isReleased = (outputs: readonly Wanted[]): boolean => indexOf(outputs, 'release') >= 0
const asksForRelease = ({ name }: Move): boolean => name === 'RELEASE' || name === 'SYMPTOM'
const when = (wrong: boolean, text: string): string | undefined => (wrong ? text : undefined)

/** The invariants of the safety concept that are the session machine's. The others are the guard's, the runner's and the unit's. */
export const INVARIANTS: readonly Invariant[] = [
  {
    id: 'I-1',
    text: 'with a release comes no command that inflates',
    broken: ({ outputs }) =>
      when(
        isReleased(outputs) && commandsOf(outputs).some(one => one.do === 'press' || one.do === 'arm'),
        'a command to arm or to press beside a release',
      ),
  },
  {
    id: 'I-2',
    text: 'from every state a request for release leads to the release in one step, and it is the first output',
    broken: ({ move, outputs, after }) =>
      when(
        asksForRelease(move) && (outputs[0]?.type !== 'release' || !LET_GO.includes(phase(after))),
        `asked to release, the first output is ${outputs[0]?.type ?? 'nothing'}, and the session is ${phase(after)}`,
      ),
  },
  {
    id: 'I-3',
    text: 'no press without a verdict that accepts this person, now, for these limbs, on this kind of unit',
    broken: ({ outputs, after }) =>
      when(pressesIn(outputs).length > 0 && !mayTrain(after), 'a press behind a shut gate'),
  },
  {
    id: 'I-4',
    text: 'no target above the lowest of all limits, in a press or in an envelope',
    broken: ({ outputs, after }) => tooHigh(outputs, contextOf(after)),
  },
  {
    id: 'I-5',
    text: 'no press is held beyond its time, nor beyond the time from the first press, by more than the time to notice',
    broken: ({ after, move }) =>
      when(move.name.startsWith('report') && isOverdue(after), 'a press goes on beyond its time'),
  },
  {
    id: 'I-6',
    text: 'between two presses the line is seen vented, and the least rest goes by',
    broken: ({ before, outputs, after }) => {
      const { presses, ventedAt } = before.witness
      const rested = ventedAt !== undefined && after.now - ventedAt >= LIMITS.restMin.value
      return when(pressesIn(outputs).length > 0 && presses > 0 && !rested, 'a press without a vented line and a rest')
    },
  },
  {
    id: 'I-7',
    text: 'after a release, whatever it was for, nothing inflates again',
    broken: ({ before, outputs }) =>
      when(before.witness.released && commandsOf(outputs).some(one => one.do === 'press'), 'a press after a release'),
  },
  {
    id: 'I-9',
    text: 'in a state that is not energised the unit was last told to vent or to release, or nothing yet',
    broken: ({ after }) => when(after.witness.told === 'press' && !energised(after), `${phase(after)}, told to press`),
  },
  {
    id: 'I-10',
    text: 'when nobody says anything any more, the session has ended or is stuck within the hold and 12 s; one that pressed has ended only when a report showed the unit latched and its line vented',
    broken: ({ before, after }) =>
      when(!isOver(before) && isOver(after) && !isSeenReleased(after), 'it ends, and nobody has seen a vented line'),
    brokenIn: one => when(UNDER_WAY.includes(phase(one)) && !endsInSilence(one), 'it does not end in silence'),
  },
  {
    id: 'I-11',
    text: 'START arms nothing while a line is at 15 mmHg or more, or not seen',
    broken: ({ before, move, after }) => {
      const { last, at } = contextOf(before).watch
      const vented = last !== undefined && isVented(last) && before.now - at <= TIMING.stale
      const arms = phase(before) !== 'arming' && phase(after) === 'arming'
      return when(move.name === 'START' && arms && !vented, 'armed over pressure')
    },
  },
  {
    id: 'I-13',
    text: 'a unit that has restarted ends the session with the next report',
    broken: ({ before, after }) => {
      const [was, is] = [contextOf(before), contextOf(after)]
      const boots = was.unit && was.watch.last && is.watch.last?.boot !== was.watch.last.boot
      return when(boots === true && OPEN.includes(phase(after)), `${phase(after)} after a restart`)
    },
  },
  {
    id: 'I-14',
    text: 'the record is on the disk before a press; a release goes before the record',
    broken: ({ outputs, before }) =>
      unsynced(outputs, before) ??
      when(isReleased(outputs) && between(indexOf(outputs, 'saveJournal'), indexOf(outputs, 'release')), 'saved first'),
  },
  {
    id: 'I-15',
    text: 'no pressure is shown that is older than 1 s',
    broken: ({ after }) => showsOldPressure(after),
  },
  {
    id: 'I-17',
    text: 'no person raises a limit, lengthens a press or the time from the first press',
    broken: ({ move, before, after }) => when(move.by === 'person' && isLonger(before, after), 'a limit was raised'),
  },
]

const OVER: readonly string[] = ['finished', 'refused', 'stopped', 'faulted']
const LET_GO: readonly string[] = ['releasing', 'stuck', ...OVER]
const UNDER_WAY: readonly string[] = ['pressurizing', 'holding', 'depressurizing', 'releasing']
const OPEN: readonly string[] = [
  ...['selfTesting', 'fitting', 'arming', 'pressurizing', 'holding', 'depressurizing', 'resting'],
]

const isOver = (one: Situation): boolean => OVER.includes(phase(one)) && one.witness.presses > 0
const isSeenReleased = (one: Situation): boolean => {
  const { last, at } = contextOf(one).watch
  return last?.mode === 'latched' && isVented(last) && at === one.now
}

const between = (index: number, before: number): boolean => index >= 0 && index < before

/** `view` is what a screen is given. */
export function showsOldPressure(one: Situation, view: typeof viewOf = viewOf): string | undefined {
  const { limbs } = view(one.runner.snapshot, contextOf(one).watch.at + TIMING.lost + 1)
  return when(
    limbs.some(limb => limb.measured_mmHg !== undefined),
    'an old pressure is shown',
  )
}

/** Asked anew, in words of its own and not in those of the gate. */
function mayTrain(one: Situation): boolean {
  const { verdict: v, person, plan, newestSerialSeen, unit, watch, unattended, past } = contextOf(one)
  if (!v || !unit) return false
  const { wall } = one
  const limbs = plan.cuffs.every(cuff => v.limbs.includes(cuff.limb))
  const dated = v.issued_wall <= wall + 60_000 && wall < v.expires_wall && wall - v.issued_wall < 86_400_000
  const blood = v.blood_pressure.systolic_mmHg < 160 && v.blood_pressure.diastolic_mmHg < 95
  const kind = unit.profile.simulated ? v.signer === 'simulator' : v.signer === 'screening' && !unattended
  const fresh = wall - v.blood_pressure.measured_wall < 7_200_000
  const free = past?.lockedUntil_wall === undefined || wall >= past.lockedUntil_wall
  const well = past?.unwellAt_wall === undefined || v.issued_wall > past.unwellAt_wall
  const his = v.person === person && v.serial >= newestSerialSeen && !v.needs_test
  return v.result === 'accept' && limbs && dated && blood && fresh && kind && free && well && his && !watch.wallWentBack
}

function tooHigh(outputs: readonly Wanted[], { plan, verdict, unit }: SessionContext): string | undefined {
  const most = (channel: number): MmHg => {
    const index = plan.cuffs.findIndex(cuff => cuff.channel === channel)
    const arm = kindOf(plan.cuffs[index]!.limb) === 'arm'
    const ceiling = (unit?.profile.ceilings_mmHg[channel - 1] ?? 0) - 50
    const screened = (arm ? verdict?.arm_max_mmHg : verdict?.leg_max_mmHg) ?? 300
    return Math.min(ceiling, screened, arm ? 200 : 250, plan.max_mmHg[index]!)
  }
  for (const command of commandsOf(outputs)) {
    const targets =
      command.do === 'press'
        ? command.targets.map(one => [one.channel, one.target_mmHg] as const)
        : command.do === 'envelope'
          ? (command.envelope satisfies Envelope).cuffs.map(one => [one.channel, one.max_mmHg] as const)
          : []
    const high = targets.find(([channel, mmHg]) => !(mmHg <= most(channel)))
    if (high) return `${command.do}: ${high[1]} mmHg on channel ${high[0]}, and the lowest limit is ${most(high[0])}`
  }
  return undefined
}

/** With the time limit itself lost, a report notices within 1 s and the time between two reports. */
function isOverdue(one: Situation): boolean {
  const context = contextOf(one)
  if (!energised(one) || !context.pressing) return false
  const notice = TIMING.lost
  const held = one.now - context.pressing.since > context.pressing.hold_ms + notice
  return held || (!one.witness.limitLost && one.now > (capEndsAt(context) ?? Number.POSITIVE_INFINITY))
}

const SILENCE_MS = 12_000

/** The link says after 1 s that nobody is heard; from there the clock alone runs. */
function endsInSilence(one: Situation): boolean {
  const until = one.now + currentStep(contextOf(one)).hold_ms + SILENCE_MS
  let next = happen(wait(one, TIMING.lost).after, { type: 'LINK_LOST', why: 'silence' }).after
  for (let i = 0; i < 20 && next.now < until; i++) {
    const due = Math.min(until, ...next.runner.limits.map(([, at]) => at))
    next = wait(next, due - next.now).after
  }
  const { alarms } = viewOf(next.runner.snapshot, next.now)
  return !UNDER_WAY.includes(phase(next)) || alarms.some(alarm => alarm.id === 'ALARM-STUCK')
}

function unsynced(outputs: readonly Wanted[], { witness }: Situation): string | undefined {
  const press = outputs.findIndex(one => one.type === 'command' && (one.params as GuardCommand).do === 'press')
  if (press < 0) return undefined
  const synced = outputs.slice(0, press).some(one => one.type === 'syncJournal')
  return when(!synced || witness.diskFails, 'a press whose record is not on the disk')
}

const ENDINGS = /(hold|cap|vent|inflate|grace)Time/

function isLonger(before: Situation, after: Situation): boolean {
  if (contextOf(after).plan !== contextOf(before).plan || contextOf(after).verdict !== contextOf(before).verdict)
    return true
  const was = new Map(before.runner.limits)
  return after.runner.limits.some(([id, due]) => ENDINGS.test(id) && due > (was.get(id) ?? Number.POSITIVE_INFINITY))
}
