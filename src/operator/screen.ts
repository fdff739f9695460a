import { ALARM_MARK, type Alarm } from '../../machines/alarms.ts'
import { CHECKLIST } from '../../machines/checklist.ts'
import { kindOf, LIMITS } from '../../machines/limits.ts'
import { SYMPTOMS } from '../../machines/symptoms.ts'
import type { LimbView, View } from '../../machines/view.ts'
import { printable } from '../errors.ts'
import {
  commandedWords,
  limbWords,
  measuredWords,
  planWords,
  REFILL,
  STAY_DOWN,
  stateWords,
  symptomWords,
  timeLeft,
} from './words.ts'

export type Style = 'red' | 'yellow' | 'cyan' | 'bold' | 'dim' | 'inverse'

/** One line of the screen, no longer than its width, without any colour. */
export interface Row {
  readonly text: string
  readonly style?: Style
}

export interface Frame {
  /** What is run, and on which limbs. */
  readonly title: string
  /** Characters in a line. */
  readonly width: number
  /** Lines that there is room for. */
  readonly height: number
  /** Lines that the screen has at least, so that its foot does not move. Default: as many as there are. */
  readonly least?: number
  /** There are keys to press. */
  readonly keys: boolean
  /** What was said last. */
  readonly said: readonly string[]
}

/** A row that a small screen can do without; the one with the lowest number goes first. */
type Part = Row & { readonly spare?: number; readonly foot?: true }

/** A whole screen. Nothing in it comes from outside without being made printable. */
export function screenRows(view: View, frame: Frame): Row[] {
  const parts: Part[] = [
    { text: frame.title, style: 'dim', spare: 2 },
    ...unitRow(view),
    { text: stateWords(view), style: 'bold' },
    { text: `left ${timeLeft(view.phaseLeft_ms)}, of the session ${timeLeft(view.sessionLeft_ms)}`, spare: 7 },
    ...view.limbs.map(limb => ({ text: limbText(limb, frame.width) })),
    ...planRow(view),
    { text: '', spare: 4 },
    ...view.alarms.map(alarmRow),
    ...causeRow(view),
    ...symptomRow(view),
    ...view.refusals.map(({ id, text, action }): Row => ({ text: `refused: ${id}: ${text} ${action}`, style: 'bold' })),
    ...askRows(view, frame.keys),
    ...endRow(view),
    ...frame.said.map((text): Part => (isOver(view) ? { text, style: 'bold' } : { text, spare: 6 })),
    ...keyRows(view, frame.keys).map(row => ({ ...row, foot: true }) as const),
  ]
  const blocks = parts.map(({ text, ...part }) => ({ ...part, lines: wrapped(printable(text), frame.width) }))
  const fit = fitted(blocks, frame.height)
  const [body, foot] = [fit.filter(block => !block.foot), fit.filter(block => block.foot)].map(rowsOf)
  const missing = Math.max(0, (frame.least ?? 0) - body!.length - foot!.length)
  return [...body!, ...Array.from({ length: missing }, () => ({ text: '' })), ...foot!]
}

const rowsOf = (blocks: readonly Block[]): Row[] =>
  blocks.flatMap(({ lines, style }) => lines.map(text => ({ text, ...(style && { style }) })))

type Block = Omit<Part, 'text'> & { readonly lines: readonly string[] }

/** What there is room for: first without the rows that can be spared, then with the longest texts cut. */
function fitted(all: readonly Block[], height: number): readonly Block[] {
  const over = (blocks: readonly Block[]) => blocks.reduce((sum, { lines }) => sum + lines.length, 0) > height
  let blocks = all
  for (let spare = 1; over(blocks) && spare <= 7; spare++) blocks = blocks.filter(block => block.spare !== spare)
  while (over(blocks)) {
    const longest = blocks.reduce((one, other) => (other.lines.length > one.lines.length ? other : one))
    if (longest.lines.length === 1) break
    blocks = blocks.map(block => (block === longest ? { ...block, lines: shorter(block.lines) } : block))
  }
  return blocks
}

const shorter = (lines: readonly string[]): string[] =>
  lines.slice(0, -1).map((line, i) => (i === lines.length - 2 ? line.replace(/.?…?$/, '…') : line))

const unitRow = ({ unit }: View): Part[] =>
  unit ? [{ text: `${unit.name}${unit.simulated ? ' (simulated)' : ''}`, style: 'dim', spare: 3 }] : []

/** Until the first press: what the checklist asks about. */
const planRow = (view: View): Part[] => (view.pressed || isOver(view) ? [] : [{ text: planWords(view) }])

