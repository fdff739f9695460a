import { join } from 'node:path'
import { packageRoot } from '../packageRoot.ts'

/** The programs that come along, the gentlest and default first. */
export const PRESETS = [
  'first-session',
  'cycle-20-5',
  'cycle-30-5',
  'progressive',
  'constant',
  'sets-held',
  'sets-released',
] as const

export const DEFAULT_PROGRAM: (typeof PRESETS)[number] = PRESETS[0]

export const isPreset = (name: string): boolean => (PRESETS as readonly string[]).includes(name)

/** Read from the source tree, which the package carries: the compiler copies no JSON. */
export const presetPath = (name: string): string => join(packageRoot(), 'src', 'programs', 'presets', `${name}.json`)

/** What the demo runs when nothing else is asked for: short, for showing, and no preset. */
export const demoPath = (): string => join(packageRoot(), 'src', 'programs', 'demo.json')
