import { html, nothing, type TemplateResult } from 'lit-html'
import type { InterviewView, OutcomeView, QuestionView, RuleView } from '../shown.ts'
import { handedIn, limbBoxes } from './limbs.ts'
import type { Page } from './page.ts'
import { unitLine } from './unit.ts'
import { say } from './words/index.ts'

/** A verdict: by an interview, or from a file. */
export const screening = (page: Page): TemplateResult => html`${unitLine(page)}
  <p>${say('missingVerdict')}</p>
  <div class="columns">
    <section aria-labelledby="file-title">
      <h2 id="file-title">${say('giveVerdict')}</h2>
      ${file(page)}
    </section>
    <section aria-labelledby="screening-title">
      <h2 id="screening-title">${say('screening')}</h2>
      ${page.room.screening ? interview(page, page.room.screening) : begin(page)}
    </section>
  </div>`

function file(page: Page): TemplateResult {
  const take = async (event: SubmitEvent) => {
    const { text } = handedIn(event)
    const input = (event.target as HTMLFormElement).elements.namedItem('file') as HTMLInputElement
    const chosen = input.files?.[0]
    if (chosen) page.send({ do: 'verdict', subject: text('subject'), file: await chosen.text() })
  }
  return html`<form @submit=${take}>
    <label>${say('subject')} <input name="subject" required maxlength="100" autocomplete="off" /></label>
    <label class="drop">${say('chooseFile')} <input type="file" name="file" required /></label>
    <button class="next">${say('take')}</button>
  </form>`
}

const begin = (page: Page): TemplateResult => html`<form
  @submit=${(event: SubmitEvent) => {
    const { text, limbs } = handedIn(event)
    page.send({ do: 'screen', subject: text('subject'), limbs: [...limbs] })
  }}
>
  <label>${say('person')} <input name="subject" required maxlength="100" autocomplete="off" /></label>
  ${limbBoxes(say('limbsWithCuff'), ['left-arm', 'right-arm'])}
  <button class="next">${say('beginScreening')}</button>
</form>`

const interview = (page: Page, view: InterviewView): TemplateResult => html`
  <p><b>${view.subject}</b></p>
  ${view.question ? question(page, view.question, view.left) : sign(page)} ${outcome(view.outcome)}
  <details>
    <summary>${say('answered')} (${view.answered.length})</summary>
    <dl>${view.answered.map(({ text, answer }) => html`<div><dt>${text}</dt><dd>${answer}</dd></div>`)}</dl>
  </details>`

function question(page: Page, { id, group, text, source, options, typed }: QuestionView, left: number): TemplateResult {
  const answer = (typed: string) => page.send({ do: 'answer', question: id, typed })
  return html`<form
    class="question"
    @submit=${(event: SubmitEvent) => {
      answer(handedIn(event).text('typed'))
      ;(event.target as HTMLFormElement).reset()
    }}
  >
    <p>${group}: ${left} ${say('questionsLeft')}</p>
    <h3>${text}?</h3>
    <p class="source">${source}</p>
    ${
      typed === undefined
        ? nothing
        : html`<label>${typed} <input name="typed" maxlength="64" autocomplete="off" /></label>
            <button>${say('answer')}</button>`
    }
    ${options.map(one => html`<button type="button" @click=${() => answer(one)}>${one}</button>`)}
    <button type="button" class="back" @click=${() => page.send({ do: 'back' })}>${say('back')}</button>
  </form>`
}

const sign = (page: Page): TemplateResult => html`<p>${say('enough')}</p>
  <form
    @submit=${(event: SubmitEvent) => {
      const { text } = handedIn(event)
      page.send({ do: 'sign', screener: text('screener') })
    }}
  >
    <label>${say('screener')} <input name="screener" required maxlength="100" autocomplete="off" /></label>
    <button class="next">${say('sign')}</button>
    <button type="button" class="back" @click=${() => page.send({ do: 'back' })}>${say('back')}</button>
  </form>`

const outcome = ({
  result,
  words,
  points,
  limits,
  rules,
}: OutcomeView): TemplateResult => html`<div class="outcome ${result}">
  <p role="status"><b>${words}</b>, ${points} ${say('points')}</p>
  <ul>${limits.map(one => html`<li>${one}</li>`)}</ul>
  <details>
    <summary>${say('reasons')} (${rules.length})</summary>
    <ul>${rules.map(rule)}</ul>
  </details>
</div>`

const rule = ({ id, effect, reason, source, lift }: RuleView): TemplateResult =>
  html`<li><b>${effect}</b> ${id}: ${reason} <cite>${source}</cite> <i>${say('whatLifts')} ${lift}</i></li>`
