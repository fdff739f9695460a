import { expect, test } from 'vitest'
import { HEADER_CALLS, UnderFire, wrongAt } from '../campaigns/diskFire.ts'
import { SHORT } from '../support/programs.ts'
import { newFolder } from './help.ts'

const whole = new UnderFire(newFolder(), Number.POSITIVE_INFINITY)
/** Numbers of the calls of a session, its header left out. */
const at = (wanted: string): number[] =>
  whole.calls.flatMap((name, i) => (name === wanted && i >= HEADER_CALLS ? [i + 1] : []))

test('REQ-DISK (F75): a write or a sync that fails ends the session in a release, in that same step; what it did not keep is shown', () => {
  expect([at('append').length > 40, at('sync').length > 3]).toEqual([true, true])
  // `npm run campaign:journal` does it at every call.
  const some = [1, ...at('append').filter((_, i) => i % 8 === 0), ...at('sync'), ...at('close')]
  for (const n of some) expect([n, wrongAt(newFolder(), n)]).toEqual([n, []])
})

test('REQ-DISK (F75): a disk that fails at a press keeps the press from the unit', () => {
  const presses = SHORT.steps.reduce((sum, { repeat }) => sum + repeat, 0)
  for (const [press, n] of at('sync').slice(0, presses).entries()) {
    const { stack } = new UnderFire(newFolder(), n)
    expect(stack.framesSent('lease').length > 0).toBe(press > 0)
    expect(new Set(stack.framesSent('target').map(one => one.at)).size).toBe(press)
  }
})

test('the summary counts the records that the disk did not take, and says why', () => {
  const { shown, kept } = new UnderFire(newFolder(), at('sync')[1]!)
  expect(kept.length).toBeGreaterThan(1)
  expect(shown).toContainEqual(expect.stringContaining('the journal is not complete: EIO'))
  expect(shown).toContainEqual(expect.stringContaining(`${kept.length} records are not known to be on the disk`))
  expect(shown).toContainEqual(expect.stringContaining('exit status 6'))
})
