import { type BadReason, bodyLength, FieldReader, hex, toLine } from './text.ts'
import type { MmHg, MmHgPerS } from './units.ts'

/** A command that belongs to a session: the session's nonce, and a number that rises with every command. */
interface InSession {
  readonly nonce: number
  readonly seq: number
}

/** Everything that a host may say to a unit, besides the release byte. PROTOCOL.md says what each one does. */
export type HostFrame =
  | { readonly type: 'identify' }
  | { readonly type: 'hello'; readonly nonce: number; readonly version: number; readonly rate_Hz: number }
  | ({ readonly type: 'self-test' | 'arm' | 'vent' | 'lease' } & InSession)
  | TargetFrame

export type TargetFrame = {
  readonly type: 'target'
  /** 1 to 4. */
  readonly channel: number
  readonly target_mmHg: MmHg
  readonly slew_mmHg_per_s: MmHgPerS
} & InSession

const LETTERS = { 'self-test': 'Z', arm: 'A', vent: 'V', lease: 'L' } as const
const SIMPLE = new Map(
  Object.entries(LETTERS).map(([type, letter]) => [letter.charCodeAt(0), type as keyof typeof LETTERS]),
)

/** The line for a frame, line feed included. */
export function encodeHostFrame(frame: HostFrame): string {
  switch (frame.type) {
    case 'identify':
      return toLine('I 00000000 00000000')
    case 'hello':
      return toLine(`H ${hex(frame.nonce, 8)} 00000000 ${hex(frame.version, 2)} ${hex(frame.rate_Hz, 2)}`)
    case 'target':
      return toLine(
        `P ${hex(frame.nonce, 8)} ${hex(frame.seq, 8)} ${hex(frame.channel, 1)} ` +
          `${hex(frame.target_mmHg, 3)} ${hex(frame.slew_mmHg_per_s, 2)}`,
      )
    default:
      return toLine(`${LETTERS[frame.type]} ${hex(frame.nonce, 8)} ${hex(frame.seq, 8)}`)
  }
}

/** The frame in a line (without its line feed), or why there is none. */
export function decodeHostFrame(line: Uint8Array, length: number): HostFrame | BadReason {
  const end = bodyLength(line, length)
  if (typeof end !== 'number') return end
  const fields = new FieldReader(line, end)
  const nonce = fields.hex(8)
  const seq = fields.hex(8)
  const frame = rest(line[0]!, nonce, seq, fields)
  if (!frame || !fields.done()) return 'shape'
  return frame
}

function rest(letter: number, nonce: number, seq: number, fields: FieldReader): HostFrame | undefined {
  const simple = SIMPLE.get(letter)
  if (simple) return nonce !== 0 ? { type: simple, nonce, seq } : undefined
  if (letter === 0x49) return nonce === 0 && seq === 0 ? { type: 'identify' } : undefined
  if (letter === 0x48)
    return nonce !== 0 && seq === 0
      ? { type: 'hello', nonce, version: fields.hex(2), rate_Hz: fields.hex(2) }
      : undefined
  if (letter !== 0x50 || nonce === 0) return undefined
  const [channel, target_mmHg, slew_mmHg_per_s] = [fields.hex(1), fields.hex(3), fields.hex(2)]
  return { type: 'target', nonce, seq, channel, target_mmHg, slew_mmHg_per_s }
}
