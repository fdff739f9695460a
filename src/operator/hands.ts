import type { ChecklistItem } from '../../machines/checklist.ts'
import type { View } from '../../machines/view.ts'
import type { Control } from '../controller.ts'

/** Someone who acts in a session: a person at the keys, or who stands in for one. */
export interface Hands {
  changed(view: View): void
  key(key: string): void
}

/** Confirms the items of the checklist that an attestation names, as soon as they are asked for. */
export const attesting = (control: Control, items: readonly ChecklistItem[], by: string): Hands =>
  soon(control, view => {
    if (view.phase !== 'fitting') return
    for (const item of view.unconfirmed) if (items.includes(item)) control.confirm(item, by)
  })

/**
 * Stands in for the operator on a simulated unit: starts once the checklist is done, answers when asked, and leaves a
 * session that is stuck. On a unit that says it is real it does nothing, and the gate stays shut.
 */
export const standIn = (control: Control): Hands =>
  soon(control, view => {
    if (!view.unit?.simulated) return
    if (view.phase === 'stuck') return control.leave()
    if (view.presenceAsked) control.present()
    if (view.refillAsked) control.refill(false)
    if (view.mayStart) control.start()
  })

/** Acts once the step that changed the view is over, on what is true then. */
function soon(control: Control, act: (view: View) => void): Hands {
  let waiting = false
  return {
    changed() {
      if (waiting) return
      waiting = true
      setImmediate(() => {
        waiting = false
        act(control.view())
      })
    },
    key() {},
  }
}
