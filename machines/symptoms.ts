/** What the operator saw or was told, by key. Each of them releases, and the session ends with it. */
export const SYMPTOMS: Readonly<Record<string, string>> = {
  b: 'feels bad',
  d: 'dizzy',
  n: 'numb',
  p: 'pain',
  w: 'pale or white limb',
  c: 'chest symptoms',
  h: 'chills',
}

/** The symptom in what was typed, alone or among other keys. */
export const symptomIn = (typed: string): string | undefined =>
  [...typed.toLowerCase()].map(one => SYMPTOMS[one]).find(what => what !== undefined)
