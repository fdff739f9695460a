import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const rooms = JSON.parse(readFileSync('test/mutants/rooms.json', 'utf8'))

/** The tests that are asked to notice a mutant of the room: on virtual time and without processes. */
export default defineConfig({
  test: {
    include: rooms[process.env.MUTATED_ROOM ?? 'guard'].tests,
    setupFiles: ['test/mutants/seed.ts'],
    testTimeout: 60_000,
  },
})
