/** The package has types but does not name them for ES modules. This is the part of them that is used. */
declare module '@serialport/binding-mock' {
  export interface MockPortBinding {
    readonly port: { readonly data: Buffer }
    readonly isOpen: boolean
    emitData(data: Buffer): void
    read(buffer: Buffer, offset: number, length: number): Promise<{ readonly bytesRead: number }>
    write(buffer: Buffer): Promise<void>
    close(): Promise<void>
  }
  interface PortInfo {
    readonly path: string
  }
  interface OpenOptions {
    readonly path: string
    readonly baudRate: number
  }
  export const MockBinding: {
    list(): Promise<PortInfo[]>
    open(options: OpenOptions): Promise<MockPortBinding>
    createPort(path: string, options?: { readonly echo?: boolean; readonly record?: boolean }): void
  }
}
