import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { checklistFor } from '../../machines/checklist.ts'
import { readHeads } from '../../src/journal/heads.ts'
import { verifyFile } from '../../src/journal/read.ts'
import { replayFile } from '../../src/journal/replay.ts'
import {
  childrenOf,
  MAIN,
  runArgs,
  type SimulatedUnit,
  startSim,
  Terminal,
  temporaryFolder,
  untilGone,
} from '../support/processes.ts'
import { test } from '../support/sideBySide.ts'

const SPEED = ['--speed', '1']

interface Seated {
  readonly home: string
  readonly unit: SimulatedUnit
  readonly terminal: Terminal
}

/** A person at a terminal, asked for the first item of the checklist. */
async function seated(command = [process.execPath, MAIN], speed = SPEED, fault: string[] = []): Promise<Seated> {
  const home = temporaryFolder()
  const unit = await startSim(home, ...speed, ...fault)
  const terminal = new Terminal(home, [...command, ...runArgs(home, unit.path, ...speed)])
  await terminal.until('checklist 1 of')
  return { home, unit, terminal }
}

/** The items for a left arm and somebody who has trained before. */
const ITEMS = checklistFor(['left-arm'], undefined)

async function confirmAll(terminal: Terminal): Promise<void> {
  for (let i = 1; i < ITEMS.length; i++) {
    terminal.type(i % 2 ? 'y' : '\r')
    await terminal.until(`checklist ${i + 1} of`)
  }
  terminal.type('y')
  await terminal.until('g: START')
}

/** The same person, in the first hold. */
async function holding(...how: Parameters<typeof seated>): Promise<Seated & { since: number }> {
  const { home, unit, terminal } = await seated(...how)
  await confirmAll(terminal)
  terminal.type('g')
  await terminal.until('warm-up 1 of 2: holding')
  return { home, unit, terminal, since: unit.events().length }
}

/** What is asked after a session that pressed; `keys` are the answers, Enter for not known. */
async function answerAfter(terminal: Terminal, keys = ['\r', '\r', '\r', '\r']): Promise<void> {
  for (const [i, key] of keys.entries()) {
    await terminal.until(`After, ${i + 1} of 4`)
    terminal.type(key)
  }
}

test('REQ-START: at a terminal nothing is inflated before every item of the checklist is confirmed and g is pressed', async () => {
  const { unit, terminal } = await seated()
  terminal.type('g')
  await terminal.until('START waits: the checklist is not done.')
  await confirmAll(terminal)
  expect(unit.events().filter(one => one.type === 'armed' || one.type === 'target')).toEqual([])
  terminal.type('g')
  await unit.until('target')
  terminal.type(' ')
  await answerAfter(terminal)
  expect(await terminal.ended).toBe(5)
})

test.each([
  ['Space', ' ', 'key Space'],
  ['Esc', '\u001b', 'key Esc'],
  ['Ctrl-C', '\u0003', 'key Ctrl-C'],
  ['d for dizzy', 'd', 'dizzy'],
])('REQ-KEY (F72): %s in a hold releases, and the status is 5', async (_, key, cause) => {
  const { unit, terminal, since } = await holding()
  expect(terminal.text).toContain('Space or Esc: release now')
  terminal.type(key)
  await unit.until('release', since)
  await unit.until('vented', since)
  await answerAfter(terminal)
  expect(await terminal.ended).toBe(5)
  expect(terminal.text).toContain(`cause: ${cause}`)
  expect(terminal.text).toMatch(/head +\d+ [0-9a-f]{64}/)
})

test('REQ-SCREEN: at every stage the screen is whole, and its last line is how to release', async () => {
  const { unit, terminal } = await seated()
  const seen = async (...texts: string[]) => {
    const screen = await terminal.screen()
    expect(screen.at(-1)).toBe('Space or Esc: release now')
    for (const text of texts) expect(screen.filter(line => line.includes(text))).toHaveLength(1)
    expect(screen[0]).toBe('P-017: short on left arm')
    return screen.length
  }
  const height = await seen('checklist 1 of', 'left arm   ', 'y or Enter: confirmed')
  await confirmAll(terminal)
  await seen('g: START', 'left arm   ')
  terminal.type('g')
  await terminal.until('warm-up 1 of 2: holding')
  await terminal.until('the colour is back')
  expect(await seen('warm-up 1 of 2: holding', 'left arm   ', 'the colour is back')).toBeGreaterThanOrEqual(height)
  terminal.type('r')
  await unit.until('pressure', unit.events().length)
  await seen('warm-up 1 of 2', 'left arm   ')
  terminal.type('d')
  await terminal.until('After, 1 of 4')
  await seen('cause: dizzy', 'symptoms: dizzy', 'stays seated', 'After, 1 of 4')
  await answerAfter(terminal)
  expect(await terminal.ended).toBe(5)
})

