import { LIMITS, type Limit } from '../../../machines/limits.ts'
import { table } from '../markdown.ts'
import { type Name, type Requirement, standing, type TestId } from './model.ts'
import { type Chain, faultId, linksOf } from './orphans.ts'
import { cell, type Results, resultWords, runWords, sumWords } from './results.ts'
import { faultWords, namesWords, nameWords, testWords } from './words.ts'

/** TRACE.md: from hazard and requirement to limit, guard and state, to the tests and what last came of them. */
export function tracePage(chain: Chain, results: Results): string {
  const { hazards, requirements } = chain
  const of = (prefix: string) => requirements.filter(({ id }) => id.startsWith(prefix))
  const came = (tests: readonly TestId[]) =>
    sumWords(chain.titles.filter(({ ids }) => ids.some(id => tests.includes(id))).map(title => results.of(title)))
  return [
    '# Traceability',
    '',
    'From what can harm ([HAZARDS.md](HAZARDS.md)) and what is demanded, to what stands against it or meets it in the code, to the tests',
    'and what last came of them. Made by `cuffpilot trace`; a test compares it, and fails for anything that hangs in the air.',
    '"Met" says that something does it and a test shows it; it claims no conformity with anything.',
    '',
    runWords(results.commit),
    'A test that is new since is "not run"; `npm run trace` runs all of them and writes the results anew.',
    '',
    ...overview(chain),
    '',
    '## What is not met, or in part',
    '',
    ...shortfalls(requirements),
    '',
    '## Hazards',
    '',
    ...table(
      ['sequence', 'what', 'against it', 'tests', 'faults', 'last result'],
      hazards.flatMap(hazard =>
        hazard.sequences.map(({ id, what, controls, tests, faults }) => [
          `[${id}](HAZARDS.md#${id.toLowerCase().replace('.', '')})`,
          what,
          namesWords([...new Set(controls.flatMap(one => one.by))]),
          testWords(tests),
          faultWords(faults),
          came([...tests, ...faults.map(faultId)]),
        ]),
      ),
    ),
    '',
    '## What the paper asks',
    '',
    'Nakajima, Morita, Sato 2011, Int. J. KAATSU Training Res. 7: 1-6, in 52 requirements, in our own words. Places are by the paper’s own structure.',
    '',
    ...demands(of('SRC-'), came),
    '',
    '## What a unit does by itself',
    '',
    ...demands(of('FW-'), came),
    '',
    '## What must always hold',
    '',
    ...demands(of('I-'), came),
    '',
    '## Limits',
    '',
    ...limits(chain),
    '',
    '## Reasons, rules, faults and alarms',
    '',
    'Each refusal of the gate and of a plan, each reason of the guard, fault of the unit, alarm, item of the checklist and rule of the screening, and what it is for.',
    '',
    ...owned(chain, name => !Object.values(LIMITS).some(({ id }) => id === name) && !/^FW-/.test(name)),
    '',
    '## Tests',
    '',
    'Every title with an id: of one test, or of a group. `%s` and the like stand for what a test takes in.',
    '',
    ...tests(chain, results),
    '',
  ].join('\n')
}

/** Those with the same reason together. */
function shortfalls(requirements: readonly Requirement[]): string[] {
  const reasons = [...new Set(requirements.flatMap(({ unmet }) => (unmet === undefined ? [] : [unmet])))]
  return reasons.map(reason => {
    const own = requirements.filter(({ unmet }) => unmet === reason)
    return `- **${own.map(({ id }) => id).join(', ')}** ${standing(own[0]!)}. ${reason}`
  })
}

function overview({ hazards, requirements, titles }: Chain): string[] {
  const row = (what: string, ...ids: readonly string[]) => {
    const own = requirements.filter(({ id }) => ids.some(prefix => id.startsWith(prefix))).map(standing)
    const count = (of: string) => `${own.filter(one => one === of).length}`
    return [what, `${own.length}`, count('met'), count('in part'), count('not met')]
  }
  const sequences = hazards.flatMap(one => one.sequences)
  return [
    ...table(
      ['', 'in all', 'met', 'in part', 'not met'],
      [row('requirements of the paper', 'SRC-'), row('safety functions of a unit', 'FW-'), row('invariants', 'I-')],
    ),
    '',
    `${hazards.length} hazards in ${sequences.length} sequences, of which ${sequences.filter(one => one.left).length} say what is left; ${titles.length} titles of tests.`,
  ]
}

const demands = (all: readonly Requirement[], came: (tests: readonly TestId[]) => string): string[] =>
  table(
    ['id', 'what', 'place', 'kind', 'standing', 'by', 'tests', 'last result'],
    all.map(one => [
      one.id,
      one.text,
      one.place,
      one.kind,
      standing(one) === 'met' ? 'met' : `**${standing(one)}**`,
      namesWords(one.by),
      testWords(one.tests),
      one.tests.length > 0 ? came(one.tests) : '',
    ]),
  )

/** What a name stands against or meets. */
const servedBy = (chain: Chain, name: Name): string =>
  linksOf(chain)
    .filter(({ by }) => by.includes(name))
    .map(({ id }) => id)
    .join(', ')

const limits = (chain: Chain): string[] =>
  table(
    ['limit', 'value', 'why', 'source', 'for'],
    Object.values(LIMITS).map(({ id, value, unit, why, source }: Limit) => [
      id,
      `${value} ${unit}`,
      why,
      source,
      servedBy(chain, id as Name),
    ]),
  )

const owned = (chain: Chain, isShown: (name: Name) => boolean): string[] =>
  table(
    ['what', 'for'],
    chain.names.owing.filter(isShown).map(name => [nameWords(name), servedBy(chain, name)]),
  )

const tests = ({ titles }: Chain, results: Results): string[] =>
  table(
    ['title', 'file', 'ids', 'last result'],
    titles.map(title => [cell(title.title), title.file, testWords(title.ids), resultWords(results.of(title))]),
  )
