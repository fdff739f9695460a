/** What lets a fault go; in each case arming again is a command of its own. */
export type ClearedBy = 'arm' | 'self-test' | 'power-cycle' | 'itself'

export interface FaultInfo {
  readonly bit: number
  readonly text: string
  readonly clearedBy: ClearedBy
}

/** The fault word of telemetry. PROTOCOL.md has the same table. */
export const FAULTS = {
  RELEASED: { bit: 0, text: 'released by the release byte', clearedBy: 'arm' },
  LEASE: { bit: 1, text: 'the host fell silent', clearedBy: 'arm' },
  BOOT: { bit: 2, text: 'the unit has restarted', clearedBy: 'arm' },
  CEILING: { bit: 3, text: 'pressure above the ceiling', clearedBy: 'self-test' },
  TIME: { bit: 4, text: 'inflated for too long', clearedBy: 'itself' },
  SENSOR: { bit: 5, text: 'a pressure sensor is not believable', clearedBy: 'self-test' },
  ZERO: { bit: 6, text: 'a pressure sensor is off at zero', clearedBy: 'self-test' },
  WATCHDOG: { bit: 7, text: 'restarted by its watchdog', clearedBy: 'self-test' },
  BATTERY: { bit: 8, text: 'the battery is low', clearedBy: 'itself' },
  VALVE: { bit: 9, text: 'the line did not vent', clearedBy: 'power-cycle' },
  LEAK: { bit: 10, text: 'leak or burst', clearedBy: 'self-test' },
  PUMP: { bit: 11, text: 'the pump does not do what it is told', clearedBy: 'self-test' },
  OVERSHOOT: { bit: 12, text: 'pressure far above the target', clearedBy: 'self-test' },
  LINK: { bit: 13, text: 'too many damaged lines', clearedBy: 'arm' },
  BUTTON: { bit: 14, text: 'released at the unit', clearedBy: 'arm' },
} as const satisfies Record<string, FaultInfo>

export type Fault = keyof typeof FAULTS
const NAMES = Object.keys(FAULTS) as Fault[]
/** Bits that this version knows; any other in a frame makes the frame bad. */
export const FAULT_MASK = NAMES.reduce((mask, name) => mask | (1 << FAULTS[name].bit), 0)

/** The names of the faults in a fault word. */
export const faultsIn = (word: number): Fault[] => NAMES.filter(name => word & (1 << FAULTS[name].bit))
/** The fault word for these names. */
export const faultWord = (...names: Fault[]): number => names.reduce((word, name) => word | (1 << FAULTS[name].bit), 0)
