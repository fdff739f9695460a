import { readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../machines/limits.ts'
import { Screening } from '../../src/console/screening.ts'
import { openVerdict } from '../../src/verdict/file.ts'
import { signerFor } from '../../src/verdict/keys.ts'
import { loadTrust } from '../../src/verdict/trust.ts'
import { temporaryFolder } from '../support/processes.ts'

const intakes = (home: string): string[] => readdirSync(join(home, 'intakes'))

describe('REQ-CONSOLE: the screening in the page', () => {
  const begun = (home: string, subject = 'P-017') => Screening.of(home, subject, ['left-arm'], Date.now())
  const answers = (one: Screening): number => one.view(Date.now()).answered.length
  const answerOne = (one: Screening): void => {
    const { id, options } = one.view(Date.now()).question!
    expect(one.answer(id, options.at(-1)!, Date.now())).toBeUndefined()
  }

  test('is kept after each answer, for this person and for no other', () => {
    const home = temporaryFolder()
    const one = begun(home)
    answerOne(one)
    answerOne(one)
    expect([answers(begun(home, 'p-017 ')), answers(begun(home, 'P-018'))]).toEqual([2, 0])
    for (const name of intakes(home)) expect(name).not.toContain('017')
    one.back()
    expect(answers(begun(home))).toBe(1)
  })

  test('is gone on with as long as a verdict counts, and no longer', () => {
    const home = temporaryFolder()
    answerOne(begun(home))
    const [file] = intakes(home)
    const old = (Date.now() - LIMITS.verdictAge.value) / 1_000 - 1
    utimesSync(join(home, 'intakes', file!), old, old)
    expect(answers(begun(home))).toBe(0)
  })

  test('once it is signed the answers are kept beside, and the next one of the same person begins with none', () => {
    const home = temporaryFolder()
    signerFor(home, 'simulator', Date.now())
    const one = begun(home)
    answerOne(one)
    const { body } = openVerdict(one.sign('simulator', 'A. Sato, trainer', Date.now()), loadTrust(home))
    expect([body.result, body.screener]).toEqual(['refuse', 'A. Sato, trainer'])
    expect(intakes(home).filter(name => name.includes('unfinished'))).toEqual([])
    expect(intakes(home)).toHaveLength(1)
    expect(answers(begun(home))).toBe(0)
  })

  test('an answer that is none, or to no question, is said and changes nothing', () => {
    const one = begun(temporaryFolder())
    expect(one.answer('no_such_question', 'yes', Date.now())).toMatch(/no such question/)
    expect(one.answer(one.view(Date.now()).question!.id, 'perhaps', Date.now())).toMatch(/please type|is not/)
    expect(answers(one)).toBe(0)
  })
})
