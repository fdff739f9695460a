import { isUtf8 } from 'node:buffer'
import type { KeyObject } from 'node:crypto'
import { fromHeader, isSigned } from './keys.ts'
import { LineSplitter } from './lines.ts'
import {
  type Head,
  type Header,
  headerSchema,
  type JournalRecord,
  LINE_MAX,
  NO_LINE,
  recordSchema,
  sha256,
} from './record.ts'

const PROBLEMS_MAX = 100

/** What is wrong with a journal. `line` counts from 1; `n` is the number that the record gives itself. */
export interface Problem {
  readonly line: number
  readonly n?: number
  readonly text: string
}

/** What someone else remembers of this journal. */
export interface KnownHead extends Head {
  readonly from: string
}

export interface Knowledge {
  readonly known?: readonly KnownHead[]
  /** The id of the key that must have signed. Without it a signature only shows that its own key's holder made it. */
  readonly keyId?: string | undefined
}

export interface Verification {
  /** Nothing was edited, removed, added or cut, as far as chain, signatures and what is known of the head can show. */
  readonly ok: boolean
  /** Whole records. */
  readonly records: number
  readonly head?: Head
  readonly header?: Header
  /** At most 100. */
  readonly problems: readonly Problem[]
  /** How many further problems there were. */
  readonly more: number
  /** The file ends in the middle of a record: what was kept, and the bytes that are no record. */
  readonly cut?: { readonly afterRecord: number | null; readonly bytes: number }
  /** Checkpoints with a good signature. */
  readonly signed: number
  /** What nothing at hand could show, in words; `ok` says nothing of it. */
  readonly unchecked: readonly string[]
}

/**
 * Checks a journal as its bytes come in. `result` may be asked at any time, for the bytes so far; it repairs nothing.
 * Records behind the last checkpoint of a journal that was never closed are held by the chain alone, which cannot
 * show a change in its last line unless a later session kept the head.
 */
export class Verifier {
  private readonly lines = new LineSplitter(LINE_MAX, line => this.line(line))
  private readonly knowledge: Knowledge
  private readonly onRecord: (record: JournalRecord) => void
  private readonly problems: Problem[] = []
  private more = 0
  private lineNumber = 0
  private records = 0
  private signed = 0
  private head: Head | undefined
  private header: Header | undefined
  private key: KeyObject | undefined
  /** Kinds of the last two records. */
  private before: JournalRecord['kind'] | undefined
  private last: JournalRecord['kind'] | undefined

  /** `onRecord` gets each whole record for as long as nothing is wrong. */
  constructor(knowledge: Knowledge = {}, onRecord: (record: JournalRecord) => void = () => {}) {
    this.knowledge = knowledge
    this.onRecord = onRecord
  }

  push(bytes: Buffer): void {
    this.lines.push(bytes)
  }

  /** True as soon as a line does not belong where it stands. */
  get broken(): boolean {
    return this.problems.length > 0
  }

  get result(): Verification {
    const problems = [...this.problems, ...this.missing().map(text => this.problemHere(text))]
    const bytes = this.lines.pending
    return {
      ok: problems.length === 0 && bytes === 0,
      records: this.records,
      ...(this.head && { head: this.head }),
      ...(this.header && { header: this.header }),
      problems,
      more: this.more,
      ...(bytes > 0 && { cut: { afterRecord: this.head?.n ?? null, bytes } }),
      signed: this.signed,
      unchecked: unchecked(this.knowledge, this.head?.n ?? 0),
    }
  }

  private line(line: Buffer | undefined): void {
    this.lineNumber++
    if (!line) return this.problem(`longer than ${LINE_MAX} bytes`)
    const record = parse(line)
    if (!record) return this.problem('not a record of a journal')
    this.order(record)
    this.place(record)
    if (record.kind === 'header') this.begin(record)
    if (record.kind === 'checkpoint') this.checkpoint(record, line)
    this.follow(record, sha256(line))
    if (!this.broken) this.onRecord(record)
  }

  private follow(record: JournalRecord, hash: string): void {
    this.records++
    this.head = { n: record.n, sha256: hash }
    this.before = this.last
    this.last = record.kind
    for (const one of this.knowledge.known ?? [])
      if (one.n === record.n && one.sha256 !== hash)
        this.problem(`${one.from} knows this record by another hash: the journal was rewritten`, record.n)
  }

  private order(record: JournalRecord): void {
    const expected = this.head ? this.head.n + 1 : 0
    if (record.n !== expected)
      this.problem(`stands where record ${expected} belongs: lines were removed, added or reordered`, record.n)
    else if (record.prev !== (this.head?.sha256 ?? NO_LINE))
      this.problem('does not follow from the line before: that line was edited or replaced', record.n)
  }

  private place(record: JournalRecord): void {
    if ((record.kind === 'header') !== (this.records === 0)) this.problem('the header belongs first, once', record.n)
    if (this.last === 'end' ? record.kind !== 'checkpoint' : this.before === 'end')
      this.problem('stands behind the end of the journal', record.n)
  }

  private begin(record: JournalRecord): void {
    const header = headerSchema.safeParse(record.data)
    if (!header.success) return this.problem('the header is not one that this version knows', record.n)
    this.header = header.data
    this.key = fromHeader(header.data.key)
    const { keyId } = this.knowledge
    if (keyId !== undefined && header.data.key.id !== keyId)
      this.problem(
        `signed by key ${header.data.key.id}, where this folder's key is ${keyId}: rewritten, or brought from elsewhere`,
        0,
      )
  }

  private checkpoint(record: JournalRecord, line: Buffer): void {
    if (this.key && isSigned(line.toString(), this.key)) this.signed++
    else this.problem("the checkpoint's signature is wrong: what comes before it was rewritten", record.n)
  }

  /** What an intact journal has and this one does not have, so far. */
  private missing(): string[] {
    const n = this.head?.n ?? -1
    const texts: string[] = []
    if (this.last === 'end')
      texts.push('the closing signature is missing: the tail was removed, or closing was interrupted')
    else if (this.before !== 'end')
      texts.push('no end record: the session still runs or was interrupted, or the tail was removed')
    for (const one of this.knowledge.known ?? [])
      if (one.n > n) texts.push(`${one.from} knows records up to ${one.n}: the tail was removed`)
    return texts
  }

  private problem(text: string, n?: number): void {
    if (this.problems.length < PROBLEMS_MAX) this.problems.push(this.problemHere(text, n))
    else this.more++
  }

  private problemHere(text: string, n = this.head?.n): Problem {
    return n === undefined ? { line: this.lineNumber, text } : { line: this.lineNumber, n, text }
  }
}

const NO_KEY =
  "whose signatures they are: there is no journal key in this folder, and anyone can sign with a key of one's own"
const NO_HEAD =
  'whether it was rewritten by somebody with the key: nothing in this folder knows its head; compare it with the one in the summary of the session'

const unchecked = ({ known = [], keyId }: Knowledge, n: number): string[] => [
  ...(keyId === undefined ? [NO_KEY] : []),
  ...(known.some(one => one.n >= n) ? [] : [NO_HEAD]),
]

/** Checks a journal in memory. */
export function verifyBytes(bytes: Buffer, knowledge?: Knowledge): Verification {
  const verifier = new Verifier(knowledge)
  verifier.push(bytes)
  return verifier.result
}

function parse(line: Buffer): JournalRecord | undefined {
  if (!isUtf8(line)) return undefined
  try {
    return recordSchema.safeParse(JSON.parse(line.toString())).data
  } catch {
    return undefined
  }
}