test('REQ-REFILL: in the first hold the capillary refill is asked for, and t for too tight releases and ends the session', async () => {
  const { unit, terminal, since } = await holding()
  await terminal.until('the colour is back within 3 s?')
  terminal.type('t')
  await unit.until('release', since)
  await answerAfter(terminal)
  expect(await terminal.ended).toBe(5)
  expect(terminal.text).toContain('cause: the capillary refill')
})

test('REQ-AFTER: petechiae, numbness, wellbeing and veins are asked for after a session, noted in the journal, and followed up', async () => {
  const { home, terminal } = await holding()
  terminal.type('b')
  await answerAfter(terminal, ['1', '\r', '1', '1'])
  expect(await terminal.ended).toBe(5)
  expect(terminal.text).toContain('petechiae some, numbness unknown, wellbeing bad, venous injury yes')
  expect(terminal.text).toContain('No training for nine weeks')
  expect(terminal.text).toContain('stays seated or lying until steady')
  const [journal] = readHeads(join(home, 'journals'))
  const path = join(home, 'journals', journal!.file)
  const notes = readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => line.includes('"after"'))
  expect(notes.map(line => JSON.parse(line).data.after)).toEqual([
    { petechiae: 'some', numbness: 'unknown', wellbeing: 'bad', venous_injury: 'yes' },
  ])
  expect(verifyFile(path).ok).toBe(true)
  expect(replayFile(path)).toMatchObject({ difference: undefined, phase: 'stopped' })
  expect(readFileSync(path, 'utf8')).toContain('"type":"CONFIRM","item":"person","by":"C. Abe, KAATSU trainer"')
})

test('a signal during the questions ends them, and what was answered is kept', async () => {
  const { home, terminal } = await holding()
  terminal.type(' ')
  await terminal.until('After, 1 of 4')
  terminal.type('2')
  await terminal.until('After, 2 of 4')
  process.kill(terminal.pid, 'SIGTERM')
  expect(await terminal.ended).toBe(5)
  expect(terminal.text).toContain('petechiae much, numbness unknown')
  const [journal] = readHeads(join(home, 'journals'))
  expect(verifyFile(join(home, 'journals', journal!.file)).ok).toBe(true)
})

test('a guard that dies during the questions takes no answer with it', async () => {
  const { home, terminal } = await holding()
  terminal.type(' ')
  await terminal.until('After, 1 of 4')
  const [guard] = childrenOf(terminal.pid)
  process.kill(guard!, 'SIGKILL')
  await untilGone(guard!)
  await answerAfter(terminal, ['1', '0', '1', '1'])
  expect(await terminal.ended).toBe(5)
  expect(terminal.text).toContain('petechiae some, numbness none, wellbeing bad, venous injury yes')
  const [journal] = readHeads(join(home, 'journals'))
  expect(verifyFile(join(home, 'journals', journal!.file)).ok).toBe(true)
})

test('REQ-STUCK: a pressure that stands during the questions is STUCK, and q leaves it', async () => {
  const { terminal } = await holding(undefined, ['--speed', '2'], ['--fault', 'sensor.drift=60@inflate'])
  terminal.type(' ')
  await terminal.until('After, 1 of 4')
  terminal.type('1')
  await terminal.until('q: leave')
  expect(terminal.text).toContain('STUCK: open the coupling')
  terminal.type('q')
  await terminal.until('The release goes on for up to 15 s more')
  // It would end by itself after these 15 s.
  process.kill(childrenOf(terminal.pid)[0]!, 'SIGKILL')
  expect(await terminal.ended).toBe(6)
  expect(terminal.text).toContain('petechiae some')
})

