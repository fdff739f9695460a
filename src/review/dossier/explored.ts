import { exploration, type ModelName } from '../explore/models.ts'
import type { Found } from '../explore/search.ts'
import { table } from '../markdown.ts'
import { plain } from './markdown.ts'

const count = (n: number): string => n.toLocaleString('en')

/** What an exploration found, as Markdown. `bound`: no more situations of each were looked at. */
export const exploredText = (found: ReadonlyMap<ModelName, Found>, bound: number): string =>
  [
    `Explored while this file was made, breadth first, each machine up to ${count(bound)} situations: every event in every`,
    'situation, with everybody else free to say anything at any time. `cuffpilot explore --situations N` goes further.',
    ...[...found].flatMap(([name, one]) => [
      '',
      `### The ${name}`,
      '',
      ...countsOf(one),
      '',
      ...invariantsOf(name, one),
    ]),
  ].join('\n')

const countsOf = ({ situations, steps, depth, isAll, states }: Found): readonly string[] => [
  `${count(situations)} situations, ${count(steps)} steps, ${depth} moves deep; ${
    isAll ? 'all that can be reached.' : '**not all**: the bound was reached.'
  }`,
  '',
  ...table(
    ['state', 'situations'],
    [...states].map(([state, n]) => [`\`${state}\``, count(n)]),
  ),
]

function invariantsOf(name: ModelName, { broken }: Found): readonly string[] {
  return table(
    ['invariant', 'what must hold', 'in every step'],
    exploration(name, 1).invariants.map(({ id, text }) => {
      const one = broken.find(({ invariant }) => invariant.id === id)
      return [id, plain(text), one ? `**BROKEN**: ${plain(one.what)}; ${plain(one.way.join(' > '))}` : 'holds']
    }),
  )
}
