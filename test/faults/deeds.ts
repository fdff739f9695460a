import type { GuardReport } from '../../machines/guardMessages.ts'
import { encodeHostFrame, type HostFrame } from '../../protocol/hostFrames.ts'
import type { Millis, MonoMs } from '../../protocol/units.ts'
import { PROTOCOL_VERSION, RELEASE } from '../../protocol/wire.ts'
import type { Unit } from '../../sim/unit.ts'
import type { Stack } from '../support/stack.ts'
import type { Deed } from './row.ts'

const deed = (name: string, act: (stack: Stack) => void): Deed => ({ name, act })

/** The kernel or a person kills it; its channel to the guard closes. */
export const controllerKilled = deed('controller killed', stack => stack.killController())
export const guardKilled = deed('guard killed', stack => stack.killGuard())
export const hostDead = deed('controller and guard gone at once', stack => {
  stack.controllerLives = stack.guardLives = false
})

const heldUp = (who: readonly ('controllerLives' | 'guardLives')[], ms: Millis) => (stack: Stack) => {
  for (const one of who) stack[one] = false
  stack.advance(ms)
  for (const one of who) stack[one] = true
}
export const controllerHeldUp = (ms: Millis): Deed =>
  deed(`controller held up for ${ms} ms`, heldUp(['controllerLives'], ms))
export const guardHeldUp = (ms: Millis): Deed => deed(`guard held up for ${ms} ms`, heldUp(['guardLives'], ms))
export const asleep = (ms: Millis): Deed =>
  deed(`laptop asleep for ${ms} ms`, heldUp(['controllerLives', 'guardLives'], ms))

/** It answers every ping, and gets on no more. */
export const zombie = deed('controller answers and does not get on', stack => {
  stack.controllerLives = false
  for (let i = 0; i < 40; i++) {
    stack.act((_, guard) => guard.command({ do: 'pong', ping: stack.lastPing, step: 77 }, stack.now))
    stack.advance(50)
  }
})

/** What only a defect of ours would hand to the machine: it throws in a guard or an action. */
export const machineThrows: Deed = {
  ...deed('session machine throws', stack =>
    stack.act(session => session.report({ is: 'telemetry' } as unknown as GuardReport)),
  ),
  throws: true,
}

export const timersLost = deed('every time limit of the session lost', stack => stack.loseTimers(''))

export const wallSet = (ms: Millis): Deed =>
  deed(`wall clock set ${ms > 0 ? '+' : ''}${ms / 1000} s`, stack => {
    stack.wallShift += ms
  })

/** The host's clock runs at `rate` of the unit's, which is the true one here. */
export const hostClock = (rate: number): Deed =>
  deed(`host clock at ${rate} of life`, stack => {
    const { unit, now: since } = stack
    const toUnit = (now: MonoMs): MonoMs => since + (now - since) / rate
    const warped: Unit = {
      receive: (bytes, now) => unit.receive(bytes, toUnit(now)),
      advance: now => unit.advance(toUnit(now)),
      nextDeadline: () => since + (unit.nextDeadline() - since) * rate,
      opened: now => unit.opened(toUnit(now)),
      closed: now => unit.closed(toUnit(now)),
      inject: (spec, now) => unit.inject(spec, toUnit(now)),
      pressures: () => unit.pressures(),
    }
    Object.assign(stack, { unit: warped })
  })

/** The host is started anew while a unit that does not notice a silent host holds its pressure. */
export const restarted = deed('host started anew, unit deaf to silence', stack => {
  stack.inject('fw.noSilence')
  stack.killGuard()
  stack.restartHost()
})

const writes = (name: string, bytes: Uint8Array): Deed =>
  deed(name, stack => stack.act(() => stack.unit.receive(bytes, stack.now)))
const line = (frame: HostFrame): Uint8Array => Buffer.from(encodeHostFrame(frame), 'latin1')
const STRANGER = 0x0badcafe

/** Another program got hold of the line. */
export const foreignHello = writes(
  'another program opens a session',
  line({ type: 'hello', nonce: STRANGER, version: PROTOCOL_VERSION, rate_Hz: 10 }),
)
export const foreignTarget = writes(
  'another program sends a target',
  line({ type: 'target', nonce: STRANGER, seq: 0x7fff_ffff, channel: 1, target_mmHg: 200, slew_mmHg_per_s: 30 }),
)
export const foreignRelease = writes('another program sends the release byte', Uint8Array.of(RELEASE))

export const asked = deed('somebody presses the release key', stack =>
  stack.act(session => session.release('operator', 'a key')),
)
export const signal = deed('a signal', stack => stack.act((_, guard) => guard.release('signal SIGTERM', stack.now)))
export const feelsBad = deed('the person feels bad', stack => stack.act(session => session.symptom('feels bad')))
export const startAgain = deed('START again and again', stack => {
  for (let i = 0; i < 20; i++) {
    stack.act(session => session.start())
    stack.advance(100)
  }
})

export const syncFails = deed('the disk takes nothing more', stack => {
  stack.diskFails = true
})
export const recordFails: Deed = {
  ...deed('no record can be written', stack => {
    stack.recordFails = true
  }),
  throws: true,
}
/** The controller waits for the disk, and the key goes to the guard, which has none. */
export const keyWhileSyncing = deed('a key while a sync takes 5 s', stack => {
  stack.controllerLives = false
  stack.act((_, guard) => guard.release('key Space', stack.now))
  stack.advance(5_000)
  stack.controllerLives = true
})
