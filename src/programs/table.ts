import { kindOf, LIMITS, type LimbKind } from '../../machines/limits.ts'
import { plannedMs } from '../../machines/planBounds.ts'
import { eachPress, type Program, type ProgramStep } from './schema.ts'

const HEAD = ['press', 'kind', 'arm mmHg', 'leg mmHg', 'hold s', 'rest s']

/** A program for a reader: its presses, what is counted in them, its time, and the source of each number. */
export function programText(program: Program): string {
  const rows = numbered(program)
  const cells = rows.map(([presses, step]) => [presses, step.kind, ...numbers(step).map(show)])
  const segments = rows.flatMap(([presses, step]) => (step.segments ? [`  ${presses}: ${segmentText(step)}`] : []))
  return [
    `${program.name}: ${program.title}`,
    program.description,
    `Mode ${program.mode}, rise ${program.slew_mmHg_per_s} mmHg/s, ${timeText(program)}`,
    '',
    ...table([HEAD, ...cells]),
    ...(segments.length > 0 ? ['', 'Counted in the hold', ...segments] : []),
    '',
    'Sources',
    ...sourceLines(program, rows),
  ].join('\n')
}

/** Minutes and seconds. */
export const clock = (ms: number): string =>
  `${Math.floor(ms / 60_000)}:${String(Math.round((ms % 60_000) / 1000)).padStart(2, '0')}`

/** Time from the first inflation to the end of the last rest. Unit ms. */
export const programMs = (program: Program): number => plannedMs(eachPress(program))

/** Kinds of limb that every press of the program has a target for. */
export const kindsOf = (program: Program): LimbKind[] =>
  (['arm', 'leg'] as const).filter(kind => program.steps.every(step => step[`${kind}_mmHg`] !== undefined))

function timeText(program: Program): string {
  const own = program.cap_ms === undefined ? '' : `; ends at ${clock(program.cap_ms)} at the latest`
  return `planned time ${clock(programMs(program))} (rests included, ${LIMITS.ventNominal.value / 1000} s counted for each vent)${own}`
}

/** Each step with the numbers of its presses: "1-2". */
function numbered(program: Program): [string, ProgramStep][] {
  let next = 1
  return program.steps.map(step => {
    const first = next
    next += step.repeat
    return [step.repeat === 1 ? `${first}` : `${first}-${next - 1}`, step]
  })
}

const numbers = (step: ProgramStep): (number | undefined)[] => [
  step.arm_mmHg,
  step.leg_mmHg,
  step.hold_ms / 1000,
  step.rest_ms / 1000,
]

const show = (value: number | undefined): string => (value === undefined ? '-' : String(value))

const segmentText = (step: ProgramStep): string =>
  (step.segments ?? []).map(segment => `${segment.name} ${segment.duration_ms / 1000} s`).join(', ')

function table(rows: readonly string[][]): string[] {
  const widths = HEAD.map((_, i) => Math.max(...rows.map(row => row[i]!.length)))
  return rows.map(row => `  ${row.map((cell, i) => pad(cell, widths[i]!, i)).join('  ')}`.trimEnd())
}

/** Words to the left, numbers to the right. */
const pad = (cell: string, width: number, column: number): string =>
  column < 2 ? cell.padEnd(width) : cell.padStart(width)

/** One line for each source, with the numbers that it gives. */
function sourceLines(program: Program, rows: readonly [string, ProgramStep][]): string[] {
  const uses = new Map<string, string[]>()
  const note = (place: string, sources: Readonly<Record<string, string | undefined>>): void => {
    for (const [key, text] of Object.entries(sources))
      if (text !== undefined) uses.set(text, [...(uses.get(text) ?? []), `${place}${key}`])
  }
  note('', program.sources)
  for (const [presses, step] of rows) note(`${presses} `, step.sources)
  return [...uses].map(([text, keys]) => `  ${text}\n    ${keys.join(', ')}`)
}

/** The limbs that a check takes when none are named: the pair of each kind that the program has targets for. */
export const pairsOf = (program: Program) =>
  (
    [
      ['left-arm', 'right-arm'],
      ['left-leg', 'right-leg'],
    ] as const
  ).filter(pair => kindsOf(program).includes(kindOf(pair[0])))
