import { html, svg, type TemplateResult } from 'lit-html'
import type { LimbView } from '../../../machines/view.ts'
import { VENTED_MMHG } from '../../../protocol/units.ts'
import { commandedWords, limbWords, measuredWords } from '../../operator/words.ts'
import type { Live, Sample } from '../live/live.ts'

const [WIDTH, HEIGHT, LEFT, FOOT, GAP] = [380, 68, 26, 13, 4]
/** So much of the run is drawn. Unit ms. */
const WINDOW_MS = 60_000

type LimbSample = Sample['limbs'][number]
interface Scale {
  readonly x: (at: number) => number
  readonly y: (mmHg: number) => number
}

/** The pressure of one limb over the last minute: as it truly is, as it is shown to the operator, and what was commanded. */
export function chart(live: Live, limb: LimbView, index: number): TemplateResult {
  const from = Math.max(0, live.at - WINDOW_MS)
  const shown = live.samples.filter(({ at }) => at >= from)
  const top = shown.reduce((most, { limbs }) => Math.max(most, limbs[index]!.true_mmHg), limb.max_mmHg * 1.2)
  const scale: Scale = {
    x: at => LEFT + ((at - from) / WINDOW_MS) * (WIDTH - LEFT - GAP),
    y: mmHg => HEIGHT - FOOT - (Math.min(top, Math.max(0, mmHg)) / top) * (HEIGHT - FOOT - GAP),
  }
  const line = (of: (limb: LimbSample) => number | undefined): string =>
    path(
      shown.map(({ at, limbs }) => [at, of(limbs[index]!)] as const),
      scale,
    )
  const words = wordsOf(limb, live.unit.pressures()[index]!)
  return html`<figure class="chart">
    <figcaption>${words}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${words}; the last minute is drawn">
      ${levels([VENTED_MMHG, limb.max_mmHg], scale)} ${times(from, scale)}
      <path class="target" d=${line(one => one.commanded_mmHg)} />
      <path class="true" d=${line(one => one.true_mmHg)} />
      <path class="shown" d=${line(one => one.measured_mmHg)} />
    </svg>
  </figure>`
}

const wordsOf = (limb: LimbView, true_mmHg: number): string =>
  `${limbWords(limb)}: on the limb ${Math.round(true_mmHg)}, shown ${measuredWords(limb)} mmHg, ${commandedWords(limb).replace(/ +/, ' ')}`

const levels = (levels: readonly number[], { y }: Scale) =>
  levels.map(
    mmHg =>
      svg`<line x1=${LEFT} x2=${WIDTH - GAP} y1=${y(mmHg)} y2=${y(mmHg)} /><text x=${LEFT - 3} y=${y(mmHg) + 3} text-anchor="end">${mmHg}</text>`,
  )

const times = (from: number, { x }: Scale) =>
  [0, 15_000, 30_000, 45_000].map(
    ms => svg`<text x=${x(from + ms)} y=${HEIGHT - 2}>${Math.round((from + ms) / 1000)} s</text>`,
  )

/** Where a value is unknown the line is broken. */
const path = (points: readonly (readonly [number, number | undefined])[], { x, y }: Scale): string =>
  points
    .map(([at, mmHg], i) => {
      if (mmHg === undefined) return ''
      const begins = points[i - 1]?.[1] === undefined
      return `${begins ? 'M' : 'L'}${x(at).toFixed(1)} ${y(mmHg).toFixed(1)}`
    })
    .join('')
