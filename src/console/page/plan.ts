import { html, nothing, svg, type TemplateResult } from 'lit-html'
import { LIMITS } from '../../../machines/limits.ts'
import { limbWords, timeLeft } from '../../operator/words.ts'
import type { ChoiceView, PlanView } from '../shown.ts'
import { handedIn, limbBoxes } from './limbs.ts'
import type { Page } from './page.ts'
import { unitLine } from './unit.ts'
import { say } from './words/index.ts'

/** Limbs and program, held against every limit, and drawn. */
export function plan(page: Page): TemplateResult {
  const { verdict, choice, programs } = page.room
  const choose = (event: SubmitEvent) => {
    const { text, limbs } = handedIn(event)
    const program = programs.find(one => one.name === text('program'))!.name
    page.send({ do: 'choose', limbs: [...limbs], program, operator: text('operator') })
  }
  return html`${unitLine(page)}
    <section aria-labelledby="verdict-title">
      <h2 id="verdict-title">${say('verdictFor')} ${verdict?.subject}</h2>
      <p><b>${verdict?.words}</b> ${say('until')} ${verdict?.expires}; ${verdict?.screener}</p>
      <details>
        <summary>${say('reasons')} (${verdict?.rules.length})</summary>
        <ul>${verdict?.rules.map(one => html`<li><b>${one.effect}</b> ${one.id} <cite>${one.source}</cite></li>`)}</ul>
      </details>
    </section>
    <form @submit=${choose}>
      ${limbBoxes(say('limbsWithCuff'), choice?.limbs ?? verdict?.limbs ?? [], verdict?.limbs)}
      <label>${say('program')}
        <select name="program">
          ${programs.map(({ name, title, description }) => html`<option value=${name} ?selected=${name === choice?.program}>${title}: ${description}</option>`)}
        </select>
      </label>
      <label>${say('operator')} <input name="operator" required maxlength="100" autocomplete="off" /></label>
      <button>${say('check')}</button>
    </form>
    ${choice ? outcome(page, choice) : nothing}`
}

const outcome = (page: Page, { plan, refusals }: ChoiceView): TemplateResult => html`
  ${refusals.map(({ id, text, action }) => html`<p class="refusal" role="alert"><b>${say('refused')}</b> ${id}: ${text} ${action}</p>`)}
  ${plan ? preview(page, plan) : nothing}`

const preview = (page: Page, plan: PlanView): TemplateResult => html`<section aria-labelledby="plan-title">
  <h2 id="plan-title">${say('planOf')}</h2>
  <p>
    ${plan.cuffs.map(
      (cuff, i) =>
        html`${limbWords(cuff)} ${plan.max_mmHg[i]} mmHg, ${say('limit')} ${cuff.limit_mmHg} mmHg (${cuff.by}); `,
    )}
    ${say('planned')} ${timeLeft(plan.planned_ms)}, ${say('atMost')} ${timeLeft(plan.cap_ms)} (${plan.cap_by})
  </p>
  ${drawing(plan)}
  <button type="button" class="next" @click=${() => page.send({ do: 'begin' })}>${say('begin')}</button>
</section>`

const [WIDTH, HEIGHT, LEFT, FOOT] = [900, 180, 40, 20]

/** The plan as a curve against the lowest limit of its first cuff. */
function drawing({ steps, cuffs, planned_ms, cap_ms }: PlanView): TemplateResult {
  const end = Math.max(planned_ms, cap_ms)
  const limit = cuffs[0]!.limit_mmHg
  const x = (ms: number) => LEFT + (ms / end) * (WIDTH - LEFT)
  const y = (mmHg: number) => HEIGHT - FOOT - (mmHg / (limit * 1.1)) * (HEIGHT - FOOT)
  let at = 0
  let path = `M${x(0)} ${y(0)}`
  for (const { targets_mmHg, slew_mmHg_per_s, hold_ms, rest_ms } of steps) {
    const [target] = targets_mmHg
    const up = Math.min(hold_ms, (target! / slew_mmHg_per_s) * 1000)
    path += `L${x(at + up)} ${y(target!)}L${x(at + hold_ms)} ${y(target!)}L${x(at + hold_ms + LIMITS.ventNominal.value)} ${y(0)}`
    at += hold_ms + LIMITS.ventNominal.value + rest_ms
    path += `L${x(at)} ${y(0)}`
  }
  return html`<svg class="preview" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${say('planOf')}>
    ${svg`<path class="limit" d="M${LEFT} ${y(limit)}H${WIDTH}" /><text x="2" y=${y(limit) + 4}>${limit}</text>
    <path class="limit" d="M${x(cap_ms)} 0V${HEIGHT - FOOT}" /><path class="target" d=${path} />
    <text x=${LEFT} y=${HEIGHT - 4}>0:00</text><text x=${WIDTH} y=${HEIGHT - 4} text-anchor="end">${timeLeft(end)}</text>`}
  </svg>`
}
