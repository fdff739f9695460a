import { ALARM_MARK } from '../../machines/alarms.ts'
import type { LimbView, View } from '../../machines/view.ts'
import type { Millis } from '../../protocol/units.ts'
import { printable } from '../errors.ts'
import type { Happening } from './happenings.ts'
import { follow, type Watcher } from './watcher.ts'
import { commandedWords, limbWords, measuredWords, planWords, REFILL, stateWords, timeLeft } from './words.ts'

/** Plain lines for a pipe. `keys`: there is a terminal whose keys count. */
export const lineWatcher = (print: (line: string) => void, keys: boolean, now: () => Millis): Watcher =>
  follow(happening => {
    const line = lineOf(happening, keys)
    if (line !== undefined) print(printable(line))
  }, now)

/** A happening in one line; undefined for one that another line tells already. */
export function lineOf(happening: Happening, keys: boolean): string | undefined {
  switch (happening.type) {
    case 'unit':
      return `unit: ${happening.name}${happening.simulated ? ' (simulated)' : ''}`
    case 'state':
      return happening.phase === 'fitting'
        ? `${stateWords(happening)}; ${planWords(happening)}`
        : `${stateWords(happening)}${target(happening)}`
    case 'checklist':
      return checklistLine(happening, keys)
    case 'presence':
      return happening.asked ? undefined : 'somebody is there'
    case 'refill':
      return happening.asked ? (keys ? REFILL : 'the capillary refill is to be looked at') : undefined
    case 'alarm':
      return `${ALARM_MARK[happening.alarm.priority]} ${happening.on ? '' : 'over: '}${happening.alarm.text}`
    case 'cause':
      return `cause: ${happening.text}`
    case 'symptom':
      return `symptom: ${happening.text}`
    case 'refusal':
      return `refused: ${happening.id}: ${happening.text} ${happening.action}`
    case 'pressure':
      return `  ${happening.limbs.map(limbLine).join(', ')}; left ${timeLeft(happening.phaseLeft_ms)}, in all ${timeLeft(happening.sessionLeft_ms)}`
    case 'say':
      return happening.text
  }
}

const limbLine = (limb: LimbView): string =>
  `${limbWords(limb)} ${measuredWords(limb).padStart(3)} mmHg (${commandedWords(limb)})`

const target = ({ phase, limbs }: Pick<View, 'phase' | 'limbs'>): string =>
  phase === 'pressurizing' ? ` to ${limbs.map(limb => limb.commanded_mmHg).join(' and ')} mmHg` : ''

function checklistLine({ left, text }: Extract<Happening, { type: 'checklist' }>, keys: boolean): string {
  if (text === undefined) return `checklist done${keys ? '; press g to start' : ''}`
  return `checklist, ${left} left: ${text}${keys ? ' Press y to confirm.' : ''}`
}
