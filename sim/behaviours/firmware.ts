import type { FirmwareFlaws } from '../firmware/state.ts'
import type { Rig } from '../rig.ts'
import { type Arg, type ArgSpec, type Behaviour, number, word } from './types.ts'

type Act = (rig: Rig, args: readonly Arg[]) => void

const act = (name: string, args: Record<string, ArgSpec>, about: string, begin: Act): Behaviour => ({
  name,
  args,
  about,
  begin(rig, values) {
    begin(rig, values)
    return undefined
  },
})

const flaw = (
  name: string,
  args: Record<string, ArgSpec>,
  about: string,
  flaws: (args: readonly Arg[]) => Partial<FirmwareFlaws>,
): Behaviour => act(name, args, about, (rig, values) => Object.assign(rig.firmware.flaws, flaws(values)))

/** "3" or "3+4": numbers of safety functions to the bits of the profile. */
const fwBits = (list: Arg | undefined): number =>
  String(list)
    .split('+')
    .reduce((bits, fw) => bits | (1 << (Number(fw) - 1)), 0)

/** A unit that has been on for a long time: what it counts goes on from there. */
function countFrom({ firmware: { state, memory } }: Rig, [up_ms, telemetry, loop, boot]: readonly Arg[]): void {
  state.startedAt = state.t - Number(up_ms)
  state.telemetrySeq = Number(telemetry)
  state.loop = Number(loop)
  memory.boot = Number(boot)
}

export const FIRMWARE_BEHAVIOURS: readonly Behaviour[] = [
  act('fw.reset', {}, 'the firmware restarts', rig => rig.restart('reset')),
  flaw('fw.hang', {}, 'everything stands still, outputs as they are, until the watchdog bites', () => ({ hang: true })),
  flaw('fw.loopHang', {}, 'the control loop stands still and telemetry goes on, until the watchdog bites', () => ({
    loopHang: true,
  })),
  flaw('fw.noWatchdog', {}, 'the watchdog never bites', () => ({ noWatchdog: true })),
  act(
    'fw.counters',
    {
      up_ms: number(4_294_937_296, 0, 4_294_967_295),
      telemetry: number(0xff00, 0, 0xffff),
      loop: number(0xfa00, 0, 0xffff),
      boot: number(255, 0, 255),
    },
    'clock and counts of the unit go on from here, all about to begin again',
    countFrom,
  ),
  flaw('fw.battery', { percent: number(15, 0, 100) }, 'charge of the battery; below 20 a fault', ([percent]) => ({
    battery_percent: Number(percent),
  })),
  act('fw.powerLoss', {}, 'the power goes and does not come back', rig =>
    rig.restart('power', Number.POSITIVE_INFINITY),
  ),
  flaw(
    'fw.lyingAck',
    { letters: word('V', /^[ZALPV]+$/, 'one or more of Z A L P V') },
    'these commands are acknowledged and not carried out',
    ([letters]) => ({
      lyingAck: String(letters),
    }),
  ),
  flaw('fw.noSilence', {}, 'a silent host is not noticed, though the profile says so', () => ({ noSilence: true })),
  flaw(
    'fw.undeclared',
    { functions: word('3', /^([1-9]|1[0-2])(\+([1-9]|1[0-2]))*$/, 'numbers from 1 to 12 joined by +') },
    'the profile leaves these FW numbers out (joined by +)',
    ([list]) => ({
      undeclared: fwBits(list),
    }),
  ),
  flaw('fw.memoryLost', {}, 'at the next start the inflated time cannot be read back', () => ({ memoryLost: true })),
  act('button.release', {}, 'release by hand at the unit', rig => rig.firmware.releaseBy('BUTTON')),
]
