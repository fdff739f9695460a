import type { Name, Requirement, TestId } from '../model.ts'

/** A row of the paper. */
export const row = (
  number: number,
  text: string,
  place: string,
  kind: string,
  by: readonly Name[],
  tests: readonly TestId[],
  unmet?: string,
): Requirement => ({
  id: `SRC-${`${number}`.padStart(2, '0')}`,
  text,
  place,
  kind,
  by,
  tests,
  ...(unmet !== undefined && { unmet }),
})

/** Rules of the screening by their ids. */
export const screen = (...ids: readonly string[]): readonly Name[] => ids.map(id => `screen ${id}` as const)
