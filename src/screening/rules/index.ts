import { createHash } from 'node:crypto'
import { QUESTIONS } from '../questions/index.ts'
import type { Rule } from '../rule.ts'
import { CIRCULATION, POINTS, TODAY } from './points.ts'
import { PEOPLE, TABLE_1 } from './table1.ts'
import { BLOOD_PRESSURE, DIABETES, LIPIDS, OBESITY } from './table2.ts'

/** Raised by whoever changes a rule; the hash tells whether they did. */
export const RULES_VERSION = '1'

/** Chapters, as the page has them. */
export const CHAPTERS: readonly (readonly [string, readonly Rule[]])[] = [
  ['Today', TODAY],
  ['Circulation and blood', CIRCULATION],
  ['Risk factors for thrombosis (Point 5)', POINTS],
  ['Blood pressure (Table 2, Point 7.9)', BLOOD_PRESSURE],
  ['Diabetes (Table 2)', DIABETES],
  ['Hyperlipidaemia (Table 2)', LIPIDS],
  ['Obesity (Table 2)', OBESITY],
  ['Basic information (Table 1)', TABLE_1],
  ['The person', PEOPLE],
]

export const RULES: readonly Rule[] = CHAPTERS.flatMap(([, rules]) => rules)

/** SHA-256 of all rules and questions as they stand: two verdicts with the same hash were made by the same rules. */
export const RULES_SHA256: string = createHash('sha256')
  .update(JSON.stringify([RULES, QUESTIONS]))
  .digest('hex')
