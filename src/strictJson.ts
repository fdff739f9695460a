/** A JSON text that we do not read, and which of the three rules it breaks. */
export class StrictJsonError extends Error {
  readonly kind: 'syntax' | 'depth' | 'duplicate'
  constructor(kind: StrictJsonError['kind'], what: string) {
    super(what)
    this.name = 'StrictJsonError'
    this.kind = kind
  }
}

/**
 * JSON.parse without its two courtesies: of two equal keys it takes the last, so that two readers may see two files in
 * one; and it nests without end. `__proto__` is refused as a key, since libraries disagree about it.
 * @throws StrictJsonError
 */
export function parseStrictJson(text: string, maxDepth = 8): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new StrictJsonError('syntax', 'it is not JSON')
  }
  scan(text, maxDepth)
  return value
}

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gu

/** Walks the tokens of a text that is known to be JSON. The stack holds the keys of each open object, null for a list. */
function scan(text: string, maxDepth: number): void {
  const stack: (Set<string> | null)[] = []
  let before = ''
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') {
      stack.push(token === '{' ? new Set() : null)
      if (stack.length > maxDepth) throw new StrictJsonError('depth', `it nests deeper than ${maxDepth}`)
    } else if (token === '}' || token === ']') stack.pop()
    else if (token[0] === '"' && before !== ':') noteKey(stack.at(-1), token)
    before = token
  }
}

/** In an object, a string that does not follow a colon is a key. Decoded first: "\u0061" is "a". */
function noteKey(keys: Set<string> | null | undefined, token: string): void {
  if (!keys) return
  const key: string = JSON.parse(token)
  if (key === '__proto__') throw new StrictJsonError('syntax', 'it has a key "__proto__"')
  if (keys.has(key)) throw new StrictJsonError('duplicate', `it has the key ${token} twice`)
  keys.add(key)
}
