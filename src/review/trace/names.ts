import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { KIND_OF_RULE } from '../../../machines/cause.ts'
import { CHECKLIST_ITEMS } from '../../../machines/checklist.ts'
import { LIMITS } from '../../../machines/limits.ts'
import { AFTER } from '../../../machines/past.ts'
import { FAULTS } from '../../../protocol/faults.ts'
import { TIMING } from '../../../protocol/wire.ts'
import { QUESTIONS } from '../../screening/questions/index.ts'
import { RULES } from '../../screening/rules/index.ts'
import { reviewed } from '../machines.ts'
import type { Kind, Name } from './model.ts'

/** What the shipped code has, by kind. Nothing here is typed twice: machines and modules are asked, and texts searched. */
export interface Names {
  has(name: Name): boolean
  /** Names of the kinds of which each has to be a control of something. */
  readonly owing: readonly Name[]
}

const OWING = ['guard', 'rule', 'fault', 'screen', 'item', 'after'] as const satisfies readonly Kind[]

/** Every TypeScript file below a folder of the package, as a path from its root. */
export const sourcesIn = (root: string, folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(folder, name))
    .sort()

/** @throws Error when the package has no sources with it */
export async function namesIn(root: string): Promise<Names> {
  const plain = new Set<string>([...idsIn(root), ...unitFunctions(root)])
  const kinds = await byKind()
  const has = (name: Name): boolean => {
    const [kind, ...rest] = name.split(' ') as [Kind, ...string[]]
    if (rest.length === 0) return plain.has(name) || name.startsWith('I-')
    return kind === 'code' ? isExported(root, rest) : kinds[kind]?.has(rest.join(' ')) === true
  }
  const kinded = OWING.flatMap(kind => [...kinds[kind]].map(name => `${kind} ${name}` as const))
  return { has, owing: [...([...plain].sort() as Name[]), ...kinded] }
}

async function byKind(): Promise<Record<Exclude<Kind, 'code'>, ReadonlySet<string>>> {
  const charts = (await reviewed()).map(one => one.chart)
  const edges = charts.flatMap(chart => chart.edges)
  const states = charts.flatMap(chart => chart.states)
  const actions = [...edges.flatMap(edge => edge.actions), ...states.flatMap(state => state.entry)]
  return {
    state: new Set(states.map(state => state.name)),
    event: new Set(charts.flatMap(chart => chart.events)),
    guard: new Set(edges.flatMap(edge => (edge.guard === undefined ? [] : [bare(edge.guard)]))),
    action: new Set(actions.map(bare)),
    rule: new Set(Object.keys(KIND_OF_RULE)),
    fault: new Set(Object.keys(FAULTS)),
    timing: new Set(Object.keys(TIMING)),
    screen: new Set(RULES.map(rule => rule.id)),
    asks: new Set(QUESTIONS.map(question => question.id)),
    item: new Set(CHECKLIST_ITEMS),
    after: new Set(Object.keys(AFTER)),
  }
}

/** A guard or an action without what it is given. */
export const bare = (name: string): string => name.split('(')[0]!

/** Limits, reasons of the gate and alarms of the machines: those that are data, and those in their texts. */
function idsIn(root: string): readonly string[] {
  const texts = sourcesIn(root, 'machines').map(path => readFileSync(join(root, path), 'utf8'))
  const found = texts.flatMap(text => text.match(/'(?:LIM|GATE|ALARM)-[A-Z]+(?:-[A-Z]+)*'/g) ?? [])
  return [...Object.values(LIMITS).map(({ id }) => id), ...found.map(id => id.slice(1, -1))]
}

/** The safety functions that PROTOCOL.md asks of every unit. */
function unitFunctions(root: string): readonly string[] {
  const text = readFileSync(join(root, 'protocol/PROTOCOL.md'), 'utf8')
  return [...text.matchAll(/^\| (FW-\d+) /gm)].map(([, id]) => id!)
}

function isExported(root: string, [path, name]: readonly string[]): boolean {
  try {
    const text = readFileSync(join(root, path!), 'utf8')
    return (
      name === undefined || new RegExp(`^export (?:async )?(?:const|function\\*?|class) ${name}\\b`, 'm').test(text)
    )
  } catch {
    return false
  }
}
