import { crc32 } from 'node:zlib'
import { Random } from '../../sim/random.ts'

/** Which way the lines go: the two directions have different frames, and only a unit knows the release byte. */
export type Direction = 'toUnit' | 'toHost'

const X = '[0-9A-F]'
const NONCE = `(?!0{8})${X}{8}`
const GOOD: Record<Direction, RegExp> = {
  toUnit: new RegExp(
    `^(I 0{8} 0{8}|H ${NONCE} 0{8} ${X}{2} ${X}{2}|[ZALV] ${NONCE} ${X}{8}|P ${NONCE} ${X}{8} ${X} ${X}{3} ${X}{2})$`,
  ),
  toHost: new RegExp(
    `^(K ${X}{8}|N ${X}{8} ${X}{2}|I ${X}{2} [\\w.-]{1,16} [\\w.-]{1,16} [\\w.-]{1,12}` +
      `|J [01] ${X}{3}( ${X}{4}){3} ${X}{2}( ${X}{3}){1,4}|S ${X}{8} ${X}{2}( ${X}{4}){1,4}` +
      `|T ${X}{4} ${X}{8} ${X}{2} ${X}{4} ${X}{4} [0-7]${X}{3} [0-4]( ${X}{10}[0-3]){1,4})$`,
  ),
}
const LONGEST: Record<Direction, number> = { toUnit: 64, toHost: 96 }

/** What a receiver must make of bytes, judged by PROTOCOL.md with other means than our codec. */
export interface Verdict {
  readonly good: number
  readonly releases: number
}

/** @param bytes whole lines: the last byte is a line feed. */
export function judge(bytes: Uint8Array, direction: Direction): Verdict {
  const pieces = Buffer.from(bytes).toString('latin1').split('\n')
  const lines = direction === 'toUnit' ? pieces.map(piece => piece.slice(piece.lastIndexOf('\x18') + 1)) : pieces
  const releases = direction === 'toUnit' ? bytes.reduce((n, byte) => n + (byte === 0x18 ? 1 : 0), 0) : 0
  return { good: lines.filter(line => isGood(line, direction)).length, releases }
}

function isGood(line: string, direction: Direction): boolean {
  const [body, crc] = [line.slice(0, -9), line.slice(-8)]
  if (line.length + 1 > LONGEST[direction] || line.at(-9) !== '*' || !GOOD[direction].test(body)) return false
  return crc === crcOf(body)
}

const crcOf = (body: string): string => crc32(Buffer.from(body, 'latin1')).toString(16).toUpperCase().padStart(8, '0')
const withCrc = (body: string): string => `${body}*${crcOf(body)}`

/** An endless, seeded stream of chunks of whole lines, most of them bad in some way, as a hostile or broken peer sends. */
export class HostileLines {
  private readonly random: Random
  private readonly direction: Direction

  constructor(seed: number, direction: Direction) {
    this.random = new Random(seed)
    this.direction = direction
  }

  next(): Uint8Array {
    const kind = this.random.below(KINDS.length)
    return Buffer.from(`${KINDS[kind]!(this)}\n`, 'latin1')
  }

  below(n: number): number {
    return this.random.below(n)
  }

  /** As much as a receiver keeps of a line, once or twice, with or without its line feed. */
  full(): string {
    return this.characters((LONGEST[this.direction] - this.below(2)) * (1 + this.below(2)), 0x20, 0x7e)
  }

  hex(width: number): string {
    let text = ''
    while (text.length < width) text += '0123456789ABCDEF'[this.below(16)]
    return text
  }

  characters(length: number, from: number, to: number): string {
    return String.fromCharCode(...Array.from({ length }, () => from + this.below(to - from + 1)))
  }

  /** The body of a good frame with wild values. */
  body(): string {
    const bodies = this.direction === 'toUnit' ? this.toUnitBodies() : this.toHostBodies()
    return bodies[this.below(bodies.length)]!
  }

  private toUnitBodies(): string[] {
    const [nonce, seq] = [this.hex(8), this.hex(8)]
    const simple = `${'ZALV'[this.below(4)]} ${nonce} ${seq}`
    const target = `P ${nonce} ${seq} ${this.hex(1)} ${this.hex(3)} ${this.hex(2)}`
    return [simple, target, 'I 00000000 00000000', `H ${nonce} 00000000 ${this.hex(2)} ${this.hex(2)}`]
  }

