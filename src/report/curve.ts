import { LIMITS } from '../../machines/limits.ts'
import { VENTED_MMHG } from '../../protocol/units.ts'
import { limbWords, timeLeft } from '../operator/words.ts'
import { escaped } from '../review/dossier/document.ts'
import type { Recorded } from './session.ts'

const [WIDTH, HEIGHT, LEFT, FOOT] = [1_000, 220, 44, 22]

/** The pressure of one cuff over the whole session: measured as a line, target as a step, the band about it, presses below. */
export function curveOf({ samples, input }: Recorded, cuff: number): string {
  const end = Math.max(1, samples.at(-1)?.at_ms ?? 1)
  const most = samples.reduce(
    (top, one) => Math.max(top, one.measured_mmHg[cuff] ?? 0),
    input.plan.max_mmHg[cuff]! + 2 * LIMITS.band.value,
  )
  const x = (at_ms: number) => (LEFT + (at_ms / end) * (WIDTH - LEFT)).toFixed(1)
  const y = (mmHg: number) => (HEIGHT - FOOT - (Math.max(0, mmHg) / most) * (HEIGHT - FOOT - 8)).toFixed(1)
  const line = (of: (sample: Recorded['samples'][number]) => number | null): string =>
    samples
      .map((sample, i) => {
        const value = of(sample)
        if (value === null) return ''
        const begins = i === 0 || of(samples[i - 1]!) === null
        return `${begins ? 'M' : 'L'}${x(sample.at_ms)} ${y(value)}`
      })
      .join('')
  const target = (beside: number) =>
    line(({ commanded_mmHg }) => (commanded_mmHg[cuff]! > 0 ? commanded_mmHg[cuff]! + beside : null))
  const words = `${limbWords(input.plan.cuffs[cuff]!)}: measured, and target with ${LIMITS.band.value} mmHg to both sides`
  const levels = [VENTED_MMHG, input.plan.max_mmHg[cuff]!].map(
    mmHg => `<path class="level" d="M${LEFT} ${y(mmHg)}H${WIDTH}"/><text x="2" y="${y(mmHg)}">${mmHg}</text>`,
  )
  return `<figure><figcaption>${escaped(words)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(words)}">${levels.join('')}
<path class="band" d="${target(LIMITS.band.value)}"/><path class="band" d="${target(-LIMITS.band.value)}"/>
<path class="target" d="${target(0)}"/><path class="measured" d="${line(one => one.measured_mmHg[cuff] ?? null)}"/>
<text x="${LEFT}" y="${HEIGHT - 4}">0:00</text><text x="${WIDTH}" y="${HEIGHT - 4}" text-anchor="end">${timeLeft(end)}</text></svg></figure>`
}
