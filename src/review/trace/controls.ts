import type { ChartEdge } from '../chart.ts'
import { HAZARDS } from './hazards/index.ts'
import type { Hazard, Name } from './model.ts'
import { bare } from './names.ts'

/** Hazard sequences by the names of what stands against them, in the order of the hazards. */
const CONTROLLED = controlled(HAZARDS)

function controlled(hazards: readonly Hazard[]): ReadonlyMap<Name, readonly string[]> {
  const found = new Map<Name, string[]>()
  for (const { id, controls } of hazards.flatMap(one => one.sequences))
    for (const name of new Set(controls.flatMap(one => one.by))) found.set(name, [...(found.get(name) ?? []), id])
  return found
}

const ORDER = HAZARDS.flatMap(hazard => hazard.sequences.map(({ id }): string => id))

/** The sequences that any of these stands against. */
export const controlledBy = (names: readonly Name[]): readonly string[] => {
  const ids = new Set(names.flatMap(name => CONTROLLED.get(name) ?? []))
  return ORDER.filter(id => ids.has(id))
}

/** What a way from state to state stands against: by what it asks, by its time limit, and by its event. */
export const hazardsOf = ({ on, kind, guard, limits, actions }: ChartEdge): readonly string[] =>
  controlledBy([
    ...(kind === 'event' ? ([`event ${on}`] as const) : []),
    ...(guard === undefined ? [] : ([`guard ${bare(guard)}`] as const)),
    ...limits.map(timing),
    ...actions.map(name => `action ${bare(name)}` as const),
  ])

/** `T_STALE` of the diagrams is `stale` of the timing table. */
const timing = (id: string): Name => {
  const name = id.startsWith('T_') ? id.slice(2).toLowerCase() : undefined
  return name === undefined ? (id as Name) : `timing ${name === 'self_test' ? 'selfTest' : name}`
}
