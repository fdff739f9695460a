import { spawnSync } from 'node:child_process'
import { statSync, truncateSync } from 'node:fs'
import { expect, test } from 'vitest'
import { replayFile } from '../../src/journal/replay.ts'
import { MAIN } from '../support/processes.ts'
import { SHORT } from '../support/programs.ts'
import { Stack } from '../support/stack.ts'
import { sessionJournal } from './help.ts'

type Recorded = Stack['recorded'][number]

const isOut = (one: Recorded, type: string) => one.kind === 'out' && (one.data as { type: string }).type === type

test('REQ-REPLAY: the recorded events of a whole session give the same decisions again', () => {
  const stack = new Stack()
  stack.until(s => s.ended, 1_300_000)
  const replay = replayFile(sessionJournal(stack))
  expect(replay.difference).toBeUndefined()
  expect(replay.phase).toBe('finished')
  expect(replay.decisions).toBe(stack.recorded.filter(one => one.kind === 'out').length)
})

test('REQ-REPLAY: a session that ended in a release replays to the same end', () => {
  const stack = new Stack()
  stack.untilPhase('holding')
  stack.session.symptom('dizzy')
  stack.until(s => s.ended)
  expect(replayFile(sessionJournal(stack))).toMatchObject({ difference: undefined, phase: 'stopped' })
})

test('a record that was cut replays as far as it goes, and is not called whole: the status is 2', () => {
  const stack = new Stack({ program: SHORT })
  stack.until(s => s.ended, 1_300_000)
  const path = sessionJournal(stack)
  expect(replayFile(path).whole).toBe(true)
  truncateSync(path, statSync(path).size >> 1)
  expect(replayFile(path)).toMatchObject({ difference: undefined, whole: false })
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'journal', 'replay', path], {
    encoding: 'utf8',
  })
  expect(status).toBe(2)
  expect(stdout).toMatch(/^same: .* decisions as recorded, last seen \w+\n$/)
  expect(stderr).toMatch(/^CP-REPLAY-CUT: .* goes no further than \w+/)
})

test('REQ-REPLAY: a decision that was recorded otherwise than the machine decides is named with its record', () => {
  const stack = new Stack()
  stack.until(s => s.ended, 1_300_000)
  const at = stack.recorded.findIndex(one => isOut(one, 'command') && JSON.stringify(one.data).includes('press'))
  const edited = sessionJournal(stack, records =>
    records.map((one, i) =>
      i === at ? { ...one, data: JSON.parse(JSON.stringify(one.data).replaceAll(':50', ':180')) } : one,
    ),
  )
  expect(replayFile(edited).difference).toMatchObject({ n: at + 1, recorded: expect.stringContaining('180') })
})

test('REQ-REPLAY: a decision that is missing in the record, and one too many, are both found', () => {
  const stack = new Stack()
  stack.until(s => s.ended, 1_300_000)
  const press = stack.recorded.find(one => isOut(one, 'command') && JSON.stringify(one.data).includes('"press"'))!
  const without = sessionJournal(stack, records => records.filter(one => one !== press))
  expect(replayFile(without).difference).toMatchObject({ recorded: 'nothing' })
  const twice = sessionJournal(stack, records => records.flatMap(one => (one === press ? [one, one] : [one])))
  expect(replayFile(twice).difference).toMatchObject({ decided: 'nothing' })
})
