import { html, nothing, type TemplateResult } from 'lit-html'
import { timeLeft } from '../../operator/words.ts'
import { after } from './after.ts'
import { checklist } from './checklist.ts'
import { inControl, type Page, STAGES, type Stage, stageOf } from './page.ts'
import { plan } from './plan.ts'
import { screening } from './screening.ts'
import { session } from './session.ts'
import { unit } from './unit.ts'
import type { Key } from './words/en.ts'
import { LANGUAGES, language, say } from './words/index.ts'

const STEP: Record<Stage, Key> = {
  unit: 'stepUnit',
  screening: 'stepScreening',
  plan: 'stepPlan',
  checklist: 'stepChecklist',
  session: 'stepSession',
  after: 'stepAfter',
}
const VIEWS: Record<Stage, (page: Page) => TemplateResult> = { unit, screening, plan, checklist, session, after }

/** The whole page. The bar that releases is always in it, and always the same. */
export function frame(page: Page): TemplateResult {
  const stage = stageOf(page.room)
  return html`<header>
      <h1>CuffPilot</h1>
      ${page.room.unit?.simulated ? html`<p class="simulated">${say('simulated')}</p>` : nothing}
      ${steps(stage)} ${control(page)} ${languages(page)}
    </header>
    ${page.isOpen ? nothing : html`<p class="lost" role="alert">!!! ${say('noChannel')}</p>`}
    ${page.problem === '' ? nothing : html`<p class="problem" role="alert">${page.problem}</p>`}
    <main class=${stage}>${VIEWS[stage](page)}</main>
    <button type="button" class="release" @pointerdown=${page.release} @click=${page.release}>
      ${say('releaseNow')} <small>${say('releaseKeys')}</small>
    </button>`
}

const steps = (stage: Stage): TemplateResult => html`<nav aria-label=${say('steps')}>
  <ol>
    ${STAGES.map(
      one => html`<li aria-current=${one === stage ? 'step' : nothing}
        class=${STAGES.indexOf(one) < STAGES.indexOf(stage) ? 'done' : ''}>${say(STEP[one])}</li>`,
    )}
  </ol>
</nav>`

function control(page: Page): TemplateResult {
  const left = page.room.control?.graceLeft_ms
  if (inControl(page)) return html`<p class="control">${say('inControl')}</p>`
  return html`<p class="control watching">
    ${left !== undefined ? html`<b>${say('controlLost')} ${timeLeft(left)}</b>` : say('watching')}
    <button type="button" @click=${() => page.send({ do: 'take' })}>${say('takeControl')}</button>
  </p>`
}

const languages = (page: Page): TemplateResult => html`<p class="languages">
  ${Object.entries(LANGUAGES).map(
    ([id, { name }]) =>
      html`<button type="button" lang=${id} aria-pressed=${id === language} @click=${() => page.speak(id)}>${name}</button>`,
  )}
</p>`
