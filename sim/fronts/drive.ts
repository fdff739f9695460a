import type { Millis, MonoMs } from '../../protocol/units.ts'
import { createUnit, type Unit, type UnitOptions } from '../unit.ts'

export interface DriveOptions extends Omit<UnitOptions, 'send' | 'now'> {
  /** How many of the unit's seconds pass in one of ours. Default 1. */
  readonly speed?: number
}

/** A unit that lives in real time. What it says goes to whatever line is attached. */
export interface Driven {
  readonly unit: Unit
  /** Bytes from the host. */
  receive(bytes: Uint8Array): void
  opened(): void
  closed(): void
  inject(spec: string): void
  /** Each line of the unit from now on, one front at a time. */
  attach(line: (bytes: Uint8Array) => void): void
  stop(): void
}

/** The monotonic clock of this machine, the same in every process. */
export const hostClock = (): MonoMs => Number(process.hrtime.bigint()) / 1e6

/**
 * Runs a unit with one timer that is set to the unit's next deadline. After a pause of this process the unit lives
 * through what it missed, each thing at its own time.
 */
export function drive(options: DriveOptions = {}): Driven {
  const speed = options.speed ?? 1
  const start = hostClock()
  const now = (): MonoMs => (hostClock() - start) * speed
  let line: (bytes: Uint8Array) => void = () => {}
  const unit = createUnit({ ...options, send: bytes => line(bytes) })
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const later = (): void => {
    clearTimeout(timer)
    const wait_ms: Millis = Math.max(0, (unit.nextDeadline() - now()) / speed)
    if (!stopped) timer = setTimeout(tick, wait_ms)
  }
  const tick = (): void => {
    unit.advance(now())
    later()
  }
  const soon =
    <Args extends unknown[]>(act: (now: MonoMs, ...args: Args) => void) =>
    (...args: Args): void => {
      if (stopped) return
      act(now(), ...args)
      later()
    }
  later()
  return {
    unit,
    receive: soon((t, bytes: Uint8Array) => unit.receive(bytes, t)),
    opened: soon(t => unit.opened(t)),
    closed: soon(t => unit.closed(t)),
    inject: soon((t, spec: string) => unit.inject(spec, t)),
    attach(to) {
      line = to
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** What a front gives back. */
export interface Front {
  /** Where a host finds the unit: a path, or `tcp:127.0.0.1:PORT`. */
  readonly path: string
  close(): Promise<void>
}

/** Unsent bytes of a peer that does not read; what goes beyond is lost, as on a line without flow control. */
export const UNSENT_MAX = 16_384
