import type { Stack } from '../support/stack.ts'

/** The counters that wrap, each with where; in the order of the report. */
export const WRAPS = [
  "the unit's clock at 2^31",
  "the unit's clock at 2^32",
  'reports at 2^16',
  'control loop at 2^16',
  'lease at 2^16',
  'lease at 2^31',
  'lease at 2^32',
] as const
export type Wrap = (typeof WRAPS)[number]

/** Which counters wrapped in what a session saw of its unit, and sent to it. */
export function wrapsIn({ reports, sent }: Stack): Set<Wrap> {
  const seen = new Set<Wrap>()
  const frames = reports.flatMap(one => (one.is === 'telemetry' ? [one.frame] : []))
  for (const [i, next] of frames.entries()) {
    const last = frames[i - 1]
    if (!last || last.boot !== next.boot) continue
    if (last.uptime_ms < 2 ** 31 && next.uptime_ms >= 2 ** 31) seen.add("the unit's clock at 2^31")
    if (next.uptime_ms < last.uptime_ms) seen.add("the unit's clock at 2^32")
    if (next.seq < last.seq) seen.add('reports at 2^16')
    if (next.loop < last.loop) seen.add('control loop at 2^16')
  }
  const numbers = sent.flatMap(({ what }) => (typeof what === 'object' && what.type === 'lease' ? [what.seq] : []))
  for (const [i, next] of numbers.entries()) {
    const last = numbers[i - 1] ?? next
    if (last >> 16 !== next >> 16 && (last & 0xffff) > (next & 0xffff)) seen.add('lease at 2^16')
    if (last < 2 ** 31 && next >= 2 ** 31) seen.add('lease at 2^31')
    if (next < last) seen.add('lease at 2^32')
  }
  return seen
}
