import { Transform } from 'node:stream'
import { ReadlineParser } from '@serialport/parser-readline'
import { SerialPort } from 'serialport'
import { encodeHostFrame } from '../../protocol/hostFrames.ts'
import { decodeUnitFrame, type Identity, type Profile } from '../../protocol/unitFrames.ts'
import type { Millis } from '../../protocol/units.ts'
import { BAUD, TO_HOST_MAX } from '../../protocol/wire.ts'
import { portProblem } from '../portProblem.ts'

/** What a port said when it was asked who is there. */
export type Identified =
  | { readonly is: 'unit'; readonly identity: Identity; readonly profile: Profile }
  | { readonly is: 'no unit'; readonly why: string }

/** How long to wait for both answers. Unit ms. */
const WAIT_MS: Millis = 1_500

/** Asks one port whether a cuff unit is there. Writes the identify line and nothing else, and never throws. */
export async function identify(path: string): Promise<Identified> {
  // Closing must not pulse DTR: it would restart many a board.
  const port = new SerialPort({ path, baudRate: BAUD, hupcl: false, autoOpen: false })
  try {
    await new Promise<void>((resolve, reject) => port.open(error => (error ? reject(error) : resolve())))
    return await answers(port)
  } catch (error) {
    return { is: 'no unit', why: portProblem(error as Error) }
  } finally {
    if (port.isOpen) await new Promise<void>(resolve => port.close(() => resolve()))
  }
}

function answers(port: SerialPort): Promise<Identified> {
  return new Promise(resolve => {
    let identity: Identity | undefined
    const timer = setTimeout(() => resolve({ is: 'no unit', why: 'no cuff unit answers' }), WAIT_MS)
    const lines = port.pipe(bounded()).pipe(new ReadlineParser({ delimiter: '\n', encoding: 'latin1' }))
    lines.on('data', (line: string) => {
      const frame = decodeUnitFrame(Buffer.from(line, 'latin1'), line.length)
      if (typeof frame === 'string') return
      if (frame.type === 'identity') identity = frame
      if (frame.type !== 'profile' || !identity) return
      clearTimeout(timer)
      resolve({ is: 'unit', identity, profile: frame })
    })
    port.on('error', error => resolve({ is: 'no unit', why: error.message }))
    port.write(encodeHostFrame({ type: 'identify' }))
  })
}

/**
 * Lets no more of a line through than a line of a unit can have; what follows up to its end is dropped. The parser
 * behind it has no limit of its own, and searches all that it has kept with every chunk: something that sends without
 * a line end would hold this process up.
 */
export function bounded(most = TO_HOST_MAX): Transform {
  let length = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const kept = chunk.filter(byte => {
        length = byte === LF ? 0 : length + 1
        return length < most
      })
      done(null, kept)
    },
  })
}

const LF = 0x0a

/** Who is there, in one line. */
export function unitWords(unit: Identified): string {
  if (unit.is === 'no unit') return unit.why
  const { identity, profile } = unit
  const { model, serial, firmware, version } = identity
  const kind = profile.simulated ? 'simulated' : 'real'
  const declared = `declares FW ${[...Array(12).keys()].filter(i => profile.declared & (1 << i)).map(i => i + 1)}`
  const bounds = `ceilings ${profile.ceilings_mmHg.join(', ')} mmHg, silence ${profile.silence_ms} ms`
  return `${model} ${serial}, firmware ${firmware}, protocol ${version}, ${kind}; ${declared}; ${bounds}`
}
