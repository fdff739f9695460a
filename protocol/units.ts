/**
 * Units as types. A plain number may become any of these, but one unit never passes for another:
 * `const hold: Millis = target` does not compile when `target` is an `MmHg`.
 */
type Unit<Name extends string> = number & { readonly unit?: Name }

/** Gauge pressure in millimetres of mercury. */
export type MmHg = Unit<'mmHg'>
/** A duration in milliseconds. */
export type Millis = Unit<'ms'>
/** A point on the monotonic clock in milliseconds. The only clock that decides. */
export type MonoMs = Unit<'mono'>
/** A point on the wall clock in milliseconds since 1970. It labels, and it ages documents; it never times a cuff. */
export type WallMs = Unit<'wall'>
/** Rate of change of the commanded pressure in mmHg per second. */
export type MmHgPerS = Unit<'mmHg/s'>

/** Below this a line counts as vented. Unit mmHg; safety concept, V_DONE: project policy. */
export const VENTED_MMHG: MmHg = 15

/** @throws RangeError unless `value` is a finite number within [min, max]. */
export function within(name: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < min || value > max)
    throw new RangeError(`${name} must be a number from ${min} to ${max}, got ${String(value)}`)
  return value
}
