/** Exit statuses of the program, as printed by `cuffpilot --help`. */
export const EXIT = {
  completed: 0,
  usage: 2,
  refused: 3,
  unit: 4,
  released: 5,
  faulted: 6,
  internal: 70,
} as const
export type Exit = (typeof EXIT)[keyof typeof EXIT]

/**
 * The one error that people see: what happened, a code to search for, what to do now, and the exit status.
 * Printed as a single line: `CP-GATE-EXPIRED: the verdict expired at … Have the person screened again.`
 */
export class CuffError extends Error {
  readonly code: string
  readonly action: string
  readonly exit: Exit
  constructor(code: string, what: string, action: string, exit: Exit, cause?: unknown) {
    super(what, cause === undefined ? undefined : { cause })
    this.name = 'CuffError'
    this.code = code
    this.action = action
    this.exit = exit
  }
  /** One line, safe for a terminal. */
  line(): string {
    return `${this.code}: ${printable(this.message)} ${printable(this.action)}`.trim()
  }
}

/** Text from a unit, a file or a person, made safe for a terminal or a log: everything but printable characters is escaped. */
export function printable(text: string, most = 2000): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text
  return cut.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu, c => {
    return `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
