import { spawn } from 'node:child_process'
import { expect, onTestFinished, test } from 'vitest'
import { ptyAvailable } from '../../sim/fronts/pty.ts'
import { outcomeOf } from '../campaigns/fullDisk.ts'
import { MAIN, runArgs, startSim, temporaryFolder } from '../support/processes.ts'

/** No file of the program gets longer: the system itself refuses the write, in the first hold. Unit KiB. */
const FILE_MAX = 75

test.skipIf(process.platform === 'win32' || !(await ptyAvailable()))(
  'REQ-DISK (F75): a file that the system lets grow no further ends a real session in a release, and the rest of its record is shown',
  async () => {
    const home = temporaryFolder()
    const sim = await startSim(home, '--speed', '2')
    const run = [process.execPath, MAIN, ...runArgs(home, sim.path, '--speed', '2', '--unattended', '--json')]
    const child = spawn('bash', ['-c', `ulimit -f ${FILE_MAX}; exec "$@"`, 'bash', ...run], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, CUFFPILOT_HOME: home },
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    expect((await outcomeOf(child, home, 'EFBIG')).wrong).toEqual([])
    await sim.until(
      'vented',
      sim.events().findIndex(one => one.type === 'release'),
    )
    const pressures = sim.events().flatMap(one => (one.type === 'pressure' ? [one.true_mmHg[0]!] : []))
    expect([Math.max(...pressures) > 30, pressures.at(-1)! < 15]).toEqual([true, true])
  },
)
