import type { ReadStream } from 'node:tty'
import { symptomIn } from '../../machines/symptoms.ts'

/** What an arrow or a function key sends, whole: it begins with Esc too, and means nothing here. */
const SEQUENCE = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|O[ -~])/g

/** What was typed, without such keys. */
export const plainKeys = (text: string): string => text.replace(SEQUENCE, '')

/**
 * The key in a piece of input that releases, wherever it stands in it: Space, Ctrl-C, Esc, and the letter of a symptom.
 * An Esc that is no part of a whole sequence is an Esc: in doubt, release.
 */
export function releaseKey(text: string): string | undefined {
  const keys = plainKeys(text)
  if (keys.includes(' ')) return 'key Space'
  if (keys.includes('\u0003')) return 'key Ctrl-C'
  return keys.includes('\u001b') ? 'key Esc' : symptomIn(keys)
}

/**
 * Reads the operator's keys in the process that owns the port, so that a key releases whatever the controller does.
 * Every other key goes to the controller, and a symptom's letter too. A terminal that goes away releases as well.
 */
export function watchKeys(terminal: ReadStream, on: { release(why: string): void; key(key: string): void }): void {
  terminal.setRawMode(true)
  terminal.setEncoding('utf8')
  terminal.on('data', (text: string) => {
    const releases = releaseKey(text)
    if (releases) on.release(releases)
    const rest = plainKeys(text).replace(/[ \u0003\u001b]/g, '')
    if (rest !== '') on.key(rest.slice(0, 16))
  })
  terminal.on('end', () => on.release('the terminal went away'))
  terminal.on('error', () => on.release('the terminal went away'))
}
