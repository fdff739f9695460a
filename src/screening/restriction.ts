import type { Restriction } from './rule.ts'

/** The tightest of several restrictions, each limit by itself. */
export function tightest(all: readonly Restriction[]): Restriction {
  const tight: Record<string, number | true> = {}
  for (const one of all)
    for (const [key, value] of Object.entries(one))
      tight[key] = value === true ? true : Math.min(value, Number(tight[key] ?? Number.POSITIVE_INFINITY))
  return tight
}
