const LINE_FEED = 0x0a

import type { Stage } from '../link.ts'
import type { Random } from '../random.ts'
import type { Hooks, Rig } from '../rig.ts'
import { type ArgSpec, type Behaviour, number, share } from './types.ts'

type Begin = (rig: Rig, args: readonly number[]) => Hooks | undefined

const link = (name: string, args: Record<string, ArgSpec>, about: string, begin: Begin): Behaviour => ({
  name,
  args,
  about,
  begin: (rig, values) => begin(rig, values.map(Number)),
})

const swallow = (): void => {}

/** Each bit turned over with probability p; most bytes are skipped by drawing the distance to the next. */
function flip(bytes: Uint8Array, p: number, random: Random): Uint8Array {
  const distance = () => (p >= 1 ? 0 : Math.floor(Math.log(1 - random.next()) / Math.log(1 - p)))
  if (p <= 0) return bytes
  const copy = bytes.slice()
  for (let bit = distance(); bit < copy.length * 8; bit += 1 + distance()) copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}

/** What was said long ago comes again, now and then. */
function replay(rig: Rig, every_ms: number): Hooks {
  const heard: Uint8Array[] = []
  let next = rig.t() + every_ms
  return {
    toUnit(bytes, t, pass) {
      if (bytes.at(-1) === LINE_FEED && heard.length < 256) heard.push(bytes.slice())
      pass(bytes)
      if (t < next || heard.length < 2) return
      next = t + every_ms
      pass(heard[rig.random.below(heard.length - 1)]!)
    },
  }
}

/** A line waits until the next one has gone. */
function reorder(rig: Rig, p: number): Hooks {
  let kept: Uint8Array | undefined
  return {
    toHost(bytes, _t, pass) {
      if (kept === undefined && rig.random.next() < p) {
        kept = bytes
        return
      }
      pass(bytes)
      if (kept) pass(kept)
      kept = undefined
    },
  }
}

/** Unsent bytes that a line keeps, from the host and from the unit. More is lost, as without flow control. */
const KEPT = { toUnit: 65_536, toHost: 4_096 }
/** Bytes from the host arrive in pieces no longer than this, and a release byte at its very time. */
const PIECE = 32
const RELEASE = 0x18

/** Each byte takes ten bits' time, one after the other. */
function paced(baud: number, kept: number, cut: (bytes: Uint8Array, from: number) => number): Stage {
  const byte_ms = 10_000 / baud
  let free = 0
  return (bytes, t, pass) => {
    free = Math.max(free, t)
    if (free - t > kept * byte_ms) return
    for (let from = 0, to = 0; from < bytes.length; from = to) {
      to = cut(bytes, from)
      free += (to - from) * byte_ms
      pass(bytes.slice(from, to), free)
    }
  }
}

function piece(bytes: Uint8Array, from: number): number {
  const end = Math.min(bytes.length, from + PIECE)
  for (let i = from; i < end; i++) if (bytes[i] === RELEASE) return i + 1
  return end
}

export const LINK: readonly Behaviour[] = [
  link('link.cut', {}, 'the cable is out: nothing passes in either direction', () => ({
    toUnit: swallow,
    toHost: swallow,
  })),
  link('link.restore', {}, 'ends every behaviour of the link', rig => {
    rig.end('link.')
    return undefined
  }),
  link('link.rxDrop', {}, 'the host hears nothing; the unit still hears', () => ({ toHost: swallow })),
  link('link.txDrop', {}, 'the unit hears nothing; the host still hears', () => ({ toUnit: swallow })),
  link('link.drop', { p: share(0.1) }, 'each line is lost with this probability, both ways', (rig, [p]) => {
    const drop: Hooks['toUnit'] = (bytes, _t, pass) => {
      if (rig.random.next() >= p!) pass(bytes)
    }
    return { toUnit: drop, toHost: drop }
  }),
  link('link.ber', { p: share(0.001) }, 'each bit turns over with this probability, both ways', (rig, [p]) => {
    const damage: Hooks['toUnit'] = (bytes, _t, pass) => pass(flip(bytes, p!, rig.random))
    return { toUnit: damage, toHost: damage }
  }),
  link('link.dup', {}, 'everything arrives twice, both ways', () => {
    const twice: Hooks['toUnit'] = (bytes, _t, pass) => {
      pass(bytes)
      pass(bytes)
    }
    return { toUnit: twice, toHost: twice }
  }),
  link('link.reorder', { p: share(0.2) }, 'a line to the host changes places with the next', (rig, [p]) =>
    reorder(rig, p!),
  ),
  link(
    'link.delay',
    { ms: number(3_000, 0, 600_000) },
    'everything arrives this much later, both ways',
    (_rig, [ms]) => {
      const later: Hooks['toUnit'] = (bytes, t, pass) => pass(bytes.slice(), t + ms!)
      return { toUnit: later, toHost: later }
    },
  ),
  link(
    'link.burst',
    { ms: number(3_000, 0, 600_000) },
    'for a while nothing arrives, and then everything at once',
    (rig, [ms]) => {
      const at = rig.t() + ms!
      const held: Hooks['toUnit'] = (bytes, t, pass) => pass(bytes.slice(), Math.max(t, at))
      return { toUnit: held, toHost: held }
    },
  ),
  link('line.baud', { baud: number(115_200, 300, 10_000_000) }, 'bytes take their time, both ways', (_rig, [baud]) => ({
    toUnit: paced(baud!, KEPT.toUnit, piece),
    toHost: paced(baud!, KEPT.toHost, bytes => bytes.length),
  })),
  link('link.replay', { every_ms: number(500, 1, 600_000) }, 'the unit hears old lines again', (rig, [every]) =>
    replay(rig, every!),
  ),
]
