import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { bounded } from '../../src/cli/identify.ts'
import { Program, startSim, temporaryFolder } from '../support/processes.ts'

test('ports --identify says who is there, and makes the unit do nothing', async () => {
  const home = temporaryFolder()
  const unit = await startSim(home)
  const ports = new Program(home, ['ports', '--identify', '--port', unit.path, '--json'])
  expect(await ports.ended).toEqual({ code: 0, signal: null })
  expect(ports.out.all.map(line => JSON.parse(line))).toMatchObject([
    {
      type: 'port',
      path: unit.path,
      unit: { is: 'unit', identity: { serial: 'SIM-1', version: 1 }, profile: { simulated: true } },
    },
  ])
  await unit.until('connect')
  expect(unit.events().map(one => one.type)).toEqual(['start', 'fault', 'connect'])
})

test('ports --identify tells a port without a unit in one line', async () => {
  const home = temporaryFolder()
  const ports = new Program(home, ['ports', '--identify', '--port', '/dev/null'])
  expect((await ports.ended).code).toBe(4)
  expect(ports.out.all).toEqual([])
  expect(ports.err.all).toEqual([expect.stringMatching(/^CP-PORTS-NO-UNIT: \/dev\/null: \S.*\. Check the port/)])
})

test('no more of a line than a unit may send gets to the parser, however long it is', async () => {
  const filter = bounded(8)
  const out = filter.pipe(new PassThrough())
  filter.end(`${'x'.repeat(100_000)}\n1234567\n12345678\nok\n`)
  const chunks = await out.toArray()
  expect(Buffer.concat(chunks).toString()).toBe('xxxxxxx\n1234567\n1234567\nok\n')
})
