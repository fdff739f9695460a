import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setImmediate as breath } from 'node:timers/promises'
import { collectGarbage, memory } from './memory.ts'

export interface EndlessResult {
  /** Longest time that this process did nothing else. */
  readonly heldUp_ms: number
  /** Most memory above what there was before, with what lies about until it is collected. */
  readonly grew_bytes: number
  /** What is kept when all but the line's end has come. */
  readonly kept_bytes: number
}

/** Bytes that come in at once. */
const CHUNK = Buffer.alloc(64 * 1024, 'T')
export const MIB = 1024 * 1024
/** More than anybody needs who keeps one line, compiled code included, and half of the shortest endless line here. */
export const KEPT_MAX = 8 * MIB

/** Gives `take` a line without an end, as fast as it takes it, and measures what that does to this process. */
export async function endless(take: (chunk: Uint8Array) => unknown, bytes = 64 * MIB): Promise<EndlessResult> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  collectGarbage()
  const before = memory()
  let grew_bytes = 0
  delay.enable()
  for (let sent = 0; sent < bytes; sent += CHUNK.length) {
    await take(CHUNK)
    await breath()
    grew_bytes = Math.max(grew_bytes, memory() - before)
  }
  delay.disable()
  collectGarbage()
  return { heldUp_ms: delay.max / 1e6, grew_bytes, kept_bytes: memory() - before }
}
