import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseStrictJson, StrictJsonError } from '../src/strictJson.ts'

function kindOf(text: string): string {
  try {
    parseStrictJson(text)
  } catch (error) {
    if (error instanceof StrictJsonError) return error.kind
    throw error
  }
  return 'fine'
}

/** A string as JSON, with some of its characters escaped although they need not be. */
const spelling = (text: string) =>
  fc.array(fc.boolean(), { minLength: text.length, maxLength: text.length }).map(escaped => {
    const spelt = [...text.split('')].map((c, i) =>
      escaped[i] ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}` : JSON.stringify(c).slice(1, -1),
    )
    return `"${spelt.join('')}"`
  })

test('what is JSON without equal keys comes out as JSON.parse gives it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), value => {
      const text = JSON.stringify(value)
      fc.pre(!text.includes('__proto__'))
      expect(parseStrictJson(text)).toEqual(JSON.parse(text))
    }),
  )
})

test('two keys of an object are refused exactly when they are equal, however each is spelt', () => {
  const name = fc.oneof(fc.constantFrom('a', 'b', '"', '\\', '{', ':', '\\u0061', '\u2028', ''), fc.string())
  const key = name.filter(text => text !== '__proto__').chain(text => fc.tuple(fc.constant(text), spelling(text)))
  const value = fc.constantFrom('1', '"a"', '"\\":{"', '[]', '{"a":1}', '[{"a":"b"},"a"]')
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value), { maxLength: 4 }), entries => {
      const text = `{${entries.map(([[, spelt], content]) => `${spelt} :\n${content}`).join(',')}}`
      const names = entries.map(([[plain]]) => plain)
      expect(kindOf(text)).toBe(new Set(names).size === names.length ? 'fine' : 'duplicate')
    }),
    { numRuns: 1000 },
  )
})

test('nesting counts open lists and objects, not what stood before', () => {
  expect(kindOf(`[${Array(50).fill('[[[[[[[]]]]]]]').join(',')}]`)).toBe('fine')
  expect(kindOf('[[[[[[[{"a":1}]]]]]]]')).toBe('fine')
  expect(kindOf('[[[[[[[{"a":[]}]]]]]]]')).toBe('depth')
  expect(kindOf('["[[[[[[[[[[[["]')).toBe('fine')
  expect(kindOf('['.repeat(16_000) + ']'.repeat(16_000))).toBe('depth')
})
