import { expect, test } from 'vitest'
import { screen } from '../../src/screening/engine.ts'
import { EXAMPLES, exampleIntake } from '../../src/screening/example.ts'

const NOW = Date.parse('2026-05-04T10:30:00.000Z')

/** What a clinician would say of the ten, and the rules that say it. */
const SAID: Record<(typeof EXAMPLES)[number], [string, ...string[]]> = {
  '01-fit': ['accept'],
  '02-new-to-exercise': ['accept', 'NEW-TO-EXERCISE', 'NEW-TO-KAATSU'],
  '03-raised-blood-pressure': ['accept', 'BP-140', 'BP-KNOWN', 'P1-AGE'],
  '04-after-sixty': ['accept', 'AGE-OLDER', 'P2-AGE'],
  '05-diabetes': ['accept', 'DM-140', 'P1-AGE'],
  '06-chest-pain': ['needs-test', 'T1-CHEST'],
  '07-heart-failure': ['needs-clinician', 'P3-HEART', 'SUM-3', 'ANTICOAGULANTS'],
  '08-unknown-answers': ['refuse', 'P5-HEREDITARY', 'T1-FAMILY-MALE'],
  '09-pregnant': ['refuse', 'P4-PREGNANT'],
  '10-thrombosis': ['refuse', 'P5-DVT', 'BP-160', 'SURGERY', 'P3-VARICOSE'],
}

test.each(EXAMPLES)('REQ-SCREEN: %s is judged as a clinician would follow it', name => {
  const { result, fired } = screen(exampleIntake(name, NOW), NOW)
  const [expected, ...rules] = SAID[name]
  expect(result).toBe(expected)
  expect(fired.map(one => one.rule.id)).toEqual(expect.arrayContaining(rules))
})
