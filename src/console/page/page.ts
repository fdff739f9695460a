import type { Act } from '../acts.ts'
import type { Point, Room } from '../shown.ts'
import type { Latched } from './alarms.ts'

/** What one page knows, and what it can do. */
export interface Page {
  /** The name that the program has given it. */
  readonly id: string
  readonly room: Room
  readonly points: readonly Point[]
  /** What the room says is no older than 1 s. */
  readonly isFresh: boolean
  readonly isOpen: boolean
  readonly latched: readonly Latched[]
  readonly isPaused: boolean
  /** What was asked for and not done. */
  readonly problem: string
  readonly send: (act: Act) => void
  readonly release: () => void
  readonly acknowledge: () => void
  readonly pauseSound: () => void
  readonly speak: (language: string) => void
}

export const inControl = ({ id, room }: Page): boolean => room.control?.page === id

/** Where on the way a session is. */
export type Stage = 'unit' | 'screening' | 'plan' | 'checklist' | 'session' | 'after'
export const STAGES: readonly Stage[] = ['unit', 'screening', 'plan', 'checklist', 'session', 'after']

const BEFORE_START = new Set(['connecting', 'selfTesting', 'gate', 'fitting', 'readyToArm'])

export function stageOf({ unit, verdict, session }: Room): Stage {
  if (session?.summary || session?.after) return 'after'
  if (session) return BEFORE_START.has(session.view.phase) ? 'checklist' : 'session'
  if (!unit) return 'unit'
  return verdict ? 'plan' : 'screening'
}
