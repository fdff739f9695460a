import type { Alarm } from '../../../machines/alarms.ts'

/** An alarm as this page shows it: it stays until somebody has acknowledged it, also when its condition is over. */
export interface Latched {
  readonly alarm: Alarm
  readonly stands: boolean
  readonly acknowledged: boolean
}

/** A vent that failed is heard until it is over. */
const UNPAUSABLE: ReadonlySet<string> = new Set(['ALARM-STUCK'])

/** What is latched after the alarms of now, the worst first. */
export function latch(before: readonly Latched[], now: readonly Alarm[]): readonly Latched[] {
  const old = before.filter(one => !now.some(alarm => alarm.id === one.alarm.id) && !one.acknowledged)
  const current = now.map(alarm => ({
    alarm,
    stands: true,
    acknowledged: before.some(one => one.alarm.id === alarm.id && one.stands && one.acknowledged),
  }))
  const past = old.map(one => ({ ...one, stands: false }))
  return [...current, ...past].sort((a, b) => RANK[a.alarm.priority] - RANK[b.alarm.priority])
}

const RANK: Record<Alarm['priority'], number> = { high: 0, medium: 1, low: 2 }

export const acknowledged = (all: readonly Latched[]): readonly Latched[] =>
  all.filter(one => one.stands).map(one => ({ ...one, acknowledged: true }))

/** The alarm that is to be heard now: the worst one that stands and is neither acknowledged nor paused. */
export const audible = (all: readonly Latched[], paused: boolean): Alarm | undefined =>
  all.find(one => one.stands && (UNPAUSABLE.has(one.alarm.id) || !(one.acknowledged || paused)))?.alarm
