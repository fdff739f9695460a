import { describe, expect, test } from 'vitest'
import type { AnyStateMachine, AnyStateNode } from 'xstate'
import { linkMachine } from '../../machines/link.ts'
import { longestHold, type Plan } from '../../machines/plan.ts'
import { sessionMachine } from '../../machines/session.ts'
import { compile } from '../../src/programs/compile.ts'
import { cuffsFor } from '../../src/programs/cuffs.ts'
import { loadProgram } from '../../src/programs/load.ts'
import { PRESETS } from '../../src/programs/presets.ts'
import { kindsOf } from '../../src/programs/table.ts'

const MACHINES: readonly [string, AnyStateMachine][] = [
  ['session', sessionMachine],
  ['link', linkMachine],
]

const nodesOf = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap(nodesOf)]
const transitionsOf = (node: AnyStateNode) => [...node.transitions.values()].flat().concat(node.always ?? [])

const plans = (): readonly Plan[] =>
  PRESETS.flatMap(name => {
    const program = loadProgram(name)
    return kindsOf(program).map(kind => compile(program, { cuffs: cuffsFor([`left-${kind}`, `right-${kind}`]) }))
  })

/** Every value that a named delay can take: fixed, or for each step of each program. */
function valuesOf(delay: unknown): number[] {
  if (typeof delay !== 'function') return [delay as number]
  return plans().flatMap(plan => plan.steps.map((_, step) => delay({ context: { plan, step } }) as number))
}

/** Names of guards or actions, with parameters or without. */
const namesOf = (all: readonly unknown[]): string[] =>
  all.flatMap(one => {
    const name = typeof one === 'string' ? one : (one as { type?: string } | undefined)?.type
    return name && !name.startsWith('xstate.') ? [name] : []
  })

describe.each(MACHINES)('REQ-MACHINE: the %s machine means what it says', (_, machine) => {
  const nodes = nodesOf(machine.root)

  test('F10: every time limit has a name, and every value of it is a whole number of ms from 1 to below 2^31', () => {
    const delays = nodes.flatMap(node => node.after.map(({ delay }) => delay))
    expect(delays.length).toBeGreaterThan(5)
    for (const delay of delays) {
      expect(delay).toBeTypeOf('string')
      const values = valuesOf(machine.implementations.delays[delay as string])
      expect(values.length).toBeGreaterThan(0)
      for (const value of values) expect(Number.isInteger(value) && value > 0 && value < 2 ** 31).toBe(true)
    }
    expect(new Set(delays)).toEqual(new Set(Object.keys(machine.implementations.delays)))
  })

  test('every transition leads to a state that exists, or to none', () => {
    const targets = nodes.flatMap(transitionsOf).flatMap(({ target }) => target ?? [])
    expect(targets.length).toBeGreaterThan(10)
    for (const target of targets) expect(nodes).toContain(target)
  })

  test('every guard and action that is named is there, and every one that is there is named', () => {
    const all = nodes.flatMap(transitionsOf)
    const guards = namesOf(all.map(({ guard }) => guard))
    const actions = namesOf(
      [
        ...all,
        ...nodes.map(({ entry }) => ({ actions: entry })),
        ...nodes.map(({ exit }) => ({ actions: exit })),
      ].flatMap(one => one.actions),
    )
    expect(new Set(guards)).toEqual(new Set(Object.keys(machine.implementations.guards)))
    expect(new Set(actions)).toEqual(new Set(Object.keys(machine.implementations.actions)))
  })

  test('it has no wildcard, no invoked actor and no final state, and ends a loop without events', () => {
    for (const node of nodes) {
      expect([...node.transitions.keys()]).not.toContain('*')
      expect(node.invoke).toEqual([])
      expect(node.type).not.toBe('final')
    }
    expect(machine.options?.maxIterations).toBeGreaterThan(0)
    expect(machine.options?.maxIterations).toBeLessThanOrEqual(100)
  })

  test('every state but the first can be reached by a transition or as the first of its parent', () => {
    const targets = new Set(nodes.flatMap(transitionsOf).flatMap(({ target }) => target ?? []))
    const reached = (node: AnyStateNode): boolean =>
      targets.has(node) ||
      node.parent?.type === 'parallel' ||
      node.parent?.initial?.target?.includes(node) === true ||
      Object.values(node.states).some(child => targets.has(child))
    expect(nodes.filter(node => node.parent && !reached(node)).map(node => node.id)).toEqual([])
  })
})

describe('REQ-TAGS: what a state means is on it', () => {
  const tagged = (tag: string) =>
    nodesOf(sessionMachine.root)
      .filter(node => node.tags.includes(tag))
      .map(({ key }) => key)

  test('only a press is energised, and it is never the end', () => {
    expect(new Set(tagged('energised'))).toEqual(new Set(['pressing']))
    expect(new Set(tagged('ended'))).toEqual(new Set(['stuck', 'finished', 'refused', 'stopped', 'faulted']))
  })

  test('no hold is longer than its session', () => {
    for (const plan of plans()) expect(longestHold(plan)).toBeLessThan(plan.cap_ms)
  })
})
