import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Framer, type FramerEvents } from '../../protocol/framer.ts'
import { decodeHostFrame, encodeHostFrame, type HostFrame } from '../../protocol/hostFrames.ts'
import { hex, toLine } from '../../protocol/text.ts'
import { decodeUnitFrame, encodeUnitFrame, type UnitFrame } from '../../protocol/unitFrames.ts'
import { TO_HOST_MAX, TO_UNIT_MAX } from '../../protocol/wire.ts'

interface Vectors<Frame> {
  good: { name: string; line: string; frame: Frame }[]
  bad: { name: string; line: string; reason: string }[]
  streams?: { name: string; bytes: string; events: string[] }[]
}
const read = <Frame>(name: string): Vectors<Frame> =>
  JSON.parse(readFileSync(new URL(`../../protocol/vectors/${name}.json`, import.meta.url), 'utf8'))

const bytesOf = (text: string) => Buffer.from(text, 'latin1')

type Decode = (line: Uint8Array, length: number) => object | string

/** What a receiver makes of the bytes, in pieces of a size: frames, reasons of bad lines, releases. */
function receive(max: number, decode: Decode, text: string, withRelease: boolean, piece = text.length): unknown[] {
  const seen: unknown[] = []
  const events: FramerEvents = {
    line: (line, length) => seen.push(decode(line, length)),
    bad: reason => seen.push(reason),
    ...(withRelease && { release: () => seen.push('release') }),
  }
  const framer = new Framer(max, events)
  for (let at = 0; at < text.length; at += piece) framer.push(bytesOf(text.slice(at, at + piece)))
  return seen
}

const toUnit = read<HostFrame>('to-unit')
const toHost = read<UnitFrame>('to-host')
const unitReceives = (text: string, piece?: number) => receive(TO_UNIT_MAX, decodeHostFrame, text, true, piece)
const hostReceives = (text: string) => receive(TO_HOST_MAX, decodeUnitFrame, text, false)

describe('REQ-VECTORS: golden lines to the unit', () => {
  test.each(toUnit.good)('$name: decodes to its frame and encodes back', ({ line, frame }) => {
    expect(unitReceives(line)).toEqual([frame])
    expect(encodeHostFrame(frame)).toBe(line)
    expect(line.length).toBeLessThanOrEqual(TO_UNIT_MAX)
  })
  test.each(toUnit.bad)('$name: is dropped', ({ line, reason }) => {
    expect(unitReceives(line)).toEqual([reason])
  })
  test.each(toUnit.streams ?? [])('$name, in any pieces', ({ bytes, events }) => {
    const kind = (seen: unknown) => (seen === 'release' ? seen : typeof seen === 'string' ? 'bad' : 'frame')
    for (const piece of [1, 2, 7, 64, bytes.length])
      expect(unitReceives(bytes, piece).map(kind), `pieces of ${piece}`).toEqual(events)
  })
})

test('a value that does not fit its field makes a line that is dropped, and never another value', () => {
  const order = { type: 'target', nonce: 42, seq: 3, channel: 1, target_mmHg: 40, slew_mmHg_per_s: 20 } as const
  for (const wrong of [{ channel: 16 }, { target_mmHg: 4096 }, { slew_mmHg_per_s: 256 }])
    expect(unitReceives(encodeHostFrame({ ...order, ...wrong }))).toEqual(['shape'])
  expect([hex(16, 1), hex(0x1_0000, 3), hex(2 ** 32 - 1, 1), hex(15, 1)]).toEqual(['10', '10000', 'FFFFFFFF', 'F'])
})

describe('REQ-VECTORS: golden lines from the unit', () => {
  test.each(toHost.good)('$name: decodes to its frame and encodes back', ({ line, frame }) => {
    expect(hostReceives(line)).toEqual([frame])
    expect(encodeUnitFrame(frame)).toBe(line)
    expect(line.length).toBeLessThanOrEqual(TO_HOST_MAX)
  })
  test.each(toHost.bad)('$name: is dropped', ({ line, reason }) => {
    expect(hostReceives(line)).toEqual([reason])
  })
})

test('REQ-VECTORS (F22): every single bit flip of every golden line is dropped, or is a release', () => {
  for (const { line } of toUnit.good) {
    for (let at = 0; at < (line.length - 1) * 8; at++) {
      const bytes = bytesOf(line)
      bytes[at >> 3]! ^= 1 << (at & 7)
      const seen = unitReceives(bytes.toString('latin1'))
      expect(seen.every(one => typeof one === 'string')).toBe(true)
    }
  }
  for (const { line } of toHost.good) {
    for (let at = 0; at < (line.length - 1) * 8; at++) {
      const bytes = bytesOf(line)
      bytes[at >> 3]! ^= 1 << (at & 7)
      expect(hostReceives(bytes.toString('latin1')).every(one => typeof one === 'string')).toBe(true)
    }
  }
})

test('FW-6: a line to the unit asks who it is, opens a session, tests, arms, leases, sets a target or vents, and no line has bits of pump or valve', () => {
  const letters = new Set(read<HostFrame>('to-unit').good.map(({ line }) => line[0]))
  expect([...letters].sort().join('')).toBe('AHILPVZ')
  for (let code = 0x41; code <= 0x5a; code++) {
    const known = 'AHILPVZ'.includes(String.fromCharCode(code))
    const bodies = ['00000001 00000001', '00000000 00000000', '00000001 00000000 01 0A', '00000001 00000001 1 050 14']
    const taken = bodies.some(body => {
      const line = bytesOf(toLine(`${String.fromCharCode(code)} ${body}`).slice(0, -1))
      return typeof decodeHostFrame(line, line.length) === 'object'
    })
    expect([String.fromCharCode(code), taken]).toEqual([String.fromCharCode(code), known])
  }
})
