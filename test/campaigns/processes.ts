import { type ChildProcess, execFile } from 'node:child_process'
import { promisify } from 'node:util'

interface Listed {
  readonly pid: number
  readonly parent: number
  /** It has ended, and only its parent has not yet asked how. */
  readonly ended: boolean
}

async function listed(): Promise<Listed[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,stat='])
  return stdout
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .map(([pid, parent, state]) => ({
      pid: Number(pid),
      parent: Number(parent),
      ended: state?.startsWith('Z') ?? false,
    }))
}

/** Processes that this one has started and that live. */
export const childrenOf = async (parent: number): Promise<number[]> =>
  (await listed()).filter(one => one.parent === parent && !one.ended).map(one => one.pid)

/** Those of these processes that still live after `most_ms`. */
export async function survivors(pids: readonly number[], most_ms: number): Promise<number[]> {
  for (let waited_ms = 0; ; waited_ms += 200) {
    const alive = (await listed()).filter(one => pids.includes(one.pid) && !one.ended).map(one => one.pid)
    if (alive.length === 0 || waited_ms >= most_ms) return alive
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

export const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null
