import { html, nothing, type TemplateResult } from 'lit-html'
import { CHECKLIST, CHECKLIST_ITEMS } from '../../../machines/checklist.ts'
import { planWords, stateWords } from '../../operator/words.ts'
import { PRESS_MS } from '../times.ts'
import { inControl, type Page } from './page.ts'
import { limbs } from './session.ts'
import { say } from './words/index.ts'

/** What is confirmed before START, one by one. */
export function checklist(page: Page): TemplateResult {
  const { view } = page.room.session!
  const { unconfirmed, checklistOf, mayStart, phase } = view
  const [item] = unconfirmed
  return html`<section aria-labelledby="checklist-title">
    <h2 id="checklist-title">${say('checklist')} ${checklistOf - unconfirmed.length}/${checklistOf}</h2>
    <p role="status">${stateWords(view)}. ${planWords(view)}</p>
    ${limbs(page)}
    ${view.refusals.map(({ id, text, action }) => html`<p class="refusal" role="alert">${id}: ${text} ${action}</p>`)}
    ${
      item && phase === 'fitting'
        ? html`<p class="item"><b>${CHECKLIST_ITEMS.indexOf(item) + 1}.</b> ${CHECKLIST[item]}</p>
            <button type="button" class="next" ?disabled=${!inControl(page)} @click=${() => page.send({ do: 'confirm', item })}>
              ${say('confirm')}
            </button>`
        : nothing
    }
    ${phase === 'fitting' && !item ? start(page, mayStart) : nothing}
  </section>`
}

let held: ReturnType<typeof setInterval> | undefined
/** Asked for so often while it is held. Unit ms. */
const ASK_MS = 250

/** It counts when it was held down; the program measures that by its own clock. */
function start(page: Page, mayStart: boolean): TemplateResult {
  const up = () => clearInterval(held)
  const down = () => {
    page.send({ do: 'press' })
    const since = performance.now()
    up()
    held = setInterval(() => performance.now() - since > PRESS_MS + ASK_MS / 2 && page.send({ do: 'start' }), ASK_MS)
  }
  const key = (then: () => void) => (event: KeyboardEvent) => event.key === 'Enter' && !event.repeat && then()
  return html`${mayStart ? nothing : html`<p>${say('startWaits')}</p>`}
    <button
      type="button"
      class="start"
      ?disabled=${!mayStart || !inControl(page)}
      @pointerdown=${down}
      @pointerup=${up}
      @pointerleave=${up}
      @pointercancel=${up}
      @keydown=${key(down)}
      @keyup=${key(up)}
      @blur=${up}
    >${say('start')}</button>`
}
