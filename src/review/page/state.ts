import { html, nothing, type TemplateResult } from 'lit-html'
import { ALARM_MARK } from '../../../machines/alarms.ts'
import type { View } from '../../../machines/view.ts'
import { faultNames } from '../../../sim/firmware/faults.ts'
import { stateWords, timeLeft } from '../../operator/words.ts'
import type { Live } from '../live/live.ts'
import { lineWords } from '../live/words.ts'
import { chart } from './chart.ts'
import type { Desk } from './desk.ts'
import { seconds } from './parts.ts'

/** Where the session is, and what is to be seen of it. */
export function state({ run: { live } }: Desk): TemplateResult {
  const { view } = live
  return html`<section class="state" aria-label="The session now">
    <p class="phase" role="status">${live.controllerLives ? stateWords(view) : 'the controller is dead'}</p>
    <p class="times">
      at <b>${seconds(live.at)} s</b>, left ${timeLeft(view.phaseLeft_ms)}, of the session ${timeLeft(view.sessionLeft_ms)}
    </p>
    ${calls(view)} ${view.limbs.map((limb, i) => chart(live, limb, i))}
    <p class="legend">
      <span class="key true"></span>on the limb <span class="key shown"></span>shown to the operator
      <span class="key target"></span>target
    </p>
    ${unit(live)}
  </section>`
}

/** Alarms and refusals in words, and what the operator is asked. */
const calls = (
  view: View,
): TemplateResult => html`<ul class="calls" role="alert" aria-label="Alarms, refusals and questions">
  ${view.alarms.map(one => html`<li class=${one.priority}>${ALARM_MARK[one.priority]} ${one.text}</li>`)}
  ${view.refusals.map(one => html`<li class="refusal">refused: ${one.id}: ${one.text} ${one.action}</li>`)}
  ${view.presenceAsked ? html`<li class="ask">Are you there?</li>` : nothing}
  ${view.refillAsked ? html`<li class="ask">Look at the capillary refill.</li>` : nothing}
  ${view.cause ? html`<li>cause: ${view.cause.text}</li>` : nothing}
</ul>`

function unit(live: Live): TemplateResult {
  const { report } = live
  const last = live.sent.findLast(({ what }) => !isLease(what))
  const lease = live.sent.findLast(({ what }) => isLease(what))
  const at = ({ at }: { at: number }) => `at ${seconds(at - live.startedAt)} s`
  return html`<dl class="unit">
    <dt>Reported</dt>
    <dd>${report ? `${report.mode}; ${faultNames(report.faults).join(', ') || 'no fault'}` : 'not heard yet'}</dd>
    <dt>Valves</dt>
    <dd>${report?.channels.map(one => `${one.valveClosed ? 'closed' : 'open'}${one.pumpOn ? ', pump on' : ''}`).join('; ')}</dd>
    <dt>Told last</dt>
    <dd>${last ? `${lineWords(last.what)}, ${at(last)}` : 'nothing'}</dd>
    <dt>Lease</dt>
    <dd>${lease ? `renewed ${at(lease)}` : 'none'}; ${live.releasesSent} release bytes</dd>
  </dl>`
}

const isLease = (what: unknown): boolean => (what as { type?: string }).type === 'lease'
