import { SHORT } from '../support/programs.ts'
import { Stack, type StackOptions } from '../support/stack.ts'
import type { Moment } from './row.ts'

/** A line that takes this long, so that there is a moment in which the host waits for the unit. Unit ms. */
const SLOW = { unit: { behaviours: ['link.delay=20'] } }

/** The third press is the first one at training pressure. */
function inPress(
  stack: Stack,
  number: number,
  phase: 'pressurizing' | 'holding' | 'depressurizing' | 'resting',
): Stack {
  stack.until(s => s.phase === phase && s.view.press.number === number, 120_000)
  return stack
}

const slow = (options: StackOptions): Stack => new Stack({ ...options, ...SLOW })

/** Sessions of the shipped parts, each led to one moment. */
const LED: Readonly<Record<Moment, (options: StackOptions) => Stack>> = {
  connecting: options => slow(options),
  'self test': options => after(300, new Stack(options)),
  fitting: options => after(300, to('fitting', new Stack(options))),
  arming: options => to('arming', slow(options)),
  pressurizing: options => after(300, inPress(new Stack(options), 3, 'pressurizing')),
  holding: options => after(500, inPress(new Stack(options), 3, 'holding')),
  depressurizing: options => after(100, inPress(new Stack(options), 3, 'depressurizing')),
  resting: options => after(500, inPress(new Stack(options), 2, 'resting')),
  releasing(options) {
    const stack = after(500, inPress(new Stack(options), 3, 'holding'))
    stack.act(session => session.release('operator', 'a key'))
    return after(50, stack)
  },
  ended: options => after(1_000, to('finished', new Stack(options))),
}

function after(ms: number, stack: Stack): Stack {
  stack.advance(ms)
  return stack
}

function to(phase: 'fitting' | 'arming' | 'finished', stack: Stack): Stack {
  stack.untilPhase(phase, 120_000)
  return stack
}

const LONG = {
  ...SHORT,
  steps: SHORT.steps.map(step => (step.kind === 'training' ? { ...step, hold_ms: 30_000 } : step)),
}

/** A session in that moment. */
export function ledTo(moment: Moment, long = false): Stack {
  const stack = LED[moment]({ program: long ? LONG : SHORT })
  if (moment === 'connecting' || moment === 'arming') stack.inject('link.restore')
  return stack
}
