import { sessionMachine } from '../../machines/session.ts'
import { sessionSetup } from '../../machines/sessionSetup.ts'
import type { Machine } from '../../src/review/explore/session/situation.ts'

type Config = Record<string, unknown>

/** The session machine with one place of its text changed. `path` leads to the state. */
function changed(path: string, change: (state: Config) => Config): Machine {
  const rebuilt = (config: Config, [name, ...rest]: readonly string[]): Config => {
    if (name === undefined) return change(config)
    const states = config.states as Record<string, Config>
    return { ...config, states: { ...states, [name]: rebuilt(states[name]!, rest) } }
  }
  const config = rebuilt(sessionMachine.config as Config, path.split('.'))
  return sessionSetup.createMachine(config as Parameters<typeof sessionSetup.createMachine>[0]) as unknown as Machine
}

const on = (change: Config) => (state: Config) => ({ ...state, on: { ...(state.on as Config), ...change } })
const PRESSING = 'flow.running.cycles.warmUp.pressing'
const yes = () => true
const no = () => false

/** For each invariant a machine that breaks it, as a slip could. */
export const MUTANTS: Readonly<Record<string, Machine>> = {
  'I-1': changed('flow.releasing', state => ({
    ...state,
    entry: [...(state.entry as unknown[]), { type: 'command', params: { do: 'arm' } }],
  })),
  'I-2': changed(PRESSING, on({ RELEASE: {} })),
  'I-3': sessionMachine.provide({ guards: { gateIsOpen: yes, firstPressIsRefused: no, nextPressIsRefused: no } }),
  'I-4': sessionMachine.provide({ guards: { planFits: yes } }),
  'I-5': sessionMachine.provide({ delays: { holdTime: 60_000 }, guards: { reportIsAlarming: no } }),
  'I-6': sessionMachine.provide({ guards: { reportShowsVented: yes, lineStandsFull: no } }),
  'I-7': changed('flow.releasing', on({ START: '#session.flow.running' })),
  'I-9': changed('flow.running.cycles.warmUp.depressurizing', state => ({ ...state, entry: ['endPress', 'mark'] })),
  'I-10': changed('flow', on({ LINK_LOST: {} })),
  'I-10, the end of a session': sessionMachine.provide({ guards: { reportShowsReleased: yes } }),
  'I-11': sessionMachine.provide({ guards: { lineIsVented: yes } }),
  'I-13': sessionMachine.provide({ guards: { reportIsAlarming: no } }),
  'I-14': changed(PRESSING, state => ({ ...state, entry: [...(state.entry as unknown[])].reverse() })),
  'I-17': changed(PRESSING, on({ PRESENT: { target: '#session.flow.running.cycles.warmUp.pressing', reenter: true } })),
}
