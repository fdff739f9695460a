import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { z } from 'zod'
import { CuffError, EXIT } from '../errors.ts'
import { isMissing } from '../home.ts'
import { parseStrictJson } from '../strictJson.ts'

/**
 * Reads a file of the data folder; undefined when there is none. A file that is there and cannot be understood is
 * never taken for an empty one.
 * @throws CuffError with `code`
 */
export function readState<T>(path: string, schema: z.ZodType<T>, code: string): T | undefined {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (error) {
    if (isMissing(error)) return undefined
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') throw noFolder(path, error)
    throw unreadable(path, code, error)
  }
  try {
    return schema.parse(parseStrictJson(text))
  } catch (error) {
    throw unreadable(path, code, error)
  }
}

const noFolder = (path: string, cause: unknown): CuffError =>
  new CuffError(
    'CP-HOME',
    `${dirname(path)} is no folder.`,
    'Set CUFFPILOT_HOME, or --out, to a folder.',
    EXIT.usage,
    cause,
  )

const unreadable = (path: string, code: string, cause: unknown): CuffError =>
  new CuffError(
    code,
    `${path} cannot be read or is damaged, so nothing is accepted.`,
    'Restore it from a backup; look at it before you remove it.',
    EXIT.refused,
    cause,
  )
