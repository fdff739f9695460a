import { relative } from 'node:path'
import { z } from 'zod'
import type { Title } from './titles.ts'

/** How many tests under a title passed, and how many failed. */
export interface Result {
  readonly passed: number
  readonly failed: number
}

/** What came of the tests under a title when they were last run; undefined where they were not. */
export interface Results {
  /** Of which commit the tests were run, in words. */
  readonly commit: string
  of(title: Title): Result | undefined
}

/** What vitest's JSON report says of one test. */
const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() }),
      ),
    }),
  ),
})

/** Results from the text of a report of vitest (`--reporter=json`). @throws Error for a text that is none */
export function reported(json: string, root: string, commit: string): Results {
  const ran = new Map<string, { titles: readonly string[]; status: string }[]>()
  for (const { name, assertionResults } of Report.parse(JSON.parse(json)).testResults)
    ran.set(
      relative(root, name),
      assertionResults.map(one => ({ titles: [...one.ancestorTitles, one.title], status: one.status })),
    )
  const of = ({ file, title }: Title): Result | undefined => {
    const isOne = like(title)
    const all = (ran.get(file) ?? []).filter(one => one.titles.some(isOne))
    const [passed, failed] = ['passed', 'failed'].map(status => all.filter(one => one.status === status).length)
    return passed! + failed! > 0 ? { passed: passed!, failed: failed! } : undefined
  }
  return { commit, of }
}

/** A title that takes values in (`%s`, `$name`, `${…}`) stands for every title that it gives. */
function like(title: string): (other: string) => boolean {
  const literal = title.split(/%[sdifjo#]|\$\{[^}]*\}|\$[a-zA-Z_.]+/).map(part => part.replaceAll('%%', '%'))
  const pattern = new RegExp(`^${literal.map(escaped).join('[^]*')}$`)
  return other => pattern.test(other)
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')

/** A result as the page has it. */
export function resultWords(result: Result | undefined): string {
  if (result === undefined) return 'not run'
  const { passed, failed } = result
  return failed === 0 ? `${passed} passed` : `**${failed} of ${passed + failed} failed**`
}

/** What came of several titles together. */
export function sumWords(results: readonly (Result | undefined)[]): string {
  const failed = results.reduce((sum, one) => sum + (one?.failed ?? 0), 0)
  const unrun = results.filter(one => one === undefined).length
  if (failed > 0) return `**${failed} failed**`
  if (unrun === results.length) return 'not run'
  return unrun > 0 ? `${unrun} of ${results.length} not run` : 'passed'
}

/** How the page names the run that its results are of; `printed` reads it back. */
export const runWords = (commit: string): string =>
  commit === NO_RUN ? 'Nothing has been run yet.' : `Results are of the run at commit ${commit}.`
const NO_RUN = ''

/** How a title stands in a cell of the page. */
export const cell = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** Results that a page which was written before still has: links change more often than anybody runs everything. */
export function printed(page: string): Results {
  const [, commit = NO_RUN] = page.match(/^Results are of the run at commit (\S+)\.$/m) ?? []
  const known = new Map<string, Result>()
  for (const line of page.split('\n')) {
    const cells = line.split(/(?<!\\)\|/).map(one => one.trim().replaceAll('\\|', '|'))
    const result = resultFrom(cells[4] ?? '')
    if (cells.length === 6 && result) known.set(`${cells[1]}\n${cells[2]}`, result)
  }
  return { commit, of: ({ file, title }) => known.get(`${cell(title)}\n${file}`) }
}

function resultFrom(words: string): Result | undefined {
  const good = words.match(/^(\d+) passed$/)
  if (good) return { passed: Number(good[1]), failed: 0 }
  const bad = words.match(/^\*\*(\d+) of (\d+) failed\*\*$/)
  return bad ? { passed: Number(bad[2]) - Number(bad[1]), failed: Number(bad[1]) } : undefined
}
