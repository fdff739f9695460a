import type { Condition } from './logic.ts'

/**
 * What a verdict may demand of a session that it allows. Each can only tighten what holds anyway. Pressures in mmHg,
 * times in ms.
 */
export interface Restriction {
  readonly arms_only?: true
  readonly one_side_only?: true
  readonly arm_max_mmHg?: number
  readonly leg_max_mmHg?: number
  readonly session_max_ms?: number
  /** Highest rise of the pressure from one session to the next. */
  readonly step_up_max_mmHg?: number
  /** The operator is asked at least so often whether they are there. */
  readonly presence_max_ms?: number
}

/** From the mildest to the worst. Of all rules that fire, the worst one decides. */
export const EFFECTS = ['notice', 'restrict', 'test', 'clinician', 'refuse'] as const
export type EffectName = (typeof EFFECTS)[number]

export type Effect =
  /** Allowed, and said. */
  | { readonly do: 'notice' }
  /** Allowed with limits. */
  | { readonly do: 'restrict'; readonly limits: Restriction }
  /** An exercise tolerance test comes first. */
  | { readonly do: 'test' }
  /** A named clinician has to decide; the limits hold if the answer is yes. */
  | { readonly do: 'clinician'; readonly limits?: Restriction }
  | { readonly do: 'refuse' }

export const GRADED = ['high blood pressure', 'diabetes', 'hyperlipidaemia', 'obesity'] as const
export type Graded = (typeof GRADED)[number]
/** The columns of Table 2. */
export const COLUMNS = ['none', 'indication', 'conditional indication', 'contraindication'] as const
export type Column = (typeof COLUMNS)[number]

export interface Rule {
  readonly id: string
  readonly when: Condition
  readonly effect: Effect
  /** In plain language, for the person too. */
  readonly reason: string
  /** Place in the paper by its own structure, or "project policy". */
  readonly source: string
  /** What would change the answer. */
  readonly lift: string
  /** Points of Point 5. */
  readonly points?: number
  /** Where it stands in Table 2. */
  readonly grade?: { readonly of: Graded; readonly column: Column }
}

/** The longest presence interval under closer watch. Project policy: half of the usual. */
const CLOSE_MS = 60_000

/** Restrictions by name. Every number is project policy: the paper names no pressure. */
export const CLOSER_WATCH: Restriction = { presence_max_ms: CLOSE_MS, step_up_max_mmHg: 10 }
/** For vessels that are not used to it: a lower pressure, and a slow rise from session to session. */
export const GENTLE: Restriction = { arm_max_mmHg: 100, leg_max_mmHg: 120, step_up_max_mmHg: 10 }
/** For three or four points: gentle, half as long, closely watched. */
export const CAREFUL: Restriction = { ...GENTLE, session_max_ms: 300_000, presence_max_ms: CLOSE_MS }
/** For a weak heart: everything that Section III names at once. */
export const WEAK_HEART: Restriction = { ...CAREFUL, arms_only: true, one_side_only: true, arm_max_mmHg: 80 }

const DOCTOR = 'A doctor decides; ask a specialist or a medical institution.'
export const NOTHING = 'Nothing that is done here.'
export const ASK_A_DOCTOR = DOCTOR
