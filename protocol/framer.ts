import type { BadReason } from './text.ts'
import { RELEASE } from './wire.ts'

const LF = 0x0a

/** What a framer tells its owner. `line` is valid only during the call: the buffer is used again. */
export interface FramerEvents {
  line(line: Uint8Array, length: number): void
  bad(reason: BadReason): void
  /** The release byte was seen. Only a framer of bytes to the unit has this; elsewhere 0x18 is a bad byte. */
  release?(): void
}

/**
 * Cuts a stream of bytes into lines of at most `max` bytes (line feed included), whatever arrives and in whatever
 * pieces. It keeps one line's worth of memory, and a line that never ends costs no more than a look at each byte.
 * The release byte is seen before anything else, discards the line that it interrupts, and is reported at once.
 * An empty line is passed over.
 */
export class Framer {
  private readonly buffer: Uint8Array
  private readonly events: FramerEvents
  private length = 0
  private bad: BadReason | undefined

  constructor(max: number, events: FramerEvents) {
    this.buffer = new Uint8Array(max - 1)
    this.events = events
  }

  push(chunk: Uint8Array): void {
    for (let i = 0; i < chunk.length; i++) this.byte(chunk[i]!)
  }

  private byte(byte: number): void {
    if (byte === RELEASE && this.events.release) {
      this.begin()
      this.events.release()
    } else if (byte === LF) this.end()
    else if (byte < 0x20 || byte > 0x7e) this.bad ??= 'byte'
    else if (this.length === this.buffer.length) this.bad ??= 'too long'
    else this.buffer[this.length++] = byte
  }

  private end(): void {
    const { length, bad } = this
    this.begin()
    if (bad) this.events.bad(bad)
    else if (length > 0) this.events.line(this.buffer, length)
  }

  private begin(): void {
    this.length = 0
    this.bad = undefined
  }
}
