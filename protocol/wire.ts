import type { Millis, MmHg, MmHgPerS } from './units.ts'

/** Version of the protocol that this repository speaks; PROTOCOL.md is its text. */
export const PROTOCOL_VERSION = 1

/** The release byte. It stands outside every frame, and works in every mode, session or none. */
export const RELEASE = 0x18

/** Longest line to the unit, line feed included. Unit bytes. */
export const TO_UNIT_MAX = 64
/** Longest line from the unit, line feed included. Unit bytes. */
export const TO_HOST_MAX = 96
/** Bytes that may be on their way to the unit without an acknowledgement; the release byte does not count. */
export const IN_FLIGHT_MAX = 64

export const BAUD = 115_200
export const CHANNELS_MAX = 4
export const TELEMETRY_MIN_HZ = 10
export const TELEMETRY_MAX_HZ = 100

/** The timing table of PROTOCOL.md. Unit ms. */
export const TIMING = {
  /** Without a new lease for this long the unit vents. */
  silence: 1_500,
  /** A unit that lets go sooner would take an ordinary pause of the host for its death: four leases. */
  silenceLeast: 1_000,
  /** The host renews the lease this often. */
  lease: 250,
  /** A frame is answered within this time, or its outcome is unknown. */
  ack: 300,
  /** Telemetry is stale, and lost, after this long without a report. */
  stale: 500,
  lost: 1_000,
  /** The self test reports within this time. */
  selfTest: 3_000,
  /** Identity and profile follow an identify within this time. */
  identify: 1_000,
  /** A vented line is below 15 mmHg within this time. */
  vented: 10_000,
  /** The release byte is repeated this often until telemetry shows its effect. */
  releaseRepeat: 100,
} as const satisfies Record<string, Millis>

/** A target stays this far below the ceiling of its channel. Unit mmHg. */
export const CEILING_MARGIN: MmHg = 50
/** Highest ceiling that a profile may name. Unit mmHg; adult cuff practice (fault table of the protocol). */
export const CEILING_MAX: MmHg = 300
/** Longest inflated time that a profile may name, unbroken and per rolling hour. Unit s. */
export const INFLATED_MAX_S = 1_200
/** Highest slew that a profile may name. Unit mmHg/s. */
export const SLEW_WIRE_MAX: MmHgPerS = 50

/** What the unit is doing; one hexadecimal digit in telemetry. */
export const MODES = ['latched', 'testing', 'armed', 'active', 'venting'] as const
export type Mode = (typeof MODES)[number]

/** Why a well-formed command was not carried out. */
export const REFUSALS = {
  version: 0x01,
  session: 0x02,
  sequence: 0x03,
  mode: 0x04,
  range: 0x05,
  channel: 0x06,
  pressure: 0x07,
  fault: 0x08,
  lease: 0x09,
  time: 0x0a,
  untested: 0x0b,
} as const
export type Refusal = keyof typeof REFUSALS
const REFUSAL_BY_CODE = new Map<number, Refusal>(
  Object.entries(REFUSALS).map(([name, code]) => [code, name as Refusal]),
)
/** The name of a refusal code, or "unknown" for one that this version does not know. */
export const refusalName = (code: number): Refusal | 'unknown' => REFUSAL_BY_CODE.get(code) ?? 'unknown'

/** Safety functions that a unit declares, FW-1 to FW-12; bit n-1 of the profile's word. */
export const FW_REQUIRED = 0b1_1111
