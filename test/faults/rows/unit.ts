import { BOUNDS as B } from '../bounds.ts'
import {
  BEFORE,
  but,
  ends,
  hidden,
  long,
  noPress,
  onePress,
  opens,
  PRESSED,
  planned,
  type Row,
  saysStuck,
} from '../row.ts'

const GREETED = but('connecting')
/** A press at training pressure comes, or is under way. */
const TRAINING = [...PRESSED, 'depressurizing', 'resting'] as const
/** A press comes. */
const BETWEEN = [...BEFORE, 'depressurizing', 'resting'] as const

/** FAULTS.md, section 3. */
export const UNIT: readonly Row[] = [
  {
    id: 'F35',
    title: 'the firmware restarts',
    hazards: ['H1', 'H3'],
    cases: [opens('fw.reset', B.loop, PRESSED), noPress('fw.reset', GREETED)],
    tests: ['REQ-BOOT (I-13): a unit that restarted is let go, and gets no target again'],
  },
  {
    id: 'F36',
    title: 'the firmware hangs, outputs as they are',
    hazards: ['H1', 'H2'],
    cases: [opens('fw.hang', B.watchdog, PRESSED), noPress('fw.hang', GREETED)],
    tests: ['F36: a hung unit whose watchdog is dead too is held down by its ceiling, and the session says STUCK'],
  },
  {
    id: 'F37',
    title: 'the control loop hangs, and telemetry goes on',
    hazards: ['H1'],
    cases: [
      opens('fw.loopHang', B.watchdog, [...PRESSED, 'arming']),
      noPress('fw.loopHang', but('connecting', 'arming')),
      opens('fw.loopHang fw.noWatchdog', B.lostLoop),
    ],
    tests: ['F37, F36: with the loop hung and no watchdog, the last lease is sent within 1 s'],
  },
  {
    id: 'F38',
    title: 'a sensor freezes',
    hazards: ['H2', 'H6'],
    cases: [opens('sensor.freeze', B.frozen)],
    tests: ['F38: a count that never changes is noticed at the first report after 3 s'],
  },
  {
    id: 'F39',
    title: 'a sensor drifts',
    hazards: ['H2'],
    cases: [
      noPress('sensor.drift=-45', PRESSED),
      onePress('sensor.drift=-60', BETWEEN),
      noPress('sensor.drift=45', PRESSED),
      onePress('sensor.drift=60', BETWEEN),
    ],
    tests: ['REQ-ZERO (F39): a sensor that has drifted from zero begins no press'],
    missing: 'there is no second sensor: a slow drift within one hold shows only at the next vented line',
  },
  {
    id: 'F40',
    title: 'a sensor is off by a fixed amount',
    hazards: ['H2'],
    cases: [
      opens('sensor.offset=-100', B.frozen),
      opens('sensor.offset=-20', B.rail),
      opens('sensor.offset=50', B.twoReports, but('pressurizing')),
      ends('sensor.offset=50', B.nextVentDone, ['pressurizing']),
    ],
    tests: ['a zero that is off by %i mmHg: the self test fails with bit 0, and ZERO stands'],
  },
  {
    id: 'F41',
    title: 'a sensor is at its end, or its wire is open',
    hazards: ['H2'],
    cases: [opens('sensor.rail=high', B.rail), opens('sensor.rail=low', B.rail)],
    tests: ['a sensor at its rail fails the self test with bit 3, and a shorted pump driver with bit 2'],
  },
  {
    id: 'F42',
    title: 'noise on a sensor',
    hazards: ['H6'],
    cases: [planned('sensor.noise=0.5'), opens('sensor.noise=20', B.frozen)],
    tests: ['REQ-SOUND: what is no fault ends nothing'],
  },
  {
    id: 'F43',
    title: 'a slow leak',
    hazards: ['H4'],
    cases: [
      planned('pneu.leak=0.3'),
      long(opens('pneu.leak=0.5', B.leak, TRAINING)),
      long(opens('pneu.leak=8', B.leak, TRAINING)),
    ],
    tests: ['F44: a pump that runs without a break at the target is noticed after 9 s'],
  },
  {
    id: 'F44',
    title: 'a fast leak',
    hazards: ['H4'],
    cases: [opens('pneu.leak=60', B.rise)],
    tests: ['F44: a pressure that does not rise is noticed after 2 s'],
  },
  {
    id: 'F45',
    title: 'the cuff bursts',
    hazards: ['H3'],
    cases: [opens('pneu.burst', B.rail, ['holding']), opens('pneu.burst', B.rise, but('holding'))],
    tests: ['REQ-UNIT-FAULT: a fault of the unit ends the session in time, and nothing is pressed after it'],
  },
  {
    id: 'F46',
    title: 'the hose is kinked',
    hazards: ['H4'],
    cases: [
      hidden(onePress('pneu.kink', BETWEEN)),
      hidden(ends('pneu.kink', B.nextVent, PRESSED)),
      hidden(noPress('pneu.kink', [...PRESSED, 'releasing'])),
    ],
    tests: ['REQ-KINK (F46): a line that vents faster than a cuff can is called out in the first press'],
    missing: 'the rise is not compared with what a cuff takes: a kinked hose shows when it first vents, and not before',
  },
  {
    id: 'F47',
    title: 'the hose is kinked while it vents',
    hazards: ['H1'],
    cases: [
      hidden(onePress('pneu.kinkVent', BETWEEN)),
      hidden(ends('pneu.kinkVent', B.nextVent, PRESSED)),
      hidden(noPress('pneu.kinkVent', [...PRESSED, 'releasing'])),
    ],
    tests: [
      'REQ-KINK (F47): a hose that is kinked while somebody releases is called out',
      'F47: with %s no screen says that the cuff is empty',
      'what a low line pressure does not show is said when something was pressed, and not otherwise',
      'no state is worded as an empty cuff',
    ],
  },
  {
    id: 'F48',
    title: 'the valve stays closed',
    hazards: ['H1'],
    cases: [saysStuck('valve.stuckClosed', B.stuck), saysStuck('valve.stuckClosed@400ms', B.stuck, ['depressurizing'])],
    tests: ['F48: the valve sticks while %s: STUCK, and its alarm stays'],
  },
  {
    id: 'F49',
    title: 'the valve stays open',
    hazards: [],
    cases: [opens('valve.stuckOpen', B.rise)],
    tests: ['REQ-UNIT-FAULT: a fault of the unit ends the session in time, and nothing is pressed after it'],
  },
  {
    id: 'F50',
    title: 'the valve lets out too little',
    hazards: ['H1'],
    cases: [ends('valve.slow', B.nextVent, PRESSED), ends('valve.slow', B.stuck, ['depressurizing'])],
    tests: ['F50: a valve that lets out too little is called out within a second, and no press follows'],
  },
  {
    id: 'F51',
    title: 'the pump runs away',
    hazards: ['H2'],
    cases: [opens('pump.stuckOn', B.runaway, ['holding']), opens('pump.stuckOn', B.runawayRise)],
    tests: [
      'F51: a pump that runs away is let go before 40 mmHg above the target',
      'a runaway pump, with the sensor frozen, is stopped at the ceiling within 100 ms',
    ],
  },
  {
    id: 'F52',
    title: 'the pump is dead or weak',
    hazards: [],
    cases: [
      opens('pump.dead', B.rise, but('holding')),
      opens('pump.dead=0.05', B.rise, but('holding')),
      onePress('pump.dead', ['holding']),
    ],
    tests: ['of the rise, with a pump that is too weak to arrive'],
  },
  {
    id: 'F53',
    title: 'somebody leans on the cuff, or bends the limb',
    hazards: ['H2'],
    cases: [
      opens('limb.squeeze=80', B.twoReports, ['holding']),
      planned('limb.squeeze=80', ['connecting', 'self test', 'resting', 'ended']),
    ],
    tests: ['a working limb (10 % about the pressure) is no fault'],
  },
  {
    id: 'F54',
    title: 'the battery runs low',
    hazards: ['H1'],
    cases: [opens('fw.battery=15', B.loop, PRESSED), noPress('fw.battery=15')],
    tests: [
      'F54: a battery that is low before arming is not armed on',
      'BATTERY latches, forbids arming, and goes by itself once charged',
    ],
  },
  {
    id: 'F55',
    title: 'the unit loses its power',
    hazards: ['H1'],
    cases: [opens('fw.powerLoss', B.loop, PRESSED), noPress('fw.powerLoss')],
    tests: ['%s while inflated: the valve opens at once'],
  },
  {
    id: 'F56',
    title: 'the unit acknowledges and does nothing',
    hazards: ['H1', 'H5'],
    cases: [
      opens('fw.lyingAck=V', B.nextVent, PRESSED),
      opens('fw.lyingAck=L', B.lost, PRESSED),
      noPress('fw.lyingAck=P', ['fitting', 'arming', 'resting']),
    ],
    tests: ['F56: a vent that is acknowledged and not carried out ends in a release'],
  },
  {
    id: 'F57',
    title: 'the unit reports in another unit of pressure',
    hazards: ['H2'],
    cases: [opens('dev.units=kPa', B.rise), opens('dev.units=psi', B.rise)],
    tests: ['REQ-UNIT-FAULT: a fault of the unit ends the session in time, and nothing is pressed after it'],
  },
  {
    id: 'F58',
    title: 'the hoses of two limbs are swapped',
    hazards: ['H4'],
    cases: [planned('dev.swapChannels')],
    tests: ['REQ-CHECKLIST: nothing that the paper asks for before a session is missing'],
    missing: 'there is no puff on each channel before arming; nothing tells swapped hoses',
  },
]
