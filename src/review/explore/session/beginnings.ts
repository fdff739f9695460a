import type { Plan, Step } from '../../../../machines/plan.ts'
import { sessionMachine } from '../../../../machines/session.ts'
import type { SessionInput } from '../../../../machines/sessionContext.ts'
import type { Verdict } from '../../../../machines/verdict.ts'
import { MOVES } from './moves.ts'
import { begin, type Machine, type Situation } from './situation.ts'

/** When the exploration begins. */
const NOW = 1_000
const WALL = 1_800_000_000_000

const step = (kind: Step['kind'], mmHg: number): Step => ({
  ...{ kind, targets_mmHg: [mmHg, mmHg], slew_mmHg_per_s: 20, hold_ms: 5_000, rest_ms: 5_000, segments: [] },
})

/** Two presses to warm up, one to train, on both arms, all as short as the limits allow. */
const PLAN: Plan = {
  ...{ program: 'explored', mode: 'cycle', cap_ms: 60_000, cap_by: 'LIM-ARM-CUM', max_mmHg: [40, 40] },
  cuffs: [
    { channel: 1, limb: 'left-arm', width_cm: 5 },
    { channel: 2, limb: 'right-arm', width_cm: 5 },
  ],
  steps: [step('warm-up', 40), step('warm-up', 40), step('training', 40)],
}

const VERDICT: Verdict = {
  ...{ result: 'accept', person: 'P', limbs: ['left-arm', 'right-arm'], issued_wall: WALL - 60_000 },
  ...{ expires_wall: WALL + 3_600_000, serial: 7, signer: 'simulator', keyId: 'explored', needs_test: false },
  blood_pressure: { systolic_mmHg: 120, diastolic_mmHg: 75, measured_wall: WALL - 300_000 },
  ...{ one_side_only: false, presence_max_ms: 8_000 },
}

const INPUT: SessionInput = {
  ...{ plan: PLAN, verdict: VERDICT, person: 'P', newestSerialSeen: 7, past: undefined },
  ...{ checklist: ['person'] as unknown as SessionInput['checklist'], operator: 'Op', unattended: false },
}

const verdict = (change: Partial<Verdict>): Partial<SessionInput> => ({ verdict: { ...VERDICT, ...change } })

/** Sessions that may go on, and those that must not: no verdict, another person's, one for a real unit, and so on. */
const INPUTS: readonly Partial<SessionInput>[] = [
  {},
  { verdict: undefined },
  verdict({ signer: 'screening' }),
  verdict({ result: 'refuse' }),
  verdict({ person: 'Q' }),
  verdict({ limbs: ['left-arm'] }),
  verdict({ needs_test: true }),
  verdict({ serial: 6 }),
  { unattended: true },
]

const VENTED = 'report: latched, 0 mmHg'
const SEEN = [VENTED, VENTED, VENTED, VENTED] as const
const FITTING = ['the link is up', 'the self test is passed', 'CONFIRM'] as const
const ARMING = [...FITTING, ...SEEN, 'START'] as const
const HOLDING = [...ARMING, 'report after 500 ms', 'report: active, 40 mmHg', 'REFILL good'] as const

/** Ways into a session that may go on. */
export const WAYS = { FITTING, SEEN: [...FITTING, ...SEEN], ARMING, HOLDING } as const

/** Where a session is after such moves. @throws RangeError for a move that there is not */
export const sessionAfter = (names: readonly string[], machine: Machine = sessionMachine, input = 0): Situation =>
  names.reduce<Situation>(
    (one, name) => {
      const outcome = MOVES.find(move => move.name === name)?.apply(one)
      if (!outcome) throw new RangeError(`there is no move "${name}" here`)
      return outcome.after
    },
    begin(machine, { ...INPUT, ...INPUTS[input] }, NOW, WALL),
  )

/** Each kind of session as it begins, and the one that may go on while it is fitted, armed and pressed. */
export const beginnings = (machine?: Machine): readonly Situation[] => [
  ...INPUTS.map((_, input) => sessionAfter([], machine, input)),
  ...Object.values(WAYS).map(way => sessionAfter(way, machine)),
]
