import type { SessionInput } from '../../machines/sessionContext.ts'
import type { View } from '../../machines/view.ts'
import type { Millis, WallMs } from '../../protocol/units.ts'
import { CuffError, EXIT } from '../errors.ts'
import { readJournal, verifyFile } from '../journal/read.ts'
import { type Difference, replayFile } from '../journal/replay.ts'
import type { Verification } from '../journal/verify.ts'
import { happenings } from '../operator/happenings.ts'
import { lineOf } from '../operator/lines.ts'
import type { Sample } from './score.ts'

/** Something that was said of a session, and when. */
export interface Mark {
  readonly at_ms: Millis
  readonly text: string
}

/** A session as its journal tells it. */
export interface Recorded {
  readonly file: string
  readonly began_wall: WallMs
  readonly input: SessionInput
  readonly samples: readonly Sample[]
  readonly marks: readonly Mark[]
  /** As a screen last showed it. */
  readonly view: View
  /** What was noted of the person, by question. */
  readonly after: Readonly<Record<string, string>> | undefined
  /** The record goes on to the end of the session. */
  readonly whole: boolean
  /** From here on the machines of this version decide otherwise: what came then is not told. */
  readonly difference: Difference | undefined
  readonly checked: Verification
}

/** The curve has no more than one sample in this time. Unit ms. */
const SAMPLE_MS: Millis = 100

/**
 * Goes through a journal with the machines that wrote it.
 * @throws CuffError CP-JOURNAL-…, CP-REPLAY, CP-REPORT
 */
export function recordedIn(file: string): Recorded {
  const [samples, marks]: [Sample[], Mark[]] = [[], []]
  let view: View | undefined
  let [began_mono, began_wall] = [0, 0]
  const { whole, difference } = replayFile(file, (now, { at, wall }) => {
    if (!view) [began_mono, began_wall] = [at, wall]
    const at_ms = at - began_mono
    marks.push(...linesOf(view, now).map(text => ({ at_ms, text })))
    view = now
    if (at_ms - (samples.at(-1)?.at_ms ?? Number.NEGATIVE_INFINITY) >= SAMPLE_MS) samples.push(sampleOf(now, at_ms))
  })
  if (!view) throw nothingIn(file)
  return { file, began_wall, ...saidIn(file), samples, marks, view, whole, difference, checked: verifyFile(file) }
}

const linesOf = (before: View | undefined, view: View): string[] =>
  happenings(before, view).flatMap(one => lineOf(one, false) ?? [])

const sampleOf = ({ limbs, phase }: View, at_ms: Millis): Sample => ({
  at_ms: Math.round(at_ms),
  measured_mmHg: limbs.map(limb => limb.measured_mmHg ?? null),
  commanded_mmHg: limbs.map(limb => limb.commanded_mmHg),
  holding: phase === 'holding',
})

/** What stands in the first record, and in the notes. */
function saidIn(file: string): Pick<Recorded, 'input' | 'after'> {
  let input: SessionInput | undefined
  let after: Recorded['after']
  for (const { kind, data } of readJournal(file)) {
    if (kind === 'header') input = (data as { session: { input: SessionInput } }).session.input
    if (kind === 'note') after = (data as { after?: Recorded['after'] }).after ?? after
  }
  return { input: input!, after }
}

const nothingIn = (file: string): CuffError =>
  new CuffError(
    'CP-REPORT',
    `nothing that happened in a session is in ${file}.`,
    'Give the journal of a session.',
    EXIT.usage,
  )
