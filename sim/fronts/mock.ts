import { MockBinding, type MockPortBinding } from '@serialport/binding-mock'
import { UNSENT_MAX } from './drive.ts'

/** What a mock line needs of a unit; `Driven` has it, and a test in virtual time can make its own. */
export interface MockPeer {
  receive(bytes: Uint8Array): void
  opened(): void
  closed(): void
  attach(line: (bytes: Uint8Array) => void): void
}

export interface MockFront {
  readonly path: string
  /** For `new SerialPort({ binding, path, baudRate })` of serialport's stream class. */
  readonly binding: typeof MockBinding
  /**
   * Pulls the cable. 'silent', as often seen: nothing arrives, writes never end, and no close is told. 'error': the
   * pending read fails, and the port closes with a disconnect. Until `plug()` the path is gone.
   */
  unplug(how: 'silent' | 'error'): void
  plug(): void
  /** While true no write ends, and nothing of it reaches the unit before it is false again. */
  stall(stalled: boolean): void
}

/** The mock's port, with the one private thing that an unplug needs. */
type Port = MockPortBinding & { pendingRead: ((error: Error) => void) | null }

/**
 * A unit behind serialport's mock binding, within one process and without a device. The mock itself has no unplug and
 * no stalled write; both are made here, once.
 */
export function mockFront(unit: MockPeer, path: string): MockFront {
  MockBinding.createPort(path, { echo: false, record: false })
  const cable = new Cable(unit, path)
  unit.attach(bytes => cable.toHost(bytes))
  const binding: typeof MockBinding = {
    ...MockBinding,
    list: async () => (await MockBinding.list()).filter(info => info.path !== path || cable.plugged),
    open: async options => cable.use((await MockBinding.open(cable.reachable(options))) as Port),
  }
  return {
    path,
    binding,
    unplug: how => cable.unplug(how),
    plug: () => cable.plug(),
    stall: stalled => cable.stall(stalled),
  }
}

type OpenOptions = Parameters<typeof MockBinding.open>[0]

class Cable {
  plugged = true
  private stalled = false
  private waiting: (() => void)[] = []
  private port: Port | undefined
  private readonly unit: MockPeer
  private readonly path: string

  constructor(unit: MockPeer, path: string) {
    this.unit = unit
    this.path = path
  }

  reachable(options: OpenOptions): OpenOptions {
    if (!this.plugged) throw new Error(`Error: No such file or directory, cannot open ${this.path}`)
    return options
  }

  /** Puts itself between the host and a port that the host has just opened. */
  use(port: Port): Port {
    const [write, close] = [port.write.bind(port), port.close.bind(port)]
    this.port = port
    port.write = async bytes => {
      const sent = Buffer.from(bytes)
      while (this.blocks(port)) await new Promise<void>(go => this.waiting.push(go))
      await write(sent)
      this.unit.receive(sent)
    }
    port.close = async () => {
      await close()
      if (this.port === port) this.leave()
    }
    this.unit.opened()
    return port
  }

  toHost(bytes: Uint8Array): void {
    const { port } = this
    if (port?.isOpen && port.port.data.length < UNSENT_MAX) port.emitData(Buffer.from(bytes))
  }

  unplug(how: 'silent' | 'error'): void {
    const { port } = this
    this.plugged = false
    this.leave()
    if (how === 'error') port?.pendingRead?.(new Error('ENXIO: the device is gone'))
  }

  plug(): void {
    this.plugged = true
    // The node of an unplugged device is a new one when it comes back; whoever has the old one open keeps a dead one.
    MockBinding.createPort(this.path, { echo: false, record: false })
  }

  stall(stalled: boolean): void {
    this.stalled = stalled
    for (const go of this.waiting.splice(0)) go()
  }

  /** A write on a line that was pulled out never ends. */
  private blocks(port: Port): boolean {
    return port.isOpen && (this.stalled || this.port !== port)
  }

  private leave(): void {
    if (this.port) this.unit.closed()
    this.port = undefined
  }
}
