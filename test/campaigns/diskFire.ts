import { readFileSync, statSync, truncateSync } from 'node:fs'
import { exitOf } from '../../src/ending.ts'
import { openJournal } from '../../src/journal/open.ts'
import { type FileSink, openFileSink } from '../../src/journal/sink.ts'
import { summaryLines, Tally, unwrittenLines } from '../../src/summary.ts'
import { SHORT } from '../support/programs.ts'
import { Stack } from '../support/stack.ts'
import { numbersOf, untrue, wholeLines } from './journalFire.ts'

/**
 * A real file whose disk fails for good at the `n`th call, after taking a part of what it was given; a sync that fails loses
 * what came since the last one.
 */
export function failingAt(n: number, calls: string[]): (path: string) => FileSink {
  const call = (name: string, work: () => void, part: () => void) => {
    calls.push(name)
    if (calls.length < n) return work()
    part()
    throw new Error('EIO: i/o error, write')
  }
  return path => {
    const file = openFileSink(path)
    let synced = 0
    const half = (bytes: Uint8Array) => file.append(bytes.subarray(0, bytes.length >> 1))
    return {
      append: bytes => call('append', () => file.append(bytes), calls.length + 1 === n ? () => half(bytes) : () => {}),
      sync: () => {
        call('sync', file.sync, () => truncateSync(path, synced))
        synced = statSync(path).size
      },
      close: () => call('close', file.close, file.close),
    }
  }
}

/** The header's append and sync: without them no session begins. */
export const HEADER_CALLS = 2

/** A whole session and its summary, with a real journal in `folder`, on a disk that fails at its `n`th call. */
export class UnderFire {
  readonly stack: Stack
  readonly calls: string[] = []
  /** When the journal was first seen to have failed, if the session was not over by then. */
  readonly failedAt: number | undefined
  /** What the program prints once the session is over. */
  readonly shown: readonly string[]

  /** @throws Error when the header could not be written. */
  constructor(folder: string, n: number) {
    const openSink = failingAt(n, this.calls)
    this.stack = new Stack({
      program: SHORT,
      limbs: ['left-arm'],
      unit: { channels: 1 },
      journal: clock => openJournal({ folder, name: 's', header: {}, ...clock, openSink }),
    })
    let failedAt: number | undefined
    this.stack.until(({ journal, ended, phase, now }) => {
      if (journal!.failed && phase !== 'finished') failedAt ??= now
      return ended
    }, 300_000)
    this.failedAt = failedAt
    this.shown = this.summary()
  }

  get journal() {
    return this.stack.journal!
  }

  /** The records that were shown. */
  get kept(): string[] {
    return this.shown.flatMap(line => (line.startsWith(UNWRITTEN) ? [line.slice(UNWRITTEN.length)] : []))
  }

  /** What is not as it should be. */
  get wrong(): string[] {
    const { stack, journal, shown, failedAt, kept } = this
    const known = numbersOf([...wholeLines(readFileSync(journal.path, 'utf8')), ...kept])
    return untrue({
      ...(failedAt === undefined ? {} : this.released(failedAt)),
      'the cuff is empty': stack.pressure < 15,
      'that the record is not complete is said': shown.some(line => line.includes('the journal is not complete: EIO')),
      'every record is on the disk or was shown': known.size === journal.head.n + 1,
    })
  }

  private released(failedAt: number): Record<string, boolean> {
    const { sent, view } = this.stack
    const first = sent.findIndex(({ what }) => what === 'release')
    return {
      'a release went out in that same step': sent.some(({ what, at }) => what === 'release' && at === failedAt),
      'nothing else went out after it': sent.slice(first).every(({ what }) => what === 'release'),
      'the session ended for its record': view.phase === 'faulted' && view.cause?.kind === 'record',
    }
  }

  private summary(): string[] {
    const { stack, journal } = this
    const { view } = stack
    const head = journal.close({ phase: view.phase })
    const { path, failed, unwritten, dropped } = journal
    const ending = { exit: exitOf(view), view, after: undefined, journal: { path, head, failed, unwritten, dropped } }
    return [...unwrittenLines(ending, false), ...summaryLines(new Tally(() => stack.now).summary(ending, 'short'))]
  }
}

const UNWRITTEN = 'unwritten  '

/** What is wrong when the disk fails at call `n`; at a call of the header it is that a session began. */
export function wrongAt(folder: string, n: number): string[] {
  if (n > HEADER_CALLS) return new UnderFire(folder, n).wrong
  try {
    new UnderFire(folder, n)
  } catch {
    return []
  }
  return ['not so: no session begins without a header']
}
