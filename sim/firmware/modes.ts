import { setup } from 'xstate'
import type { Mode } from '../../protocol/wire.ts'

/** What moves the unit from one mode to another. */
export type ModeEvent =
  | 'RESTART'
  | 'RELEASE_BYTE'
  | 'BUTTON'
  | 'HELLO'
  | 'FAULT'
  | 'SELF_TEST'
  | 'TEST_ENDED'
  | 'ARM'
  | 'TARGET'
  | 'SILENCE'
  | 'VENT'
  | 'VENTED'

/** Down from every mode, in one step: PROTOCOL.md section 5. */
const LETS_GO = {
  RESTART: { target: '.latched', description: 'power, reset or watchdog' },
  RELEASE_BYTE: { target: '.latched', description: '0x18, wherever it stands in the stream' },
  BUTTON: { target: '.latched', description: 'somebody lets go at the unit itself' },
  HELLO: { target: '.latched', description: 'another host, or the same one anew' },
  FAULT: { target: '.latched', description: 'ceiling, sensor, valve, pump, time, battery, link: section 6' },
} as const

const STATES = {
  latched: {
    on: {
      SELF_TEST: { target: 'testing', description: 'every channel below 15 mmHg' },
      ARM: { target: 'armed', description: 'tested, no standing fault, below 15 mmHg for 3 s' },
    },
  },
  testing: { on: { TEST_ENDED: { target: 'latched', description: 'within 3 s, passed or failed' } } },
  armed: { on: { TARGET: { target: 'active', description: 'a lease stands, below 15 mmHg' } } },
  active: {
    tags: 'energised',
    on: {
      VENT: { target: 'venting', description: 'valves open' },
      SILENCE: { target: 'latched', description: 'no lease for T_SILENCE (1.0 to 1.5 s)' },
    },
  },
  venting: {
    on: { VENTED: { target: 'armed', description: 'every channel below 15 mmHg; over 10 s is fault VALVE' } },
  },
} as const

/** The unit's modes, as a machine to be drawn and followed. The firmware moves by it and by nothing else. */
export const unitMachine = setup({
  types: { events: {} as { readonly type: ModeEvent }, tags: {} as 'energised' },
}).createMachine({ id: 'unit', initial: 'latched', on: LETS_GO, states: STATES })

type On = Partial<Record<ModeEvent, { readonly target: string }>>

/** The mode that an event leads to, or undefined where it moves nothing. */
export function modeAfter(mode: Mode, event: ModeEvent): Mode | undefined {
  const { target } = (STATES[mode].on as On)[event] ?? (LETS_GO as On)[event] ?? {}
  return target?.replace('.', '') as Mode | undefined
}
