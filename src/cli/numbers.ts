import { InvalidArgumentError } from 'commander'

/** A number of an option, within bounds. */
export const numberFrom =
  (min: number, max: number, whole: boolean) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() !== '' && value >= min && value <= max && (!whole || Number.isInteger(value))) return value
    throw new InvalidArgumentError(`Give a ${whole ? 'whole ' : ''}number from ${min} to ${max}.`)
  }
