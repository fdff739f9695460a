/**
 * Cuts a stream of bytes into lines of bounded length. A line that is too long is passed on as undefined, once, and
 * none of it is kept.
 */
export class LineSplitter {
  /** Bytes since the last line feed. */
  pending = 0
  private pieces: Buffer[] = []
  private readonly most: number
  private readonly onLine: (line: Buffer | undefined) => void

  /** `most` counts the line feed. */
  constructor(most: number, onLine: (line: Buffer | undefined) => void) {
    this.most = most
    this.onLine = onLine
  }

  push(chunk: Buffer): void {
    let from = 0
    for (let to = chunk.indexOf(10); to >= 0; to = chunk.indexOf(10, from)) {
      this.take(chunk.subarray(from, to))
      this.end()
      from = to + 1
    }
    this.take(chunk.subarray(from))
    // The caller may reuse its buffer, so what waits for the next chunk is copied.
    const last = this.pieces.length - 1
    if (from < chunk.length && last >= 0) this.pieces[last] = Buffer.from(this.pieces[last]!)
  }

  private take(piece: Buffer): void {
    this.pending += piece.length
    if (this.pending >= this.most) this.pieces = []
    else if (piece.length > 0) this.pieces.push(piece)
  }

  private end(): void {
    const pieces = this.pieces
    const tooLong = this.pending >= this.most
    this.pieces = []
    this.pending = 0
    this.onLine(tooLong ? undefined : pieces.length === 1 ? pieces[0] : Buffer.concat(pieces))
  }
}
