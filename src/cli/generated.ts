import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CuffError, EXIT } from '../errors.ts'
import type { GeneratedFile } from '../review/files.ts'

/** What a command generates, in the words of its messages. */
export interface Generated {
  readonly code: string
  /** "what the machines are" */
  readonly are: string
  /** The command that makes them again. */
  readonly again: string
}

/** Writes the files, and returns their paths. @throws CuffError when one cannot be written */
export function writeAll(folder: string, files: readonly GeneratedFile[], what: Generated): readonly string[] {
  try {
    mkdirSync(folder, { recursive: true })
    for (const { name, text } of files) writeFileSync(join(folder, name), text)
  } catch (error) {
    throw cannot('written', error, what)
  }
  return files.map(({ name }) => join(folder, name))
}

/** A line that says that they are up to date. @throws CuffError for one that is not there, or not what would be written */
export function compareAll(folder: string, files: readonly GeneratedFile[], what: Generated): readonly string[] {
  const differing = files.filter(({ name, text }) => readOr(join(folder, name), what) !== text).map(({ name }) => name)
  if (differing.length > 0)
    throw new CuffError(
      what.code,
      `not ${what.are}: ${differing.join(', ')} in ${folder}.`,
      `Run "${what.again}" and look at what changed.`,
      EXIT.usage,
    )
  return [`${files.length} files are ${what.are}.`]
}

/** The text of a file, or undefined when there is none. */
export function readOr(path: string, what: Generated): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw cannot('read', error, what)
  }
}

const cannot = (done: string, error: unknown, { code }: Generated): CuffError =>
  new CuffError(code, `cannot be ${done}: ${(error as Error).message}.`, 'Choose another --out.', EXIT.usage)
