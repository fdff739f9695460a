import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot, packageVersion } from '../../packageRoot.ts'
import type { ModelName } from '../explore/models.ts'
import type { Found } from '../explore/search.ts'
import { type Reviewed, reviewed } from '../machines.ts'
import { matrixOf } from '../matrix.ts'
import { livePlans } from '../plans.ts'
import { svgOf } from '../svg.ts'
import { documentOf, escaped, type Section } from './document.ts'
import { exploredText } from './explored.ts'
import { limitsText } from './limits.ts'
import { htmlOf } from './markdown.ts'
import { ABOUT, LIVE, LIVE_KEYS, NOT_SHOWN } from './words.ts'

export interface Findings {
  readonly explored: ReadonlyMap<ModelName, Found>
  /** How many situations of each were looked at, at most. */
  readonly situations: number
  /** What the fault matrix came to, as Markdown; undefined where no results were given. */
  readonly faults: string | undefined
}

const STYLES = ['dossier/style.css', 'page/panel.css', 'page/findings.css']

/** Sections that show a file of this package. */
const SECTIONS: ReadonlyMap<string, string> = new Map([
  ['HAZARDS.md', 'hazards'],
  ['FAULTS.md', 'faults'],
  ['TRACE.md', 'trace'],
])

/**
 * The whole dossier as one HTML file that loads nothing. The same code and the same findings give the same bytes.
 * `folder` is where HAZARDS.md, FAULTS.md and TRACE.md are.
 */
export async function dossier({ explored, situations, faults }: Findings, folder = packageRoot()): Promise<string> {
  const file = (name: string, id: string): string => documentIn(folder, name, id)
  const machines = await reviewed()
  const results =
    faults ?? '**Not given.** `npm run faults -- --json > FILE` and `cuffpilot review --faults FILE` put them here.'
  const sections: readonly Section[] = [
    {
      id: 'live',
      title: 'Live',
      html: `${md('live', LIVE)}<div id="live-panel" class="live"></div>${md('live', LIVE_KEYS)}`,
    },
    { id: 'diagrams', title: 'Diagrams', html: (await Promise.all(machines.map(picture))).join('\n') },
    { id: 'matrices', title: 'States and events', html: machines.map(matrix).join('\n') },
    { id: 'limits', title: 'Limits and sources', html: md('limits', limitsText()) },
    { id: 'hazards', title: 'Hazards', html: file('HAZARDS.md', 'hazards') },
    { id: 'exploration', title: 'Exploration', html: md('exploration', exploredText(explored, situations)) },
    { id: 'results', title: 'Fault results', html: md('results', results) },
    { id: 'faults', title: 'Fault matrix', html: file('FAULTS.md', 'faults') },
    {
      id: 'trace',
      title: 'Traceability',
      html: folded('Every hazard and requirement, with its tests', file('TRACE.md', 'trace')),
    },
    { id: 'not-shown', title: 'What is not shown', html: md('not-shown', NOT_SHOWN) },
  ]
  return documentOf({
    title: `CuffPilot ${packageVersion()}: review dossier`,
    about: md('about', ABOUT),
    sections,
    style: STYLES.map(name => readFileSync(join(packageRoot(), 'src/review', name), 'utf8')).join(''),
    script: readFileSync(join(packageRoot(), 'dist/live-page.js'), 'utf8'),
    data: { plans: livePlans() },
  })
}

const md = (id: string, text: string): string => htmlOf(text, { id, deeper: 0, sections: SECTIONS })

function documentIn(folder: string, name: string, id: string): string {
  const path = join(folder, name)
  if (!existsSync(path)) return `<p><strong>Not there:</strong> ${escaped(name)}.</p>`
  return htmlOf(untitled(readFileSync(path, 'utf8')), { id, deeper: 1, sections: SECTIONS })
}

/** Without its first heading: the section has one. */
const untitled = (text: string): string => text.replace(/^# .*\n/, '')

const folded = (summary: string, html: string): string =>
  `<details><summary>${escaped(summary)}</summary>\n${html}\n</details>`

function matrix(one: Reviewed): string {
  const html = htmlOf(untitled(matrixOf(one)), { id: `matrix-${one.chart.id}`, deeper: 1, sections: SECTIONS })
  return folded(`${one.title}: what each state does with each event, and why it ignores the others`, html)
}

/** The picture with ids of its own, so that the three of them can stand in one document. */
async function picture(one: Reviewed): Promise<string> {
  const { id } = one.chart
  const svg = (await svgOf(one)).replace(/^[\s\S]*?(?=<svg)/, '').replaceAll(/ id="/g, ` id="${id}-`)
  const label = `Diagram: ${one.title}. The table of its states and events says the same in words.`
  return [
    `<h3 id="diagrams-${id}">${escaped(one.title)}</h3>`,
    htmlOf(one.about, { id: `diagram-${id}`, deeper: 0, sections: SECTIONS }),
    `<label class="size"><input type="checkbox"> at full size</label>`,
    `<div class="diagram" id="diagram-${id}" tabindex="0" role="group" aria-label="${escaped(label)}">${svg}</div>`,
  ].join('\n')
}
