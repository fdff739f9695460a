import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { CuffError, EXIT } from '../../src/errors.ts'
import { cuffsFor, parseLimbs, parseWidths, widthNote } from '../../src/programs/cuffs.ts'
import { loadProgram, PROGRAM_MAX_BYTES, parseProgram } from '../../src/programs/load.ts'
import { presetPath } from '../../src/programs/presets.ts'
import { program, step } from './helpers.ts'

const folder = mkdtempSync(join(tmpdir(), 'cuffpilot-programs-'))
afterAll(() => rmSync(folder, { recursive: true }))

const VALID = JSON.stringify(program(), null, 2)
const parse = (text: string) => parseProgram(new TextEncoder().encode(text), 'my.json')

function refusal(act: () => unknown): CuffError {
  try {
    act()
  } catch (error) {
    if (error instanceof CuffError) return error
    throw error
  }
  throw new Error('it was not refused')
}

test('a valid program is read as it is written', () => expect(parse(VALID)).toEqual(program()))

const HOLD = '"hold_ms": 30000'
/** What is written instead of the first `"hold_ms": 30000`, and what the one line must say. */
const NUMBERS: Record<string, readonly [string, string]> = {
  NaN: ['"hold_ms": NaN', 'steps.0.hold_ms: not JSON in line'],
  Infinity: ['"hold_ms": Infinity', 'steps.0.hold_ms: not JSON in line'],
  'too large': ['"hold_ms": 1e309', 'steps.0.hold_ms: must be a whole number of 1 or more'],
  negative: ['"hold_ms": -30000', 'steps.0.hold_ms: must be a whole number of 1 or more'],
  zero: ['"hold_ms": 0', 'steps.0.hold_ms: must be a whole number of 1 or more'],
  fraction: ['"hold_ms": 30000.5', 'steps.0.hold_ms: must be a whole number of 1 or more'],
  'a string': ['"hold_ms": "30000"', 'steps.0.hold_ms: must be a whole number of 1 or more'],
  'a comma for a point': ['"hold_ms": 30000,5', 'steps.0.hold_ms: not JSON in line'],
  'a comma in a string': ['"hold_ms": "30,5"', 'steps.0.hold_ms: must be a whole number of 1 or more'],
  hexadecimal: ['"hold_ms": 0x7530', 'steps.0.hold_ms: not JSON in line'],
  'leading zero': ['"hold_ms": 030000', 'steps.0.hold_ms: not JSON in line'],
  null: ['"hold_ms": null', 'steps.0.hold_ms: must be a whole number of 1 or more'],
  'another unit': ['"hold_s": 30', 'steps.0.hold_ms: must be a whole number of 1 or more'],
  twice: [`${HOLD}, ${HOLD}`, '"hold_ms" twice'],
}

test.each(Object.entries(NUMBERS))(
  'REQ-PROGRAM-FILE (F67): a number that is none is refused in one line with its key: %s',
  (_, [text, says]) => {
    const error = refusal(() => parse(VALID.replace(HOLD, text)))
    expect([error.code, error.exit]).toEqual(['CP-PROGRAM-INVALID', EXIT.usage])
    expect(error.line()).toContain(says)
    expect(error.line()).toMatch(/^CP-PROGRAM-INVALID: my\.json: .*\. Correct it; /)
  },
)

const { sources, ...unsourced } = step('training')
const SHAPES: Record<string, readonly [object, string]> = {
  'an unknown key': [{ ...program(), max: 3 }, 'Unrecognized key: "max"'],
  'another format': [{ ...program(), format: 'cuffpilot-program/2' }, 'format: '],
  'a title with a control character': [{ ...program(), title: 'a\u001b[2J' }, 'title: must be printable'],
  'a title that turns the text round': [{ ...program(), title: 'a\u202eb' }, 'title: must be printable'],
  'an endless title': [{ ...program(), title: 'a'.repeat(81) }, 'title: '],
  'a name that is a path': [{ ...program(), name: '../x' }, 'name: must be 1 to 40 of a-z'],
  'no warm-up': [{ ...program(), steps: [step('training')] }, 'steps: 0 warm-up presses before training are below 2'],
  'one warm-up press': [
    { ...program(), steps: [step('warm-up', { repeat: 1 }), step('training')] },
    'steps: 1 warm-up presses before training are below 2',
  ],
  'a late warm-up': [
    { ...program(), steps: [step('warm-up'), step('training'), step('warm-up')] },
    'steps: a warm-up press comes after a training press',
  ],
  'no training': [{ ...program(), steps: [step('warm-up')] }, 'steps: there is no training press'],
  'no steps': [{ ...program(), steps: [] }, 'steps: '],
  'over 100 presses': [
    { ...program(), steps: [step('warm-up'), step('training', { repeat: 99 })] },
    'steps: are 101 presses; at most 100',
  ],
  'a repeat beyond all memory': [
    { ...program(), steps: [step('warm-up', { repeat: 9e15 }), step('training')] },
    'steps: are 9000000000000002 presses',
  ],
  'repeats that cancel out': [
    { ...program(), steps: [step('warm-up', { repeat: 9e15 }), step('training', { repeat: -9e15 })] },
    'steps.1.repeat: must be a whole number',
  ],
  'a number without a source': [
    { ...program(), steps: [step('warm-up'), { ...unsourced, sources: { ...sources, hold_ms: undefined } }] },
    'steps.1.sources.hold_ms: is missing; write "project policy"',
  ],
  'a rise without a source': [{ ...program(), sources: {} }, 'sources.slew_mmHg_per_s: is missing'],
  'segments without a source': [
    { ...program(), steps: [step('warm-up'), step('training', { segments: [{ name: 'a', duration_ms: 30_000 }] })] },
    'steps.1.sources.segments: is missing',
  ],
  'segments that are not the hold': [
    {
      ...program(),
      steps: [
        step('warm-up'),
        step('training', {
          segments: [{ name: 'a', duration_ms: 29_999 }],
          sources: { ...sources, segments: 'project policy' },
        }),
      ],
    },
    'steps.1.segments: add up to 29999 ms',
  ],
  'no target': [
    { ...program(), steps: [step('warm-up'), step('training', { arm_mmHg: undefined, leg_mmHg: undefined })] },
    'steps.1: needs arm_mmHg, leg_mmHg or both',
  ],
}

