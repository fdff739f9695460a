import type { ChildProcess } from 'node:child_process'
import { hostClock } from '../../sim/fronts/drive.ts'
import { inFlight, type Passage } from './line.ts'
import { CONTROLLER_FLAGS, endChild, openPty, type Pty, said, sleep, startChild } from './processes.ts'

/** What goes on while releases are timed. */
export interface Case {
  readonly name: string
  /** What keeps the controller busy; '' for nothing. */
  readonly load: string
  readonly telemetry_Hz: number
  /** Of the emulated line; 0 for none. */
  readonly baud: number
}

export type Way = 'guard' | 'bare'

export interface Sample {
  /** From the key press to the release byte. */
  readonly took_ms: number
  /** On the emulated line when the key was pressed. */
  readonly inFlight_bytes: number
}

/** A load needs so long to come to its height. Unit ms. */
const LOAD_MS = 150
/** A key is pressed at any time within this. Unit ms. */
const ANY_MS = 50
/** A release that has not come by then never comes. Unit ms. */
const LOST_MS = 20_000

type Hello = { readonly path: string; readonly byte_ms: number; readonly first: boolean }
type Released = { readonly released: number; readonly lately: readonly Passage[] }

/** A device, a controller, and the terminal whose keys somebody presses. */
export class Station {
  private readonly device: { readonly child: ChildProcess; readonly hello: Hello }
  private readonly host: ChildProcess
  private readonly keys: Pty
  private readonly load: string
  private onRelease: (one: Released) => void = () => {}

  private constructor(device: Station['device'], host: ChildProcess, keys: Pty, load: string) {
    this.device = device
    this.host = host
    this.keys = keys
    this.load = load
    device.child.on('message', (one: Released) => this.onRelease(one))
  }

  static async open({ load, telemetry_Hz, baud }: Case, way: Way): Promise<Station> {
    const device = await startChild<Hello>('device', [String(telemetry_Hz), String(baud)])
    const keys = openPty()
    // The bare way is what one would write first, and runs as one would run it.
    const flags = way === 'guard' ? CONTROLLER_FLAGS : []
    const { child } = await startChild('releaseHost', [way, device.hello.path], { stdin: keys.slave, flags })
    return new Station(device, child, keys, load)
  }

  /** The device's process comes before all others, as a real device waits for no core of the laptop. */
  get deviceIsFirst(): boolean {
    return this.device.hello.first
  }

  /** One key press; through the guard it is the first release of a new guard. Ends with why it is none to count otherwise. */
  async sample(): Promise<Sample | string> {
    const answer = said(this.host, (one: { problem?: string }): one is { problem: string } => one.problem !== undefined)
    this.host.send({})
    const { problem } = await answer
    if (problem !== '') return problem
    let early = false
    this.onRelease = () => {
      early = true
    }
    this.host.send({ load: this.load })
    await sleep((this.load ? LOAD_MS : 0) + ANY_MS * Math.random())
    const sample = early ? 'a release came before the key' : await this.press()
    this.host.send({ load: '' })
    return sample
  }

  async close(): Promise<void> {
    await endChild(this.host)
    await endChild(this.device.child)
    this.keys.close()
  }

  /** @throws Error when no release byte comes */
  private async press(): Promise<Sample | string> {
    const { byte_ms } = this.device.hello
    let lost: NodeJS.Timeout | undefined
    const byte = new Promise<Released>((resolve, reject) => {
      this.onRelease = resolve
      lost = setTimeout(() => reject(new Error('a release byte did not come')), LOST_MS)
    })
    const pressed = hostClock()
    this.keys.master.write(' ')
    const { released, lately } = await byte
    clearTimeout(lost)
    this.onRelease = () => {}
    await sleep(released - hostClock())
    const bytes = inFlight(lately, pressed, byte_ms)
    if (byte_ms > 0 && bytes === 0) return 'nothing was on the line when the key was pressed'
    return { took_ms: released - pressed, inFlight_bytes: bytes }
  }
}
