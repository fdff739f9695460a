import { LIMB_NAMES, type Limb } from '../../machines/limits.ts'
import type { CuffOnLimb } from '../../machines/plan.ts'
import { CuffError, EXIT } from '../errors.ts'

/** Width of a cuff when none is given. Unit cm. KAATSU belts: Weatherholt 2019, cited second hand. */
export const WIDTH_DEFAULT_CM = 5

/** Says which widths were assumed, for wherever a plan is printed. */
export const widthNote = (cuffs: readonly CuffOnLimb[], given: boolean): string =>
  given
    ? `cuff widths ${cuffs.map(cuff => `${cuff.width_cm} cm`).join(', ')}`
    : `cuff width ${WIDTH_DEFAULT_CM} cm, the default (KAATSU belts: Weatherholt 2019, cited second hand)`

/** One cuff for each limb on channels 1, 2, … in the order given. Widths in cm, one for each limb; default 5 cm. */
export function cuffsFor(limbs: readonly Limb[], widths?: readonly number[]): CuffOnLimb[] {
  if (widths && widths.length !== limbs.length)
    throw usage('CP-WIDTHS', `${widths.length} widths were given for ${limbs.length} limbs.`, WIDTHS_HELP)
  return limbs.map((limb, i) => ({ channel: i + 1, limb, width_cm: widths?.[i] ?? WIDTH_DEFAULT_CM }))
}

/** `left-arm,right-arm` to limbs. @throws CuffError CP-LIMBS */
export function parseLimbs(text: string): Limb[] {
  const limbs = text.split(',').map(name => {
    const limb = LIMB_NAMES.find(known => known === name.trim())
    if (!limb) throw usage('CP-LIMBS', `${JSON.stringify(name)} is no limb.`, `Limbs are ${LIMB_NAMES.join(', ')}.`)
    return limb
  })
  if (new Set(limbs).size === limbs.length) return limbs
  throw usage('CP-LIMBS', `${JSON.stringify(text)} names a limb twice.`, 'Name each limb with a cuff once.')
}

/** `5,11.5` to centimetres. @throws CuffError CP-WIDTHS */
export function parseWidths(text: string): number[] {
  return text.split(',').map(part => {
    if (!/^\d{1,2}(\.\d{1,2})?$/.test(part.trim()))
      throw usage('CP-WIDTHS', `${JSON.stringify(part)} is no width in cm.`, WIDTHS_HELP)
    return Number(part)
  })
}

const WIDTHS_HELP = 'Give one width in cm for each limb, separated by commas, such as 5,11.5.'

const usage = (code: string, what: string, action: string): CuffError => new CuffError(code, what, action, EXIT.usage)
