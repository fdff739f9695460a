import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap(folder => NAMES.map(name => join(folder, name))).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The browser of this machine, if there is one. */
export const CHROMIUM = onPath()

export const NO_CHROMIUM = 'there is no Chromium on the PATH ("apt-get install chromium" brings one)'

/** Where no browser is, its tests are left out; with CUFFPILOT_BROWSER=required, as in CI, they fail instead. */
export const LEFT_OUT = CHROMIUM === undefined && process.env.CUFFPILOT_BROWSER !== 'required'
