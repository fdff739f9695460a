/** Why the unit's modes take nothing in of some events: what PROTOCOL.md says of each in the other modes. */
export const UNIT_IGNORED = [
  { events: ['SELF_TEST'], in: ['testing', 'armed', 'active', 'venting'], because: 'refused with 04: latched only' },
  { events: ['ARM'], in: ['testing', 'active', 'venting'], because: 'refused with 04: latched only' },
  { events: ['ARM'], in: ['armed'], because: 'acknowledged, and nothing changes' },
  { events: ['TARGET'], in: ['latched', 'testing', 'venting'], because: 'refused with 04: armed or active only' },
  { events: ['TARGET'], in: ['active'], because: 'the target changes, and the mode does not' },
  {
    events: ['VENT'],
    in: ['latched', 'testing', 'armed', 'venting'],
    because: 'acknowledged, and nothing changes: the valves are open',
  },
  {
    events: ['SILENCE'],
    in: ['latched', 'testing', 'armed', 'venting'],
    because: 'no pressure is held by a lease here',
  },
  { events: ['TEST_ENDED'], in: ['latched', 'armed', 'active', 'venting'], because: 'no test is under way' },
  { events: ['VENTED'], in: ['latched', 'testing', 'armed', 'active'], because: 'no vent is waited for' },
] as const