test.each(Object.entries(SHAPES))(
  'REQ-PROGRAM-FILE: a program of the wrong shape is refused in one line: %s',
  (_, [content, says]) => {
    const error = refusal(() => parse(JSON.stringify(content)))
    expect([error.code, error.exit]).toEqual(['CP-PROGRAM-INVALID', EXIT.usage])
    expect(error.line()).toContain(says)
  },
)

const TEXTS: Record<string, readonly [string | Uint8Array, string]> = {
  'empty file': ['', 'the file: not JSON in line 1'],
  'cut off': [VALID.slice(0, VALID.indexOf('"rest_ms"')), 'steps.0.hold_ms: not JSON'],
  'a trailing comma': ['{\n"steps": [1,\n]}', 'steps.1: not JSON in line 3'],
  'two values': ['{} {}', 'the file: not JSON'],
  __proto__: ['{"__proto__": {"a": 1}}', '__proto__'],
  'endless nesting': ['['.repeat(30_000), 'not JSON'],
  'deep nesting': [`${'['.repeat(9)}${']'.repeat(9)}`, 'nests deeper than 8'],
  'not UTF-8': [Uint8Array.of(0x22, 0xff, 0x22), 'not UTF-8'],
  'too long': [`${VALID}${' '.repeat(PROGRAM_MAX_BYTES)}`, 'more than 65536 bytes'],
  'no object': ['[]', 'the file: '],
}

test.each(Object.entries(TEXTS))(
  'REQ-PROGRAM-FILE: a text that is no program is refused in one line: %s',
  (_, [text, says]) => {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
    const error = refusal(() => parseProgram(bytes, 'my.json'))
    expect(error.code).toBe('CP-PROGRAM-INVALID')
    expect(error.line()).toContain(says)
    expect(error.line().length).toBeLessThan(400)
  },
)

test('a program is found by the name of a preset or by its path', () => {
  const path = join(folder, 'mine.json')
  writeFileSync(path, VALID)
  expect(loadProgram(path)).toEqual(program())
  expect(loadProgram('first-session')).toEqual(loadProgram(presetPath('first-session')))
})

test('no file passes itself off as a preset', () => {
  const path = join(folder, 'stronger.json')
  writeFileSync(path, readFileSync(presetPath('first-session'), 'utf8').replace('"arm_mmHg": 60', '"arm_mmHg": 160'))
  expect(refusal(() => loadProgram(path)).line()).toContain('name: "first-session" is a preset')
})

test('an unknown name, a folder and a file that is too large are refused with what to give instead', () => {
  expect(refusal(() => loadProgram('frist-session')).line()).toContain('one of: first-session')
  expect(refusal(() => loadProgram(folder)).code).toBe('CP-PROGRAM-FILE')
  const path = join(folder, 'large.json')
  writeFileSync(path, ' '.repeat(PROGRAM_MAX_BYTES + 1))
  expect(refusal(() => loadProgram(path)).line()).toContain('65537 bytes')
})

test('limbs take channels 1, 2 in the order given, with 5 cm cuffs unless widths are given', () => {
  expect(cuffsFor(parseLimbs('right-leg,left-leg'))).toEqual([
    { channel: 1, limb: 'right-leg', width_cm: 5 },
    { channel: 2, limb: 'left-leg', width_cm: 5 },
  ])
  expect(cuffsFor(['left-arm'], parseWidths('11.5'))).toEqual([{ channel: 1, limb: 'left-arm', width_cm: 11.5 }])
  expect(widthNote(cuffsFor(['left-arm']), false)).toContain('5 cm, the default')
})

test.each(['left', '', 'left-arm,', 'LEFT-ARM', 'left-arm;right-arm'])('"%s" is no list of limbs', text => {
  expect(refusal(() => parseLimbs(text))).toMatchObject({ code: 'CP-LIMBS', exit: EXIT.usage })
})

test.each(['', '5,', 'NaN', '-5', '5e0', '0x5', '5cm', '500', '1e309'])('"%s" is no list of widths', text => {
  expect(refusal(() => parseWidths(text))).toMatchObject({ code: 'CP-WIDTHS', exit: EXIT.usage })
})

test('as many widths as limbs, or none', () => {
  expect(refusal(() => cuffsFor(['left-arm', 'right-arm'], [5])).code).toBe('CP-WIDTHS')
})
