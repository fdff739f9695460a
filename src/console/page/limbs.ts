import { html, type TemplateResult } from 'lit-html'
import { LIMB_NAMES, type Limb } from '../../../machines/limits.ts'
import { limbWords } from '../../operator/words.ts'

/** Boxes for the limbs, those of `chosen` ticked. */
export const limbBoxes = (
  legend: string,
  chosen: readonly Limb[],
  allowed: readonly Limb[] = LIMB_NAMES,
): TemplateResult =>
  html`<fieldset>
    <legend>${legend}</legend>
    ${LIMB_NAMES.map(
      limb => html`<label>
        <input type="checkbox" name="limb" value=${limb} ?checked=${chosen.includes(limb)} ?disabled=${!allowed.includes(limb)} />
        ${limbWords({ limb })}
      </label>`,
    )}
  </fieldset>`

/** What was handed in with a form; the page stays where it is. */
export function handedIn(event: SubmitEvent): {
  readonly text: (name: string) => string
  readonly limbs: readonly Limb[]
} {
  event.preventDefault()
  const data = new FormData(event.target as HTMLFormElement)
  return {
    text: name => String(data.get(name) ?? '').trim(),
    limbs: data.getAll('limb') as Limb[],
  }
}
