import type { ReadStream } from 'node:tty'

/**
 * The key in a piece of input that releases: Space and Ctrl-C wherever they stand, Esc where nothing else follows it.
 * An arrow or a function key begins with Esc too, and is none.
 */
export function releaseKey(text: string): string | undefined {
  if (text.includes(' ')) return 'Space'
  if (text.includes('\u0003')) return 'Ctrl-C'
  return text.endsWith('\u001b') ? 'Esc' : undefined
}

/**
 * Reads the operator's keys in the process that owns the port, so that a key releases whatever the controller does.
 * Every other key goes to the controller. A terminal that goes away releases as well.
 */
export function watchKeys(terminal: ReadStream, on: { release(why: string): void; key(key: string): void }): void {
  terminal.setRawMode(true)
  terminal.setEncoding('utf8')
  terminal.on('data', (text: string) => {
    const releases = releaseKey(text)
    if (releases) on.release(`key ${releases}`)
    else on.key(text.slice(0, 16))
  })
  terminal.on('end', () => on.release('the terminal went away'))
  terminal.on('error', () => on.release('the terminal went away'))
}
