import type { MonoMs } from '../protocol/units.ts'
import { TIMING } from '../protocol/wire.ts'
import { LIMITS } from './limits.ts'
import { capEndsAt, releaseIsUnseen, type SessionContext } from './sessionContext.ts'
import { readsBelowZero } from './watch.ts'

/**
 * Alarm priorities in the words of IEC 60601-1-8; no conformity is claimed. An alarm stands as long as its condition
 * does, and what ended a session stands until the program ends.
 */
export interface Alarm {
  readonly id: string
  readonly priority: 'high' | 'medium' | 'low'
  readonly text: string
}

/** What marks an alarm where there is no colour. */
export const ALARM_MARK: Record<Alarm['priority'], string> = { high: '!!!', medium: '!!', low: '!' }

const LOOK = 'Look at the limb and loosen the cuff.'
const CHECK = 'Check the port, the cable and the power; cuffpilot ports --identify says who answers.'

/** Every alarm that stands now, the worst first. `phase` is the state of the session. */
export function alarms(context: SessionContext, phase: string, now: MonoMs): readonly Alarm[] {
  return [...high(context, phase, now), ...medium(context, phase, now), ...low(context, phase, now)]
}

function high(context: SessionContext, phase: string, now: MonoMs): Alarm[] {
  const { cause, unit, phaseAt, watch } = context
  const low = watch.last && readsBelowZero(watch.last) ? ', and a gauge that reads far below 0 cannot show it' : ''
  const stuck: Alarm = {
    id: 'ALARM-STUCK',
    priority: 'high',
    text: `Nobody has seen the unit let go and the line stay below 15 mmHg${low}. Open the coupling by hand now.`,
  }
  // The time limit counts on the screen too, should the machine's own be lost.
  const isLost = phase === 'releasing' && now - phaseAt > LIMITS.ventDone.value && releaseIsUnseen(context, now)
  const ours = cause && !['operator', 'presence', 'symptom'].includes(cause.kind)
  const ended: Alarm = {
    id: `ALARM-${cause?.kind.toUpperCase()}`,
    priority: 'high',
    text: `${cause?.text}. ${unit ? LOOK : CHECK}`,
  }
  return [...(phase === 'stuck' || isLost ? [stuck] : []), ...(ours ? [ended] : [])]
}

function medium({ watch, refusals, firstPressAt, offsets_mmHg }: SessionContext, phase: string, now: MonoMs): Alarm[] {
  const stale = watch.last !== undefined && now - watch.at > TIMING.stale
  const off = offsets_mmHg.findIndex(offset => Math.abs(offset) > LIMITS.zeroWarn.value)
  const zero = `Channel ${off + 1} is off by ${offsets_mmHg[off]} mmHg at zero: have the unit serviced.`
  return [
    ...(off >= 0 ? [{ id: 'ALARM-ZERO', priority: 'medium', text: zero } as const] : []),
    ...(stale ? [{ id: 'ALARM-STALE', priority: 'medium', text: 'No fresh report from the unit.' } as const] : []),
    ...(phase === 'refused' && firstPressAt !== undefined && refusals[0]
      ? [{ id: 'ALARM-REFUSED', priority: 'medium', text: `No further press: ${refusals[0].text}` } as const]
      : []),
  ]
}

/** Unit ms. The end of the session is announced this long before; the safety concept's figure. */
const ENDING_MS = 60_000

function low(context: SessionContext, phase: string, now: MonoMs): Alarm[] {
  const end = capEndsAt(context)
  const ending = end !== undefined && end - now <= ENDING_MS && ['pressurizing', 'holding', 'resting'].includes(phase)
  return ending ? [{ id: 'ALARM-ENDING', priority: 'low', text: 'Less than 60 s of the session are left.' }] : []
}
