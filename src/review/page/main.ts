/**
 * The live page: the shipped machines, guard and simulated unit in a browser, in virtual time. The clock of the browser
 * says only how fast time is played; what happens is decided by the run's own.
 */
import { render } from 'lit-html'
import type { Plans } from '../live/scenario.ts'
import { Desk } from './desk.ts'
import { Diagram } from './diagram.ts'
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
root.addEventListener('keydown', event => desk.key(event))

function show(): void {
  render(panel(desk), root)
  diagram.show(desk.run.live, desk.whole)
}

/** What is folded away on the screen is printed all the same. */
addEventListener('beforeprint', () => {
  for (const one of document.querySelectorAll('details')) one.open = true
})
