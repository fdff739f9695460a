/**
 * A controller of the bench, in a process of its own, whose standard input is a terminal. Arguments: `guard` or `bare`, and
 * the device's port. It is told by message to make ready for a key, and to start and stop loads.
 */
import { chores, garbage, type Load } from './loads.ts'
import { bare, QUESTION, throughGuard } from './releaseWays.ts'

const [way = '', path = ''] = process.argv.slice(2)
/** Questions that wait all the time under the load "backlog": 10 kB. */
const BACKLOG = Math.ceil(10_000 / QUESTION.length)

let backlog = false
let unanswered = 0
const fill = (): void => {
  for (; backlog && unanswered < BACKLOG; unanswered++) host.ask()
}
/** Under "backlog" each answered question is followed by the next. */
const answered = (): void => {
  unanswered--
  fill()
}
const queue: Load = () => {
  backlog = true
  fill()
  return () => {
    backlog = false
  }
}
const LOADS: Readonly<Record<string, Load>> = { chores, garbage, backlog: queue }

const host = await (way === 'guard' ? throughGuard(path, answered) : bare(path, answered))

/** A new guard knows nothing of the questions to the last one. */
async function ready(): Promise<void> {
  const problem = await host.ready()
  if (way === 'guard') unanswered = 0
  process.send?.({ problem })
}

let stop = () => {}
process.on('message', ({ load }: { load?: string }) => {
  if (load === undefined) return void ready()
  stop()
  stop = LOADS[load]?.() ?? (() => {})
})
process.on('disconnect', () => {
  stop()
  void host.close().then(() => process.exit(0))
})
process.send?.({ opened: true })