test('a controller killed before anything was pressed is followed by a release too: its channel closed', async () => {
  // A shell leads the terminal, so that the guard hears of the death from its channel and not from a hang-up.
  const { unit, terminal } = await seated(['sh', '-c', '"$@"; read wait', 'sh', process.execPath, MAIN])
  const since = unit.events().length
  const [controller] = childrenOf(terminal.pid)
  process.kill(controller!, 'SIGKILL')
  await unit.until('release', since)
})

test('REQ-SIGNAL: a terminal that is closed in a hold releases, the journal is closed, and nothing is left running', async () => {
  const errors = ['sh', '-c', '"$@" 2> "$CUFFPILOT_HOME/errors"', 'sh', process.execPath, MAIN]
  const { home, unit, terminal, since } = await holding(errors)
  const [controller] = childrenOf(terminal.pid)
  const [guard] = childrenOf(controller!)
  terminal.close()
  await unit.until('release', since)
  await unit.until('vented', since)
  await Promise.all([untilGone(controller!), untilGone(guard!)])
  const [journal] = readHeads(join(home, 'journals'))
  expect(verifyFile(join(home, 'journals', journal!.file))).toMatchObject({ ok: true, head: { n: journal!.n } })
  expect(journal!.state).toBe('closed')
  expect(readFileSync(join(home, 'errors'), 'utf8')).toBe('')
})

test('with the guard killed the keys still count, and the terminal is as it was before', async () => {
  const shell = [
    'sh',
    '-c',
    'stty -a > "$CUFFPILOT_HOME/before"; "$@"; echo status $?; stty -a',
    'sh',
    process.execPath,
  ]
  const { unit, terminal, since } = await holding([...shell, MAIN])
  const [controller] = childrenOf(terminal.pid)
  const [guard] = childrenOf(controller!)
  process.kill(guard!, 'SIGKILL')
  await unit.until('lapse', since)
  await terminal.until('q: leave')
  terminal.type('q')
  await terminal.until('status 6')
  await terminal.ended
  expect(terminal.text).toMatch(/[^-]icanon/)
  expect(terminal.text).toMatch(/[^-]isig/)
  expect(terminal.text).toMatch(/[^-]echo /)
  expect(terminal.raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(terminal.raw.lastIndexOf('\u001b[?25l'))
})

test('REQ-ATTEST: an attestation confirms its items in the name of the operator, and the journal says so', async () => {
  const home = temporaryFolder()
  const unit = await startSim(home, ...SPEED)
  const attest = join(home, 'attest.json')
  const attested = { operator: 'Op', confirmed: ITEMS.slice(0, -1), at: new Date().toISOString() }
  writeFileSync(attest, JSON.stringify(attested))
  const args = runArgs(home, unit.path, ...SPEED, '--attest', attest)
  const terminal = new Terminal(home, [process.execPath, MAIN, ...args])
  await terminal.until(`checklist ${ITEMS.length} of`)
  expect(unit.events().some(one => one.type === 'armed')).toBe(false)
  terminal.type('y')
  await terminal.until('g: START')
  terminal.type('\u001b')
  expect(await terminal.ended).toBe(5)
  const [journal] = readHeads(join(home, 'journals'))
  const [header = ''] = readFileSync(join(home, 'journals', journal!.file), 'utf8').split('\n')
  expect(JSON.parse(header).data.session.operator).toEqual({ unattended: false, attestation: attested })
})

test('a terminal that does not know its size shows the screen all the same', async () => {
  const terminal = new Terminal(temporaryFolder(), [
    'sh',
    '-c',
    'stty rows 0 cols 0; exec "$@"',
    'sh',
    process.execPath,
    MAIN,
    'demo',
  ])
  await terminal.until('Space or Esc: release now')
  terminal.type(' ')
  expect(await terminal.ended).toBe(5)
})

test('Space releases the demo too', async () => {
  const home = temporaryFolder()
  const terminal = new Terminal(home, [process.execPath, MAIN, 'demo', ...SPEED])
  await terminal.until('warm-up 1 of 2: holding')
  terminal.type(' ')
  expect(await terminal.ended).toBe(5)
  expect(terminal.text).toContain('cause: key Space')
})
