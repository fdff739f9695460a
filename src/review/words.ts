import type { ChartEdge, ChartState } from './chart.ts'

/** The state that every release goes through. */
export const isRelease = (id: string | undefined): boolean => id?.endsWith('.releasing') === true

/** A way on in words: event or time limit with its ids, what is asked first, what is done then. */
export function words({ from, on, limits, guard, actions, note, to }: ChartEdge): readonly string[] {
  const parts = [
    limits.length > 0 ? `${on} (${limits.join(', ')})` : on,
    guard === undefined ? '' : `[${guard}]`,
    note ?? '',
    actions.length > 0 ? `/ ${actions.join(', ')}` : '',
    isRelease(to) ? '⇒ release' : to?.startsWith(`${from}.`) ? `→ ${to.split('.').at(-1)}` : '',
  ]
  return parts.filter(part => part !== '')
}

export const entryWords = (state: ChartState): readonly string[] => state.entry.map(name => `on entry / ${name}`)

/** A long text in lines, broken at spaces. */
export function folded(text: string, width = 40): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
