import { hostClock } from '../../sim/fronts/drive.ts'
import { Stack } from '../support/stack.ts'
import { type Findings, type Part, spreadOf } from './findings.ts'
import { longestPlan } from './plan.ts'

const MINUTES = 20

/** One whole session, and what 20 minutes of it cost: the limits allow 15 minutes from the first press. */
function session(): { cost_ms: number; lasted_ms: number } {
  const stack = new Stack(longestPlan())
  const [from, began] = [hostClock(), stack.now]
  stack.until(one => one.ended, MINUTES * 60_000)
  return { cost_ms: hostClock() - from, lasted_ms: stack.now - began }
}

async function run(rounds: number, progress: (text: string) => void): Promise<Findings> {
  const costs: number[] = []
  let minutes = 0
  for (let round = 0; round < rounds; round++) {
    const { cost_ms, lasted_ms } = session()
    minutes = lasted_ms / 60_000
    costs.push((cost_ms / minutes) * MINUTES)
    progress(`${minutes.toFixed(1)} minutes in ${cost_ms.toFixed(0)} ms`)
  }
  const spread = spreadOf(costs)
  const what = `${MINUTES} min at 10 Hz, scaled from ${minutes.toFixed(1)} min`
  const row = { part: 'virtual', what, unit: 'ms' } as const
  return {
    measured: [{ ...row, who: 'the whole stack in virtual time', spread }],
    goals: [{ ...row, what: `${what}, p50`, figure: spread.p50, sense: 'at most', bound: 1_000 }],
  }
}

export const virtual: Part = { name: 'virtual', about: 'a long session of the whole stack in virtual time', run }
