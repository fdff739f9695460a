import { html, nothing, type TemplateResult } from 'lit-html'
import type { AskedView } from '../shown.ts'
import { inControl, type Page } from './page.ts'
import { session } from './session.ts'
import { say } from './words/index.ts'

/** How the person is, and what there is to say once a session is over. */
export function after(page: Page): TemplateResult {
  const { after: question, summary } = page.room.session!
  return html`${question ? asked(page, question) : nothing}
    ${summary ? told(page, summary.lines) : session(page)}`
}

const asked = (page: Page, { question, of, text, answers }: AskedView): TemplateResult => {
  const answer = (given: number | null) => page.send({ do: 'after', question, answer: given })
  return html`<section class="asked" aria-labelledby="after-title">
    <h2 id="after-title">${say('after')} ${question + 1}/${of}</h2>
    <p>${text}</p>
    ${answers.map((one, i) => html`<button type="button" ?disabled=${!inControl(page)} @click=${() => answer(i)}>${one}</button>`)}
    <button type="button" ?disabled=${!inControl(page)} @click=${() => answer(null)}>${say('unknown')}</button>
  </section>`
}

const told = (page: Page, lines: readonly string[]): TemplateResult => html`<section aria-labelledby="summary-title">
  <h2 id="summary-title">${say('summary')}</h2>
  <dl class="summary">
    ${lines.map(line => html`<div><dt>${line.slice(0, 11).trim()}</dt><dd>${line.slice(11)}</dd></div>`)}
  </dl>
  <a class="button" href="/report" download="session.html">${say('report')}</a>
  <button type="button" class="next" ?disabled=${!inControl(page)} @click=${() => page.send({ do: 'again' })}>${say('again')}</button>
</section>`
