import { symptomIn } from '../../machines/symptoms.ts'
import type { Phase, View } from '../../machines/view.ts'
import type { Control } from '../controller.ts'
import { plainKeys, watchKeys } from '../guard/keys.ts'
import type { Hands } from './hands.ts'

const UNDER_WAY: ReadonlySet<Phase> = new Set(['pressurizing', 'holding', 'depressurizing', 'resting'])

/**
 * A person at the keys of a terminal. The guard reads them, and has released for Space, Esc and Ctrl-C before any of
 * this runs. Should the guard be gone, this process reads them itself.
 */
export function keyHands(control: Control, by: string): Hands & { close(): void } {
  let reading = false
  return {
    key: typed => pressed(control, plainKeys(typed).toLowerCase(), by),
    changed() {
      // Two processes at one terminal would take each other's keys.
      if (reading || !process.stdin.isTTY || !control.guardIsGone()) return
      reading = true
      try {
        watchKeys(process.stdin, { release: why => control.release('operator', why), key: control.key })
      } catch {
        // The terminal went away along with the guard: nobody is left to press a key.
      }
    },
    close() {
      if (reading) process.stdin.destroy()
    },
  }
}

function pressed(control: Control, typed: string, by: string): void {
  const symptom = symptomIn(typed)
  if (symptom) return control.symptom(symptom)
  // Several at once are a paste: nobody has read what they would confirm.
  if (typed.length === 1) answered(control, typed, control.view(), by)
}

function answered(control: Control, key: string, { phase, unconfirmed, refillAsked }: View, by: string): void {
  const enter = key === '\r' || key === '\n'
  const [item] = unconfirmed
  if (phase === 'fitting' && item && (enter || key === 'y')) control.confirm(item, by)
  else if (phase === 'fitting' && key === 'g') control.start()
  else if (UNDER_WAY.has(phase) && enter) control.present()
  else if ((UNDER_WAY.has(phase) || phase === 'releasing' || phase === 'stuck') && key === 't') control.refill(true)
  else if (refillAsked && key === 'r') control.refill(false)
  else if (phase === 'stuck' && key === 'q') control.leave()
}
