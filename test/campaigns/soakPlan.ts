import type { Limb } from '../../machines/limits.ts'
import type { Millis } from '../../protocol/units.ts'
import { BEHAVIOURS } from '../../sim/behaviours/index.ts'
import type { Random } from '../../sim/random.ts'
import { PRESETS } from '../../src/programs/presets.ts'
import type { Program } from '../../src/programs/schema.ts'
import { SHORT } from '../support/programs.ts'

/** A fault of the unit, or what somebody does, at a share of the session's planned time. */
export interface Happening {
  readonly share: number
  readonly what: string
}

/** One session of a soak: all that is drawn for it. */
export interface Visit {
  readonly program: Program | string
  readonly limbs: readonly Limb[]
  readonly rate_Hz: number
  readonly nonce: number
  /** Where the unit's clock and counts stand as it begins; undefined: where they are. */
  readonly counters: string | undefined
  /** Where the numbers of the guard's commands begin. */
  readonly commandsUsed: number
  readonly happenings: readonly Happening[]
  /** From the end of this session to the next one. */
  readonly idle_ms: Millis
}

/** What people and the host's own parts do. */
export const DEEDS = [
  'a key releases',
  'the operator releases',
  'a symptom',
  'a slow refill',
  'nobody answers',
  'the controller dies',
  'the guard dies',
  'the wall clock goes back',
  'the disk fails',
] as const
export type Deed = (typeof DEEDS)[number]

const FAULTS = BEHAVIOURS.map(one => one.name).filter(name => name !== 'fw.counters' && name !== 'link.restore')
const SIDES = { arm: ['left-arm', 'right-arm'], leg: ['left-leg', 'right-leg'] } as const
const MINUTE_MS: Millis = 60_000

const oneOf = <T>(all: readonly T[], random: Random): T => all[random.below(all.length)]!

export function drawVisit(kind: 'arm' | 'leg', random: Random): Visit {
  const sides = SIDES[kind]
  return {
    program: oneOf([...PRESETS, SHORT], random),
    limbs: oneOf([sides, sides, [sides[0]], [sides[1]]], random),
    rate_Hz: oneOf([10, 10, 10, 20, 50], random),
    nonce: 1 + random.below(0xffff_fffe),
    counters: random.below(2) === 0 ? undefined : drawCounters(random),
    commandsUsed: drawCommands(random),
    happenings: drawHappenings(random),
    idle_ms: 10 * MINUTE_MS + Math.floor(-Math.log(1 - random.next()) * 35 * MINUTE_MS),
  }
}

/** So far before a wrap that it comes within a session, more often than not. */
const before = (wrap: number, most: number, random: Random): number => wrap - 1 - random.below(most)

function drawCounters(random: Random): string {
  const up_ms = before(oneOf([2 ** 31, 2 ** 32], random), 5 * MINUTE_MS, random)
  return `fw.counters=${up_ms},${before(0x10000, 3_000, random)},${before(0x10000, 15_000, random)},${random.below(256)}`
}

function drawCommands(random: Random): number {
  const wrap = oneOf([0, 0, 0, 2 ** 16, 2 ** 31, 2 ** 32], random)
  return wrap === 0 ? 0 : before(wrap, 600, random)
}

/** Half of the sessions are left in peace; what else comes, comes alone or with others. */
function drawHappenings(random: Random): Happening[] {
  const count = oneOf([0, 0, 0, 0, 1, 1, 2, 3], random)
  return Array.from({ length: count }, () => ({
    share: random.next(),
    what: random.below(3) === 0 ? oneOf(DEEDS, random) : oneOf(FAULTS, random),
  })).sort((a, b) => a.share - b.share)
}
