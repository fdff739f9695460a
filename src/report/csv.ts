import type { Recorded } from './session.ts'

/** The curve as CSV (RFC 4180): a line for each sample, times in ms since the session began, pressures in mmHg. */
export function* csvOf({ samples, input }: Recorded): Generator<string> {
  const limbs = input.plan.cuffs.map(cuff => cuff.limb)
  const columns = limbs.flatMap(limb => [`${limb}_measured_mmHg`, `${limb}_target_mmHg`])
  yield ['at_ms', 'holding', ...columns].join(',')
  for (const { at_ms, holding, measured_mmHg, commanded_mmHg } of samples) {
    const pressures = limbs.flatMap((_, i) => [measured_mmHg[i] ?? '', commanded_mmHg[i] || ''])
    yield [at_ms, Number(holding), ...pressures].join(',')
  }
}
