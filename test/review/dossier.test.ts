import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { documentOf } from '../../src/review/dossier/document.ts'
import { dossier } from '../../src/review/dossier/dossier.ts'
import { faultResultsText, faultRowsFrom } from '../../src/review/dossier/faultResults.ts'
import { htmlOf, plain } from '../../src/review/dossier/markdown.ts'
import { exploration } from '../../src/review/explore/models.ts'
import { temporaryFolder } from '../support/processes.ts'

const PLACE = { id: 'here', deeper: 1, sections: new Map([['HAZARDS.md', 'hazards']]) }
const html = (text: string): string => htmlOf(text, PLACE)
const HOSTILE = '<img src=x onerror=alert(1)></script> & **"quoted"** | `x` [a](javascript:alert(1))'

function explored() {
  const search = exploration('session', 50)
  while (search.goOn(10));
  return new Map([['session', search.found] as const])
}
const findings = { explored: explored(), situations: 50, faults: undefined }

describe('REQ-DOSSIER: nothing that a document says becomes markup', () => {
  test('markup and scripts in Markdown are text; a link leads into the dossier or nowhere', () => {
    const made = html(
      `# A <b>title</b>\n\n${HOSTILE}\n\n[h](HAZARDS.md#h11) [own](#x) [out](https://example.org) ![i](y.png)`,
    )
    expect(made).not.toMatch(/<(b|img|script)\b|<\/script/)
    expect([...made.matchAll(/href="([^"]*)"/g)].map(match => match[1])).toEqual(['#hazards-h11', '#here-x'])
  })

  test('text from elsewhere is shown as it is, in one cell', () => {
    const made = html(`| a |\n| --- |\n| ${plain(HOSTILE)} |`)
    expect(made.match(/<td>/g)).toHaveLength(1)
    const shown = made.match(/<td>(.*)<\/td>/)![1]!
    const read = shown
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&')
    expect(read).toBe(HOSTILE)
  })

  test('a script and its data end where they should, whatever stands in them', () => {
    const made = documentOf({
      ...{ title: HOSTILE, about: '', sections: [], style: '', script: `'</script><!--'` },
      data: { plans: { text: '</script>' } },
    })
    expect(made.match(/<\/script/g)).toHaveLength(2)
    expect(made).not.toContain('<img')
  })
})

describe('REQ-DOSSIER: one file, the same to the byte, with all that there is', () => {
  test('nothing in it names anything to load, and twice the same', async () => {
    const made = await dossier(findings)
    expect(await dossier(findings)).toBe(made)
    const outside = made.replace(/<script>[\s\S]*<\/script>/, '')
    expect(outside).not.toMatch(/\b(src|srcset|action|poster|data)="/)
    expect([...outside.matchAll(/\bhref="([^#][^"]*)"/g)]).toEqual([])
    expect(outside).not.toMatch(/\sstyle="|\son[a-z]+="/)
    expect(made).toContain("default-src 'none'")
  })

  test('limits with their sources, hazards, counts and invariants; what was not given is said not to be', async () => {
    const made = await dossier(findings)
    for (const text of ['LIM-ARM-CUM', 'Point 7.11', 'project policy', 'Occlusion for too long', 'I-17', 'Not given.'])
      expect(made).toContain(text)
    expect(made).toContain('each machine up to 50 situations')
  })

  test('a document that is not there is said not to be there', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'HAZARDS.md'), '# Hazards\n\nHere they are.\n')
    const made = await dossier(findings, folder)
    expect(made).toContain('Here they are.')
    expect(made).toContain('<strong>Not there:</strong> FAULTS.md')
    expect(made).toContain('<strong>Not there:</strong> TRACE.md')
  })
})

describe('REQ-DOSSIER: results of the fault matrix are shown as they are', () => {
  const row = { id: 'F01', title: 'killed', result: 'pass', runs: 40, bound_ms: 100, worst_ms: 20.4, problems: [] }
  const bad = { ...row, id: 'F02', result: 'fail', problems: ['while holding: 200 ms'], missing: 'a <b>test</b>' }
  const lines = (...rows: object[]): string => rows.map(one => JSON.stringify(one)).join('\n')

  test('failing rows stand as failing, in front and in the table; margins are worked out', () => {
    const text = faultResultsText(faultRowsFrom(lines(row, bad)))
    expect(html(text)).toContain('<strong>FAIL</strong> F02: while holding: 200 ms')
    expect(html(text)).toContain('<strong>fail</strong>')
    expect(html(text)).toContain('<strong>Not built</strong> F02: a &lt;b&gt;test&lt;/b&gt;')
    expect(text).toContain('| 100 ms | 20 ms | 80 ms |')
    expect(text).toContain('2 rows: 1 pass, 1 fail')
  })

  test.each([
    ['', /no line/],
    ['{', /line 1/],
    [lines(row, { id: 'F03' }), /line 2/],
    [lines({ ...row, problems: 'x' }), /line 1/],
  ])('%j is refused', (text, why) => {
    expect(() => faultRowsFrom(text)).toThrow(why)
  })
})
