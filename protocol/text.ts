import { crc32, crc32OfText } from './crc.ts'

/** Why a line is not a frame. All are treated alike: the line is dropped and counted, and changes nothing else. */
export type BadReason = 'too long' | 'byte' | 'shape' | 'crc' | 'value'

const SPACE = 0x20
const STAR = 0x2a
/** "*" and eight digits. */
const TAIL = 9
const DIGITS = '0123456789ABCDEF'
/** Value of each byte as an upper-case hexadecimal digit, or 255. */
const DIGIT = Uint8Array.from({ length: 256 }, (_, c) => DIGITS.indexOf(String.fromCharCode(c)))

/** `width` upper-case hexadecimal digits at `at`, or -1 when one of them is not a digit. */
export function hexAt(line: Uint8Array, at: number, width: number): number {
  let value = 0
  for (let i = at; i < at + width; i++) {
    const digit = DIGIT[line[i]!]!
    if (digit === 255) return -1
    value = value * 16 + digit
  }
  return value
}

/** Upper-case hexadecimal of `width` digits, at most 8. A value that does not fit gets more, and makes a bad line. */
export function hex(value: number, width: number): string {
  let digits = width
  while (digits < 8 && value >>> (digits * 4) > 0) digits++
  let text = ''
  for (let at = digits - 1; at >= 0; at--) text += DIGITS[(value >>> (at * 4)) & 0xf]!
  return text
}

/** Four digits in two's complement to a signed number. */
export const signed16 = (value: number): number => (value >= 0x8000 ? value - 0x10000 : value)
/** A signed number to four digits in two's complement. */
export const hexSigned16 = (value: number): string => hex(value & 0xffff, 4)

/** Body, "*", CRC-32 of the body, line feed. */
export const toLine = (body: string): string => `${body}*${hex(crc32OfText(body), 8)}\n`

/** The length of the body of a line without its line feed, or why it has none. */
export function bodyLength(line: Uint8Array, length: number): number | BadReason {
  const body = length - TAIL
  if (line[body] !== STAR) return 'shape'
  const crc = hexAt(line, body + 1, 8)
  if (crc < 0) return 'shape'
  return crc === crc32(line, 0, body) ? body : 'crc'
}

/**
 * Reads fixed-width fields one after the other. Each `hex` expects one space and then the digits; a field that is
 * not there makes `ok` false for good, so that a decoder asks only once, at the end. The "*" behind the body is neither a
 * space nor a digit: nothing is read across it.
 */
export class FieldReader {
  ok = true
  private at = 1
  private readonly line: Uint8Array
  private readonly end: number
  constructor(line: Uint8Array, end: number) {
    this.line = line
    this.end = end
  }

  hex(width: number): number {
    const from = this.space()
    this.at = from + width
    const value = hexAt(this.line, from, width)
    return value < 0 ? this.fail() : value
  }

  /** 1 to `most` of A-Z a-z 0-9 . _ - */
  word(most: number): string {
    const from = this.space()
    let to = from
    while (to < this.end && this.line[to] !== SPACE) to++
    this.at = to
    const text = String.fromCharCode(...this.line.subarray(from, Math.min(to, from + most + 1)))
    if (!/^[A-Za-z0-9._-]+$/.test(text) || text.length > most) this.fail()
    return text
  }

  /** True when every field was there and nothing follows the last one. */
  done(): boolean {
    return this.ok && this.at === this.end
  }

  private space(): number {
    if (this.line[this.at] !== SPACE) this.fail()
    return this.at + 1
  }

  private fail(): number {
    this.ok = false
    return 0
  }
}
