import { defineConfig } from 'vitest/config'
import { BaseSequencer, type Reporter, type TestSpecification } from 'vitest/node'
import { LEFT_OUT, NO_CHROMIUM } from './test/support/chromium.ts'

/**
 * Sessions of real processes at the pace of life take longest: begun first, they hold nothing up at the end. The bench
 * comes last: it loads both cores on purpose, and a session beside it would be released for that.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) =>
      /\/(cli|campaigns|faults|ledger|model)\/[a-zA-Z.]+$/.test(moduleId) ? 0 : /\/bench\//.test(moduleId) ? 2 : 1
    return (await super.sort(files)).sort((a, b) => place(a) - place(b))
  }
}

const IN_BROWSER = 'test/review/browser.test.ts'

/** Its line is the last one, where it is seen. */
const leftOut: Reporter = {
  onTestRunEnd(files) {
    if (LEFT_OUT && files.some(file => file.relativeModuleId === IN_BROWSER))
      console.warn(`LEFT OUT: the dossier in a real browser (${IN_BROWSER}): ${NO_CHROMIUM}`)
  },
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Many tests wait for real processes, which takes no core.
    maxWorkers: 3,
    // As many of them at once in one file: see test/support/sideBySide.ts.
    maxConcurrency: 3,
    reporters: ['default', leftOut],
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
