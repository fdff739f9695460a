import type { Hazard, Name, Requirement, TestId } from './model.ts'
import type { Names } from './names.ts'
import type { Title } from './titles.ts'

/** Everything that has to hang together. */
export interface Chain {
  readonly hazards: readonly Hazard[]
  readonly requirements: readonly Requirement[]
  /** Rows of the fault matrix, with the hazards that they name. */
  readonly faults: ReadonlyMap<TestId, readonly string[]>
  readonly names: Names
  readonly titles: readonly Title[]
  /** Test files with their texts. */
  readonly files: ReadonlyMap<string, string>
  /** How tests name a limit besides by its id: `LIMITS.band`. */
  readonly keys: ReadonlyMap<Name, readonly string[]>
}

/** One thing that hangs in the air, in a line for a person. */
export function orphansIn(chain: Chain): readonly string[] {
  return [
    ...withoutControl(chain),
    ...withoutTest(chain),
    ...unknownNames(chain),
    ...unknownTests(chain),
    ...faultsWithoutSequence(chain),
    ...withoutOwner(chain),
    ...unnamed(chain),
  ]
}

/** What is shown by tests, and by what names of the code it is done. */
export interface Link {
  readonly id: string
  readonly by: readonly Name[]
  readonly tests: readonly TestId[]
}

/** Hazard sequences and requirements alike. */
export const linksOf = ({ hazards, requirements }: Chain): readonly Link[] => [
  ...hazards.flatMap(hazard =>
    hazard.sequences.map(({ id, controls, tests }) => ({ id, tests, by: controls.flatMap(one => one.by) })),
  ),
  ...requirements,
]

const withoutControl = (chain: Chain): string[] => [
  ...linksOf(chain)
    .filter(one => one.by.length === 0 && !chain.requirements.some(({ id, unmet }) => id === one.id && unmet))
    .map(({ id }) => `${id} has no control`),
  ...chain.hazards.flatMap(({ sequences }) =>
    sequences.flatMap(({ id, controls }) =>
      controls.filter(one => one.by.length === 0).map(one => `${id}: "${one.does}" names nothing in the code`),
    ),
  ),
]

/** What is not met at all, and says so, needs no test. */
const withoutTest = (chain: Chain): string[] =>
  linksOf(chain)
    .filter(({ by, tests }) => by.length > 0 && tests.length === 0)
    .map(({ id }) => `${id} has no test`)

const unknownNames = (chain: Chain): string[] =>
  linksOf(chain).flatMap(({ id, by }) =>
    by.filter(name => !chain.names.has(name)).map(name => `${id}: the code has no ${name}`),
  )

const inTitles = ({ titles }: Chain): ReadonlySet<TestId> => new Set(titles.flatMap(title => title.ids))

/** Both ways: an id that no title has, and a title's id that nothing asks for. */
function unknownTests(chain: Chain): string[] {
  const told = inTitles(chain)
  const links = linksOf(chain)
  const asked = new Set<string>([
    ...links.flatMap(one => one.tests),
    ...chain.faults.keys(),
    ...chain.requirements.map(one => one.id),
  ])
  return [
    ...links.flatMap(({ id, tests }) => tests.filter(test => !told.has(test)).map(test => `${id}: no test is ${test}`)),
    ...[...told].filter(id => !asked.has(id)).map(id => `nothing asks for the test ${id}`),
  ]
}

/** Each row of the fault matrix is part of every hazard that it names there, or of one at least. */
const faultsWithoutSequence = ({ hazards, faults }: Chain): string[] =>
  [...faults].flatMap(([id, named]) => {
    const own = hazards.filter(({ sequences }) => sequences.some(one => one.faults.map(faultId).includes(id)))
    if (own.length === 0) return [`${id} is part of no hazard`]
    return named
      .filter(one => !own.some(hazard => hazard.id === one))
      .map(one => `${id} is part of no sequence of ${one}`)
  })

export const faultId = (n: number): TestId => `F${`${n}`.padStart(2, '0')}` as TestId

/** A limit, a reason of the gate, a rule of the guard, a fault of the unit … that controls nothing. */
function withoutOwner(chain: Chain): string[] {
  const owned = new Set<Name>(linksOf(chain).flatMap(one => one.by))
  const required = new Set<string>(chain.requirements.map(one => one.id))
  return chain.names.owing
    .filter(name => !owned.has(name) && !required.has(name))
    .map(name => `${name} controls nothing`)
}

/** The tests of what a limit, a reason or a rule controls have to name it, in their title or in their text. */
function unnamed(chain: Chain): string[] {
  const links = linksOf(chain)
  return chain.names.owing
    .filter(name => /^(LIM|GATE|ALARM|rule|fault) ?/.test(name))
    .filter(name => {
      const tests = links.filter(one => one.by.includes(name)).flatMap(one => one.tests)
      return tests.length > 0 && !filesOf(chain, tests).some(file => names(chain, file, name))
    })
    .map(name => `no test of what it controls names ${name}`)
}

/** Files with a title that carries one of these ids. */
export const filesOf = ({ titles }: Pick<Chain, 'titles'>, tests: readonly TestId[]): readonly string[] => [
  ...new Set(titles.filter(({ ids }) => ids.some(id => tests.includes(id))).map(({ file }) => file)),
]

function names({ files, keys }: Chain, file: string, name: Name): boolean {
  const text = files.get(file) ?? ''
  const [, plain] = name.split(' ')
  const ways = plain === undefined ? [name, ...(keys.get(name) ?? [])] : [plain]
  return ways.some(way => new RegExp(`(?<![A-Z])${way.replaceAll('.', '\\.')}(?![A-Z-])`).test(text))
}
