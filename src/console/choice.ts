import type { Limb } from '../../machines/limits.ts'
import { plannedMs, targetBound } from '../../machines/planBounds.ts'
import type { SessionInput } from '../../machines/sessionContext.ts'
import type { WallMs } from '../../protocol/units.ts'
import { CuffError, EXIT } from '../errors.ts'
import { operatorNamed } from '../operator/named.ts'
import { prepare } from '../prepare.ts'
import { loadProgram } from '../programs/load.ts'
import { isPreset, PRESETS } from '../programs/presets.ts'
import type { ChoiceView, OfferedProgram, PlanView } from './shown.ts'

/** What the operator has chosen, and what came of it. */
export interface Choice {
  readonly view: ChoiceView
  /** Undefined when it is refused. */
  readonly input: SessionInput | undefined
}

interface Chosen {
  readonly home: string
  readonly verdict: string
  readonly subject: string
  readonly limbs: readonly Limb[]
  readonly program: string
  readonly operator: string
  readonly now: WallMs
}

/** Programs to choose from, the gentlest first. A file of one's own is for the command line. */
export const OFFERED: readonly OfferedProgram[] = PRESETS.map(name => {
  const { title, description } = loadProgram(name)
  return { name, title, description }
})

/** Holds a choice against verdict, person, ledger and limits. The machine asks again, with what the unit says of itself. */
export function choose(chosen: Chosen): Choice {
  const { limbs, program, operator } = chosen
  const answer = (rest: Pick<ChoiceView, 'plan' | 'refusals'>, input?: SessionInput): Choice => ({
    view: { limbs, program, operator, ...rest },
    input,
  })
  try {
    const prepared = prepare({
      ...chosen,
      program: presetNamed(program),
      operator: operatorNamed(operator),
      widths: undefined,
      unattended: false,
    })
    if (prepared.refusals) return answer({ refusals: prepared.refusals })
    return answer({ plan: planView(prepared.input), refusals: [] }, prepared.input)
  } catch (error) {
    if (!(error instanceof CuffError)) throw error
    return answer({ refusals: [{ id: error.code, text: error.message, action: error.action }] })
  }
}

function presetNamed(name: string): string {
  if (isPreset(name)) return name
  throw new CuffError('CP-PROGRAM-UNKNOWN', 'there is no such program.', 'Choose one that is offered.', EXIT.usage)
}

function planView({ plan, verdict, past }: SessionInput): PlanView {
  const { steps, cap_ms, cap_by, max_mmHg } = plan
  const cuffs = plan.cuffs.map(cuff => {
    const { value, name } = targetBound(cuff, { verdict, past })
    return { limb: cuff.limb, width_cm: cuff.width_cm, limit_mmHg: value, by: name }
  })
  return { steps, cap_ms, cap_by, max_mmHg, cuffs, planned_ms: plannedMs(steps) }
}
