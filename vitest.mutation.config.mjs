import { defineConfig } from 'vitest/config'
import { ROOMS } from './stryker.config.mjs'

export default defineConfig({
  test: {
    include: ROOMS[process.env.MUTATED_ROOM ?? 'guard'].tests,
    setupFiles: ['test/mutants/seed.mjs'],
    testTimeout: 60_000,
  },
})
