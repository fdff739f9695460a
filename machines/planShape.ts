import { CHANNELS_MAX } from '../protocol/wire.ts'
import { isOnePairOrSide, kindOf, LIMITS, WIDTH_CEILINGS, widthCeiling } from './limits.ts'
import type { CuffOnLimb, Plan, Step } from './plan.ts'
import type { PlanContext } from './planBounds.ts'
import { above, type Found } from './planProblem.ts'

/** Most presses of one plan; project policy. */
export const PRESSES_MAX = 100

/** What is wrong with limbs, channels, cuffs and sides. */
export function cuffProblems({ cuffs }: Plan, { profile, verdict }: PlanContext): Found[] {
  const limbs = cuffs.map(cuff => cuff.limb)
  const channels = cuffs.map(cuff => cuff.channel)
  const most = Math.min(CHANNELS_MAX, profile?.ceilings_mmHg.length ?? CHANNELS_MAX)
  const outside = channels.some(channel => !(Number.isInteger(channel) && channel >= 1 && channel <= most))
  const unknown = cuffs.find(cuff => widthCeiling(kindOf(cuff.limb), cuff.width_cm) === undefined)
  return [
    !isOnePairOrSide(limbs) && {
      id: 'LIM-LIMBS',
      text: `the limbs ${limbs.join(', ') || '(none)'} are not one side or one pair of arms or of legs (project policy).`,
      action: 'Choose one or both arms, or one or both legs.',
    },
    (outside || new Set(channels).size !== channels.length) && {
      id: 'LIM-CHANNELS',
      text: `the channels ${channels.join(', ')} are not different ones from 1 to ${most} (the unit's profile).`,
      action: 'Choose fewer limbs, or a unit with more channels.',
    },
    unknown && {
      id: 'LIM-CUFF-WIDTH',
      text: `no pressure limit is known for a cuff ${unknown.width_cm} cm wide on the ${unknown.limb} (project policy).`,
      action: `Use a cuff from 2 to ${WIDTH_CEILINGS[kindOf(unknown.limb)].at(-1)!.upTo_cm} cm wide.`,
    },
    verdict?.one_side_only === true &&
      cuffs.length > 1 && {
        id: 'LIM-VERDICT-ONE-SIDE',
        text: `${cuffs.length} limbs are above 1, the verdict's limit to one side (the verdict).`,
        action: 'Choose one limb.',
      },
  ]
}

/** What is wrong with the order of presses, or undefined. Warm-up comes first, and comes at all: the source asks for it. */
export function warmUpProblem(kinds: readonly Step['kind'][]): string | undefined {
  const least = LIMITS.warmUpPresses.value
  const training = kinds.indexOf('training')
  if (training < 0) return 'there is no training press'
  if (training < least)
    return `${training} warm-up presses before training are below ${least} (${LIMITS.warmUpPresses.source})`
  return kinds.includes('warm-up', training) ? 'a warm-up press comes after a training press' : undefined
}

/** What is wrong with the presses taken together. */
export function orderProblems({ steps, cuffs, mode, max_mmHg }: Plan): Found[] {
  const wrong = warmUpProblem(steps.map(step => step.kind))
  const training = steps.filter(step => step.kind === 'training')
  const shaped = max_mmHg.length === cuffs.length && steps.every(step => fits(step, cuffs.length))
  const shape = 'Have the program compiled again.'
  return [
    wrong !== undefined && {
      id: 'LIM-WARM-UP',
      text: `${wrong}.`,
      action: 'Begin the program with the warm-up presses.',
    },
    hardWarmUp(steps, cuffs),
    mode === 'constant' &&
      training.length !== 1 && {
        id: 'LIM-CONSTANT-ONE',
        text: `${training.length} training presses in a constant program are not 1 (project policy).`,
        action: 'Use the mode cycle or sets for several.',
      },
    !(steps.length <= PRESSES_MAX) &&
      above('presses', steps.length, '', {
        id: 'LIM-PRESSES',
        name: 'the most of one plan',
        value: PRESSES_MAX,
        source: 'project policy',
      }),
    !shaped && { id: 'LIM-SHAPE', text: 'the plan does not have one whole target for each cuff.', action: shape },
    !cuffs.every((_, i) => max_mmHg[i] === Math.max(...steps.map(step => step.targets_mmHg[i]!))) && {
      id: 'LIM-MAX',
      text: 'the highest targets that the plan states are not those of its presses.',
      action: shape,
    },
  ]
}

/** One target for each cuff; the wire carries whole numbers only. */
const fits = ({ targets_mmHg, slew_mmHg_per_s }: Step, cuffs: number): boolean =>
  targets_mmHg.length === cuffs && targets_mmHg.every(Number.isInteger) && Number.isInteger(slew_mmHg_per_s)

/** A warm-up press that is harder than a training press would be no warm-up. */
function hardWarmUp(steps: readonly Step[], cuffs: readonly CuffOnLimb[]): Found {
  const of = (kind: Step['kind'], i: number) => steps.filter(s => s.kind === kind).map(s => s.targets_mmHg[i]!)
  const cuff = cuffs.find((_, i) => Math.max(...of('warm-up', i)) > Math.min(...of('training', i)))
  return (
    cuff && {
      id: 'LIM-WARM-UP-TARGET',
      text: `a warm-up press on the ${cuff.limb} is above the lowest training press (project policy).`,
      action: 'Lower the warm-up.',
    }
  )
}
