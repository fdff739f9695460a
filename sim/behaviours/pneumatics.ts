import { PLANT } from '../constants.ts'
import type { Plant } from '../plant.ts'
import type { Rig } from '../rig.ts'
import type { Sensor } from '../sensor.ts'
import { type Arg, type ArgSpec, type Behaviour, chosen, number, share, word } from './types.ts'

/** 0 stands for all; the unit says how many it has. */
const CHANNEL = number(0, 0, 4)

type Change<T> = (one: T, args: readonly Arg[], rig: Rig) => void

/** A behaviour that turns something in the pneumatics of the channel that is its last argument (0 for all). */
function plant(name: string, args: Record<string, ArgSpec>, about: string, change: Change<Plant>): Behaviour {
  return onEach(name, args, about, rig => rig.plants, change)
}

function sensor(name: string, args: Record<string, ArgSpec>, about: string, change: Change<Sensor>): Behaviour {
  return onEach(name, args, about, rig => rig.sensors, change)
}

function onEach<T>(
  name: string,
  args: Record<string, ArgSpec>,
  about: string,
  all: (rig: Rig) => readonly T[],
  change: Change<T>,
): Behaviour {
  const withChannel = { ...args, channel: CHANNEL }
  return {
    name,
    args: withChannel,
    about,
    begin(rig, values) {
      for (const one of chosen(all(rig), values.at(-1))) change(one, values, rig)
      return undefined
    },
  }
}

const squeeze: Behaviour = {
  name: 'limb.squeeze',
  args: { mmHg: number(80, 0, 500), ms: number(3_000, 1, 3_600_000), channel: CHANNEL },
  about: 'the person leans on the cuff, or bends the limb, for a while',
  begin(rig, [mmHg, ms, channel]) {
    const plants = chosen(rig.plants, channel)
    const until = rig.t() + Number(ms)
    for (const one of plants) one.flaws.squeeze_mmHg = Number(mmHg)
    return {
      step(t) {
        if (t >= until) for (const one of plants) one.flaws.squeeze_mmHg = 0
      },
    }
  },
}

export const PNEUMATICS: readonly Behaviour[] = [
  plant('valve.stuckClosed', {}, 'the valve stays closed', p => {
    p.flaws.valve = 'stuckClosed'
  }),
  plant('valve.stuckOpen', {}, 'the valve stays open', p => {
    p.flaws.valve = 'stuckOpen'
  }),
  plant('valve.slow', { share: share(0.08) }, 'the open valve lets through only this share', (p, [part]) => {
    p.flaws.valveFlow = Number(part)
  }),
  plant('pneu.leak', { mmHg_per_s: number(0.5, 0, 1_000) }, 'the cuff leaks', (p, [rate]) => {
    p.flaws.leak_mmHg_per_s = Number(rate)
  }),
  plant('pneu.burst', {}, 'the cuff bursts', p => {
    p.flaws.burst = true
  }),
  plant('pneu.kink', {}, 'the hose is kinked: the line no longer shows the cuff', p => {
    p.flaws.kink = 'both'
  }),
  plant(
    'pneu.kinkVent',
    {},
    'the hose lets air in but not out: vented, the line reads 0 and the cuff stays full',
    p => {
      p.flaws.kink = 'vent'
    },
  ),
  plant('pump.stuckOn', {}, 'the driver of the pump is shorted', p => {
    p.flaws.pumpStuckOn = true
  }),
  plant('pump.dead', { share: share(0) }, 'the pump gives only this share of its flow', (p, [part]) => {
    p.flaws.pumpFlow = Number(part)
  }),
  squeeze,
  plant(
    'limb.contract',
    { percent: number(PLANT.contraction.value, 0, 100) },
    'the limb works: peaks and valleys about the pressure',
    (p, [percent]) => {
      p.flaws.contraction_percent = Number(percent)
    },
  ),
  sensor('sensor.freeze', {}, 'the converter gives the same count for ever', s => {
    s.flaws.frozen = true
  }),
  sensor('sensor.offset', { mmHg: number(-100, -400, 400) }, 'the sensor reads this much too high', (s, [mmHg]) => {
    s.flaws.offset_mmHg += Number(mmHg)
  }),
  sensor('sensor.drift', { mmHg_per_min: number(1, -1_000, 1_000) }, 'the reading drifts', (s, [rate]) => {
    s.flaws.drift_mmHg_per_min = Number(rate)
  }),
  sensor(
    'sensor.rail',
    { end: word('high', /^(high|low)$/, 'high or low') },
    'the converter is at its high or low end',
    (s, [end]) => {
      s.flaws.rail = end === 'low' ? 'low' : 'high'
    },
  ),
  sensor('sensor.noise', { mmHg: number(10, 0, 100) }, 'noise of this standard deviation', (s, [mmHg]) => {
    s.flaws.noise_mmHg = Number(mmHg)
  }),
]
