import type { Hooks, Rig } from '../rig.ts'
import { DEVICE } from './device.ts'
import { FIRMWARE_BEHAVIOURS } from './firmware.ts'
import { LINK } from './link.ts'
import { PNEUMATICS } from './pneumatics.ts'
import { type Arg, type ArgSpec, type Behaviour, number, PHASES, type Phase } from './types.ts'

/** Everything that can be wrong, by name. */
export const BEHAVIOURS: readonly Behaviour[] = [...PNEUMATICS, ...LINK, ...DEVICE, ...FIRMWARE_BEHAVIOURS]

/** A behaviour that was asked for, and when. */
export interface Spec {
  readonly text: string
  readonly name: string
  readonly behaviour: Behaviour
  readonly args: readonly Arg[]
  /** The first time that the unit is in it; undefined for the start. */
  readonly phase: Phase | undefined
  readonly after_ms: number
  /** When it is due, on the unit's clock, once that is known. */
  readonly at?: number
}

/** A behaviour at work. */
export interface Active {
  readonly spec: Spec
  readonly hooks: Hooks
}

export function begin(spec: Spec, rig: Rig): Active {
  return { spec, hooks: spec.behaviour.begin(rig, spec.args) ?? {} }
}

/** Reads `NAME[=ARGS][@WHEN]` for a unit with so many channels. @throws RangeError that says what is wrong with it. */
export function readSpec(text: string, channels: number): Spec {
  const match = /^([A-Za-z.0-9]+)(?:=([^@]*))?(?:@(.*))?$/.exec(text)
  const behaviour = BEHAVIOURS.find(one => one.name === match?.[1])
  if (!match || !behaviour) throw new RangeError(`"${text}" is no behaviour of the simulated unit`)
  const given = match[2] === undefined ? [] : match[2].split(',')
  const args = readArgs(text, behaviour, given, channels)
  return { text, name: behaviour.name, behaviour, args, ...readWhen(text, match[3]) }
}

function readArgs(text: string, behaviour: Behaviour, given: readonly string[], channels: number): Arg[] {
  const specs = Object.entries(behaviour.args)
  if (given.length > specs.length)
    throw new RangeError(`"${text}" has more arguments than ${behaviour.name} takes (${specs.length})`)
  return specs.map(([name, spec], i) => {
    const word = given[i]
    if (word === undefined || word === '') return spec.value
    return readArg(text, name, name === 'channel' ? number(0, 0, channels) : spec, word)
  })
}

const NUMBER = /^[-+]?\d*\.?\d+(?:e[-+]?\d+)?$/i

function readArg(text: string, name: string, spec: ArgSpec, word: string): Arg {
  if ('form' in spec) {
    if (spec.form.test(word)) return word
    throw new RangeError(`"${word}" in "${text}" is not ${spec.words}`)
  }
  const value = NUMBER.test(word) ? Number(word) : Number.NaN
  if (!(value >= spec.min && value <= spec.max) || (name === 'channel' && !Number.isInteger(value)))
    throw new RangeError(`"${word}" in "${text}": ${name} is a number from ${spec.min} to ${spec.max}`)
  return value
}

const WHEN = /^(?:(?:(inflate|hold)(?:\+(\d+(?:\.\d+)?)(ms|s))?)|(\d+(?:\.\d+)?)(ms|s))$/

function readWhen(text: string, when: string | undefined): Pick<Spec, 'phase' | 'after_ms'> {
  if (when === undefined) return { phase: undefined, after_ms: 0 }
  const match = WHEN.exec(when)
  if (!match) throw new RangeError(`"@${when}" in "${text}" is no time; say @2s, @300ms, @inflate, @hold or @hold+1s`)
  const phase = PHASES.find(one => one === match[1])
  const after_ms = Number(match[2] ?? match[4] ?? 0) * ((match[3] ?? match[5]) === 's' ? 1000 : 1)
  return { phase, after_ms }
}

/** One line for each behaviour, for people: as it is typed, with its defaults, what it does, and what its values are. */
export function behaviourTable(): string[] {
  const width = Math.max(...BEHAVIOURS.map(one => usage(one).length))
  return BEHAVIOURS.map(one => {
    const names = Object.keys(one.args)
    const values = names.length > 0 ? ` (${names.join(', ')})` : ''
    return `${usage(one).padEnd(width)}  ${one.about}${values}`
  })
}

/** The name with its defaults, in the form in which it is read. */
export function usage(one: Behaviour): string {
  const values = Object.values(one.args).map(({ value }) => value)
  return values.length > 0 ? `${one.name}=${values.join(',')}` : one.name
}
