import { join } from 'node:path'
import { CuffError, EXIT } from '../errors.ts'
import { ensurePrivateFolder } from '../home.ts'
import { keepHead, readHeads } from './heads.ts'
import { Journal, type JournalOptions } from './journal.ts'
import { signingKey } from './keys.ts'
import { headOf } from './read.ts'
import type { KeptHead } from './record.ts'
import { checkSpace, openFileSink } from './sink.ts'

/**
 * Begins a journal; its header is on the disk when this returns.
 * @throws CuffError CP-JOURNAL-SPACE below 200 MB of free space, CP-JOURNAL-OPEN when the file is there already or cannot
 * be written: refused. CP-JOURNAL-HEADS, CP-JOURNAL-KEY when such a file is damaged.
 */
export function openJournal(options: JournalOptions): Journal {
  const { folder, name } = options
  const path = join(folder, `${name}.ndjson`)
  try {
    ensurePrivateFolder(folder)
    checkSpace(folder)
    const key = signingKey(folder)
    const previous = lastHead(folder)
    const journal = new Journal(options, path, key, (options.openSink ?? openFileSink)(path))
    journal.begin(previous)
    return journal
  } catch (error) {
    if (error instanceof CuffError && error.code !== 'CP-JOURNAL-WRITE') throw error
    throw new CuffError(
      'CP-JOURNAL-OPEN',
      `the journal ${path} cannot be begun (${(error as Error).message}).`,
      'Check the folder and the disk, or set CUFFPILOT_HOME to another folder.',
      EXIT.refused,
      error,
    )
  }
}

/** The head of the last journal of the folder. Journals that a crash left open are read once for theirs. */
function lastHead(folder: string): KeptHead | null {
  for (const left of readHeads(folder).filter(one => one.state === 'open')) {
    const head = headOf(join(folder, left.file)) ?? left
    keepHead(folder, { file: left.file, n: head.n, sha256: head.sha256, state: 'left' })
  }
  return readHeads(folder).at(-1) ?? null
}
