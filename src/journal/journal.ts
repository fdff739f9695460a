import type { Millis, MonoMs, WallMs } from '../../protocol/units.ts'
import { CuffError, EXIT } from '../errors.ts'
import { keepHead } from './heads.ts'
import { type SigningKey, signLine } from './keys.ts'
import {
  type At,
  FORMAT,
  type Head,
  type Header,
  type JournalRecord,
  type KeptHead,
  type Kind,
  LINE_MAX,
  NO_LINE,
  sha256,
  toLine,
} from './record.ts'
import type { FileSink } from './sink.ts'

/** Longest time for which a record waits in memory. Unit ms; the safety concept's bound for batched telemetry. */
export const BATCH_MS: Millis = 1_000
/** Time between two signed checkpoints. Unit ms; project policy. */
export const CHECKPOINT_MS: Millis = 60_000
/** Most records kept in memory when the disk fails, and most that wait for one write. Project policy. */
export const KEPT_MAX = 10_000

export interface JournalOptions {
  /** Where journals, their heads and their key live. Made, for its owner alone, when it is not there. */
  readonly folder: string
  /** The file's name without `.ndjson`. */
  readonly name: string
  /** What the session says of itself in the first record: program and machine version, plan, verdict. Plain JSON. */
  readonly header: unknown
  readonly now: () => MonoMs
  readonly wall: () => WallMs
  /** Default: a new file. Tests pass a disk that fails. */
  readonly openSink?: (path: string) => FileSink
}

/**
 * The record of one session: one line for each event, chained by hashes. A record is in memory until `tick` or `sync`
 * writes it; only `sync` makes it durable. The first failure of the disk is final: nothing more is written, and what is not
 * known to be on the disk stays in memory for the caller.
 */
export class Journal {
  readonly path: string
  /** Set once the disk, or a use of the closed journal, failed. */
  failed: Error | undefined
  /** How many of `unwritten` were given up to bound the memory. */
  dropped = 0
  private readonly options: JournalOptions
  private readonly file: string
  private readonly key: SigningKey
  private readonly sink: FileSink
  /** Lines since the last good sync, oldest first; the first `written` of them were handed to the disk. */
  private kept: string[] = []
  private written = 0
  private top: Head = { n: -1, sha256: NO_LINE }
  private flushed: MonoMs
  private signed: MonoMs
  private closed = false

  constructor(options: JournalOptions, path: string, key: SigningKey, sink: FileSink) {
    this.options = options
    this.path = path
    this.file = `${options.name}.ndjson`
    this.key = key
    this.sink = sink
    this.flushed = this.signed = options.now()
  }

  /** Writes the header; once, by `openJournal`. @throws Error or CuffError when that failed; the file is closed then. */
  begin(previous: KeptHead | null): void {
    const key = { id: this.key.id, public: this.key.public }
    const header: Header = { format: FORMAT, key, previous, session: this.options.header }
    this.attempt(() => this.keep(this.whole('header', header, this.at())))
    this.attempt(() => this.sync())
    this.attempt(() => this.keepHead('open'))
    if (!this.failed) return
    this.closed = true
    this.attempt(() => this.sink.close())
    throw this.failed
  }

  /** The last record made, written or not. */
  get head(): Head {
    return this.top
  }

  /** After a failure, the lines that are not known to be on the disk: the newest 10,000. Some may be there all the same. */
  get unwritten(): readonly string[] {
    return this.failed ? this.kept : []
  }

  /**
   * Adds a record. Never throws, so that no release waits behind it: data that are not plain JSON, or longer than a line may
   * be, leave a note in their place.
   */
  record(kind: Kind, data: unknown, at: At): void {
    if (this.closed) this.failed ??= new Error('something was recorded after the journal was closed')
    this.attempt(() => this.add(kind, data, at))
  }

  /** Writes everything and waits for the disk. @throws CuffError CP-JOURNAL-WRITE: nothing may be inflated after that. */
  sync(): void {
    this.flush()
    if (!this.failed) this.attempt(() => this.sink.sync())
    if (this.failed) throw this.error(this.failed)
    this.kept = []
    this.written = 0
  }

  /** As `sync`, behind a release: never throws; see `failed`. */
  save(): void {
    if (!this.closed) this.attempt(() => this.sync())
  }

  /** Writes what has waited for a second, and signs every minute. Never throws; see `failed`. Does not wait for the disk. */
  tick(mono: MonoMs): void {
    if (this.failed || this.closed) return
    if (mono - this.signed >= CHECKPOINT_MS) this.attempt(() => this.checkpoint(mono))
    if (mono - this.flushed >= BATCH_MS) this.flush(mono)
  }

  /**
   * Ends the journal: the last record, a signature, and the head into heads.json. Never throws, so that it can stand
   * behind a release; see `failed`. Returns the head for the summary.
   */
  close(data: unknown): Head {
    if (this.closed) return this.top
    this.attempt(() => this.add('end', data, this.at()))
    this.attempt(() => this.checkpoint(this.options.now()))
    this.closed = true
    this.attempt(() => this.sync())
    this.attempt(() => this.sink.close())
    if (!this.failed) this.attempt(() => this.keepHead('closed'))
    return this.top
  }

  private at(mono = this.options.now()): At {
    return { mono, wall: this.options.wall() }
  }

  private checkpoint(mono: MonoMs): void {
    this.signed = mono
    const unsigned = toLine(this.top.n + 1, this.top.sha256, 'checkpoint', { signature: '' }, this.at(mono))
    this.keep(signLine(unsigned, this.key))
  }

  private add(kind: Kind | 'end', data: unknown, at: At): void {
    try {
      this.keep(this.whole(kind, data, at))
    } catch (error) {
      const why = (error as Error).message.slice(0, 200)
      this.keep(this.whole(kind === 'end' ? kind : 'note', { unrecorded: kind, why }, at))
    }
  }

  /** The next line. @throws Error when the data are not plain JSON or too long. */
  private whole(kind: JournalRecord['kind'], data: unknown, at: At): string {
    const line = toLine(this.top.n + 1, this.top.sha256, kind, data, at)
    if (Buffer.byteLength(line) >= LINE_MAX) throw new RangeError(`longer than ${LINE_MAX} bytes`)
    return line
  }

  private keep(line: string): void {
    this.top = { n: this.top.n + 1, sha256: sha256(line) }
    if (this.kept.length >= KEPT_MAX) this.makeRoom()
    this.kept.push(`${line}\n`)
  }

  private keepHead(state: KeptHead['state']): void {
    keepHead(this.options.folder, { file: this.file, ...this.top, state })
  }

  private makeRoom(): void {
    if (this.written === 0) this.flush()
    this.kept.shift()
    if (this.failed) this.dropped++
    else this.written--
  }

  private flush(mono: MonoMs = this.options.now()): void {
    this.flushed = mono
    if (this.failed || this.written === this.kept.length) return
    this.attempt(() => this.sink.append(Buffer.from(this.kept.slice(this.written).join(''))))
    if (!this.failed) this.written = this.kept.length
  }

  private attempt(effect: () => unknown): void {
    try {
      effect()
    } catch (error) {
      this.failed ??= error as Error
    }
  }

  private error(cause: Error): CuffError {
    return new CuffError(
      'CP-JOURNAL-WRITE',
      `the journal ${this.path} cannot be written (${cause.message}), so nothing may be inflated.`,
      'Free some space or repair the disk, then begin a new session.',
      EXIT.faulted,
      cause,
    )
  }
}
