import type { Command } from 'commander'
import type { Limb } from '../../machines/limits.ts'
import type { Program } from '../programs/schema.ts'
import { print } from './output.ts'

interface Json {
  json?: boolean
}
interface CheckOptions extends Json {
  limbs?: string
  widths?: string
}

/** `cuffpilot programs`: what a session can run. */
export function register(program: Command): void {
  const programs = program
    .command('programs')
    .description('the pressure programs: presets and your own files')
    .addHelpText('after', '\nExample:\n  $ cuffpilot programs show first-session')
  registerList(programs)
  registerShow(programs)
  registerCheck(programs)
  registerSchema(programs)
}

function registerList(programs: Command): void {
  programs
    .command('list')
    .description('the presets, the default first')
    .option('--json', 'NDJSON on stdout')
    .addHelpText('after', '\nExample:\n  $ cuffpilot programs list')
    .action(list)
}

function registerShow(programs: Command): void {
  programs
    .command('show')
    .description('the presses of a program, its planned time, and the source of each number')
    .argument('<name>', 'a preset or a file')
    .option('--json', 'NDJSON on stdout')
    .addHelpText('after', '\nExample:\n  $ cuffpilot programs show cycle-30-5')
    .action(show)
}

function registerCheck(programs: Command): void {
  programs
    .command('check')
    .description('hold a program against every limit that needs no unit and no verdict')
    .argument('<file>', 'a file or a preset')
    .option('--limbs <limbs>', 'such as left-arm or left-leg,right-leg (default: each pair that it has targets for)')
    .option('--widths <cm>', 'width of the cuff on each limb, such as 5,5 (default: 5 cm, as of KAATSU belts)')
    .option('--json', 'NDJSON on stdout')
    .addHelpText('after', '\nExample:\n  $ cuffpilot programs check mine.json --limbs left-leg,right-leg --widths 5,5')
    .action(check)
}

function registerSchema(programs: Command): void {
  programs
    .command('schema')
    .description('JSON Schema of a program file, for editors')
    .addHelpText('after', '\nExample:\n  $ cuffpilot programs schema > program.schema.json')
    .action(schema)
}

async function list(options: Json): Promise<void> {
  const { PRESETS } = await import('../programs/presets.ts')
  const { loadProgram } = await import('../programs/load.ts')
  const { clock, programMs } = await import('../programs/table.ts')
  for (const preset of PRESETS) {
    const program = loadProgram(preset)
    const { name, title, description, mode } = program
    const planned_ms = programMs(program)
    if (options.json) print(JSON.stringify({ name, title, description, mode, planned_ms }))
    else print(`${name.padEnd(15)}${clock(planned_ms)}  ${description}`)
  }
}

async function show(name: string, options: Json): Promise<void> {
  const { loadProgram } = await import('../programs/load.ts')
  const { programText } = await import('../programs/table.ts')
  const program = loadProgram(name)
  print(options.json ? JSON.stringify(program) : programText(program))
}

async function check(file: string, options: CheckOptions): Promise<void> {
  const { loadProgram } = await import('../programs/load.ts')
  const { parseLimbs } = await import('../programs/cuffs.ts')
  const { pairsOf } = await import('../programs/table.ts')
  const program = loadProgram(file)
  const choices = options.limbs === undefined ? pairsOf(program) : [parseLimbs(options.limbs)]
  const lines = []
  for (const limbs of choices) lines.push(await checkOn(program, limbs, options))
  for (const line of lines) print(line)
}

async function checkOn(program: Program, limbs: readonly Limb[], options: CheckOptions): Promise<string> {
  const { cuffsFor, parseWidths, widthNote } = await import('../programs/cuffs.ts')
  const { compile } = await import('../programs/compile.ts')
  const { clock, programMs } = await import('../programs/table.ts')
  const widths = options.widths === undefined ? undefined : parseWidths(options.widths)
  const plan = compile(program, { cuffs: cuffsFor(limbs, widths) })
  const planned_ms = programMs(program)
  if (options.json) return JSON.stringify({ ...plan, planned_ms })
  const on = `${limbs.join(' and ')}, ${widthNote(plan.cuffs, widths !== undefined)}`
  const time = `${clock(planned_ms)} of at most ${clock(plan.cap_ms)} (${plan.cap_by})`
  return `${program.name} keeps every limit on ${on}: highest target ${Math.max(...plan.max_mmHg)} mmHg, ${time}`
}

async function schema(): Promise<void> {
  const { z } = await import('zod')
  const { ProgramFile } = await import('../programs/schema.ts')
  print(JSON.stringify(z.toJSONSchema(ProgramFile), null, 2))
}
