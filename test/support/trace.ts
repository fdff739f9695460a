import type { MmHg, MonoMs } from '../../protocol/units.ts'
import type { Stack } from './stack.ts'

/** One press as it went over the line. */
export interface SentPress {
  readonly at: MonoMs
  readonly targets_mmHg: readonly MmHg[]
  readonly leasesAt: readonly MonoMs[]
  readonly ventedAt: MonoMs | undefined
}

const LETTERS = {
  identify: 'I',
  hello: 'H',
  'self-test': 'Z',
  arm: 'A',
  lease: 'L',
  target: 'P',
  vent: 'V',
} as const

/** Everything that was sent, one letter each, X for the release byte. */
export const letters = (stack: Stack, from: MonoMs = 0): string =>
  stack.sent
    .filter(({ at }) => at >= from)
    .map(({ what }) => (typeof what === 'object' ? LETTERS[what.type] : what === 'release' ? 'X' : '?'))
    .join('')

/** The presses that were sent: targets of the same millisecond are one. */
export function pressesSent(stack: Stack): SentPress[] {
  const presses: { at: MonoMs; targets_mmHg: MmHg[]; leasesAt: MonoMs[]; ventedAt: MonoMs | undefined }[] = []
  for (const { at, what } of stack.sent) {
    const last = presses.at(-1)
    if (typeof what !== 'object') continue
    if (what.type === 'target' && last?.at === at) last.targets_mmHg.push(what.target_mmHg)
    else if (what.type === 'target')
      presses.push({ at, targets_mmHg: [what.target_mmHg], leasesAt: [], ventedAt: undefined })
    else if (what.type === 'vent' && last) last.ventedAt = at
    else if (what.type === 'lease') last?.leasesAt.push(at)
  }
  return presses
}

/** The highest true pressure on a limb since then, as the unit sees it ten times a second. */
export const highest = (stack: Stack, from: MonoMs = 0): MmHg =>
  Math.max(0, ...samples(stack).flatMap(({ at, true_mmHg }) => (at >= from ? true_mmHg : [])))

export const samples = (stack: Stack) =>
  stack.events.flatMap(event =>
    event.type === 'pressure' ? [{ at: event.t_ms + stack.startedAt, true_mmHg: event.true_mmHg }] : [],
  )

/** When something happened in the unit, on our clock. */
export const happened = (stack: Stack, type: string, from: MonoMs = 0): MonoMs[] =>
  stack.events
    .filter(event => event.type === type)
    .map(({ t_ms }) => t_ms + stack.startedAt)
    .filter(at => at >= from)

/** What the machines wanted done, one list for each step of either. */
export function steps(stack: Stack): { readonly event: string; readonly outputs: readonly string[] }[] {
  const all: { event: string; outputs: string[] }[] = []
  for (const { kind, data } of stack.recorded) {
    if (kind === 'in') all.push({ event: (data as { event: { type: string } }).event.type, outputs: [] })
    else if (kind === 'out') all.at(-1)?.outputs.push(outputName(data as Output))
  }
  return all
}

interface Output {
  readonly type: string
  readonly params?: { readonly do?: string }
}
const outputName = ({ type, params }: Output): string => (type === 'command' ? `${params?.do}` : type)
