import type { GeneratedFile } from '../files.ts'
import { hazardsPage } from './hazardsPage.ts'
import type { Chain } from './orphans.ts'
import type { Results } from './results.ts'
import { tracePage } from './tracePage.ts'

export const TRACE = 'TRACE.md'

/** The two pages in the root of the repository. */
export const traceFiles = (chain: Chain, results: Results): readonly GeneratedFile[] => [
  { name: 'HAZARDS.md', text: hazardsPage(chain.hazards) },
  { name: TRACE, text: tracePage(chain, results) },
]
