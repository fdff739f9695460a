import { createServer, type Socket } from 'node:net'
import { type Driven, type Front, UNSENT_MAX } from './drive.ts'

/**
 * A unit on a TCP port of this machine (127.0.0.1 only; 0 takes a free one), for where there are no pseudo-terminals.
 * Like a serial port it has one user at a time: a second connection is closed at once.
 */
export async function tcpFront(driven: Driven, port: number): Promise<Front> {
  let peer: Socket | undefined
  const server = createServer(socket => {
    if (peer) return socket.destroy()
    peer = socket.setNoDelay(true)
    driven.opened()
    socket.on('data', bytes => driven.receive(bytes))
    socket.on('error', () => {})
    socket.on('close', () => {
      peer = undefined
      driven.closed()
    })
  })
  driven.attach(bytes => {
    if (peer?.writable && peer.writableLength < UNSENT_MAX) peer.write(bytes)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: '127.0.0.1' }, resolve)
  })
  const address = server.address()
  const bound = typeof address === 'object' && address ? address.port : port
  return { path: `tcp:127.0.0.1:${bound}`, close: () => closeServer(server, () => peer?.destroy()) }
}

const closeServer = (server: { close(done: () => void): unknown }, drop: () => void): Promise<void> =>
  new Promise(resolve => {
    server.close(() => resolve())
    drop()
  })
