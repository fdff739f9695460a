import type { AnyStateMachine, AnyStateNode } from 'xstate'
import { TIME_LIMITS } from '../../machines/timeLimits.ts'

/** A state as it is drawn. */
export interface ChartState {
  readonly id: string
  readonly name: string
  readonly kind: 'atomic' | 'compound' | 'parallel'
  /** Pressure may be on: it, or a state that it is in, is tagged so. */
  readonly energised: boolean
  /** The session is over there, or the state itself has no way on. */
  readonly ended: boolean
  readonly entry: readonly string[]
  readonly children: readonly ChartState[]
  /** Where a compound state begins. */
  readonly initial: string | undefined
}

/** One way on from a state: an event, a time limit, or at once. */
export interface ChartEdge {
  readonly from: string
  /** Undefined: the state stays, and only the actions are done. */
  readonly to: string | undefined
  /** The event by name; a time limit in words, with its ids; 'at once'. */
  readonly on: string
  readonly kind: 'event' | 'after' | 'always'
  readonly limits: readonly string[]
  readonly guard: string | undefined
  readonly actions: readonly string[]
  /** What its author says of it. */
  readonly note: string | undefined
}

/** A machine as it is drawn: taken from the machine object itself, in the order in which it was written. */
export interface Chart {
  readonly id: string
  readonly root: ChartState
  /** Every state, outermost first. */
  readonly states: readonly ChartState[]
  readonly edges: readonly ChartEdge[]
  /** Events that the machine names anywhere, in the order in which they come. */
  readonly events: readonly string[]
}

export function chartOf(machine: AnyStateMachine): Chart {
  const root = stateOf(machine.root, false)
  const edges = edgesOf(machine.root, machine.implementations.delays as Delays)
  const events = [...new Set(edges.filter(edge => edge.kind === 'event').map(edge => edge.on))]
  return { id: machine.id, root, states: withChildren(root), edges, events }
}

const withChildren = (state: ChartState): ChartState[] => [state, ...state.children.flatMap(withChildren)]

function stateOf(node: AnyStateNode, within: boolean): ChartState {
  const energised = within || node.tags.includes('energised')
  return {
    id: node.id,
    name: node.key,
    kind: node.type === 'parallel' || node.type === 'compound' ? node.type : 'atomic',
    energised,
    ended: node.tags.includes('ended'),
    entry: node.entry.map(named).filter(name => name !== undefined),
    children: Object.values(node.states).map(child => stateOf(child, energised)),
    initial: node.type === 'compound' ? node.initial.target[0]!.id : undefined,
  }
}

type Delays = Readonly<Record<string, unknown>>
type Way = AnyStateNode['always'] extends (infer T)[] | undefined ? T : never

function edgesOf(node: AnyStateNode, delays: Delays): ChartEdge[] {
  const after = new Map(node.after.map(one => [one.eventType, String(one.delay)]))
  const always = (node.always ?? []).map(way => edge(node, way, { kind: 'always', on: 'at once', limits: [] }))
  const others = [...node.transitions].flatMap(([event, ways]) =>
    ways.map(way => edge(node, way, onOf(event, after.get(event), delays))),
  )
  return [...always, ...others, ...Object.values(node.states).flatMap(child => edgesOf(child, delays))]
}

type On = Pick<ChartEdge, 'on' | 'kind' | 'limits'>

function onOf(event: string, delay: string | undefined, delays: Delays): On {
  if (delay === undefined) return { on: event, kind: 'event', limits: [] }
  const { words, ids } = TIME_LIMITS[delay] ?? { ids: [] }
  const length = words ?? seconds(delays[delay])
  return { on: `after ${length}`, kind: 'after', limits: ids }
}

/** @throws TypeError for a time limit that has neither words nor a length */
function seconds(delay: unknown): string {
  if (typeof delay !== 'number') throw new TypeError('a time limit whose length depends on the session has no words')
  return `${delay / 1000} s`
}

const edge = (node: AnyStateNode, way: Way, on: On): ChartEdge => ({
  from: node.id,
  to: way.target?.[0]?.id,
  ...on,
  guard: named(way.guard),
  actions: way.actions.map(named).filter(name => name !== undefined),
  note: way.description,
})

/** A guard or an action by its name, with what it is given where that is plain. Those of the library have none. */
function named(one: unknown): string | undefined {
  if (typeof one === 'string') return one
  if (typeof one !== 'object' || one === null) return undefined
  const { type, params } = one as { type: string; params?: unknown }
  // What is worked out from the session has the name of the function that does it.
  if (typeof params === 'function' && params.name !== 'params') return `${type}(${params.name})`
  if (typeof params !== 'object' || params === null) return type
  const words = Object.values(params).map(String).join(': ')
  return `${type}(${words})`
}
