import { styleText } from 'node:util'
import { createLogUpdate } from 'log-update'
import type { View } from '../../machines/view.ts'
import type { Millis } from '../../protocol/units.ts'
import { type Row, screenRows } from './screen.ts'
import type { Watcher } from './watcher.ts'

/** Shortest time between two drawings of a state that did not change. Unit ms. */
const REDRAW_MS: Millis = 80
const SAID_KEPT = 2
/** What was said is shown for so long. Unit ms. */
const SAID_MS: Millis = 20_000
/** A narrower terminal is written to as if it had this many columns. */
const WIDTH_MIN = 20
const WIDTH_MAX = 100
/** Of a terminal that does not know its size. */
const SIZE = { columns: 80, rows: 24 }
const BELL = '\u0007'

/** The whole state of the session in place, with colour unless `NO_COLOR` says otherwise, and a bell for a new high alarm. */
export function terminalWatcher(
  out: NodeJS.WriteStream,
  { title, keys, now }: { title: string; keys: boolean; now: () => Millis },
): Watcher & { close(): void } {
  const size = () => ({ columns: out.columns || SIZE.columns, rows: out.rows || SIZE.rows })
  const draw = createLogUpdate(sized(out, size))
  const rung = new Set<string>()
  let said: { text: string; at: Millis }[] = []
  let shown: { phase: string; at: Millis } | undefined
  let drawn = { columns: 0, lines: 0 }

  const ring = ({ alarms }: View): void => {
    const fresh = alarms.filter(alarm => alarm.priority === 'high' && !rung.has(alarm.id))
    for (const alarm of fresh) rung.add(alarm.id)
    if (fresh.length > 0) out.write(BELL)
  }
  return {
    changed(view) {
      ring(view)
      if (shown?.phase === view.phase && now() - shown.at < REDRAW_MS) return
      shown = { phase: view.phase, at: now() }
      const { columns, rows } = size()
      const width = Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, columns - 1))
      const least = columns === drawn.columns ? Math.min(drawn.lines, rows - 1) : 0
      said = said.filter(one => now() - one.at < SAID_MS)
      const lines = screenRows(view, { title, keys, said: said.map(one => one.text), width, height: rows - 1, least })
      // log-update moves no line that stays the same: a screen of another height has to begin anew.
      if (lines.length !== drawn.lines) draw.clear()
      drawn = { columns, lines: lines.length }
      draw(lines.map(painted).join('\n'))
    },
    say(text) {
      said = [...said.filter(one => one.text !== text), { text, at: now() }].slice(-SAID_KEPT)
      // It may be the last thing before a long wait: the next change is drawn at once.
      shown = undefined
    },
    close: () => draw.done(),
  }
}

/** The terminal as log-update sees it: one that says it has no lines would be left blank. */
const sized = (out: NodeJS.WriteStream, size: () => { columns: number; rows: number }): NodeJS.WriteStream =>
  new Proxy(out, {
    get: (target, key) => {
      if (key === 'columns' || key === 'rows') return size()[key]
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })

/** An empty line is a blank one: where the last line that changed is empty, log-update 7 is a line off from then on. */
const painted = ({ text, style }: Row): string => (style ? styleText(style, text) : text || ' ')
