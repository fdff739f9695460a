import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { pastAt } from '../../machines/past.ts'
import { entriesOf } from '../../src/ledger/ledger.ts'
import { packageRoot } from '../../src/packageRoot.ts'
import { temporaryFolder } from '../support/processes.ts'
import { PERSON } from './helpers.ts'

const MODULE = pathToFileURL(join(packageRoot(), 'dist', 'src', 'ledger', 'booking.js')).href

/** Books sessions of `cap_ms` one after the other, and says of each that it is booked, or why it is not. */
const BOOKS = `
import { writeSync } from 'node:fs'
const [home, person, name, count, cap_ms] = process.argv.slice(1)
const { Booking } = await import('${MODULE}')
const plan = { cap_ms: Number(cap_ms), cuffs: [{ channel: 1, limb: 'left-arm', width_cm: 5 }], max_mmHg: [40] }
writeSync(1, 'ready\\n')
await new Promise(resolve => process.stdin.once('data', resolve))
for (let i = 0; i < Number(count); i++) {
  const session = name + '-' + i
  try {
    new Booking(home, session, { person, plan }).book(Date.now())
    writeSync(1, 'booked ' + session + '\\n')
  } catch (error) {
    writeSync(1, error.code + '\\n')
  }
}
process.exit()
`

interface Booker {
  readonly child: ChildProcess
  readonly lines: string[]
  readonly ended: Promise<unknown>
}

async function booker(home: string, person: string, name: string, count: number, cap_ms: number): Promise<Booker> {
  const args = ['--input-type=module', '-e', BOOKS, home, person, name, String(count), String(cap_ms)]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'close')
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout! })
  reader.on('line', line => lines.push(line))
  await once(reader, 'line')
  return { child, lines, ended }
}

const kept = (home: string, person = PERSON) => entriesOf(home, [person]).sessions
const booked = ({ lines }: Booker) => lines.flatMap(line => (line.startsWith('booked ') ? [line.slice(7)] : []))

describe('REQ-LEDGER (F68): no process, however it ends, loses a booking', () => {
  test('two processes that book for one person at once keep every booking of both', async () => {
    const home = temporaryFolder()
    const both = await Promise.all(['a', 'b'].map(name => booker(home, PERSON, name, 40, 1_000)))
    for (const { child } of both) child.stdin!.write('go')
    await Promise.all(both.map(one => one.ended))
    expect(both.map(one => booked(one).length)).toEqual([40, 40])
    expect(new Set(kept(home).map(one => one.session))).toEqual(new Set(both.flatMap(booked)))
    const { sessions, notes } = entriesOf(home, [PERSON])
    expect(pastAt(sessions, notes, Date.now()).used_ms.arm).toBe(80_000)
  })

  test('of processes that want the last of the day at once, one has it at most, and only what was booked is kept', async () => {
    const home = temporaryFolder()
    const all = await Promise.all(['a', 'b', 'c'].map(name => booker(home, PERSON, name, 1, 600_000)))
    for (const { child } of all) child.stdin!.write('go')
    await Promise.all(all.map(one => one.ended))
    expect(all.flatMap(booked).length).toBeLessThanOrEqual(1)
    expect(kept(home).map(one => one.session)).toEqual(all.flatMap(booked))
  })

  test('killed again and again while it books: the sum is never less than what was said to be booked', async () => {
    const home = temporaryFolder()
    let [said, kills] = [0, 0]
    for (let round = 0; round < 20; round++) {
      const person = `${'a'.repeat(32)}:${String(round % 3).repeat(64)}`
      const one = await booker(home, person, `r${round}`, 1_000, 1_000)
      const enough = 1 + ((round * 7) % 13)
      one.child.stdin!.write('go')
      while (booked(one).length < enough) await once(one.child.stdout!, 'data')
      one.child.kill('SIGKILL')
      await one.ended
      kills++
      const of = kept(home, person)
      const names = of.map(entry => entry.session)
      for (const name of booked(one)) expect(names).toContain(name)
      said += booked(one).length
      const used = pastAt(of, [], Date.now()).used_ms.arm
      expect(used).toBe(of.length * 1_000)
    }
    const total = [0, 1, 2].reduce((sum, i) => sum + kept(home, `${'a'.repeat(32)}:${String(i).repeat(64)}`).length, 0)
    expect(total).toBeGreaterThanOrEqual(said)
    expect(total).toBeLessThanOrEqual(said + kills)
  })
})
