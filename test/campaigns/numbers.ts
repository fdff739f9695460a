import { parseArgs } from 'node:util'

/** Whole numbers from the command line, each with its default. Ends the program when one is none. */
export function numbers<Name extends string>(defaults: Readonly<Record<Name, number>>): Record<Name, number> {
  const names = Object.keys(defaults) as Name[]
  try {
    const options = Object.fromEntries(names.map(name => [name, { type: 'string' as const }]))
    const { values } = parseArgs({ options })
    return Object.fromEntries(names.map(name => [name, whole(name, values[name], defaults[name])])) as Record<
      Name,
      number
    >
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nOptions: ${names.map(name => `--${name} N`).join(' ')}\n`)
    process.exit(2)
  }
}

function whole(name: string, text: unknown, otherwise: number): number {
  if (text === undefined) return otherwise
  if (typeof text === 'string' && /^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`--${name} is a whole number.`)
}
