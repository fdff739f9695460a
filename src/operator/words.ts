import type { LimbView, View } from '../../machines/view.ts'
import type { Millis } from '../../protocol/units.ts'

/** Where the line is read to be vented, this is all that may be said of it: a kinked hose reads so as well. */
export const LOOK_AND_LOOSEN =
  'A line below 15 mmHg does not show what is in the cuff: look at the limb and loosen the cuff.'

/** KAATSU Specialist 2022 and kaatsublog 2019/11: at most 3 s, and the skin pink. */
export const REFILL = 'Press a nail and let go: the colour is back within 3 s? r yes, t no, too tight (releases).'

/** Section II and Point 7.7: blood comes back into the limb, and people faint. */
export const STAY_DOWN = 'The person stays seated or lying until steady.'

/** "warm-up 1 of 2", "cycle 3 of 4". */
export const pressWords = ({ kind, numberOfKind, ofKind }: View['press']): string =>
  `${kind === 'training' ? 'cycle' : kind} ${numberOfKind} of ${ofKind}`

export const limbWords = ({ limb }: Pick<LimbView, 'limb'>): string => limb.replace('-', ' ')

/** What is about to be done, in one line, before it begins. */
export const planWords = ({ limbs, press, cap_ms }: Pick<View, 'limbs' | 'press' | 'cap_ms'>): string => {
  const cuffs = limbs.map(one => `${limbWords(one)} ${one.width_cm} cm wide, up to ${one.max_mmHg} mmHg`)
  return `cuffs: ${cuffs.join('; ')}; ${press.of} presses, ${timeLeft(cap_ms)} at most`
}

/** The number as it is, and never one that is older than 1 s. */
export const measuredWords = ({ measured_mmHg }: LimbView): string =>
  measured_mmHg === undefined ? '—' : String(Math.round(measured_mmHg))

/** What it was told. Off is not zero: without a target the valve is open. */
export const commandedWords = ({ commanded_mmHg }: LimbView): string =>
  commanded_mmHg > 0 ? `target ${String(commanded_mmHg).padStart(3)}` : 'vent'

/** Each symptom once, in the order in which they were noted. */
export const symptomWords = (symptoms: View['symptoms']): string => [...new Set(symptoms)].join(', ')

/** Minutes and seconds, as of a clock that runs down: 0:00 is only shown when nothing is left. */
export function timeLeft(ms: Millis | undefined): string {
  if (ms === undefined) return '—'
  const s = Math.ceil(ms / 1000)
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`
}

/** States in which it matters which press it is. */
const PRESSES = new Set(['pressurizing', 'holding', 'depressurizing', 'resting'])

/** The state, with the press that it belongs to. */
export function stateWords({ phase, words, press, segment }: Pick<View, 'phase' | 'words' | 'press' | 'segment'>) {
  const part = segment ? `, ${segment}` : ''
  return PRESSES.has(phase) ? `${pressWords(press)}: ${words}${part}` : words
}
