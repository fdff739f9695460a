/** Rooms of the code, and the tests that are asked to notice a change: on virtual time and without processes. */
export const ROOMS = {
  protocol: {
    mutate: ['crc', 'framer', 'text'].map(name => `protocol/${name}.ts`),
    tests: ['test/protocol/*.test.ts'],
  },
  guard: {
    mutate: ['envelope', 'lease', 'monitor', 'outbox', 'pressing', 'releasing', 'sight'].map(
      name => `src/guard/${name}.ts`,
    ),
    tests: ['test/guard/!(process).test.ts'],
  },
  machines: {
    mutate: [
      'checklist',
      'cycle',
      'gate',
      'leaving',
      'limits',
      'past',
      'planBounds',
      'planCheck',
      'planProblem',
      'sessionSetup',
      'timeLimits',
      'watch',
    ].map(name => `machines/${name}.ts`),
    tests: [
      'test/machines/*.test.ts',
      'test/scenarios/*.test.ts',
      'test/programs/compile.test.ts',
      'test/verdict/gate.test.ts',
      'test/ledger/past.test.ts',
    ],
  },
}

const room = process.env.MUTATED_ROOM ?? 'guard'

/** `npm run mutants` runs it for each room; MUTANTS.md says why what survives does. */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.mjs', related: false },
  mutate: ROOMS[room].mutate,
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
  thresholds: { high: 95, low: 90, break: 90 },
}
