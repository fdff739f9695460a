import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestId } from './model.ts'

/** A title in a test file that carries an id: of one test, or of a group of them. */
export interface Title {
  readonly file: string
  readonly title: string
  readonly ids: readonly TestId[]
}

/** Every test file, with its text. */
export const testFiles = (root: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.test.ts'))
      .map(name => join('test', name))
      .sort()
      .map(file => [file, readFileSync(join(root, file), 'utf8')]),
  )

/** `test('…'`, `describe.each(…)('…'`, and so on: the text with its quote. */
const TITLE = /(?:\b(?:describe|test|it)|\))\(\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|`((?:\\.|[^`\\])*)`)/g
const ID = /\b(?:REQ-[A-Z]+(?:-[A-Z]+)*|I-\d+|F\d\d|FW-\d+)\b/g
const RANGE = /\b(I-|F|FW-)(\d+) to (?:I-|F|FW-)(\d+)\b/g

/** The titles of a test file that carry ids. `F59 to F64` are six. */
export function titlesIn(file: string, text: string): readonly Title[] {
  const titles = [...text.matchAll(TITLE)].map(([, ...quoted]) => unescaped(quoted.find(one => one !== undefined)!))
  return titles.map(title => ({ file, title, ids: idsIn(title) })).filter(({ ids }) => ids.length > 0)
}

/** Every id that stands in a title. */
export function idsIn(title: string): readonly TestId[] {
  const ranges = [...title.matchAll(RANGE)].flatMap(([, kind, from, to]) => {
    const width = from!.length
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => `${kind}${pad(Number(from) + i, width)}`)
  })
  return [...new Set([...(title.match(ID) ?? []), ...ranges])] as TestId[]
}

const pad = (n: number, width: number): string => `${n}`.padStart(width, '0')
const unescaped = (text: string): string => text.replaceAll(/\\(.)/g, '$1')
