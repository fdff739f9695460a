import { hostClock } from '../../sim/fronts/drive.ts'

/** Work that keeps a controller busy. Starts, and returns how to stop it. */
export type Load = () => () => void

export const CHORE_MS = 50
/** Between two chores the event loop gets a look at everything that waits. */
const PAUSE_MS = 5

export function busyFor(ms: number): void {
  for (const until = hostClock() + ms; hostClock() < until; );
}

/** Does it again and again, each time as a turn of its own. */
function repeatedly(work: () => void, pause_ms: number): () => void {
  let timer: NodeJS.Timeout
  const turn = () => {
    work()
    timer = setTimeout(turn, pause_ms)
  }
  timer = setTimeout(turn, 0)
  return () => clearTimeout(timer)
}

/** The event loop does nothing but chores of 50 ms. */
export const chores: Load = () => repeatedly(() => busyFor(CHORE_MS), PAUSE_MS)

/**
 * Objects that live at any time, about 100 bytes each, and how many of them one turn replaces: enough to hold a bare
 * write up for 50 to 115 ms (p99), which is what a collection storm is here.
 */
const ALIVE = 2_000_000
const TURN = 40_000

/** It keeps its height from one time to the next. */
const heap: object[][] = []
let at = 0

/** Much is made, lives for a while and dies: the collector copies, marks and sweeps again and again. */
export const garbage: Load = () =>
  repeatedly(() => {
    heap[at] = Array.from({ length: TURN }, (_, n) => ({ n, text: `object ${at} ${n}`, half: n / 2 }))
    at = (at + 1) % (ALIVE / TURN)
  }, 0)
