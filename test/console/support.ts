import { Desk, type DeskOptions } from '../../src/console/desk.ts'

/** A desk with no unit, whose clock is set by hand. */
export function testDesk(options: Partial<DeskOptions> = {}) {
  const clock = { now: 1_000 }
  const desk = new Desk({
    ...{ home: '/nonexistent', path: '/dev/no-such-port', speed: 1, rate_Hz: 10, keys: false },
    identify: async () => ({ is: 'no unit', why: 'no cuff unit answers' }),
    now: () => clock.now,
    wall: () => Date.parse('2026-05-04T10:30:00Z') + clock.now,
    changed: () => {},
    print: () => {},
    ...options,
  })
  return { desk, clock }
}
