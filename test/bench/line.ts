/** Bytes that came in together, when that was, and when the last of them had arrived. */
export interface Passage {
  readonly read: number
  readonly arrived: number
  readonly bytes: number
}

/** Passages are kept for so long after they arrived. Unit ms. */
const KEPT_MS = 1_000

/** An emulated serial line: bytes follow one another at its rate, however fast they came in. */
export class Line {
  /** How long a byte takes; 0 for a line without a rate. */
  readonly byte_ms: number
  private free = 0
  private passages: Passage[] = []

  /** Start bit, eight data bits, stop bit. */
  constructor(baud: number) {
    this.byte_ms = baud > 0 ? 10_000 / baud : 0
  }

  /** Takes one byte in, and returns when it arrives: once all before it have. */
  carry(now: number): number {
    this.free = Math.max(this.free, now) + this.byte_ms
    return this.free
  }

  /** Notes that the last bytes came in together. */
  note(bytes: number, now: number): void {
    this.passages = this.passages.filter(one => one.arrived > now - KEPT_MS)
    this.passages.push({ read: now, arrived: this.free, bytes })
  }

  get lately(): readonly Passage[] {
    return this.passages
  }
}

/** Bytes that had come in by then, and had not arrived yet. */
export function inFlight(passages: readonly Passage[], at: number, byte_ms: number): number {
  const left = ({ read, arrived, bytes }: Passage): number =>
    byte_ms > 0 && read <= at ? Math.min(bytes, Math.max(0, Math.ceil((arrived - at) / byte_ms))) : 0
  return passages.reduce((sum, one) => sum + left(one), 0)
}
