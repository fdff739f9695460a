import { expect } from 'vitest'
import type { Live } from '../../../src/review/live/live.ts'
import { Run } from '../../../src/review/live/run.ts'
import type { Scenario } from '../../../src/review/live/scenario.ts'
import { livePlans } from '../../../src/review/plans.ts'

export const PLANS = livePlans()
export const SCENARIO: Scenario = { program: 'demo', verdict: 'accepted', seed: 1 }

export const begun = (change: Partial<Scenario> = {}): Run => new Run({ ...SCENARIO, ...change }, PLANS)

/** Everything that there is to see of a run. */
export const bytes = (live: Live): string => {
  const { at, view, list, samples, judgements, judged, reports, sent, events, said, told } = live
  return JSON.stringify({ at, view, list, samples, judgements, judged, reports, sent, events, said, told })
}

/** The checklist is confirmed and START pressed after 5 s. */
export function started(run = begun()): Run {
  run.goOn(5_000)
  run.do('confirm all')
  run.do('start')
  return run
}

/** Goes on until the first hold. */
export function inHold(run = started()): Run {
  for (let i = 0; i < 100 && run.live.phase !== 'holding'; i++) run.goOn(100)
  expect(run.live.phase).toBe('holding')
  return run
}