  private toHostBodies(): string[] {
    const channels = (width: number) => Array.from({ length: 1 + this.below(4) }, () => this.hex(width)).join(' ')
    const head = [4, 8, 2, 4, 4].map(width => this.hex(width)).join(' ')
    return [
      `K ${this.hex(8)}`,
      `N ${this.hex(8)} ${this.hex(2)}`,
      `I ${this.hex(2)} Cuff.Unit SN-${this.below(1000)} 1.0`,
      `J ${this.below(2)} ${this.hex(3)} ${this.hex(4)} ${this.hex(4)} ${this.hex(4)} ${this.hex(2)} ${channels(3)}`,
      `S ${this.hex(8)} ${this.hex(2)} ${channels(4)}`,
      `T ${head} 0${this.hex(3)} ${this.below(5)} ${channels(10).replaceAll(/(?<=\w{10})(?= |$)/g, '0')}`,
    ]
  }
}

type Kind = (lines: HostileLines) => string

const at = (l: HostileLines, text: string): number => l.below(text.length + 1)
const insert = (text: string, place: number, piece: string): string => text.slice(0, place) + piece + text.slice(place)

function flipped(l: HostileLines): string {
  const bytes = Buffer.from(withCrc(l.body()), 'latin1')
  for (let n = 1 + l.below(3); n > 0; n--) bytes[l.below(bytes.length)]! ^= 1 << l.below(8)
  return bytes.toString('latin1').replaceAll('\n', '?')
}

/** Mistakes in the form of a body, whose CRC is nevertheless right. */
const MISSHAPES: ((l: HostileLines, body: string) => string)[] = [
  (_l, body) => body.toLowerCase(),
  (_l, body) => `${body} `,
  (_l, body) => ` ${body}`,
  (_l, body) => body.replace(' ', '  '),
  (_l, body) => body.slice(0, -1),
  (l, body) => `${body}${l.hex(1)}`,
  (l, body) => `${body} ${l.hex(2)}`,
  (_l, body) => body.slice(0, body.lastIndexOf(' ')),
  (l, body) => body.replace(/^./, l.characters(1, 0x20, 0x7e)),
  (l, body) => insert(body, at(l, body), l.characters(1, 0x20, 0x7e)),
  (_l, body) => body.replace(/[0-9A-F]{8}/, '00000000'),
  (_l, body) => body.replace(/[0-9A-F](?=[^0-9A-F]*$)/, 'g'),
  (_l, body) => body.replaceAll(' ', '\t'),
]

const HOSTILE_TEXT = [
  '\x1b[2J\x1b]0;x\x07',
  '<script>alert(1)</script>',
  '__proto__',
  '../../etc/passwd',
  '%s%n',
  'NaN',
  '\0',
]

const KINDS: readonly Kind[] = [
  l => l.characters(l.below(200), 0, 255).replaceAll('\n', ''),
  l => l.characters(l.below(120), 0x20, 0x7e),
  l => l.characters(l.below(64), 0x80, 0xff),
  flipped,
  l => withCrc(MISSHAPES[l.below(MISSHAPES.length)]!(l, l.body())),
  l => withCrc(l.body()).slice(0, l.below(30)),
  l => withCrc(l.body()).slice(l.below(12)),
  l => withCrc(`${l.body()} ${l.hex(40 + l.below(4_000))}`),
  l => l.characters(64 + l.below(2_000), 0x20, 0x7e),
  l => `${withCrc(l.body())}\r`,
  l => withCrc(insert(l.body(), l.below(8), '\0')),
  l => withCrc(l.body()) + withCrc(l.body()),
  l => `${withCrc(l.body())}\n${withCrc(l.body())}`,
  l => withCrc(insert(l.body(), l.below(8), HOSTILE_TEXT[l.below(HOSTILE_TEXT.length)]!)),
  l => insert(withCrc(l.body()), l.below(20), '\x18'),
  l => `${l.body()}*${l.hex(8)}`,
  l => l.body(),
  l => withCrc(l.body()),
  l => l.full() + withCrc(l.body()),
  () => '',
  () => '*',
]
