import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../src/packageRoot.ts'

const ROOT = packageRoot()
type Room = 'protocol' | 'machines' | 'sim' | 'src'

interface Import {
  readonly file: string
  /** A package, `node:…`, or a path from the root. */
  readonly what: string
  /** Loaded when it is asked for, and not before. */
  readonly later: boolean
  readonly typeOnly: boolean
}

const PATTERN = /^\s*(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|import\(\s*'([^']+)'/gm

/** What a text imports, whatever way it is written. */
function importsIn(text: string): { spec: string; later: boolean; typeOnly: boolean }[] {
  return [...text.matchAll(PATTERN)].map(([, type, from, bare, later]) => ({
    spec: from ?? bare ?? later!,
    later: later !== undefined,
    typeOnly: type !== undefined,
  }))
}

function importsOf(room: Room): Import[] {
  const files = readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith('.ts'),
  )
  return files.flatMap(name => {
    const file = join(room, name)
    return importsIn(readFileSync(join(ROOT, file), 'utf8')).map(({ spec, later, typeOnly }) => ({
      file,
      what: spec.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), spec)) : spec,
      later,
      typeOnly,
    }))
  })
}

const isIn = (what: string, ...rooms: readonly string[]): boolean => rooms.some(room => what.startsWith(`${room}/`))
const wrong = (room: Room, allowed: (one: Import) => boolean): string[] =>
  importsOf(room)
    .filter(one => !allowed(one))
    .map(({ file, what }) => `${file} imports ${what}`)

describe('REQ-ROOMS: who may know whom', () => {
  test('the reading of imports sees every way of writing one', () => {
    const text = [
      "import { a } from './a.ts'",
      "import type { b } from '../b.ts'",
      "import {\n  c,\n  d,\n} from 'c'",
      "export { e } from './e.ts'",
      "export * from './f.ts'",
      "import 'g'",
      "const h = await import('node:h')",
    ].join('\n')
    const specs = ['./a.ts', '../b.ts', 'c', './e.ts', './f.ts', 'g', 'node:h']
    expect(importsIn(text).map(one => one.spec)).toEqual(specs)
    expect(importsIn(text).filter(one => one.later)).toHaveLength(1)
    expect(importsIn(text).filter(one => one.typeOnly)).toHaveLength(1)
    for (const room of ['protocol', 'machines', 'sim', 'src'] as const)
      expect(importsOf(room).length).toBeGreaterThan(5)
  })

  test('protocol/ imports itself only', () => {
    expect(wrong('protocol', ({ what }) => isIn(what, 'protocol'))).toEqual([])
  })

  test('machines/ imports itself, protocol/ and xstate', () => {
    expect(wrong('machines', ({ what }) => isIn(what, 'machines', 'protocol') || what === 'xstate')).toEqual([])
  })

  test('sim/ knows protocol/ and nothing else of ours; only its fronts touch the system, and xstate describes its modes', () => {
    const modes = ({ file, what }: Import) => file === 'sim/firmware/modes.ts' && what === 'xstate'
    const allowed = (one: Import) => isIn(one.what, 'sim', 'protocol') || isIn(one.file, 'sim/fronts') || modes(one)
    expect(wrong('sim', allowed)).toEqual([])
    expect(wrong('sim', ({ what }) => !isIn(what, 'src', 'machines', 'test'))).toEqual([])
  })

  test('src/ loads sim/ for the sim command, to draw its modes, and to close the loop for a reviewer, when it is asked for', () => {
    const who = ['src/cli/sim.ts', 'src/review/machines.ts']
    // What runs machine and unit together is loaded by the live page, and by nothing that runs a session.
    const live = (path: string) => isIn(path, 'src/review/live', 'src/review/page')
    expect(
      wrong('src', ({ file, what, later, typeOnly }) => {
        if (isIn(what, 'test')) return false
        if (isIn(what, 'sim')) return live(file) || (who.includes(file) && (later || typeOnly))
        return !live(what) || live(file) || (isIn(file, 'src/review') && (later || typeOnly))
      }),
    ).toEqual([])
  })

  test("the guard's process has no library but the serial binding, and nothing of the controller", () => {
    const seen = new Set<string>()
    const all = importsOf('src').concat(importsOf('machines'), importsOf('protocol'))
    const follow = (file: string): string[] => {
      if (seen.has(file)) return []
      seen.add(file)
      const direct = all.filter(one => one.file === file && !one.typeOnly).map(one => one.what)
      return direct.flatMap(what => (isIn(what, 'src', 'machines', 'protocol') ? follow(what) : [what]))
    }
    const libraries = new Set(follow('src/guard/main.ts').filter(what => !what.startsWith('node:')))
    expect(libraries).toEqual(new Set(['@serialport/bindings-cpp']))
    const controller = /^src\/(?!guard\/)(.*\/|controller|session|runner|prepare)/
    expect([...seen].filter(file => controller.test(file))).toEqual([])
    expect(seen.size).toBeGreaterThan(8)
  })

  test('a process of ours listens to SIGUSR1, which would open a debugger, before it loads anything else', () => {
    for (const file of ['src/cli/main.ts', 'src/guard/main.ts'])
      expect(importsOf('src').filter(one => one.file === file && !one.later)).toMatchObject([
        { what: 'src/noDebugger.ts' },
      ])
    expect(importsOf('src').filter(one => one.file === 'src/noDebugger.ts')).toMatchObject([{ what: 'node:inspector' }])
  })

  test('pure rooms have no clock, no timer and no dice', () => {
    const bad =
      /\b(Date\.now|new Date|performance\.|setTimeout|setInterval|setImmediate|Math\.random|process\.|console\.)/
    const files = (['protocol', 'machines', 'sim'] as const).flatMap(room =>
      readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map(name => join(room, name)),
    )
    const pure = files.filter(name => name.endsWith('.ts') && !isIn(name, 'sim/fronts'))
    expect(pure.length).toBeGreaterThan(40)
    const rules = readdirSync(join(ROOT, 'src/screening'), { recursive: true, encoding: 'utf8' })
    pure.push(
      ...rules.filter(name => name.endsWith('.ts') && name !== 'ask.ts').map(name => join('src/screening', name)),
    )
    const live = readdirSync(join(ROOT, 'src/review/live'), { recursive: true, encoding: 'utf8' })
    expect(live.length).toBeGreaterThan(0)
    pure.push(...live.map(name => join('src/review/live', name)))
    expect(pure.filter(name => bad.test(readFileSync(join(ROOT, name), 'utf8')))).toEqual([])
  })

  test('only the runner steps a machine, and nothing makes an actor of one', () => {
    const users = importsOf('src')
      .filter(one => one.what === 'xstate')
      .map(one => one.file)
    expect(users).toContain('src/runner.ts')
    for (const file of users) {
      const text = readFileSync(join(ROOT, file), 'utf8')
      expect(text).not.toMatch(/createActor|interpret\(/)
      if (file !== 'src/runner.ts') expect(text).not.toMatch(/\btransition\(/)
    }
  })
})
