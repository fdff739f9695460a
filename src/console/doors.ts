/** What a browser, or whoever pretends to be one, says of a request. */
export interface Knock {
  /** `read` gets a page or a file of it; `write` does something; `upgrade` opens the channel. */
  readonly kind: 'read' | 'write' | 'upgrade'
  readonly host: string | undefined
  readonly origin: string | undefined
  /** Sec-Fetch-Site. Browsers send it; other programs need not. */
  readonly site: string | undefined
}

export interface Refused {
  readonly status: 403 | 421
  readonly why: string
}

/** The one address of the console. No other name is taken, so that none can be bound to it. */
export const addressOf = (port: number): string => `127.0.0.1:${port}`

/**
 * Who may come in at all, before anything else is looked at; undefined for yes. A page of another site can make a browser
 * ask, and cannot make it say that the question is ours.
 */
export function refusedAtTheDoor({ kind, host, origin, site }: Knock, port: number): Refused | undefined {
  const ours = addressOf(port)
  if (host !== ours) return { status: 421, why: `this is ${ours}, and goes by no other name` }
  if (origin !== undefined && origin !== `http://${ours}`)
    return { status: 403, why: 'asked by a page of another site' }
  if (kind === 'read') return site === undefined || FOR_READING.has(site) ? undefined : FOREIGN
  if (origin === undefined) return { status: 403, why: 'it is not said which page asks' }
  return site === undefined || site === 'same-origin' ? undefined : FOREIGN
}

/** `none`: somebody typed the address. */
const FOR_READING: ReadonlySet<string> = new Set(['same-origin', 'none'])
const FOREIGN: Refused = { status: 403, why: 'asked by way of another site' }
