import type { HostFrame, TargetFrame } from '../../protocol/hostFrames.ts'
import { DEMANDS as D } from '../constants.ts'
import { CLEARED_BY_ARM, FAULT } from './faults.ts'
import type { Firmware } from './firmware.ts'
import { letGo } from './regulate.ts'
import type { Session } from './state.ts'

/** Codes of refusal, from PROTOCOL.md section 4. 0 stands for "not refused". */
const NO = {
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

export type Hello = Extract<HostFrame, { type: 'hello' }>
export type Command = Exclude<HostFrame, { type: 'hello' | 'identify' }>
const LETTER: Record<Command['type'], string> = { 'self-test': 'Z', arm: 'A', lease: 'L', target: 'P', vent: 'V' }

export function hello(fw: Firmware, frame: Hello): void {
  const code = frame.version !== fw.flaws.version ? NO.version : rateFits(frame.rate_Hz) ? 0 : NO.range
  fw.reply(0, code)
  if (code === 0) fw.open(frame)
}

const rateFits = (rate: number): boolean => rate >= D.rateMin_Hz && rate <= D.rateMax_Hz

/** Answers a command of a session, and carries it out unless it is refused or a repeat. */
export function command(fw: Firmware, frame: Command): void {
  const { session } = fw.state
  if (!session || frame.nonce !== session.nonce) return fw.reply(frame.seq, NO.session)
  if (frame.seq === session.last && frame.seq > 0) return fw.reply(frame.seq, session.answer)
  if (frame.seq <= session.last) return fw.reply(frame.seq, NO.sequence)
  const code = refusal(fw, frame, session)
  session.last = frame.seq
  session.answer = code
  fw.reply(frame.seq, code)
  if (code === 0 && !fw.flaws.lyingAck.includes(LETTER[frame.type])) act(fw, frame, session)
}

function refusal(fw: Firmware, frame: Command, session: Session): number {
  const { state } = fw
  switch (frame.type) {
    case 'self-test':
      return state.mode !== 'latched' ? NO.mode : state.ventedSince === undefined ? NO.pressure : 0
    case 'arm':
      return armRefusal(fw, session)
    case 'lease':
      return state.mode === 'armed' || state.mode === 'active' ? 0 : NO.mode
    case 'target':
      return targetRefusal(fw, frame, session)
    case 'vent':
      return 0
  }
}

function armRefusal({ state }: Firmware, session: Session): number {
  if (state.mode === 'armed') return 0
  if (state.mode !== 'latched') return NO.mode
  if (!session.tested) return NO.untested
  const standing = state.faults & ~CLEARED_BY_ARM
  if (standing) return standing === FAULT.TIME ? NO.time : NO.fault
  const vented = state.ventedSince !== undefined && state.t - state.ventedSince >= D.ventedBeforeArm_ms
  return vented ? 0 : NO.pressure
}

function targetRefusal({ state, profile }: Firmware, frame: TargetFrame, session: Session): number {
  if (state.mode !== 'armed' && state.mode !== 'active') return NO.mode
  const ceiling = profile.ceilings_mmHg[frame.channel - 1]
  if (ceiling === undefined) return NO.channel
  const { target_mmHg: target, slew_mmHg_per_s: slew } = frame
  if (target < D.targetMin_mmHg || target > ceiling - D.ceilingMargin_mmHg) return NO.range
  if (slew < 1 || slew > profile.slewMax_mmHg_per_s) return NO.range
  if (session.lease === 0 || state.t - session.leaseAt > profile.silence_ms) return NO.lease
  return state.mode === 'armed' && state.ventedSince === undefined ? NO.pressure : 0
}

function act(fw: Firmware, frame: Command, session: Session): void {
  switch (frame.type) {
    case 'self-test':
      return fw.beginTest(frame.seq)
    case 'arm':
      if (fw.state.mode === 'armed') return
      fw.clear(CLEARED_BY_ARM)
      return fw.follow('ARM')
    case 'lease':
      session.lease = frame.seq
      session.leaseAt = fw.state.t
      return fw.event({ type: 'lease', seq: frame.seq })
    case 'target':
      return setTarget(fw, frame)
    case 'vent':
      if (fw.state.mode === 'active') fw.vent()
  }
}

function setTarget(fw: Firmware, frame: TargetFrame): void {
  const channel = fw.state.channels[frame.channel - 1]!
  const { target_mmHg, slew_mmHg_per_s } = frame
  if (channel.target_mmHg === 0) letGo(channel)
  channel.setPoint_mmHg = Math.max(0, channel.pressure_mmHg)
  channel.target_mmHg = target_mmHg
  channel.slew_mmHg_per_s = slew_mmHg_per_s
  channel.reached = false
  fw.event({ type: 'target', channel: frame.channel, target_mmHg, slew_mmHg_per_s })
  fw.follow('TARGET')
}
