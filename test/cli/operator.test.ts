import { expect, test } from 'vitest'
import type { View } from '../../machines/view.ts'
import type { Control } from '../../src/controller.ts'
import { releaseKey } from '../../src/guard/keys.ts'
import { standIn } from '../../src/operator/hands.ts'
import { happenings } from '../../src/operator/happenings.ts'
import { jsonWatcher } from '../../src/operator/json.ts'
import { keyHands } from '../../src/operator/keys.ts'
import { lineWatcher } from '../../src/operator/lines.ts'
import { type Row, screenRows } from '../../src/operator/screen.ts'
import { timeLeft } from '../../src/operator/words.ts'
import { summaryLines, Tally } from '../../src/summary.ts'

const VIEW: View = {
  phase: 'holding',
  words: 'holding',
  limbs: [{ limb: 'left-arm', width_cm: 5, max_mmHg: 60, measured_mmHg: 59.2, commanded_mmHg: 60 }],
  press: { number: 5, of: 6, kind: 'training', numberOfKind: 3, ofKind: 4 },
  segment: undefined,
  cap_ms: 600_000,
  phaseLeft_ms: 12_300,
  sessionLeft_ms: 440_000,
  alarms: [],
  unconfirmed: [],
  checklistOf: 9,
  mayStart: false,
  symptoms: [],
  refusals: [],
  presenceAsked: false,
  refillAsked: false,
  pressed: true,
  cause: undefined,
  unit: { name: 'CuffSim SIM-1, firmware 1.0.0', simulated: true },
}
const JOURNAL = { path: 'j', head: { n: 0, sha256: '' }, failed: undefined, unwritten: [], dropped: 0 }
const FITTING: View = { ...VIEW, phase: 'fitting', words: 'fitting', unconfirmed: ['person', 'aed'] }

const rows = (view: View, more: { width?: number; height?: number; keys?: boolean } = {}): Row[] =>
  screenRows(view, { title: 'first-session on left arm', width: 79, height: 100, keys: true, said: [], ...more })
const screen = (...args: Parameters<typeof rows>): string =>
  rows(...args)
    .map(row => row.text)
    .join('\n')

/** What was asked of the session, in order. */
function fakeControl(view: View): { control: Control; asked: string[] } {
  const asked: string[] = []
  const note =
    (what: string) =>
    (...args: unknown[]) =>
      void asked.push([what, ...args].join(' '))
  const control = {
    confirm: note('confirm'),
    start: note('start'),
    present: note('present'),
    refill: note('refill'),
    symptom: note('symptom'),
    release: note('release'),
    leave: note('leave'),
    key: note('key'),
    guardIsGone: () => false,
    view: () => view,
  }
  return { control, asked }
}

const typed = (view: View, ...keys: string[]): string[] => {
  const { control, asked } = fakeControl(view)
  for (const key of keys) keyHands(control, 'Op').key(key)
  return asked
}

