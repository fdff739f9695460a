import { expect, test } from 'vitest'

test.each([
  ['session', async () => (await import('../../machines/session.ts')).sessionMachine],
  ['link', async () => (await import('../../machines/link.ts')).linkMachine],
] as const)('the %s machine is described well enough to be loaded at all', async (name, load) => {
  expect((await load()).id).toBe(name)
})
