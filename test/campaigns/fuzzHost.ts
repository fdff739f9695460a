import { Framer } from '../../protocol/framer.ts'
import { decodeUnitFrame, encodeUnitFrame } from '../../protocol/unitFrames.ts'
import { TO_HOST_MAX } from '../../protocol/wire.ts'
import { Random } from '../../sim/random.ts'
import { HostileLines, judge } from '../support/hostileLines.ts'

export interface FramerResult {
  /** Lines that are right by the judge, whose grammar and CRC are not ours. */
  readonly right: number
  readonly accepted: number
  /** Accepted, and not byte for byte what the frame is encoded as. */
  readonly altered: number
}

/** Feeds seeded hostile lines in pieces of any size to what the host reads a unit with. */
export function fuzzFramer(lines: number, seed: number): FramerResult {
  const counts = { right: 0, accepted: 0, altered: 0 }
  const framer = new Framer(TO_HOST_MAX, {
    line(line, length) {
      const frame = decodeUnitFrame(line, length)
      if (typeof frame === 'string') return
      counts.accepted++
      if (encodeUnitFrame(frame) !== `${Buffer.from(line.subarray(0, length)).toString('latin1')}\n`) counts.altered++
    },
    bad() {},
  })
  const [hostile, random] = [new HostileLines(seed, 'toHost'), new Random(seed + 1)]
  for (let i = 0; i < lines; i++) {
    const bytes = hostile.next()
    counts.right += judge(bytes, 'toHost').good
    for (const piece of pieces(bytes, random)) framer.push(piece)
  }
  return counts
}

/** The same bytes, cut anywhere. */
export function* pieces(bytes: Uint8Array, random: Random): Generator<Uint8Array> {
  for (let from = 0, to = 0; from < bytes.length; from = to) {
    to = from + 1 + random.below(bytes.length)
    yield bytes.subarray(from, to)
  }
}
