import { z } from 'zod'
import { PRESSES_MAX, warmUpProblem } from '../../machines/planShape.ts'
import { printable } from '../errors.ts'

const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine(value => printable(value) === value, 'must be printable characters on one line')
const WHOLE = 'must be a whole number of 1 or more, in digits and without quotes'
const whole = (description: string) => z.int(WHOLE).min(1, WHOLE).describe(description)

const Segment = z.strictObject({
  name: text(60).describe('What the operator reads, e.g. "30 repetitions"'),
  duration_ms: whole('Unit ms'),
})

const source = text(400).optional().describe('Where the number comes from; "project policy" when no source gives it')

const Step = z.strictObject({
  kind: z.enum(['warm-up', 'training']),
  repeat: whole('How many presses of this kind follow each other'),
  arm_mmHg: whole('Target on an arm, mmHg (not SKU, not % of occlusion pressure)').optional(),
  leg_mmHg: whole('Target on a leg, mmHg (not SKU, not % of occlusion pressure)').optional(),
  hold_ms: whole('From the press command to the vent command, the rise included. Unit ms'),
  rest_ms: whole('Time vented before the next press. Unit ms'),
  segments: z
    .array(Segment)
    .min(1)
    .max(40)
    .optional()
    .describe('Parts of the hold that are counted; they add up to it'),
  sources: z.strictObject({
    repeat: source,
    arm_mmHg: source,
    leg_mmHg: source,
    hold_ms: source,
    rest_ms: source,
    segments: source,
  }),
})

/** A program file: units in the keys, and a source beside every number. */
export const ProgramFile = z
  .strictObject({
    format: z.literal('cuffpilot-program/1'),
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1 to 40 of a-z, 0-9 and -'),
    title: text(80),
    description: text(1000),
    mode: z.enum(['cycle', 'constant', 'sets']),
    slew_mmHg_per_s: whole('Rise of the commanded pressure. Unit mmHg/s'),
    cap_ms: whole('End of the session after the first inflation; it can only lower the limit. Unit ms').optional(),
    sources: z.strictObject({ slew_mmHg_per_s: source, cap_ms: source }),
    steps: z.array(Step).min(1).max(PRESSES_MAX),
  })
  .superRefine((program, context) => {
    const tell = (message: string, ...path: (string | number)[]) => context.addIssue({ code: 'custom', message, path })
    for (const key of unsourced(program)) tell(NO_SOURCE, 'sources', key)
    program.steps.forEach((step, i) => {
      for (const key of unsourced(step)) tell(NO_SOURCE, 'steps', i, 'sources', key)
      if (step.arm_mmHg === undefined && step.leg_mmHg === undefined)
        tell('needs arm_mmHg, leg_mmHg or both', 'steps', i)
      const sum = step.segments?.reduce((total, segment) => total + segment.duration_ms, 0) ?? step.hold_ms
      if (sum !== step.hold_ms) tell(`add up to ${sum} ms, not to hold_ms`, 'steps', i, 'segments')
    })
    if (!program.steps.every(step => step.repeat >= 1)) return
    const presses = program.steps.reduce((total, step) => total + step.repeat, 0)
    if (presses > PRESSES_MAX) return tell(`are ${presses} presses; at most ${PRESSES_MAX}`, 'steps')
    const wrong = warmUpProblem(eachPress(program).map(step => step.kind))
    if (wrong) tell(wrong, 'steps')
  })

export type Program = z.infer<typeof ProgramFile>
export type ProgramStep = z.infer<typeof Step>

const NO_SOURCE = 'is missing; write "project policy" when no source gives the number'

/** Keys with a number, or with segments, that no source stands beside. */
const unsourced = (part: { readonly sources: Readonly<Record<string, string | undefined>> }): string[] =>
  Object.entries(part).flatMap(([key, value]) =>
    (typeof value === 'number' || key === 'segments') && value !== undefined && !part.sources[key] ? [key] : [],
  )

/** The program's presses one by one, repeats written out. */
export const eachPress = (program: Pick<Program, 'steps'>): ProgramStep[] =>
  program.steps.flatMap(step => Array.from({ length: step.repeat }, () => step))
