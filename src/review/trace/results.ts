import { relative } from 'node:path'
import { z } from 'zod'
import type { Title } from './titles.ts'

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

interface Ran {
  readonly file: string
  readonly titles: readonly string[]
  readonly passed: boolean
}

/** What came of the tests under a title, in words: `12 passed`, `1 of 12 failed`, `not run`. */
export type Results = (title: Title) => string

export const NOT_RUN = 'not run'

/** Results from the text of a report of vitest (`--reporter=json`). @throws Error for a text that is none */
export function resultsOf(json: string, root: string): Results {
  const ran = Report.parse(JSON.parse(json)).testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(one => ({
        file: relative(root, name),
        titles: [...one.ancestorTitles, one.title],
        passed: one.status === 'passed',
      })),
  )
  return title => wordsOf(ran.filter(one => one.file === title.file && one.titles.some(like(title.title))))
}

function wordsOf(ran: readonly Ran[]): string {
  const failed = ran.filter(one => !one.passed).length
  if (ran.length === 0) return NOT_RUN
  return failed === 0 ? `${ran.length} passed` : `**${failed} of ${ran.length} failed**`
}

/** A title that takes values in (`%s`, `$name`, `${…}`) stands for every title that it gives. */
function like(title: string): (other: string) => boolean {
  const literal = title.split(/%[sdifjo#]|\$\{[^}]*\}|\$[a-zA-Z_.]+/).map(part => part.replaceAll('%%', '%'))
  const pattern = new RegExp(`^${literal.map(escaped).join('[^]*')}$`)
  return other => pattern.test(other)
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
