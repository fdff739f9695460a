import { join } from 'node:path'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { CHROMIUM, NO_CHROMIUM } from '../support/chromium.ts'
import { Program, type SimulatedUnit, startSim, temporaryFolder, writeVerdict } from '../support/processes.ts'

/** A console on a simulated unit, each in a process of its own. */
export interface Served {
  readonly home: string
  readonly unit: SimulatedUnit
  readonly program: Program
  /** The address that is good now. */
  readonly address: () => string
  readonly port: number
}

const ADDRESS = /(http:\/\/127\.0\.0\.1:(\d+)\/#\S+)/

export async function startConsole(...faults: string[]): Promise<Served> {
  const home = temporaryFolder()
  const unit = await startSim(home, '--channels', '2', ...faults.flatMap(fault => ['--fault', fault]))
  const program = new Program(home, ['console', '--port', unit.path, '--no-open'])
  await program.out.until('the address', line => ADDRESS.test(line))
  const address = () => ADDRESS.exec(program.out.all.findLast(line => ADDRESS.test(line))!)![1]!
  return { home, unit, program, address, port: Number(ADDRESS.exec(address())![2]) }
}

export async function startBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error(`CUFFPILOT_BROWSER=required, and ${NO_CHROMIUM}`)
  // As root, as in CI, Chromium has no sandbox of its own; the page is ours.
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
}

/** One tab of a browser, and what somebody does in it. */
export class Tab {
  readonly page: Page
  /** Whatever the browser had to complain about. */
  readonly complaints: string[] = []

  constructor(page: Page) {
    this.page = page
    page.setDefaultTimeout(80_000)
    page.on('console', message => message.type() === 'error' && this.complaints.push(message.text()))
    page.on('pageerror', error => this.complaints.push(error.message))
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name })
  }

  get phase(): Locator {
    return this.page.getByRole('status')
  }

  /** From the first look at the unit to a plan that may be run. */
  async toPlan({ home }: Served): Promise<void> {
    await this.button('Take control').click()
    await this.button('Look who is on the port').click()
    await this.page.getByLabel('Choose a file').setInputFiles(writeVerdict(home, { limbs: ['left-arm', 'right-arm'] }))
    await this.page.getByLabel('The person').first().fill('P-017')
    await this.button('Take this verdict').click()
    await this.page.getByLabel('Who runs the session').fill('C. Abe, KAATSU trainer')
    await this.button('Check this plan').click()
    await this.button('Connect, and fit the cuffs').waitFor()
  }

  /** Through the checklist, up to START. */
  async toStart(): Promise<void> {
    await this.button('Connect, and fit the cuffs').click()
    const start = this.button(/^START/)
    const confirm = this.button('Confirmed')
    await confirm.or(start).waitFor()
    for (let i = 1; await confirm.isVisible(); i++) {
      await confirm.click()
      await this.page.getByRole('heading', { name: `Checklist ${i}/` }).waitFor()
    }
    await this.page.locator('button.start:enabled').waitFor()
  }

  /** START, held down, and on into the first hold. */
  async toHold(): Promise<void> {
    await this.button(/^START/).hover()
    await this.page.mouse.down()
    await this.phase.filter({ hasText: 'holding' }).waitFor()
    await this.page.mouse.up()
  }
}

/** Where pictures of a run are kept, to be looked at. */
export const PICTURES = join(import.meta.dirname, '../../dist/pictures')
