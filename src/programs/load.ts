import { existsSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import { CuffError, EXIT, printable } from '../errors.ts'
import { readRegularFile } from '../home.ts'
import { parseStrictJson } from '../strictJson.ts'
import { brokenAt } from './brokenAt.ts'
import { isPreset, PRESETS, presetPath } from './presets.ts'
import { type Program, ProgramFile } from './schema.ts'

/** Largest program file. Unit bytes; project policy. */
export const PROGRAM_MAX_BYTES = 65_536
const DEPTH_MAX = 8

/**
 * The program of this name, or in this file. A preset's name always means the preset, whatever files lie about.
 * @throws CuffError CP-PROGRAM-UNKNOWN, CP-PROGRAM-FILE, CP-PROGRAM-INVALID
 */
export function loadProgram(nameOrPath: string): Program {
  if (isPreset(nameOrPath)) return parseProgram(readFileSync(presetPath(nameOrPath)), nameOrPath)
  const program = parseProgram(readBounded(nameOrPath), nameOrPath)
  if (isPreset(program.name) && !isDeepStrictEqual(program, loadProgram(program.name)))
    throw invalid(nameOrPath, `name: "${program.name}" is a preset, and this is not that preset; choose another name`)
  return program
}

function readBounded(path: string): Uint8Array {
  if (!existsSync(path)) throw unknown(path)
  try {
    return readRegularFile(path, PROGRAM_MAX_BYTES)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CuffError('CP-PROGRAM-FILE', `${path} was not read: ${why}.`, 'Give a program file.', EXIT.usage, error)
  }
}

const unknown = (name: string): CuffError =>
  new CuffError(
    'CP-PROGRAM-UNKNOWN',
    `there is no program and no file ${JSON.stringify(name.slice(0, 200))}.`,
    `Give a file, or one of: ${PRESETS.join(', ')}.`,
    EXIT.usage,
  )

/**
 * The program in these bytes; `label` names them in errors.
 * @throws CuffError CP-PROGRAM-INVALID with the key path of the first thing that is wrong
 */
export function parseProgram(bytes: Uint8Array, label: string): Program {
  if (bytes.length > PROGRAM_MAX_BYTES) throw invalid(label, `more than ${PROGRAM_MAX_BYTES} bytes`)
  const result = ProgramFile.safeParse(json(bytes, label))
  if (!result.success) throw invalid(label, firstIssue(result.error))
  return result.data
}

function json(bytes: Uint8Array, label: string): unknown {
  const text = utf8(bytes, label)
  try {
    JSON.parse(text)
  } catch {
    const { path, line } = brokenAt(text)
    throw invalid(label, `${path || 'the file'}: not JSON in line ${line}; numbers are digits with a point, no comma`)
  }
  try {
    return parseStrictJson(text, DEPTH_MAX)
  } catch (error) {
    throw invalid(label, (error as Error).message)
  }
}

function utf8(bytes: Uint8Array, label: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw invalid(label, 'not UTF-8 text')
  }
}

function firstIssue({ issues }: z.ZodError): string {
  const [first] = issues
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''
  return `${first?.path.map(String).join('.') || 'the file'}: ${first?.message}${more}`
}

const invalid = (label: string, what: string): CuffError =>
  new CuffError(
    'CP-PROGRAM-INVALID',
    `${label}: ${printable(what, 300)}.`,
    'Correct it; "cuffpilot programs schema" describes the format.',
    EXIT.usage,
  )
