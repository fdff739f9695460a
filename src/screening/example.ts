import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Limb } from '../../machines/limits.ts'
import type { WallMs } from '../../protocol/units.ts'
import { packageRoot } from '../packageRoot.ts'
import type { VerdictBody } from '../verdict/body.ts'
import { signVerdict } from '../verdict/file.ts'
import { frame, utc } from '../verdict/issue.ts'
import type { Signer } from '../verdict/keys.ts'
import { pseudonym } from '../verdict/person.ts'
import { type Intake, parseIntake } from './intake.ts'
import { screened } from './verdict.ts'

/** Ten people, from fit to contraindicated; none of them is real. */
export const EXAMPLES = [
  '01-fit',
  '02-new-to-exercise',
  '03-raised-blood-pressure',
  '04-after-sixty',
  '05-diabetes',
  '06-chest-pain',
  '07-heart-failure',
  '08-unknown-answers',
  '09-pregnant',
  '10-thrombosis',
] as const

export const examplePath = (name: (typeof EXAMPLES)[number]): string =>
  join(packageRoot(), 'src', 'screening', 'people', `${name}.json`)

/** The intake of an example person whose blood pressure was measured five minutes ago. */
export function exampleIntake(name: (typeof EXAMPLES)[number], now: WallMs): Intake {
  const path = examplePath(name)
  const intake = parseIntake(readFileSync(path), path, now)
  return { ...intake, answers: { ...intake.answers, blood_pressure_at: utc(now - 300_000) } }
}

export interface Example {
  readonly subject: string
  readonly limbs: readonly Limb[]
  readonly now: WallMs
}

/**
 * An acceptance without a person behind it, for the simulated unit and for tests: the fit example person, screened now,
 * good for an hour. `signer` holds a simulator key.
 */
export const exampleVerdict = ({ signer, ...of }: Example & { signer: Pick<Signer, 'privateKey'> }): Uint8Array =>
  signVerdict(exampleBody(of), signer.privateKey)

/** The body of `exampleVerdict`. Its salt is public: an example is about nobody. */
export function exampleBody({ subject, limbs, now }: Example): VerdictBody {
  const content = screened({ ...exampleIntake('01-fit', now), limbs }, 'cuffpilot verdict example', now)
  const expires = utc(now + 3_600_000)
  return { ...frame('simulator', pseudonym(subject, EXAMPLE_SALT), now, now), ...content, expires }
}

const EXAMPLE_SALT = '0'.repeat(32)
