import { html, type TemplateResult } from 'lit-html'
import { deeds } from './deeds.ts'
import type { Desk } from './desk.ts'
import { findings } from './findings.ts'
import { button } from './parts.ts'
import { state } from './state.ts'

/** The whole panel. Whatever changes in it is text in an element of its own: nothing is ever put in as markup. */
export const panel = (desk: Desk): TemplateResult => html`
  ${deeds(desk)}
  <section class="picture" aria-label="The session machine">
    <h3>The session machine ${button('Whole diagram', () => desk.look(), { pressed: desk.whole })}</h3>
    <div
      id="live-diagram"
      class=${desk.whole ? 'whole' : 'close'}
      tabindex="0"
      role="group"
      aria-label="Diagram of the session machine; the states that it is in are lit"
    ></div>
  </section>
  ${state(desk)} ${findings(desk)}
`
