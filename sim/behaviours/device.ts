import type { Millis } from '../../protocol/units.ts'
import type { Hooks, Rig } from '../rig.ts'
import { type Arg, type ArgSpec, type Behaviour, number, word } from './types.ts'

const device = (
  name: string,
  args: Record<string, ArgSpec>,
  about: string,
  begin: (rig: Rig, args: readonly Arg[]) => Hooks | undefined,
): Behaviour => ({ name, args, about, begin })

const PIECE = 16_384
/** Terminal control, markup, a byte that is no character, and a line separator in UTF-8: each character is one byte. */
const HOSTILE = '\u001b[2J\u001b]0;owned\u0007<img src=x onerror=alert(1)>\u0000\u00e2\u0080\u00a8'

/** So many bytes without a line feed, in place of everything else that the unit says. */
function noNewline(rig: Rig, bytes: number): Hooks {
  let left = bytes
  const junk = new Uint8Array(PIECE).fill(0x41)
  let own = false
  return {
    toHost(out, _t, pass) {
      if (own || left <= 0) pass(out)
    },
    step() {
      if (left <= 0) return
      own = true
      rig.send(junk.subarray(0, Math.min(PIECE, left)))
      own = false
      left -= PIECE
    },
  }
}

const every = (ms: Millis, rig: Rig, act: () => void): Hooks => {
  let next = rig.t()
  return {
    step(t) {
      if (t < next) return
      next = t + ms
      act()
    },
  }
}

/** Bytes of every kind in place of the unit's own, as from a wrong rate or another device. */
function noise(rig: Rig): Hooks {
  let own = false
  const hooks = every(100, rig, () => {
    own = true
    rig.send(Uint8Array.from({ length: 50 }, () => rig.random.below(256)))
    own = false
  })
  return {
    ...hooks,
    toUnit: () => {},
    toHost: (bytes, _t, pass) => {
      if (own) pass(bytes)
    },
  }
}

export const DEVICE: readonly Behaviour[] = [
  device('dev.noNewline', { bytes: number(1_048_576, 1, 2 ** 31) }, 'a line that does not end', (rig, [bytes]) =>
    noNewline(rig, Number(bytes)),
  ),
  device('dev.flood', { times: number(100, 1, 1_000) }, 'so many times the telemetry', (rig, [times]) => ({
    step() {
      const frames = Math.ceil((Number(times) * 20) / rig.firmware.state.period_ms)
      for (let i = 0; i < frames; i++) rig.firmware.telemetry()
    },
  })),
  device('dev.escapes', {}, 'control characters and markup in texts and between the lines', rig => {
    rig.firmware.flaws.model = HOSTILE
    return every(500, rig, () => rig.send(Uint8Array.from(`T ${HOSTILE}\n`, character => character.charCodeAt(0))))
  }),
  device('dev.noise', {}, 'random bytes in place of a unit', noise),
  device(
    'dev.version',
    { version: number(2, 0, 255) },
    'the unit speaks this version of the protocol',
    (rig, [version]) => {
      rig.firmware.flaws.version = Number(version)
      return undefined
    },
  ),
  device(
    'dev.units',
    { unit: word('kPa', /^(kPa|psi)$/, 'kPa or psi') },
    'pressures are reported in another unit (kPa or psi)',
    (rig, [unit]) => {
      rig.firmware.flaws.unitFactor = unit === 'psi' ? 0.019337 : 0.133322
      return undefined
    },
  ),
  device('dev.swapChannels', {}, 'the hoses of channels 1 and 2 are swapped', rig => {
    rig.swapHoses()
    return undefined
  }),
  device('dev.resetOnOpen', {}, 'opening the port resets the unit', rig => ({
    opened: () => rig.restart('reset'),
  })),
  device('dev.powerCycle', { ms: number(300, 1, 3_600_000) }, 'the power is off for a while', (rig, [ms]) => {
    rig.restart('power', Number(ms))
    return undefined
  }),
]
