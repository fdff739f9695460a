const TOKEN =
  /\s*("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true|false|null|[{}[\],:])/y

/** As many parts of a path as a person reads. */
const PATH_MAX = 6

/** A list or an object that is open: the index or key that is being read. */
interface Open {
  readonly list: boolean
  at: number | string
}
/** What may come next. */
type Want = 'value' | 'key' | 'colon' | 'next'

/**
 * Where a text stops being JSON: the key path and the line, for people; JSON.parse tells a position at best.
 * An empty path means outside of any value.
 */
export function brokenAt(text: string): { readonly path: string; readonly line: number } {
  const stack: Open[] = []
  let want: Want | undefined = 'value'
  let end = 0
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(text); match && want; match = TOKEN.exec(text)) {
    want = take(match[1]!, want, stack)
    if (want) end = TOKEN.lastIndex
  }
  const start = end + /^\s*/.exec(text.slice(end))![0].length
  return {
    path: stack
      .slice(0, PATH_MAX)
      .map(open => String(open.at).slice(0, 40))
      .join('.'),
    line: text.slice(0, start).split('\n').length,
  }
}

/** Takes a token in, or gives undefined when it may not stand here. */
function take(token: string, want: Want, stack: Open[]): Want | undefined {
  const open = stack.at(-1)
  if (token === ':') return want === 'colon' ? 'value' : undefined
  if (token === ',') return want === 'next' && open ? after(open) : undefined
  if (token === '}' || token === ']') return closes(token, want, open) ? stack.pop() && 'next' : undefined
  if (want === 'key') return token.startsWith('"') && open ? named(open, token) : undefined
  if (want !== 'value') return undefined
  if (token !== '{' && token !== '[') return 'next'
  stack.push({ list: token === '[', at: token === '[' ? 0 : '' })
  return token === '[' ? 'value' : 'key'
}

/** After a value, or at once after the opening. */
const closes = (token: string, want: Want, open: Open | undefined): boolean =>
  open !== undefined && open.list === (token === ']') && (want === 'next' || open.at === (open.list ? 0 : ''))

function after(open: Open): Want {
  if (!open.list) return 'key'
  open.at = Number(open.at) + 1
  return 'value'
}

function named(open: Open, token: string): Want {
  open.at = JSON.parse(token) as string
  return 'colon'
}
