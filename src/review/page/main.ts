/**
 * The live page: the shipped machines, guard and simulated unit in a browser, in virtual time. The clock of the browser
 * says only how fast time is played; what happens is decided by the run's own.
 */
import { render } from 'lit-html'
import { Diagram, statesIn } from '../../console/page/diagram.ts'
import type { Plans } from '../live/scenario.ts'
import { Desk } from './desk.ts'
import { panel } from './panel.ts'

const element = (id: string): HTMLElement => {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the page has no #${id}`)
  return found
}

const root = element('live-panel')
const desk = new Desk(JSON.parse(element('plans').textContent) as Plans, show)
render(panel(desk), root)
const diagram = new Diagram(element('live-diagram'), element('diagram-session'))
show()
addEventListener('keydown', event => {
  if (isForPanel(event.target)) desk.key(event)
})

function show(): void {
  render(panel(desk), root)
  diagram.show(statesIn('session', desk.run.live.session.snapshot.value), desk.whole)
}

/** A key is the panel's when the focus is in it, and when nothing has the focus while the panel is in sight. */
function isForPanel(target: EventTarget | null): boolean {
  const { top, bottom } = root.getBoundingClientRect()
  const isInSight = top < innerHeight && bottom > 0
  return root.contains(target as Node | null) || (target === document.body && isInSight)
}

/** What is folded away on the screen is printed all the same. */
addEventListener('beforeprint', () => {
  for (const one of document.querySelectorAll('details')) one.open = true
})
