/** The fault word, written from PROTOCOL.md section 6. */
export const FAULT = {
  RELEASED: 1 << 0,
  LEASE: 1 << 1,
  BOOT: 1 << 2,
  CEILING: 1 << 3,
  TIME: 1 << 4,
  SENSOR: 1 << 5,
  ZERO: 1 << 6,
  WATCHDOG: 1 << 7,
  BATTERY: 1 << 8,
  VALVE: 1 << 9,
  LEAK: 1 << 10,
  PUMP: 1 << 11,
  OVERSHOOT: 1 << 12,
  LINK: 1 << 13,
  BUTTON: 1 << 14,
} as const

export type FaultName = keyof typeof FAULT

export const CLEARED_BY_ARM = FAULT.RELEASED | FAULT.LEASE | FAULT.BOOT | FAULT.LINK | FAULT.BUTTON
export const CLEARED_BY_TEST =
  FAULT.CEILING | FAULT.SENSOR | FAULT.ZERO | FAULT.WATCHDOG | FAULT.LEAK | FAULT.PUMP | FAULT.OVERSHOOT
/** The buzzer sounds for every fault but these. */
export const QUIET = FAULT.BOOT | FAULT.RELEASED

/** The names in a fault word. */
export const faultNames = (word: number): string[] =>
  Object.entries(FAULT)
    .filter(([, bit]) => word & bit)
    .map(([name]) => name)
