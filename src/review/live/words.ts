import type { GuardReport } from '../../../machines/guardMessages.ts'
import type { View } from '../../../machines/view.ts'
import type { UnitEvent } from '../../../sim/events.ts'
import { printable } from '../../errors.ts'
import { happenings } from '../../operator/happenings.ts'
import { lineOf } from '../../operator/lines.ts'
import type { Sent } from './closedLoop.ts'

/** Who did or said it. */
export type By = 'you' | 'session' | 'guard' | 'line' | 'unit'

/** What changed for the operator, in the words that stand on the operator's screen. */
export const sessionWords = (before: View | undefined, view: View): readonly string[] =>
  happenings(before, view).flatMap(happening => {
    const line = lineOf(happening, false)
    return line === undefined ? [] : [printable(line)]
  })

/** What the unit is told. */
export function lineWords(what: Sent['what']): string {
  if (what === 'release') return 'release byte 0x18'
  if (typeof what === 'string') return `a line that is no frame (${what})`
  switch (what.type) {
    case 'target':
      return `target, channel ${what.channel}: ${what.target_mmHg} mmHg at ${what.slew_mmHg_per_s} mmHg/s`
    case 'hello':
      return `hello, ${what.rate_Hz} reports a second`
    default:
      return what.type
  }
}

/** What the guard reports, as far as it is no routine. */
export function reportWords(report: GuardReport): string | undefined {
  switch (report.is) {
    case 'released':
      return `released: ${printable(report.why)}${report.rule ? ` (rule ${report.rule})` : ''}`
    case 'outcome':
      return `${report.of}: ${report.outcome}${report.why === undefined ? '' : `, ${printable(report.why)}`}`
    case 'closed':
      return `the port closed: ${printable(report.why)}`
    default:
      return undefined
  }
}

/** What the unit itself sees and does. */
export function unitWords(event: UnitEvent): string | undefined {
  switch (event.type) {
    case 'start':
      return `starts (${event.cause})`
    case 'fault':
      return event.faults.length > 0 ? `fault word: ${event.faults.join(', ')}` : 'no fault stands'
    case 'behaviour':
      return `begins: ${event.spec}`
    case 'buzzer':
      return `buzzer ${event.on ? 'on' : 'off'}`
    case 'lapse':
      return 'the lease ran out: lets go by itself'
    case 'release':
      return 'takes the release'
    case 'armed':
    case 'venting':
    case 'vented':
      return event.type
    case 'power-off':
      return 'has no power'
    default:
      return undefined
  }
}
