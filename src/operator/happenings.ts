import type { Alarm } from '../../machines/alarms.ts'
import { CHECKLIST, type ChecklistItem } from '../../machines/checklist.ts'
import type { LimbView, View } from '../../machines/view.ts'
import type { Millis } from '../../protocol/units.ts'

/** One thing that changed in a session, for those who follow it line by line. */
export type Happening =
  | { readonly type: 'unit'; readonly name: string; readonly simulated: boolean }
  | ({ readonly type: 'state' } & Pick<View, 'phase' | 'words' | 'press' | 'segment' | 'limbs' | 'cap_ms'>)
  | ({ readonly type: 'checklist'; readonly left: number } & NextItem)
  | { readonly type: 'presence'; readonly asked: boolean }
  | { readonly type: 'refill'; readonly asked: boolean }
  | { readonly type: 'alarm'; readonly on: boolean; readonly alarm: Alarm }
  | { readonly type: 'cause'; readonly kind: string; readonly text: string }
  | { readonly type: 'symptom'; readonly text: string }
  | ({ readonly type: 'refusal' } & View['refusals'][number])
  | ({ readonly type: 'pressure'; readonly limbs: readonly LimbView[] } & Pick<View, 'phaseLeft_ms' | 'sessionLeft_ms'>)
  | { readonly type: 'say'; readonly text: string }

/** The item that is asked for now; none when all are confirmed. */
type NextItem = { readonly item?: ChecklistItem; readonly text?: string }

/** What changed from one view to the next, in the order in which a reader wants to hear it. */
export function happenings(before: View | undefined, view: View): Happening[] {
  return [
    ...unit(before, view),
    ...cause(before, view),
    ...symptoms(before, view),
    ...state(before, view),
    ...refusals(before, view),
    ...alarmChanges(before, view),
    ...checklist(before, view),
    ...presence(before, view),
    ...refill(before, view),
  ]
}

/** What a reader wants to hear once a second while there is pressure or a command for it. */
export const pressure = ({ limbs, phaseLeft_ms, sessionLeft_ms }: View): Happening => ({
  type: 'pressure',
  limbs,
  phaseLeft_ms,
  sessionLeft_ms,
})

/** Time between two pressures in a row. Unit ms. */
export const PRESSURE_EVERY_MS: Millis = 1_000

function unit(before: View | undefined, { unit }: View): Happening[] {
  return unit && !before?.unit ? [{ type: 'unit', ...unit }] : []
}

function cause(before: View | undefined, { cause }: View): Happening[] {
  return cause && cause.text !== before?.cause?.text ? [{ type: 'cause', ...cause }] : []
}

function symptoms(before: View | undefined, { symptoms }: View): Happening[] {
  return symptoms.slice(before?.symptoms.length ?? 0).map(text => ({ type: 'symptom', text }))
}

const stateKey = ({ phase, press, segment }: View): string => `${phase} ${press.number} ${segment}`

function state(before: View | undefined, view: View): Happening[] {
  if (before && stateKey(before) === stateKey(view)) return []
  const { phase, words, press, segment, limbs, cap_ms } = view
  return [{ type: 'state', phase, words, press, segment, limbs, cap_ms }]
}

function refusals(before: View | undefined, { refusals }: View): Happening[] {
  return refusals
    .filter(one => !before?.refusals.some(known => known.id === one.id))
    .map(({ id, text, action }) => ({ type: 'refusal', id, text, action }))
}

function alarmChanges(before: View | undefined, { alarms }: View): Happening[] {
  const old = before?.alarms ?? []
  const without = (list: readonly Alarm[], others: readonly Alarm[]) =>
    list.filter(one => !others.some(other => other.id === one.id))
  return [
    ...without(alarms, old).map(alarm => ({ type: 'alarm', on: true, alarm }) as const),
    ...without(old, alarms).map(alarm => ({ type: 'alarm', on: false, alarm }) as const),
  ]
}

function checklist(before: View | undefined, { phase, unconfirmed }: View): Happening[] {
  if (phase !== 'fitting') return []
  if (before?.phase === 'fitting' && before.unconfirmed.length === unconfirmed.length) return []
  const [item] = unconfirmed
  return [{ type: 'checklist', left: unconfirmed.length, ...(item && { item, text: CHECKLIST[item] }) }]
}

function refill(before: View | undefined, { refillAsked: asked }: View): Happening[] {
  return asked !== (before?.refillAsked ?? false) ? [{ type: 'refill', asked }] : []
}

function presence(before: View | undefined, { presenceAsked: asked }: View): Happening[] {
  return asked !== (before?.presenceAsked ?? false) ? [{ type: 'presence', asked }] : []
}