const STYLE: Record<Alarm['priority'], Style> = { high: 'red', medium: 'yellow', low: 'cyan' }

const alarmRow = ({ priority, text }: Alarm): Row => ({
  text: `${ALARM_MARK[priority]} ${text}`,
  style: STYLE[priority],
})

/** Blood comes back into the limb. */
const endRow = (view: View): Part[] => (isOver(view) && view.pressed ? [{ text: STAY_DOWN, style: 'bold' }] : [])
const isOver = ({ phase }: View): boolean => ['finished', 'refused', 'stopped', 'faulted'].includes(phase)

const causeRow = ({ cause }: View): Row[] => (cause ? [{ text: `cause: ${cause.text}` }] : [])

const symptomRow = ({ symptoms }: View): Row[] =>
  symptoms.length > 0 ? [{ text: `symptoms: ${symptomWords(symptoms)}`, style: 'bold' }] : []

/** Room for the words beside a bar, and the shortest bar worth drawing. */
const WORDS_WIDTH = 34
const BAR_MIN = 5
const BAR_MAX = 40

function limbText(limb: LimbView, width: number): string {
  const words = `${limbWords(limb).padEnd(9)} ${measuredWords(limb).padStart(3)} mmHg, ${commandedWords(limb).padEnd(10)}`
  const room = Math.min(BAR_MAX, width - WORDS_WIDTH)
  if (width < words.length) return shortLimb(limb)
  return room < BAR_MIN ? words : `${words}  ${bar(limb, room)}`
}

/** For a narrow screen: "right arm 100/120 mmHg". */
function shortLimb(limb: LimbView): string {
  const { commanded_mmHg: target } = limb
  return `${limbWords(limb)} ${measuredWords(limb)}${target > 0 ? `/${target} mmHg` : ' mmHg, vent'}`
}

/** Measured as "#", commanded as "|", on a scale that ends at the compiled maximum for the limb. */
function bar({ limb, measured_mmHg = 0, commanded_mmHg }: LimbView, room: number): string {
  const full = kindOf(limb) === 'arm' ? LIMITS.armMax.value : LIMITS.legMax.value
  const at = (mmHg: number) => Math.max(0, Math.min(room - 1, Math.round((mmHg / full) * (room - 1))))
  const cells = [...'#'.repeat(at(measured_mmHg)).padEnd(room, '.')]
  if (commanded_mmHg > 0) cells[at(commanded_mmHg)] = '|'
  return `[${cells.join('')}]`
}

const START = 'Checklist done. g: START, the cuffs inflate'
const START_WAITS = `Checklist done. START waits for a line below 15 mmHg for ${LIMITS.ventedBeforeStart.value / 1000} s`

/** What the operator is asked for now. */
function askRows(view: View, keys: boolean): Part[] {
  const { phase, unconfirmed, mayStart, presenceAsked, refillAsked, checklistOf } = view
  if (presenceAsked) return [{ text: 'ARE YOU THERE? Press Enter, or the cuff is released.', style: 'inverse' }]
  if (refillAsked) return [{ text: REFILL, style: 'inverse' }]
  if (phase === 'stuck' && keys) return [{ text: 'q: leave, once the coupling is open', style: 'bold' }]
  if (phase !== 'fitting' || !keys) return []
  const [item] = unconfirmed
  if (!item) return [{ text: mayStart ? START : START_WAITS, style: 'bold' }]
  const done = checklistOf - unconfirmed.length
  return [
    { text: `checklist ${done + 1} of ${checklistOf}: ${CHECKLIST[item]}`, style: 'bold' },
    { text: 'y or Enter: confirmed', spare: 5 },
  ]
}

function keyRows({ phase }: View, keys: boolean): Part[] {
  if (!keys) return [{ text: 'Ctrl-C: release now', style: 'inverse' }]
  const symptoms = Object.entries(SYMPTOMS).map(([key, what]) => `${key} ${what}`)
  return [
    ...(phase === 'stuck'
      ? []
      : [{ text: `release, and note: ${symptoms.join(', ')}`, style: 'dim', spare: 1 } as const]),
    { text: 'Space or Esc: release now', style: 'inverse' },
  ]
}

/** Cut at blanks, and a word that is too long anywhere. An empty text is one empty line. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let rest = text
  while (rest.length > width) {
    const blank = rest.lastIndexOf(' ', width)
    const end = blank > 0 ? blank : width
    lines.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  return [...lines, rest]
}
