import { spawn } from 'node:child_process'
import { hostClock } from '../../sim/fronts/drive.ts'
import { GuardClient } from '../../src/guard/client.ts'
import { type Findings, type Part, type Spread, spreadOf } from './findings.ts'
import { CLI, CONTROLLER_FLAGS, openPty } from './processes.ts'

const STARTS = 5

/** From spawning a program to its end. */
function lifetime(args: string[]): Promise<number> {
  const from = hostClock()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: 'ignore' })
    child.once('exit', code => (code === 0 ? resolve(hostClock() - from) : reject(new Error(`exit ${code}`))))
  })
}

/** From spawning the guard to the port that it has opened. */
async function guardOpens(path: string): Promise<number> {
  const from = hostClock()
  let guard: GuardClient | undefined
  const took = await new Promise<number>((resolve, reject) => {
    guard = new GuardClient({ path, speed: 1, keys: false }, report => {
      if (report.is === 'opened') resolve(hostClock() - from)
      if (report.is === 'closed') reject(new Error(report.why))
    })
  })
  await guard?.close()
  return took
}

async function run(rounds: number, progress: (text: string) => void): Promise<Findings> {
  const pty = openPty()
  const [node, help, guard]: [number[], number[], number[]] = [[], [], []]
  for (let i = 0; i < rounds * STARTS; i++) {
    node.push(await lifetime(['-e', '0']))
    help.push(await lifetime([...CONTROLLER_FLAGS, CLI, '--help']))
    guard.push(await guardOpens(pty.path))
    if (i % STARTS === STARTS - 1) progress(`${i + 1} of ${rounds * STARTS} starts of each`)
  }
  pty.close()
  return findings(spreadOf(node), spreadOf(help), spreadOf(guard))
}

function findings(node: Spread, help: Spread, guard: Spread): Findings {
  const row = { part: 'cold', unit: 'ms' } as const
  const goal = { part: 'cold', unit: '×', sense: 'at most' } as const
  return {
    measured: [
      { ...row, what: 'start to end', who: 'node -e 0', spread: node },
      { ...row, what: 'start to end', who: 'cuffpilot --help', spread: help },
      { ...row, what: 'start to open port', who: 'the guard', spread: guard },
    ],
    goals: [
      { ...goal, what: 'cuffpilot --help against node -e 0, p50', figure: help.p50 / node.p50, bound: 2.5 },
      { ...goal, what: 'guard to open port against node -e 0, p50', figure: guard.p50 / node.p50, bound: 4 },
    ],
  }
}

export const cold: Part = { name: 'cold', about: 'from nothing to the help text, and to an open port', run }
