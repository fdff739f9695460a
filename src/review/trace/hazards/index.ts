import type { Hazard } from '../model.ts'
import { WRONG } from './person.ts'
import { TOO_HIGH } from './pressure.ts'
import { LOST, TAKEOVER } from './record.ts'
import { MISLEADING, NO_RELEASE } from './release.ts'
import { TOO_LONG } from './time.ts'
import { UNINTENDED } from './unintended.ts'

export const HAZARDS: readonly Hazard[] = [
  TOO_LONG,
  TOO_HIGH,
  UNINTENDED,
  WRONG,
  NO_RELEASE,
  MISLEADING,
  LOST,
  TAKEOVER,
]