test('the screen shows the state, the cycle, measured and commanded pressure, and the time left', () => {
  expect(screen(VIEW)).toMatch(/cycle 3 of 4: holding/)
  expect(screen(VIEW)).toMatch(/left 0:13, of the session 7:20/)
  expect(screen(VIEW)).toMatch(/left arm +59 mmHg, target +60 +\[#+\|\.+\]/)
})

test('I-15 (F81): a value older than 1 s is shown as a dash', () => {
  const stale = { ...VIEW, limbs: [{ ...VIEW.limbs[0]!, measured_mmHg: undefined }] }
  expect(screen(stale)).toMatch(/left arm +— mmHg, target +60/)
  expect(screen(stale)).not.toMatch(/left arm +\d/)
})

test.each(['connecting', 'fitting', 'holding', 'releasing', 'stuck', 'faulted'] as const)(
  'REQ-LAST-LINE: in state %s the last line of the screen says how to release now',
  phase => {
    expect(rows({ ...VIEW, phase }).at(-1)?.text).toBe('Space or Esc: release now')
    expect(rows({ ...VIEW, phase }, { keys: false }).at(-1)?.text).toBe('Ctrl-C: release now')
  },
)

test('REQ-ALARM: every alarm has a mark as well as a colour', () => {
  const alarms = (['high', 'medium', 'low'] as const).map(priority => ({ id: priority, priority, text: priority }))
  const found = rows({ ...VIEW, alarms }).filter(row => row.text.startsWith('!'))
  expect(found).toEqual([
    { text: '!!! high', style: 'red' },
    { text: '!! medium', style: 'yellow' },
    { text: '! low', style: 'cyan' },
  ])
})

test.each([40, 80])('no line of the screen is longer than %i columns, and no word is lost', width => {
  const text = `${'hoses '.repeat(30)}end ${'x'.repeat(100)}`
  const view = { ...FITTING, cause: { kind: 'unit', text } as const }
  const lines = rows(view, { width }).map(row => row.text)
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width)
  expect(lines.join(' ').match(/hoses/g)).toHaveLength(30)
  expect(lines.join('')).toContain('x'.repeat(100))
})

test('a small screen goes without key help, title and unit first, and keeps state, pressures, alarms and release', () => {
  const alarms = [{ id: 'A', priority: 'high', text: `ALARM ${'leak '.repeat(40)}` } as const]
  const limbs = [
    ...VIEW.limbs,
    { limb: 'right-arm', width_cm: 5, max_mmHg: 120, measured_mmHg: 99.6, commanded_mmHg: 120 } as const,
  ]
  for (const height of [8, 7, 6]) {
    const small = rows({ ...VIEW, limbs, alarms }, { width: 23, height }).map(row => row.text)
    expect(small).toHaveLength(height)
    expect(Math.max(...small.map(line => line.length))).toBeLessThanOrEqual(23)
    expect(small.slice(0, 4)).toEqual([
      'cycle 3 of 4: holding',
      'left arm 59/60 mmHg',
      'right arm 100/120 mmHg',
      expect.stringMatching(/^!!! ALARM leak/),
    ])
    expect(small.join(' ')).toMatch(/…/)
    expect(small.slice(-2).join(' ')).toBe('Space or Esc: release now')
  }
})

test('what a screen can spare goes in one order: key help, title, unit, blank line', () => {
  const full = rows(VIEW).map(row => row.text)
  const left = (height: number) => rows(VIEW, { height }).map(row => row.text)
  const [title, unit, state, time, limb, blank, ...help] = full
  expect(help).toHaveLength(3)
  const release = help.at(-1)
  expect(left(8)).toEqual([title, unit, state, time, limb, blank, release])
  expect(left(6)).toEqual([unit, state, time, limb, blank, release])
  expect(left(5)).toEqual([state, time, limb, blank, release])
  expect(left(4)).toEqual([state, time, limb, release])
})

test('a symptom stays on the screen, in the lines and in the summary when a worse cause is named', () => {
  const cause = { kind: 'safety', text: 'the line leaks' } as const
  const dizzy: View = { ...VIEW, symptoms: ['dizzy', 'numb', 'dizzy'], cause }
  expect(screen(dizzy)).toMatch(/^cause: the line leaks\nsymptoms: dizzy, numb$/m)
  expect(happenings({ ...VIEW, symptoms: ['dizzy'], cause }, dizzy).map(one => 'text' in one && one.text)).toEqual([
    'numb',
    'dizzy',
  ])
  const summary = new Tally(() => 0).summary({ exit: 6, view: dizzy, after: undefined, journal: JOURNAL }, 'short')
  expect(summaryLines(summary)).toContain('symptoms   dizzy, numb')
})

test('REQ-WORDS: what a low line pressure does not show is said when something was pressed, and not otherwise', () => {
  const summary = (...views: View[]) => {
    const tally = new Tally(() => 0)
    for (const view of views) tally.changed(view)
    return summaryLines(
      tally.summary({ exit: 5, view: views.at(-1)!, after: undefined, journal: JOURNAL }, 'short'),
    ).join('\n')
  }
  const vented = {
    ...FITTING,
    limbs: [{ limb: 'left-arm', width_cm: 5, max_mmHg: 60, measured_mmHg: 3, commanded_mmHg: 0 }],
  } as View
  expect(summary(vented)).not.toContain('below 15 mmHg')
  expect(summary(vented, VIEW, vented)).toContain('A line below 15 mmHg does not show')
  expect(summary({ ...vented, phase: 'stuck' })).toMatch(/Open the coupling by hand.*look at the limb/)
})

test('REQ-PRINTABLE (F29): nothing that a unit or a system says reaches the terminal raw', () => {
  const nasty = { ...VIEW, cause: { kind: 'unit', text: 'a\u001b[2Jb\u009bc' } as const }
  const printed: string[] = []
  lineWatcher(
    line => printed.push(line),
    true,
    () => 0,
  ).changed(nasty)
  jsonWatcher(
    line => printed.push(line),
    () => 0,
  ).changed(nasty)
  for (const text of [screen(nasty), ...printed]) expect(text).not.toMatch(/[\u001b\u009b]/)
  expect(printed.map(line => line.includes('2J')).filter(Boolean)).toHaveLength(2)
})

test('REQ-WORDS (F47): no state is worded as an empty cuff', () => {
  for (const phase of ['settled', 'finished', 'stopped', 'resting'] as const)
    expect(screen({ ...VIEW, phase })).not.toMatch(/empty/i)
})

test('a state without a target says vent, not zero', () => {
  const vented = {
    ...VIEW,
    limbs: [{ limb: 'left-arm', width_cm: 5, max_mmHg: 60, measured_mmHg: 3, commanded_mmHg: 0 } as const],
  }
  expect(screen(vented)).toMatch(/left arm +3 mmHg, vent/)
})

test('time left is rounded up: 0:00 means that nothing is left', () => {
  expect([undefined, 0, 1, 59_999, 60_001].map(timeLeft)).toEqual(['—', '0:00', '0:01', '1:00', '1:01'])
})

test('y and Enter confirm the next item, and g starts', () => {
  expect(typed(FITTING, 'y', '\r', 'g')).toEqual(['confirm person Op', 'confirm person Op', 'start'])
})

test('REQ-START: keys that arrive together confirm nothing and start nothing', () => {
  expect(typed(FITTING, 'yyyy', 'yg', '\r\r')).toEqual([])
})

test.each(['b', 'd', 'n', 'p', 'w', 'c', 'h'])(
  'REQ-KEY: the key %s notes a symptom in every state, alone or among others',
  key => {
    for (const view of [FITTING, VIEW, { ...VIEW, phase: 'stuck' } as const]) {
      expect(typed(view, key)).toEqual([expect.stringMatching(/^symptom /)])
      expect(typed(view, key.toUpperCase())).toEqual([expect.stringMatching(/^symptom /)])
      expect(typed(view, `y${key}`)).toEqual([expect.stringMatching(/^symptom /)])
    }
  },
)

test('an arrow or a function key does nothing', () => {
  expect(typed(FITTING, '\u001b[D', '\u001b[C', '\u001bOP')).toEqual([])
})

test('Enter says that somebody is there while the session runs, and q leaves only a stuck one', () => {
  expect(typed(VIEW, '\r', 'q', 'g', 'y')).toEqual(['present'])
  expect(typed({ ...VIEW, phase: 'stuck' }, 'q', '\r')).toEqual(['leave'])
})

test('the stand-in never starts on a unit that is not simulated', async () => {
  const view = { ...FITTING, unconfirmed: [], unit: { name: 'CuffUnit', simulated: false } }
  const { control, asked } = fakeControl(view)
  standIn(control).changed(view)
  await new Promise(resolve => setImmediate(resolve))
  expect(asked).toEqual([])
})

test('START is offered, and taken by the stand-in, only when it would count', async () => {
  const done: View = { ...FITTING, unconfirmed: [] }
  const starts = async (view: View) => {
    const { control, asked } = fakeControl(view)
    standIn(control).changed(view)
    await new Promise(resolve => setImmediate(resolve))
    return asked
  }
  expect(screen(done)).toMatch(/START waits for a line below 15 mmHg for 3 s/)
  expect(screen(done)).not.toMatch(/g: START/)
  expect(screen({ ...done, mayStart: true })).toMatch(/g: START/)
  expect([await starts({ ...done, mayStart: true }), await starts(done)]).toEqual([['start'], []])
})

test('plain lines: one for each change, and pressures at most once a second', () => {
  const printed: string[] = []
  let now = 0
  const watcher = lineWatcher(
    line => printed.push(line),
    false,
    () => now,
  )
  for (now = 0; now < 2_500; now += 100) watcher.changed(VIEW)
  expect(printed.filter(line => line.includes('mmHg'))).toHaveLength(3)
  expect(printed.filter(line => line.includes('cycle 3 of 4'))).toHaveLength(1)
})

test('REQ-ALARM: an alarm is told when it comes and when it goes', () => {
  const alarm = { id: 'ALARM-STALE', priority: 'medium', text: 'No fresh report.' } as const
  const alarmed = { ...VIEW, alarms: [alarm] }
  expect(happenings(VIEW, alarmed)).toEqual([{ type: 'alarm', on: true, alarm }])
  expect(happenings(alarmed, VIEW)).toEqual([{ type: 'alarm', on: false, alarm }])
})

test('time under pressure goes on while nobody knows the pressure', () => {
  let now = 0
  const tally = new Tally(() => now)
  const unknown = {
    ...VIEW,
    limbs: [{ limb: 'left-arm', width_cm: 5, max_mmHg: 60, measured_mmHg: undefined, commanded_mmHg: 0 }],
  } as View
  const vented = {
    ...VIEW,
    limbs: [{ limb: 'left-arm', width_cm: 5, max_mmHg: 60, measured_mmHg: 3, commanded_mmHg: 0 }],
  } as View
  for (const view of [vented, VIEW, unknown, unknown, vented, unknown, vented]) {
    tally.changed(view)
    now += 1_000
  }
  const summary = tally.summary({ exit: 0, view: vented, after: undefined, journal: JOURNAL }, 'short')
  expect(summary.underPressure_ms).toBe(3_000)
  expect(summary.highest).toEqual([{ limb: 'left-arm', measured_mmHg: 59.2 }])
  expect(summary.now).toContain('look at the limb')
})

test('an output that breaks is not lost in the stream: whoever told it hears of it', () => {
  const watcher = lineWatcher(
    () => {
      throw new Error('EPIPE')
    },
    false,
    () => 0,
  )
  expect(() => watcher.changed(VIEW)).toThrow('EPIPE')
  expect(() => watcher.say('x')).toThrow('EPIPE')
})

test.each([
  [' ', 'key Space'],
  ['\u0003', 'key Ctrl-C'],
  ['\u001b', 'key Esc'],
  ['\u001bb', 'key Esc'],
  ['\u001b\r', 'key Esc'],
  ['\u001bq', 'key Esc'],
  ['y\u001b', 'key Esc'],
  ['\u001b[', 'key Esc'],
  ['\u001b[A\u001b', 'key Esc'],
  ['b', 'feels bad'],
  ['yD', 'dizzy'],
  ['\u001b[A', undefined],
  ['\u001b[1;5C', undefined],
  ['\u001bOP', undefined],
  ['y\r', undefined],
])('REQ-KEY: what is typed as %j releases as %s, in the guard itself', (text, why) => {
  expect(releaseKey(text)).toBe(why)
})
