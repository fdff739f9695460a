import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { csvOf } from '../../src/report/csv.ts'
import { reportOf } from '../../src/report/page.ts'
import { type Sample, scoreOf } from '../../src/report/score.ts'
import { recordedIn } from '../../src/report/session.ts'
import { Program, temporaryFolder } from '../support/processes.ts'
import { SHORT } from '../support/programs.ts'
import { Stack } from '../support/stack.ts'
import { sessionJournal } from './help.ts'

describe('REQ-REPORT: how well the pressure kept to its target', () => {
  const sample = (at_ms: number, measured: number | null, target = 100, holding = true): Sample => ({
    ...{ at_ms, measured_mmHg: [measured], commanded_mmHg: [target], holding },
  })

  test('is the share of the time in holds within 10 % and within 5 %, bounds included', () => {
    const samples = [sample(0, 105), sample(1_000, 110), sample(2_000, 111), sample(3_000, 100), sample(4_000, 100)]
    expect(scoreOf(samples)).toEqual({ held_ms: 4_000, within10: 0.75, within5: 0.5 })
  })

  test('counts no time in which nothing was held, commanded or known', () => {
    const samples = [
      sample(0, 100, 100, false),
      sample(1_000, 100, 0),
      sample(2_000, null),
      sample(3_000, 90),
      sample(4_000, 0, 0),
    ]
    expect(scoreOf(samples)).toEqual({ held_ms: 1_000, within10: 1, within5: 0 })
    expect(scoreOf([])).toEqual({ held_ms: 0, within10: 0, within5: 0 })
  })
})

describe('REQ-REPORT: a session from its journal', () => {
  const dizzy = (): Stack => {
    const stack = new Stack({ program: SHORT })
    stack.untilPhase('holding')
    stack.advance(1_000)
    stack.act(session => session.symptom('dizzy'))
    stack.until(one => one.ended)
    stack.recorded.push({ kind: 'note', data: { after: { petechiae: 'some', numbness: 'none' } } })
    return stack
  }

  test('has the curve as it was shown, what happened and when, and the end', () => {
    const stack = dizzy()
    const { samples, marks, view, whole, checked, input, after } = recordedIn(sessionJournal(stack))
    expect([view.phase, view.cause?.text, whole, checked.ok]).toEqual(['stopped', 'dizzy', true, true])
    expect(input.plan.program).toBe(SHORT.name)
    expect(after).toEqual({ petechiae: 'some', numbness: 'none' })
    const shown = stack.reports.flatMap(one => (one.is === 'telemetry' ? [one.frame.channels[0]!.pressure_mmHg] : []))
    for (const { measured_mmHg } of samples) expect([null, ...shown]).toContain(measured_mmHg[0])
    expect(samples.filter(one => one.holding).length).toBeGreaterThan(8)
    expect(marks.map(one => one.text)).toEqual(expect.arrayContaining(['warm-up 1 of 2: holding', 'symptom: dizzy']))
    expect(marks.map(one => one.at_ms)).toEqual(marks.map(one => one.at_ms).sort((a, b) => a - b))
  })

  test('as HTML: one file that loads nothing, in which all that was typed is text', () => {
    const stack = dizzy()
    const html = reportOf({ ...recordedIn(sessionJournal(stack)), file: '<script>alert(1)</script>' })
    expect(html).toContain('&#60;script&#62;alert(1)')
    expect(html).not.toMatch(/<script>alert|<link|src=|href="http|@import|url\(/)
    expect(html).toMatch(/% of the holds within 10 %/)
    expect(html).toMatch(/Ask in three days whether the petechiae are gone/)
    expect(html).toContain('does not show what is in the cuff')
    expect(html.match(/<svg/g)).toHaveLength(2)
  })

  test('a record that another version decides otherwise is told as far as it agrees, and says so', () => {
    const file = sessionJournal(dizzy(), records =>
      records.map(one =>
        JSON.stringify(one.data).includes('"do":"press"')
          ? { ...one, data: { ...(one.data as object), type: 'other' } }
          : one,
      ),
    )
    const recorded = recordedIn(file)
    expect([recorded.difference?.recorded.includes('other'), recorded.whole]).toEqual([true, false])
    expect(reportOf(recorded)).toMatch(/Not told.*decide otherwise/)
    expect(reportOf(recorded)).not.toContain('>Cut<')
  })

  test('a journal in which nothing happened is refused in one line', () => {
    expect(() => recordedIn(sessionJournal(dizzy(), () => []))).toThrow(expect.objectContaining({ code: 'CP-REPORT' }))
  })

  test('as CSV: a line for each sample, nothing where nothing was known or commanded', () => {
    const recorded = recordedIn(sessionJournal(dizzy()))
    const [head, ...lines] = csvOf(recorded)
    expect(head).toBe(
      'at_ms,holding,left-arm_measured_mmHg,left-arm_target_mmHg,right-arm_measured_mmHg,right-arm_target_mmHg',
    )
    expect(lines).toHaveLength(recorded.samples.length)
    for (const line of lines) expect(line).toMatch(/^\d+,[01](,(-?\d+(\.\d+)?)?){4}$/)
  })

  test('by the command: the file is written and named; what is no session is one line and status 2', async () => {
    const [home, file] = [temporaryFolder(), sessionJournal(dizzy())]
    const run = (...args: string[]) => new Program(home, ['journal', ...args])
    const out = join(home, 'one.html')
    const report = run('report', file, '--out', out)
    expect([(await report.ended).code, report.out.all]).toEqual([0, [`Wrote ${out}.`]])
    expect(readFileSync(out, 'utf8')).toMatch(/^<!doctype html>/)
    const csv = run('export', file)
    expect((await csv.ended).code).toBe(0)
    expect(csv.out.all.length).toBeGreaterThan(50)
    const none = run('report', join(home, 'no.ndjson'), '--out', out)
    expect([(await none.ended).code, none.err.all]).toEqual([2, [expect.stringMatching(/^CP-JOURNAL-READ: /)]])
  })
})
