import type { GuardCommand } from '../../machines/guardMessages.ts'
import { encodeHostFrame } from '../../protocol/hostFrames.ts'
import type { MonoMs } from '../../protocol/units.ts'
import { Guard } from '../../src/guard/core.ts'

/** A guard that does one more thing about a command. */
const also = (act: (guard: Guard, command: GuardCommand, now: MonoMs) => void): typeof Guard =>
  class extends Guard {
    override command(command: GuardCommand, now: MonoMs): void {
      super.command(command, now)
      act(this, command, now)
    }
  }

/** A guard that does something else first whenever it looks. */
const looking = (act: (guard: Guard, now: MonoMs) => void): typeof Guard =>
  class extends Guard {
    override tick(now: MonoMs): void {
      act(this, now)
      super.tick(now)
    }
  }

/** A guard whose rules release nothing. */
class Toothless extends Guard {}
Object.defineProperty(Toothless.prototype, 'trip', { value: () => {} })

const sendTarget = (guard: Guard, now: MonoMs): unknown =>
  guard.outbox.send({ type: 'target', channel: 1, target_mmHg: 40, slew_mmHg_per_s: 20 }, now)

/** For each invariant of the guard one that breaks it, as a slip could. */
export const GUARD_MUTANTS: Readonly<Record<string, typeof Guard>> = {
  'I-1, I-7': also((guard, { do: what }, now) => {
    if (what === 'release') sendTarget(guard, now)
  }),
  'I-2, I-18': class extends Guard {
    override release(...args: Parameters<Guard['release']>): void {
      if (this.hasSession) super.release(...args)
    }
  },
  'I-3': also((guard, { do: what }, now) => {
    if (what === 'arm') guard.outbox.send({ type: 'arm' }, now)
  }),
  'I-4': also((guard, command, now) => {
    if (command.do === 'press' && !guard.pressing.inForce) guard.pressing.begin(command, now)
  }),
  'I-5': also((guard, { do: what }) => {
    const { envelope } = guard.memory
    if (what === 'envelope' && envelope) Object.assign(guard, { envelope: { ...envelope, press_ms: 60_000 } })
  }),
  'I-6': class extends Guard {
    override command(command: GuardCommand, now: MonoMs): void {
      this.pressing.ended = Number.NEGATIVE_INFINITY
      const { seen } = this.memory
      Object.assign(this, { seen: { ...seen, ventedSince: seen.ventedSince && Number.NEGATIVE_INFINITY } })
      super.command(command, now)
    }
  },
  'I-8': looking((guard, now) => {
    if (guard.pressing.inForce) guard.outbox.send({ type: 'lease' }, now)
  }),
  'I-9': also((guard, { do: what }, now) => {
    if (what === 'vent') sendTarget(guard, now)
  }),
  'I-10': looking((guard, now) => {
    if (guard.releasing.hasBegun) Object.assign(guard.releasing, { lastAt: now })
  }),
  'I-12': class extends Guard {
    override bytes(chunk: Uint8Array, now: MonoMs): void {
      super.bytes(chunk, now)
      Object.assign(this, { seen: { ...this.memory.seen, at: now } })
    }
  },
  'I-13': Toothless,
  'I-16': Toothless,
  'W-64': also((guard, { do: what }) => {
    if (what !== 'self-test') return
    const line = encodeHostFrame({ type: 'self-test', nonce: 7, seq: 99 })
    const { effects } = guard.outbox as unknown as { effects: { write(line: string): void } }
    for (let i = 0; i < 3; i++) effects.write(line)
  }),
}
