import markdownIt from 'markdown-it'

/** Where a document stands in the dossier. */
export interface Place {
  /** Begins the ids of its headings. */
  readonly id: string
  /** By how much its headings are deeper than they were. */
  readonly deeper: number
  /** Sections of the dossier by the file that each one shows. */
  readonly sections: ReadonlyMap<string, string>
}

/** As on the pages where these documents are read otherwise. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')

/**
 * Markdown as HTML. Markup in it is text: nothing but what Markdown itself makes comes out. Links lead to places in the
 * dossier; one that leads elsewhere is text, for a file on its own has nothing else to lead to.
 */
export function htmlOf(text: string, { id, deeper, sections }: Place): string {
  const md = markdownIt({ html: false, linkify: false })
  const { rules } = md.renderer
  const depth = (tag: string): string => `h${Math.min(6, Number(tag.slice(1)) + deeper)}`
  rules.heading_open = (tokens, i) =>
    `<${depth(tokens[i]!.tag)} id="${md.utils.escapeHtml(`${id}-${slug(tokens[i + 1]!.content)}`)}">`
  rules.heading_close = (tokens, i) => `</${depth(tokens[i]!.tag)}>\n`
  rules.table_open = () => '<div class="wide"><table>\n'
  rules.table_close = () => '</table></div>\n'
  rules.image = (tokens, i) => md.utils.escapeHtml(tokens[i]!.content)
  const open: boolean[] = []
  rules.link_open = (tokens, i) => {
    const to = inside(String(tokens[i]!.attrGet('href') ?? ''), id, sections)
    open.push(to !== undefined)
    return to === undefined ? '' : `<a href="#${md.utils.escapeHtml(to)}">`
  }
  rules.link_close = () => (open.pop() ? '</a>' : '')
  return md.render(text)
}

function inside(href: string, id: string, sections: Place['sections']): string | undefined {
  const [file = '', anchor] = href.split('#')
  const section = file === '' ? id : sections.get(file)
  if (section === undefined) return undefined
  return anchor === undefined ? section : `${section}-${anchor}`
}

/** Text that comes from somewhere else, for a cell or a line of Markdown: shown as it is. */
export const plain = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>()#+.!|~&-]/g, sign => `\\${sign}`)
