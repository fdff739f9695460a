import { instance } from '@viz-js/viz'
import { dotOf, LAYOUT_FONT } from './dot.ts'
import type { Reviewed } from './machines.ts'

/** What it is shown in: narrower than what it was laid out by, so that it fits. */
const SHOWN = 'Helvetica, Arial, sans-serif'

/** A machine as SVG, the same to the byte each time. No browser is needed, and nothing is fetched. */
export async function svgOf({ title, chart }: Reviewed): Promise<string> {
  const viz = await instance()
  const svg = viz.renderString(dotOf(chart), { format: 'svg' })
  return svg
    .replace(/<svg[^>]*>/, tag => `${tag}\n<title>${title}: states, and what moves it from one to another</title>`)
    .replaceAll(new RegExp(`font-family="${LAYOUT_FONT}[^"]*"`, 'g'), `font-family="${SHOWN}"`)
}
