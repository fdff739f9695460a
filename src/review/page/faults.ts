import { html, type TemplateResult } from 'lit-html'
import { BEHAVIOURS, usage } from '../../../sim/behaviours/index.ts'
import type { Desk } from './desk.ts'
import { button, field } from './parts.ts'

/** Behaviours of the simulated unit by what their names begin with. */
const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ['Air, pump and limb', ['pneu', 'valve', 'pump', 'limb']],
  ['Sensors', ['sensor']],
  ['Line', ['link', 'line']],
  ['Firmware and power', ['fw', 'button']],
  ['Device', ['dev']],
]

/** Everything that can be wrong. What is broken stays so; a step back takes it away. */
export function faults(desk: Desk): TemplateResult {
  const given = new Set(desk.run.acts.map(({ words }) => /^fault ([^=@]+)/.exec(words)?.[1]))
  const { live } = desk.run
  return html`<fieldset class="faults">
    <legend>Faults</legend>
    ${GROUPS.map(
      ([title, prefixes]) => html`<details>
        <summary>${title}</summary>
        ${BEHAVIOURS.filter(({ name }) => prefixes.includes(name.split('.')[0]!)).map(one =>
          button(one.name, () => desk.act(`fault ${one.name}`), {
            ...{ pressed: given.has(one.name), title: `${usage(one)}: ${one.about}` },
          }),
        )}
      </details>`,
    )}
    <details>
      <summary>Host</summary>
      ${button('controller killed', () => desk.act('end controller'), { pressed: !live.controllerLives })}
      ${button('guard killed', () => desk.act('end guard'), { pressed: !live.guardLives })}
    </details>
    <form @submit=${(event: SubmitEvent) => desk.act(`fault ${field(event, 'spec')}`)}>
      <label>Other values <input name="spec" value="pneu.leak=20@hold" spellcheck="false" autocomplete="off" /></label>
      <button type="submit">Add</button>
    </form>
    <p class="hint">What is broken stays so; a step back takes it away, and link.restore mends the line.</p>
  </fieldset>`
}
