interface Place {
  readonly line: number
  readonly column: number
}

/** What Stryker's report says of a file. Lines and columns count from 1. */
export interface FileReport {
  readonly source: string
  readonly mutants: readonly {
    readonly status: string
    readonly replacement: string
    readonly location: { readonly start: Place; readonly end: Place }
  }[]
}

const trimmed = (text: string): string[] => text.split('\n').map(line => line.trim())

/** The survivors of a file as MUTANTS.md has them: the lines that were, and what they became. */
export function survivorsIn({ source, mutants }: FileReport): string[] {
  const lines = source.split('\n')
  const survivors = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
  const diffs = survivors.map(({ replacement, location: { start, end } }) => {
    const was = lines.slice(start.line - 1, end.line).join('\n')
    const is =
      lines[start.line - 1]!.slice(0, start.column - 1) + replacement + lines[end.line - 1]!.slice(end.column - 1)
    return [...trimmed(was).map(line => `- ${line}`), ...trimmed(is).map(line => `+ ${line}`)].join('\n')
  })
  return [...new Set(diffs)]
}

/** The files that a page has survivors of. */
export const filesOn = (page: string): string[] => [...page.matchAll(/^### (.+)$/gm)].map(([, file]) => file!)

/** The survivors that a page has under the heading of a file. */
export function listedOn(page: string, file: string): string[] {
  const own = page.split(`\n### ${file}\n`)[1]?.split(/^#/m)[0] ?? ''
  return [...own.matchAll(/```diff\n(.*?)\n *```/gs)].map(([, diff]) => trimmed(diff!).join('\n'))
}
