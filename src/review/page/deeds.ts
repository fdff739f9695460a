import { html, nothing, type TemplateResult } from 'lit-html'
import { CHECKLIST } from '../../../machines/checklist.ts'
import { SYMPTOMS } from '../../../machines/symptoms.ts'
import { VERDICTS } from '../live/scenario.ts'
import type { Desk } from './desk.ts'
import { faults } from './faults.ts'
import { button, field } from './parts.ts'

/** Everything that a reviewer can do. */
export const deeds = (desk: Desk): TemplateResult => html`<section class="deeds" aria-label="What you can do">
  <button type="button" class="release" @click=${() => desk.act('release')}>Release now <small>Space or Esc</small></button>
  <p class="problem" role="alert">${desk.problem}</p>
  ${time(desk)} ${people(desk)} ${faults(desk)} ${beginning(desk)}
</section>`

const time = (desk: Desk): TemplateResult => html`<fieldset>
  <legend>Time</legend>
  <div class="row">
    ${button('Step back', () => desk.stepBack(), { off: !desk.run.mayStepBack })}
    ${button('+100 ms', () => desk.goOn(100))} ${button('+1 s', () => desk.goOn(1_000))}
  </div>
  <div class="row">
    ${button('Next change', () => desk.toChange(), { title: 'Goes on until something happens, for a minute at most' })}
    ${[1, 10].map(speed => button(`Play ${speed}×`, () => desk.play(speed), { pressed: desk.speed === speed }))}
  </div>
</fieldset>`

function people(desk: Desk): TemplateResult {
  const { view } = desk.run.live
  const [next] = view.unconfirmed
  const act = (label: string, words: string, off = false) => button(label, () => desk.act(words), { off })
  return html`<fieldset>
    <legend>Operator</legend>
    ${next && view.phase === 'fitting' ? html`<p class="item">${CHECKLIST[next]}</p>` : nothing}
    <div class="row">
      ${act('Confirm', 'confirm next', !next)}
      ${act(`Confirm all ${view.unconfirmed.length}`, 'confirm all', !next)} ${act('START', 'start')}
    </div>
    <div class="row">
      ${act('Refill good', 'refill good')} ${act('Refill slow', 'refill slow')} ${act('I am here', 'present')}
    </div>
    <label>The person says <select @change=${(event: Event) => tellSymptom(desk, event.target as HTMLSelectElement)}>
        <option value="">nothing</option>
        ${Object.values(SYMPTOMS).map(what => html`<option value=${what}>${what}</option>`)}
      </select></label>
  </fieldset>`
}

function tellSymptom(desk: Desk, select: HTMLSelectElement): void {
  if (select.value !== '') desk.act(`symptom ${select.value}`)
  select.value = ''
}

const beginning = (desk: Desk): TemplateResult => html`<fieldset>
  <legend>Begin anew</legend>
  <form
    @submit=${(event: SubmitEvent) =>
      desk.begin({
        program: field(event, 'program'),
        verdict: field(event, 'verdict'),
        seed: Number(field(event, 'seed')),
      })}
  >
    <label>Program ${choice('program', Object.keys(desk.plans))}</label>
    <label>Verdict ${choice('verdict', Object.keys(VERDICTS))}</label>
    <label>Seed <input name="seed" type="number" min="0" max="4294967295" value="1" required /></label>
    <button type="submit">Begin</button>
  </form>
</fieldset>`

const choice = (name: string, values: readonly string[]): TemplateResult =>
  html`<select name=${name}>
    ${values.map(value => html`<option value=${value}>${value.replaceAll('-', ' ')}</option>`)}
  </select>`
