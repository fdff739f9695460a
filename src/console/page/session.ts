import { html, nothing, type TemplateResult } from 'lit-html'
import { ALARM_MARK } from '../../../machines/alarms.ts'
import { SYMPTOMS } from '../../../machines/symptoms.ts'
import type { LimbView } from '../../../machines/view.ts'
import { limbWords, measuredWords, stateWords, symptomWords, timeLeft } from '../../operator/words.ts'
import { inControl, type Page } from './page.ts'
import { say } from './words/index.ts'

/** The session: read at two metres, acted in with one key. */
export function session(page: Page): TemplateResult {
  const { view, said } = page.room.session!
  return html`<section class="now" aria-label=${say('stepSession')}>
      <p class="phase" role="status">${page.isFresh ? stateWords(view) : '—'}</p>
      <p class="times">
        <span>${say('press')} <b>${view.press.number}/${view.press.of}</b></span>
        <span>${say('left')} <b>${page.isFresh ? timeLeft(view.phaseLeft_ms) : '—'}</b></span>
        <span>${say('ofSession')} <b>${page.isFresh ? timeLeft(view.sessionLeft_ms) : '—'}</b></span>
      </p>
      ${limbs(page)}
      <div id="curve" role="img" aria-label=${say('curve')}></div>
    </section>
    <section class="beside">
      ${alarms(page)} ${asked(page)}
      ${view.cause ? html`<p class="cause">${say('cause')}: ${view.cause.text}</p>` : nothing}
      ${view.symptoms.length > 0 ? html`<p class="cause">${symptomWords(view.symptoms)}</p>` : nothing}
      ${symptoms(page)}
      <ul class="said">${said.map(text => html`<li>${text}</li>`)}</ul>
      <p class="look">${say('lookAndLoosen')}</p>
      <details>
        <summary>${say('diagram')}</summary>
        <div id="diagram"></div>
      </details>
    </section>`
}

/** Each limb, measured large, commanded beside it. */
export const limbs = (page: Page): TemplateResult => html`<ul class="limbs">
  ${page.room.session!.view.limbs.map((limb, i) => html`<li class="limb-${i + 1}">${one(limb, page.isFresh)}</li>`)}
</ul>`

function one(limb: LimbView, isFresh: boolean): TemplateResult {
  const known = isFresh && limb.measured_mmHg !== undefined
  const target = limb.commanded_mmHg > 0 ? `${say('target')} ${limb.commanded_mmHg}` : say('vent')
  return html`<h2>${limbWords(limb)}</h2>
    <p class="measured" title=${known ? say('measured') : say('stale')}>
      <b>${known ? measuredWords(limb) : '—'}</b> <span>mmHg</span>
    </p>
    <p class="commanded">${isFresh ? target : '—'}</p>`
}

const alarms = (page: Page): TemplateResult => html`<div class="alarms" role="alert" aria-label=${say('alarms')}>
  ${page.latched.length === 0 ? html`<p>${say('noAlarm')}</p>` : nothing}
  ${page.latched.map(
    ({ alarm, stands, acknowledged }) =>
      html`<p class="${stands ? alarm.priority : 'past'} ${acknowledged ? 'acknowledged' : ''}">
        ${ALARM_MARK[alarm.priority]} ${stands ? nothing : say('was')} ${alarm.text}
      </p>`,
  )}
  ${
    page.latched.length === 0
      ? nothing
      : html`<button type="button" @click=${page.acknowledge}>${say('acknowledge')}</button>
          <button type="button" aria-pressed=${page.isPaused} @click=${page.pauseSound}>
            ${say(page.isPaused ? 'soundPaused' : 'pauseSound')}
          </button>`
  }
</div>`

/** What the operator is asked for now. */
function asked(page: Page): TemplateResult | typeof nothing {
  const { presenceAsked, refillAsked, phase } = page.room.session!.view
  const off = !inControl(page)
  if (presenceAsked)
    return html`<div class="asked" role="alert">
      <p>${say('thereYou')}</p>
      <button type="button" class="next" ?disabled=${off} @click=${() => page.send({ do: 'present' })}>${say('here')}</button>
    </div>`
  if (refillAsked)
    return html`<div class="asked" role="alert">
      <p>${say('refill')}</p>
      <button type="button" class="next" ?disabled=${off} @click=${() => page.send({ do: 'refill', slow: false })}>${say('refillGood')}</button>
      <button type="button" ?disabled=${off} @click=${() => page.send({ do: 'refill', slow: true })}>${say('refillSlow')}</button>
    </div>`
  if (phase !== 'stuck') return nothing
  return html`<div class="asked">
    <button type="button" ?disabled=${off} @click=${() => page.send({ do: 'leave' })}>${say('stuckLeave')}</button>
  </div>`
}

const symptoms = (page: Page): TemplateResult => html`<fieldset class="symptoms">
  <legend>${say('symptoms')}</legend>
  ${Object.entries(SYMPTOMS).map(
    ([key, what]) => html`<button type="button" @click=${() => page.send({ do: 'symptom', key })}>${what}</button>`,
  )}
</fieldset>`
