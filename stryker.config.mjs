import { readFileSync } from 'node:fs'

const room = process.env.MUTATED_ROOM ?? 'guard'
const { mutate, least_percent } = JSON.parse(readFileSync('test/mutants/rooms.json', 'utf8'))[room]

/** For one room; `npm run mutants` goes through all of them. MUTANTS.md says why what survives does. */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  mutate,
  coverageAnalysis: 'perTest',
  timeoutMS: 20_000,
  reporters: ['progress-append-only', 'clear-text', 'json'],
  jsonReporter: { fileName: `dist/mutants/${room}.json` },
  clearTextReporter: {
    allowColor: false,
    allowEmojis: false,
    logTests: false,
    reportTests: false,
    reportMutants: false,
  },
  tempDirName: '.stryker',
  // There is no such file: the sandbox takes the sources as they are.
  tsconfigFile: 'none',
  thresholds: { high: least_percent, low: least_percent, break: least_percent },
}
