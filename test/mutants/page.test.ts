import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { filesOn, listedOn, survivorsIn } from './page.ts'

const page = readFileSync('MUTANTS.md', 'utf8')
const rooms = JSON.parse(readFileSync('test/mutants/rooms.json', 'utf8')) as Record<string, { mutate: string[] }>

describe('what survives of the mutants, and why', () => {
  test('a survivor is found on the page by the lines that it changes, wherever they stand', () => {
    const source = 'one\n  a < b\n  c(\n    d)\n'
    const at = (line: number, column: number, to: number, toColumn: number) => ({
      start: { line, column },
      end: { line: to, column: toColumn },
    })
    const report = {
      source,
      mutants: [
        { status: 'Survived', replacement: 'a <= b', location: at(2, 3, 2, 8) },
        { status: 'NoCoverage', replacement: '{\n}', location: at(3, 4, 4, 7) },
        { status: 'Killed', replacement: 'true', location: at(2, 3, 2, 8) },
      ],
    }
    const survivors = ['- a < b\n+ a <= b', '- c(\n- d)\n+ c{\n+ }']
    expect(survivorsIn(report)).toEqual(survivors)
    const blocks = survivors.map(diff => `A reason.\n\n\`\`\`diff\n${diff}\n\`\`\`\n`)
    const listed = `# Mutants\n\n### a.ts\n\n${blocks[0]}\n${blocks[1]}\n### b.ts\n\n${blocks[0]}`
    expect(filesOn(listed)).toEqual(['a.ts', 'b.ts'])
    expect(listedOn(listed, 'a.ts')).toEqual(survivors)
    expect(listedOn(listed, 'b.ts')).toEqual([survivors[0]])
    expect(listedOn(listed, 'c.ts')).toEqual([])
  })

  test('every survivor on the page is one of code that is still there', () => {
    const mutated = Object.values(rooms).flatMap(room => room.mutate)
    for (const file of filesOn(page)) {
      expect(mutated).toContain(file)
      const lines = readFileSync(file, 'utf8')
        .split('\n')
        .map(line => line.trim())
      const listed = listedOn(page, file)
      expect(listed.length, file).toBeGreaterThan(0)
      const were = listed.flatMap(diff => diff.split('\n').filter(line => line.startsWith('- ')))
      for (const line of were) expect(lines, file).toContain(line.slice(2))
    }
  })
})
