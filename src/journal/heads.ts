import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { CuffError, EXIT } from '../errors.ts'
import { isMissing, writeDurably } from '../home.ts'
import { type KeptHead, keptHeadSchema } from './record.ts'

const FILE = 'heads.json'
const schema = z.strictObject({ format: z.literal(1), heads: z.array(keptHeadSchema) })

/**
 * The head of every journal of the folder, oldest first; empty when there is no such file.
 * @throws CuffError CP-JOURNAL-HEADS when the file is there but is not what we wrote.
 */
export function readHeads(folder: string): KeptHead[] {
  const path = join(folder, FILE)
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8'))).heads
  } catch (error) {
    if (isMissing(error)) return []
    throw new CuffError(
      'CP-JOURNAL-HEADS',
      `${path} is damaged, so that it no longer shows whether a journal was cut.`,
      'Put it back from a backup, or move it aside to begin a new one.',
      EXIT.usage,
      error,
    )
  }
}

/**
 * Keeps one head in place of what was known of its file. Read and written in one go, because another session may use
 * the same folder. Makes the names of new files in the folder durable, too.
 * @throws CuffError CP-JOURNAL-HEADS, or the system's error.
 */
export function keepHead(folder: string, head: KeptHead): void {
  const heads = readHeads(folder)
  const at = heads.findIndex(one => one.file === head.file)
  if (at < 0) heads.push(head)
  else heads[at] = head
  writeDurably(join(folder, FILE), `${JSON.stringify({ format: 1, heads }, null, 1)}\n`)
}
