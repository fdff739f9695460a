import uPlot from 'uplot'
import { LIMITS } from '../../../machines/limits.ts'
import type { LimbView } from '../../../machines/view.ts'
import type { Point } from '../shown.ts'

/** As the limbs are marked above it; distinct in lightness too, for those who do not tell the hues apart. */
const COLOURS = ['#0b5fa5', '#c25700', '#2b7a2b', '#7a3e9d'] as const
const HEIGHT = 260
/** Points in the picture at most; a long session is drawn with fewer of each. */
const DRAWN_MAX = 3_000

/** The pressure of each limb over the whole session, with the band about its target. */
export class Curve {
  private plot: uPlot | undefined
  private drawn = 0

  /** Draws what is new; `place` may be another element than before, or gone. */
  show(place: HTMLElement | null, points: readonly Point[], limbs: readonly LimbView[]): void {
    if (!place) return this.forget()
    if (this.plot && !place.contains(this.plot.root)) this.forget()
    this.plot ??= new uPlot(optionsFor(limbs, place.clientWidth), [[], ...limbs.flatMap(() => [[], [], [], []])], place)
    if (points.length === this.drawn) return
    this.drawn = points.length
    this.plot.setData(dataOf(points, limbs.length))
  }

  resize(place: HTMLElement | null): void {
    if (place) this.plot?.setSize({ width: place.clientWidth, height: HEIGHT })
  }

  private forget(): void {
    this.plot?.destroy()
    this.plot = undefined
    this.drawn = 0
  }
}

function optionsFor(limbs: readonly LimbView[], width: number): uPlot.Options {
  return {
    width,
    height: HEIGHT,
    scales: { x: { time: false }, y: { range: (_, __, max) => [0, Math.max(60, max * 1.1)] } },
    axes: [{ values: (_, seconds) => seconds.map(minutes) }, { label: 'mmHg' }],
    cursor: { show: false },
    legend: { show: false },
    series: [{}, ...limbs.flatMap((_, i) => seriesOf(COLOURS[i % COLOURS.length]!))],
  }
}

function seriesOf(stroke: string): uPlot.Series[] {
  const band = { stroke, width: 1, dash: [2, 4], points: { show: false }, paths: uPlot.paths.stepped!({ align: 1 }) }
  return [{ stroke, width: 3, points: { show: false } }, { ...band, dash: [] }, band, band]
}

function dataOf(all: readonly Point[], limbs: number): uPlot.AlignedData {
  const every = Math.ceil(all.length / DRAWN_MAX)
  const points = all.filter((_, i) => (all.length - 1 - i) % every === 0)
  const series = Array.from({ length: limbs }, (_, i) => {
    const target = points.map(point => point.commanded_mmHg[i] || null)
    const beside = (mmHg: number) => target.map(one => (one === null ? null : one + mmHg))
    return [
      points.map(point => point.measured_mmHg[i] ?? null),
      target,
      beside(LIMITS.band.value),
      beside(-LIMITS.band.value),
    ]
  })
  return [points.map(point => point.at_ms / 1_000), ...series.flat()]
}

const minutes = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}`
