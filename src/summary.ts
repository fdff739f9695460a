import type { Alarm } from '../machines/alarms.ts'
import type { Cause } from '../machines/cause.ts'
import type { Limb } from '../machines/limits.ts'
import type { AfterNotes } from '../machines/past.ts'
import type { Phase, View } from '../machines/view.ts'
import { type Millis, type MmHg, type MonoMs, VENTED_MMHG } from '../protocol/units.ts'
import type { Ending } from './ending.ts'
import { EXIT, type Exit, printable } from './errors.ts'
import type { Head } from './journal/record.ts'
import { followUps } from './operator/after.ts'
import type { Watcher } from './operator/watcher.ts'
import { LOOK_AND_LOOSEN, limbWords, STAY_DOWN, symptomWords, timeLeft } from './operator/words.ts'

/** What there is to say once a session is over. */
export interface Summary {
  readonly type: 'summary'
  readonly ending: string
  readonly phase: Phase
  readonly exit: Exit
  readonly program: string
  /** Presses that were held to their end, of those planned. */
  readonly presses: { readonly done: number; readonly planned: number }
  /** Any line at 15 mmHg or more, or told to be; a report that is missing counts as before. */
  readonly underPressure_ms: Millis
  readonly highest: readonly { readonly limb: Limb; readonly measured_mmHg: MmHg | null }[]
  readonly cause: Cause | null
  /** What the person felt or showed. */
  readonly symptoms: readonly string[]
  readonly refusals: View['refusals']
  /** Each alarm that stood at any time. */
  readonly alarms: readonly Alarm[]
  readonly journal: {
    readonly path: string
    readonly head: Head
    readonly failed: string | null
    /** Records that are not known to be on the disk, and those of them that were given up to bound the memory. */
    readonly unwritten: number
    readonly dropped: number
  }
  /** What was noted of the person; null when nothing was pressed. */
  readonly after: AfterNotes | null
  /** What is left to be done in the days after. */
  readonly followUps: readonly string[]
  /** What the operator has to do; empty when nothing was pressed. */
  readonly now: string
}

/** Adds up what the summary says of the whole session. `now` is the session's own clock. */
export class Tally implements Watcher {
  private readonly now: () => MonoMs
  private done = 0
  private underPressure_ms: Millis = 0
  private readonly highest = new Map<Limb, MmHg>()
  private readonly alarms = new Map<string, Alarm>()
  private phase: Phase | undefined
  private inflated = false
  private everInflated = false
  private seenAt: MonoMs

  constructor(now: () => MonoMs) {
    this.now = now
    this.seenAt = now()
  }

  changed(view: View): void {
    const at = this.now()
    if (this.inflated) this.underPressure_ms += at - this.seenAt
    this.seenAt = at
    this.inflated = isInflated(view, this.inflated)
    this.everInflated ||= this.inflated
    if (view.phase === 'depressurizing' && this.phase !== view.phase) this.done++
    this.phase = view.phase
    for (const alarm of view.alarms) this.alarms.set(alarm.id, alarm)
    for (const { limb, measured_mmHg } of view.limbs)
      if (measured_mmHg !== undefined) this.highest.set(limb, Math.max(measured_mmHg, this.highest.get(limb) ?? 0))
  }

  say(): void {}

  summary({ exit, view, after, journal }: Ending, program: string): Summary {
    return {
      type: 'summary',
      ending: endingWords(exit, view),
      phase: view.phase,
      exit,
      program,
      presses: { done: this.done, planned: view.press.of },
      underPressure_ms: Math.round(this.underPressure_ms),
      highest: view.limbs.map(({ limb }) => ({ limb, measured_mmHg: this.highest.get(limb) ?? null })),
      cause: view.cause ?? null,
      symptoms: view.symptoms,
      refusals: view.refusals,
      alarms: [...this.alarms.values()],
      journal: {
        path: journal.path,
        head: journal.head,
        failed: journal.failed?.message ?? null,
        unwritten: journal.unwritten.length + journal.dropped,
        dropped: journal.dropped,
      },
      after: after ?? null,
      followUps: after ? followUps(after) : [],
      now: todo(view.phase === 'stuck', this.everInflated),
    }
  }
}

function todo(stuck: boolean, pressed: boolean): string {
  if (stuck) return `Open the coupling by hand. ${LOOK_AND_LOOSEN}`
  return pressed ? `${LOOK_AND_LOOSEN} ${STAY_DOWN}` : ''
}

function isInflated({ limbs }: View, before: boolean): boolean {
  if (limbs.some(limb => limb.commanded_mmHg > 0 || (limb.measured_mmHg ?? 0) >= VENTED_MMHG)) return true
  return before && limbs.some(limb => limb.measured_mmHg === undefined)
}

function endingWords(exit: Exit, { phase, cause, press }: View): string {
  if (phase === 'stuck') return 'STUCK: nobody has seen the line stay below 15 mmHg'
  switch (exit) {
    case EXIT.completed:
      return 'completed'
    case EXIT.refused:
      return press.number > 1 ? 'ended early: the next press was refused' : 'refused'
    case EXIT.released:
      return `released (${cause?.text})`
    case EXIT.unit:
      return `ended by the link or the unit: ${cause?.text}`
    case EXIT.internal:
      return `ended by this program, after the release: ${cause?.text ?? 'it broke'}`
    default:
      return `ended by a safety fault: ${cause?.text}`
  }
}

const afterWords = (after: AfterNotes): string =>
  Object.entries(after)
    .map(([what, answer]) => `${what.replace('_', ' ')} ${answer}`)
    .join(', ')

function incomplete({ failed, unwritten, dropped }: Summary['journal']): string[] {
  const lost = dropped > 0 ? `, but for the oldest ${dropped}, which are lost` : ''
  const left = `           ${unwritten} records are not known to be on the disk: they stand above as "unwritten"${lost}`
  return [`           the journal is not complete: ${failed}`, ...(unwritten > 0 ? [left] : [])]
}

/** The records that the disk did not take, each as its line would be: whoever keeps the output has them. */
export const unwrittenLines = ({ journal }: Ending, json: boolean): string[] =>
  journal.unwritten.map(line => {
    const record = line.trimEnd()
    return json ? JSON.stringify({ type: 'unwritten', record }) : `unwritten  ${record}`
  })

/** The summary for a reader, one fact a line. */
export function summaryLines(summary: Summary): string[] {
  const { ending, exit, program, presses, underPressure_ms, highest, symptoms, refusals, alarms, journal } = summary
  const { after, followUps: later } = summary
  const high = highest.map(
    one => `${limbWords(one)} ${one.measured_mmHg === null ? '—' : one.measured_mmHg.toFixed(1)}`,
  )
  return [
    `ended      ${ending} (exit status ${exit})`,
    `program    ${program}, ${presses.done} of ${presses.planned} presses`,
    `pressure   ${timeLeft(underPressure_ms)} under pressure; highest measured ${high.join(', ')} mmHg`,
    ...(symptoms.length > 0 ? [`symptoms   ${symptomWords(symptoms)}`] : []),
    ...refusals.map(one => `refused    ${one.id}: ${one.text} ${one.action}`),
    ...alarms.map(one => `alarm      ${one.text}`),
    ...(after ? [`after      ${afterWords(after)}`] : []),
    ...later.map(one => `later      ${one}`),
    `journal    ${journal.path}`,
    `head       ${journal.head.n} ${journal.head.sha256}`,
    ...(journal.failed === null ? [] : incomplete(journal)),
    ...(summary.now ? [`now        ${summary.now}`] : []),
  ].map(line => printable(line))
}
