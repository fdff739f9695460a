import { html, nothing, type TemplateResult } from 'lit-html'
import type { Page } from './page.ts'
import { say } from './words/index.ts'

/** Who is on the port. */
export const unit = (page: Page): TemplateResult => html`<section aria-labelledby="unit-title">
  <h2 id="unit-title">${say('stepUnit')}</h2>
  <p>${say('missingUnit')}</p>
  ${page.room.noUnit ? html`<p class="refusal" role="alert">${say('noUnit')} ${page.room.noUnit}</p>` : nothing}
  <button type="button" class="next" @click=${() => page.send({ do: 'look' })}>
    ${say(page.room.noUnit ? 'lookAgain' : 'lookAtUnit')}
  </button>
</section>`

/** Who was there, for the steps that follow. */
export const unitLine = ({ room }: Page): TemplateResult | typeof nothing =>
  room.unit ? html`<p class="unit">${room.unit.words}</p>` : nothing
