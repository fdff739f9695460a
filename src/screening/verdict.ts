import { createHash } from 'node:crypto'
import { LIMITS } from '../../machines/limits.ts'
import type { WallMs } from '../../protocol/units.ts'
import { utc, type VerdictContent } from '../verdict/issue.ts'
import { type Outcome, screen } from './engine.ts'
import type { Answers, Intake } from './intake.ts'
import { RULES_SHA256, RULES_VERSION } from './rules/index.ts'

/** What a verdict says of a screening. `screener` is who answers for the intake. */
export function contentOf(intake: Intake, outcome: Outcome, screener: string, now: WallMs): VerdictContent {
  const { arms_only: _, ...restrictions } = outcome.limits
  const limits = { ...restrictions, ...floorOf(intake.answers) }
  return {
    result: outcome.result,
    limbs: [...outcome.limbs],
    ...(Object.keys(limits).length > 0 && { limits }),
    ...bloodPressureOf(intake.answers),
    expires: utc(now + LIMITS.verdictAge.value),
    screener,
    intake_sha256: sha256Of(intake),
    rule_set: { version: RULES_VERSION, sha256: RULES_SHA256 },
    rules: outcome.fired.map(({ rule, effect, unknown }) => ({
      id: rule.id,
      effect,
      ...(unknown.length > 0 && { unknown: true }),
      source: rule.source,
    })),
    points: { least: outcome.points.low, most: outcome.points.high },
    grades: outcome.grades,
  }
}

/** Screens and says it in one go. */
export const screened = (intake: Intake, screener: string, now: WallMs): VerdictContent =>
  contentOf(intake, screen(intake, now), screener, now)

/** The same intake gives the same hash, however its file was written. */
const sha256Of = ({ format, limbs, answers }: Intake): string =>
  createHash('sha256')
    .update(JSON.stringify([format, limbs, Object.entries(answers).sort()]))
    .digest('hex')

function bloodPressureOf(answers: Answers): Pick<VerdictContent, 'blood_pressure'> {
  const { systolic_mmHg, diastolic_mmHg, blood_pressure_at: at } = answers
  if (typeof systolic_mmHg !== 'number' || typeof diastolic_mmHg !== 'number' || typeof at !== 'string') return {}
  const measured = Date.parse(at)
  return Number.isFinite(measured)
    ? { blood_pressure: { systolic_mmHg, diastolic_mmHg, measured_wall: utc(measured) } }
    : {}
}

const floorOf = ({ systolic_floor_mmHg: floor }: Answers) =>
  typeof floor === 'number' ? { systolic_floor_mmHg: floor } : {}
