import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { writeDurably } from '../home.ts'
import { EFFECT_WORDS, RESULT_WORDS } from '../screening/words.ts'
import { openVerdict } from '../verdict/file.ts'
import { loadTrust } from '../verdict/trust.ts'
import type { PaperView } from './shown.ts'

/** A verdict that this page was given or made. */
export interface Paper {
  /** The person, as typed. */
  readonly subject: string
  /** Where its file is kept. */
  readonly path: string
  readonly view: PaperView
}

/** Looks at a verdict and keeps its file. Whether it opens the gate is asked later. @throws CuffError CP-VERDICT-…, CP-TRUST */
export function takeVerdict(home: string, bytes: Uint8Array, subject: string): Paper {
  const { body } = openVerdict(bytes, loadTrust(home))
  const path = join(home, 'verdicts', `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.verdict`)
  writeDurably(path, bytes)
  const { result, limbs, issued, expires, screener, rules } = body
  return {
    subject,
    path,
    view: {
      result,
      words: RESULT_WORDS[result],
      limbs,
      issued,
      expires,
      screener,
      rules: rules.map(({ id, effect, source }) => ({ id, effect: EFFECT_WORDS[effect], source })),
    },
  }
}
