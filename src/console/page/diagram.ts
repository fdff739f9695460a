/** The drawn session machine, with the states that it is in lit, and the innermost of them in sight. */
export class Diagram {
  private readonly frame: HTMLElement
  private readonly groups = new Map<string, Element>()
  private lit = ''

  /** Takes a copy of the picture that stands in the document. */
  constructor(frame: HTMLElement, picture: HTMLElement) {
    this.frame = frame
    const svg = picture.querySelector('svg')!.cloneNode(true) as SVGElement
    for (const one of svg.querySelectorAll('[id]')) one.removeAttribute('id')
    for (const group of svg.querySelectorAll('g.node, g.cluster'))
      this.groups.set(group.querySelector('title')!.textContent.replace(/^cluster_/, ''), group)
    frame.replaceChildren(svg)
  }

  /** Every state of the picture, by the path of its names. */
  get states(): readonly string[] {
    return [...this.groups.keys()]
  }

  /** `states` are lit, the outermost first. */
  show(states: readonly string[], whole: boolean): void {
    const lit = `${states} ${whole}`
    if (lit === this.lit) return
    this.lit = lit
    for (const [id, group] of this.groups) group.classList.toggle('lit', states.includes(id))
    const inner = states.findLast(id => id.includes('.flow.') && !id.includes('.presence'))
    const group = inner && this.groups.get(inner)
    if (group) this.bringIntoSight(group)
  }

  private bringIntoSight(group: Element): void {
    const [box, frame] = [group.getBoundingClientRect(), this.frame.getBoundingClientRect()]
    const left = box.left + box.width / 2 - frame.left - frame.width / 2
    const top = box.top + box.height / 2 - frame.top - frame.height / 2
    this.frame.scrollBy(left, top)
  }
}

/** The ids of every state in the value of a snapshot, outermost first. */
export function statesIn(id: string, value: unknown): readonly string[] {
  if (typeof value === 'string') return [id, `${id}.${value}`]
  return [id, ...Object.entries(value as object).flatMap(([key, part]) => statesIn(`${id}.${key}`, part))]
}
