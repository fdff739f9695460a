import { Diagram } from './diagram.ts'

/** The reviewer's picture of the session machine, with the state of now lit. */
export class Picture {
  private svg: HTMLElement | undefined
  private asked = false
  private diagram: { readonly at: HTMLElement; readonly of: Diagram } | undefined

  /** `place` is there while somebody has opened it. */
  show(place: HTMLElement | null, phase: string | undefined): void {
    if (!place || phase === undefined || place.offsetParent === null) return
    if (!this.svg) return this.fetch()
    if (this.diagram?.at !== place) this.diagram = { at: place, of: new Diagram(place, this.svg) }
    const { of } = this.diagram
    const inner = of.states.find(id => id.endsWith(`.${phase}`)) ?? ''
    of.show(of.states.filter(id => id === inner || inner.startsWith(`${id}.`)).sort(), false)
  }

  private fetch(): void {
    if (this.asked) return
    this.asked = true
    void fetch('/session.svg')
      .then(answer => answer.text())
      .then(text => {
        const frame = document.createElement('div')
        frame.append(document.importNode(new DOMParser().parseFromString(text, 'image/svg+xml').documentElement, true))
        this.svg = frame
      })
  }
}
