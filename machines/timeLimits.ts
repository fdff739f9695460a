import { LIMITS } from './limits.ts'

/** What a time limit of a machine is, for people: those whose length is not one number say what it depends on. */
export interface TimeLimit {
  /** Only where the length depends on the session. */
  readonly words?: string
  /** Ids of the limits that it comes from; names of the protocol's timing table where it is the protocol's. */
  readonly ids: readonly string[]
}

/** Every time limit that the machines name. A test holds it against what the machines do. */
export const TIME_LIMITS: Readonly<Record<string, TimeLimit>> = {
  selfTestTime: { ids: ['T_SELF_TEST', 'T_ACK'] },
  armTime: { ids: ['T_LOST'] },
  releaseTime: { ids: [LIMITS.ventDone.id, LIMITS.ventedBeforeStart.id, 'T_LOST'] },
  holdTime: { words: "the press's time", ids: [LIMITS.holdCycle.id, LIMITS.constantMax.id] },
  restTime: { words: "the press's rest", ids: [LIMITS.restMin.id] },
  capTime: { words: 'the time from the first press', ids: [LIMITS.armCum.id, LIMITS.legCum.id] },
  inflateTime: { ids: [LIMITS.inflateMax.id] },
  ventTime: { ids: [LIMITS.ventDone.id] },
  presenceTime: { words: '120 s, or what the verdict asks', ids: [LIMITS.presenceAsk.id] },
  refillTime: { ids: [LIMITS.refillAnswer.id] },
  graceTime: { ids: [LIMITS.presenceGrace.id] },
  openTime: { ids: [] },
  identifyTime: { ids: ['T_IDENTIFY'] },
  helloTime: { ids: ['T_LOST'] },
  staleTime: { ids: ['T_STALE'] },
  lostTime: { ids: ['T_LOST'] },
}
