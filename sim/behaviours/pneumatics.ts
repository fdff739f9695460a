import type { Plant } from '../plant.ts'
import type { Rig } from '../rig.ts'
import type { Sensor } from '../sensor.ts'
import { type Arg, type Behaviour, chosen } from './types.ts'

type Change<T> = (one: T, args: readonly Arg[], rig: Rig) => void

/** A behaviour that turns something in the pneumatics of the channel that is its last argument (0 for all). */
function plant(name: string, args: Record<string, Arg>, about: string, change: Change<Plant>): Behaviour {
  return onEach(name, args, about, rig => rig.plants, change)
}

function sensor(name: string, args: Record<string, Arg>, about: string, change: Change<Sensor>): Behaviour {
  return onEach(name, args, about, rig => rig.sensors, change)
}

function onEach<T>(
  name: string,
  args: Record<string, Arg>,
  about: string,
  all: (rig: Rig) => readonly T[],
  change: Change<T>,
): Behaviour {
  const withChannel = { ...args, channel: 0 }
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
  args: { mmHg: 80, ms: 3_000, channel: 0 },
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
  plant('valve.slow', { share: 0.08 }, 'the open valve lets through only this share', (p, [share]) => {
    p.flaws.valveFlow = Number(share)
  }),
  plant('pneu.leak', { mmHg_per_s: 0.5 }, 'the cuff leaks', (p, [rate]) => {
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
  plant('pump.dead', { share: 0 }, 'the pump gives only this share of its flow', (p, [share]) => {
    p.flaws.pumpFlow = Number(share)
  }),
  squeeze,
  plant('limb.contract', { percent: 9 }, 'the limb works: peaks and valleys about the pressure', (p, [percent]) => {
    p.flaws.contraction_percent = Number(percent)
  }),
  sensor('sensor.freeze', {}, 'the converter gives the same count for ever', s => {
    s.flaws.frozen = true
  }),
  sensor('sensor.offset', { mmHg: -100 }, 'the sensor reads this much too high', (s, [mmHg]) => {
    s.flaws.offset_mmHg += Number(mmHg)
  }),
  sensor('sensor.drift', { mmHg_per_min: 1 }, 'the reading drifts', (s, [rate]) => {
    s.flaws.drift_mmHg_per_min = Number(rate)
  }),
  sensor('sensor.rail', { end: 'high' }, 'the converter is at its high or low end', (s, [end]) => {
    s.flaws.rail = end === 'low' ? 'low' : 'high'
  }),
  sensor('sensor.noise', { mmHg: 10 }, 'noise of this standard deviation', (s, [mmHg]) => {
    s.flaws.noise_mmHg = Number(mmHg)
  }),
]
