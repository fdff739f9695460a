import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Millis, MonoMs, WallMs } from '../../protocol/units.ts'
import { printable } from '../errors.ts'

/** Version of the file format, in every header. */
export const FORMAT = 1
/** Longest line of a journal with its line feed. Unit bytes; project policy. */
export const LINE_MAX = 65_536
/** What the first record names as the line before it. */
export const NO_LINE = '0'.repeat(64)

/** What a caller records: what came in, what was decided, and remarks that replay passes over. */
export type Kind = 'in' | 'out' | 'note'

/** When something happened: `mono` and the unit's uptime count, `wall` only labels. */
export interface At {
  readonly mono: MonoMs
  readonly wall: WallMs
  /** The unit's own clock, when known. */
  readonly uptime_ms?: Millis
}

/** One point of the chain: a record's number and the hash of its line. */
export interface Head {
  readonly n: number
  readonly sha256: string
}

const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** One line of a journal. `prev` is the SHA-256 of the line before it, without its line feed. */
export const recordSchema = z.strictObject({
  n: z.int().min(0),
  prev: hash,
  mono_ms: z.number(),
  wall: z.iso.datetime(),
  uptime_ms: z.number().optional(),
  kind: z.enum(['header', 'in', 'out', 'note', 'checkpoint', 'end']),
  data: z.unknown(),
})
export type JournalRecord = z.infer<typeof recordSchema>

/** The last head of the journal before, as the next one's header and heads.json know it. */
export const keptHeadSchema = z.strictObject({
  file: z.string().regex(/^[^/\\]{1,200}$/),
  n: z.int().min(0),
  sha256: hash,
  /** `left`: found without a close by the session after it, which took the head from the file. */
  state: z.enum(['open', 'left', 'closed']),
})
export type KeptHead = z.infer<typeof keptHeadSchema>

export const headerSchema = z.strictObject({
  format: z.literal(FORMAT),
  /** Public half of the key that signs the checkpoints. */
  key: z.strictObject({ id: z.string().max(64), public: z.string().max(200) }),
  previous: keptHeadSchema.nullable(),
  /** What the session says of itself: program version, machine version, plan, verdict. */
  session: z.unknown(),
})
export type Header = z.infer<typeof headerSchema>

/**
 * The record as a line, without its line feed. Every character that a terminal or a reader might take for a line
 * end or a command is a JSON escape, so that a record stays one line for any tool.
 * @throws TypeError or RangeError when `data` is not plain JSON.
 */
export function toLine(n: number, prev: string, kind: JournalRecord['kind'], data: unknown, at: At): string {
  const record = {
    n,
    prev,
    mono_ms: at.mono,
    wall: new Date(at.wall).toISOString(),
    uptime_ms: at.uptime_ms,
    kind,
    data: data ?? null,
  }
  return printable(JSON.stringify(record), Infinity)
}

/** SHA-256 of a line without its line feed, in lower-case hexadecimal. */
export const sha256 = (line: string | Uint8Array): string => createHash('sha256').update(line).digest('hex')
