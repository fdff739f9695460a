import { is, not } from '../logic.ts'
import { adverse, plain, type Question } from '../question.ts'
import { point, sectionI } from '../sources.ts'

const RHABDO = sectionI('3, rhabdomyolysis')
const hot = not(is('hot_and_humid', 'no'))

/** How it is today. */
export const TODAY: readonly Question[] = [
  adverse('ill_today', 'Is ill or feels unwell today', point('7.12')),
  adverse('dehydrated', 'Has drunk too little today, or has lost fluid (diarrhoea, vomiting, much sweat)', RHABDO),
  adverse('hard_training_lately', 'Has trained hard in the last two days', RHABDO),
  adverse('hot_and_humid', 'The room is hot and humid', RHABDO),
  plain('electrolytes_at_hand', 'Fluids with electrolytes are at hand', { kind: 'yes-no' }, RHABDO, hot),
]
