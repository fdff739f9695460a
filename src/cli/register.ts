import type { Command } from 'commander'
import { register as openConsole } from './console.ts'
import { register as demo } from './demo.ts'
import { register as diagrams } from './diagrams.ts'
import { register as explore } from './explore.ts'
import { register as journal } from './journal.ts'
import { register as keys } from './keys.ts'
import { register as ledger } from './ledger.ts'
import { register as ports } from './ports.ts'
import { register as programs } from './programs.ts'
import { register as review } from './review.ts'
import { register as run } from './run.ts'
import { register as screen } from './screen.ts'
import { register as sim } from './sim.ts'
import { register as trace } from './trace.ts'
import { register as verdict } from './verdict.ts'

/** Every command, in the order in which `--help` lists them. What a command needs is imported when it runs. */
export function registerAll(program: Command): void {
  demo(program)
  run(program)
  openConsole(program)
  ports(program)
  screen(program)
  verdict(program)
  keys(program)
  ledger(program)
  programs(program)
  journal(program)
  sim(program)
  diagrams(program)
  trace(program)
  explore(program)
  review(program)
}
