import { z } from 'zod'
import { CHECKLIST_ITEMS } from '../../machines/checklist.ts'
import { LIMB_NAMES } from '../../machines/limits.ts'
import { SYMPTOMS } from '../../machines/symptoms.ts'

const text = (most: number) => z.string().trim().min(1).max(most)
const limbs = z.array(z.enum(LIMB_NAMES)).min(1).max(4)

/** A verdict and a clearance have at most 16 KiB. */
const FILE_MAX = 16_384
/** Longest frame that a page may send. Unit bytes; a file with every character escaped, and the frame around it. */
export const FRAME_MAX = 48 * 1024
/** Frames of one page in a second. Project policy: a held key repeats 30 times a second. */
export const FRAMES_MAX = 100

const act = <Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) =>
  z.strictObject({ do: z.literal(name), ...shape })

/** Everything that a page can ask for. What is not here is not done. */
const Act = z.discriminatedUnion('do', [
  act('beat', {}),
  act('release', {}),
  act('symptom', { key: z.enum(Object.keys(SYMPTOMS)) }),
  act('take', {}),
  act('look', {}),
  act('screen', { subject: text(100), limbs }),
  act('answer', { question: text(64), typed: z.string().max(64) }),
  act('back', {}),
  act('sign', { screener: text(100) }),
  act('verdict', { file: z.string().min(1).max(FILE_MAX), subject: text(100) }),
  act('choose', { limbs, program: text(64), operator: text(100) }),
  act('begin', {}),
  act('confirm', { item: z.enum(CHECKLIST_ITEMS) }),
  act('press', {}),
  act('start', {}),
  act('present', {}),
  act('refill', { slow: z.boolean() }),
  act('after', { question: z.int().min(0).max(9), answer: z.int().min(0).max(9).nullable() }),
  act('leave', {}),
  act('again', {}),
])
export type Act = z.infer<typeof Act>

/** What a frame asks for; undefined when it has the wrong shape. */
export function actIn(frame: string): Act | undefined {
  try {
    return Act.safeParse(JSON.parse(frame)).data
  } catch {
    return undefined
  }
}

/** What every page may do, with or without control. None of it begins or confirms anything. */
const FOR_ALL: ReadonlySet<Act['do']> = new Set(['beat', 'release', 'symptom', 'take'])

export const needsControl = (asked: Act): boolean => !FOR_ALL.has(asked.do)
