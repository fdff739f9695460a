import { html, type TemplateResult } from 'lit-html'
import type { Desk } from './desk.ts'
import { field, seconds } from './parts.ts'

/** Lines of what happened that are kept on the page. */
const SHOWN = 200

/** What was found out: what happened, what came of the invariants, and the list that gives the same run again. */
export const findings = (desk: Desk): TemplateResult => html`${happened(desk)} ${invariants(desk)}`

const happened = (desk: Desk): TemplateResult => html`<section class="happened" aria-label="What happened">
  <h3>What happened <small>newest first</small></h3>
  <ol reversed tabindex="0" aria-label="What happened, newest first">
    ${desk.run.live.list
      .slice(-SHOWN)
      .reverse()
      .map(
        one => html`<li><time>${seconds(one.at)}</time> <b class=${one.by}>${one.by}</b> <span>${one.text}</span></li>`,
      )}
  </ol>
  ${list(desk)}
</section>`

function invariants({ run: { live } }: Desk): TemplateResult {
  const broken = live.judgements.filter(one => one.broken).length
  return html`<section class="judged" aria-label="Invariants">
    <h3>Invariants <small>${broken === 0 ? 'all hold' : `${broken} BROKEN`}, asked in ${live.judged} steps</small></h3>
    <div tabindex="0" role="region" aria-label="Invariants of the session machine">
      <table>
        <tbody>
          ${live.judgements.map(
            one => html`<tr class=${one.broken ? 'broken' : 'holds'}>
              <th scope="row">${one.id}</th>
              <td class="verdict">${one.broken ? 'BROKEN' : 'holds'}</td>
              <td>${one.text}${one.broken ? `; at ${seconds(one.broken.at - live.startedAt)} s: ${one.broken.what}` : ''}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}

const list = (desk: Desk): TemplateResult => html`<details class="script">
  <summary>This run as a list of events</summary>
  <form @submit=${(event: SubmitEvent) => desk.load(field(event, 'script'))}>
    <textarea name="script" rows="7" spellcheck="false" aria-label="List of events" .value=${desk.run.text}></textarea>
    <button type="button" @click=${copy}>Copy</button> <button type="submit">Run this list</button>
  </form>
</details>`

/** Where a page may not write to the clipboard, the text is at least selected. */
function copy(event: Event): void {
  const text = (event.target as HTMLButtonElement).form!.querySelector('textarea')!
  text.select()
  void navigator.clipboard?.writeText(text.value).catch(() => {})
}
