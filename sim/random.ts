/** A small seeded generator (mulberry32), so that the same seed gives the same bytes on every machine. */
export class Random {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number {
    return Math.floor(this.next() * below)
  }

  /** Mean 0, standard deviation 1, bounded by 3: the sum of three uniform numbers, which is cheap. */
  noise(): number {
    return (this.next() + this.next() + this.next() - 1.5) * 2
  }

  /** A generator of its own, so that what one part draws does not change what another one gets. */
  fork(): Random {
    return new Random(this.next() * 4294967296)
  }
}
