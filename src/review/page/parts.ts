import { html, nothing, type TemplateResult } from 'lit-html'

interface ButtonLook {
  readonly off?: boolean
  /** Stays down: it is on. */
  readonly pressed?: boolean
  readonly title?: string
}

export const button = (label: string, press: () => void, { off, pressed, title }: ButtonLook = {}): TemplateResult =>
  html`<button
    type="button"
    ?disabled=${off ?? false}
    aria-pressed=${pressed ?? nothing}
    title=${title ?? nothing}
    @click=${press}
  >${label}</button>`

/** What stands in a field of a form that is handed in; the page stays where it is. */
export function field(event: SubmitEvent, name: string): string {
  event.preventDefault()
  return String(new FormData(event.target as HTMLFormElement).get(name)).trim()
}

/** Seconds and milliseconds since the run began. */
export const seconds = (at: number): string => (at / 1000).toFixed(3)
