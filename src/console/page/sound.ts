import type { Alarm } from '../../../machines/alarms.ts'

/** Bursts in the manner of IEC 60601-1-8: how many pulses, how long between bursts. No conformity is claimed. Unit ms. */
const BURSTS: Record<Alarm['priority'], { readonly pulses: number; readonly every_ms: number }> = {
  high: { pulses: 5, every_ms: 3_000 },
  medium: { pulses: 3, every_ms: 8_000 },
  low: { pulses: 1, every_ms: 20_000 },
}
const [PULSE_S, GAP_S, PITCH_HZ, LOUDNESS] = [0.15, 0.1, 880, 0.3]

/** The sound of the page. A browser gives none before somebody has touched the page; the unit's own buzzer is the alarm of record. */
export class Sound {
  private context: AudioContext | undefined
  private burstAt = Number.NEGATIVE_INFINITY

  /** To be called when somebody does something in the page. */
  allow(): void {
    this.context ??= new AudioContext()
    void this.context.resume()
  }

  /** To be called often: sounds the next burst when it is due. */
  play(alarm: Alarm | undefined, now: number): void {
    if (!alarm || this.context?.state !== 'running') return
    const { pulses, every_ms } = BURSTS[alarm.priority]
    if (now - this.burstAt < every_ms) return
    this.burstAt = now
    for (let i = 0; i < pulses; i++) this.pulse(this.context, this.context.currentTime + i * (PULSE_S + GAP_S))
  }

  private pulse(context: AudioContext, at: number): void {
    const [tone, volume] = [context.createOscillator(), context.createGain()]
    tone.frequency.value = PITCH_HZ
    volume.gain.value = LOUDNESS
    tone.connect(volume).connect(context.destination)
    tone.start(at)
    tone.stop(at + PULSE_S)
  }
}
