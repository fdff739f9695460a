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
      /\/(console|cli|campaigns|faults|ledger|model)\/[a-zA-Z.]+$/.test(moduleId)
        ? 0
        : /\/bench\//.test(moduleId)
          ? 2
          : 1
    return (await super.sort(files)).sort((a, b) => place(a) - place(b))
  }
}

const IN_BROWSER = ['test/review/browser.test.ts', 'test/console/browser.test.ts']

/** Its line is the last one, where it is seen. */
const leftOut: Reporter = {
  onTestRunEnd(files) {
    const left = IN_BROWSER.filter(name => files.some(file => file.relativeModuleId === name))
    if (LEFT_OUT && left.length > 0)
      console.warn(`LEFT OUT: the pages in a real browser (${left.join(', ')}): ${NO_CHROMIUM}`)
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
