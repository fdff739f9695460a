import { createHash } from 'node:crypto'

export interface Section {
  readonly id: string
  readonly title: string
  readonly html: string
}

export interface Parts {
  readonly title: string
  readonly about: string
  readonly sections: readonly Section[]
  readonly style: string
  readonly script: string
  /** What the script reads: by its id, as JSON. */
  readonly data: Readonly<Record<string, unknown>>
}

export const escaped = (text: string): string => text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** One file that needs nothing else: a browser is told to load nothing, and to run this script and no other. */
export function documentOf({ title, about, sections, style, script, data }: Parts): string {
  const code = inElement(script)
  const policy = [
    "default-src 'none'",
    `script-src ${hash(code)}`,
    `style-src ${hash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    `<header><h1>${escaped(title)}</h1>${about}</header>`,
    `<nav aria-label="Contents"><ol>${sections.map(entry).join('')}</ol></nav>`,
    '<main>',
    ...sections.map(section),
    '</main>',
    ...Object.entries(data).map(
      ([id, value]) => `<script type="application/json" id="${escaped(id)}">${json(value)}</script>`,
    ),
    `<script>${code}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

const entry = ({ id, title }: Section): string => `<li><a href="#${id}">${escaped(title)}</a></li>`

const section = ({ id, title, html }: Section): string =>
  `<section id="${id}" aria-labelledby="${id}-title">\n<h2 id="${id}-title">${escaped(title)}</h2>\n${html}\n</section>`

/** Nothing in a script or in data may end the element that it stands in. */
const inElement = (code: string): string => code.replace(/<(?=\/script|!--)/gi, '\\x3C')
const json = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c')
