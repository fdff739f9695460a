import { expect, test } from 'vitest'
import { CAUSE_KINDS } from '../../machines/cause.ts'
import type { Phase, View } from '../../machines/view.ts'
import { exitOf } from '../../src/ending.ts'

const status = (phase: Phase, kind?: (typeof CAUSE_KINDS)[number]): number =>
  exitOf({ phase, cause: kind && { kind, text: '' } } as View)

test.each([undefined, ...CAUSE_KINDS])('stuck is status 6, whatever led there: %s', kind => {
  expect(status('stuck', kind)).toBe(6)
})

test.each<[Phase, (typeof CAUSE_KINDS)[number] | undefined, number]>([
  ['finished', undefined, 0],
  ['refused', undefined, 3],
  ['stopped', 'operator', 5],
  ['stopped', 'presence', 5],
  ['stopped', 'symptom', 5],
  ['faulted', 'link', 4],
  ['faulted', 'unit', 4],
  ['faulted', 'safety', 6],
  ['faulted', 'record', 6],
  ['faulted', 'internal', 70],
])('%s by %s is status %i', (phase, kind, exit) => {
  expect(status(phase, kind)).toBe(exit)
})
