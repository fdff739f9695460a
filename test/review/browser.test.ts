import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CHROMIUM, LEFT_OUT, NO_CHROMIUM } from '../support/chromium.ts'
import { MAIN } from '../support/processes.ts'

/** Into the first hold. */
const HOLD = `program demo, verdict accepted, seed 1
4.000 confirm all
4.000 start
6.500 here`

describe.skipIf(LEFT_OUT)('REQ-DOSSIER: the dossier in a real browser', () => {
  let folder: string
  let url: string
  let browser: Browser
  let page: Page
  let panel: Locator
  /** Addresses that were asked for, and whatever the browser had to complain about. */
  let requests: string[]
  let complaints: string[]

  beforeAll(async () => {
    if (CHROMIUM === undefined) throw new Error(`CUFFPILOT_BROWSER=required, and ${NO_CHROMIUM}`)
    folder = mkdtempSync(join(tmpdir(), 'cuffpilot-review-'))
    const file = join(folder, 'review.html')
    execFileSync(process.execPath, [MAIN, 'review', '--out', file, '--situations', '300'], { stdio: 'ignore' })
    url = pathToFileURL(file).href
    // As root, as in CI, Chromium has no sandbox of its own; the page is ours.
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
    page = await browser.newPage({ viewport: { width: 1280, height: 800 }, offline: true })
    panel = page.locator('#live-panel')
    page.on('request', request => requests.push(request.url()))
    page.on('console', message => complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
  })
  afterAll(async () => {
    await browser?.close()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    requests = []
    complaints = []
    await page.goto(url)
  })
  afterEach(() => {
    expect(complaints).toEqual([])
    expect(requests).toEqual([url])
  })

  const button = (name: string | RegExp): Locator =>
    panel.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name })
  const press = (name: string | RegExp): Promise<void> => button(name).click()
  const phase = (): Promise<string> => panel.getByRole('status').innerText()
  const alarms = (): Promise<string> => panel.getByRole('alert', { name: /Alarms/ }).innerText()
  const happened = (): Promise<string> => panel.getByRole('list', { name: /What happened/ }).innerText()
  const lit = (): Promise<string[]> =>
    page.locator('#live-diagram .lit').evaluateAll(all => all.map(one => one.querySelector('title')!.textContent!))
  const drawn = (line: 'true' | 'shown' | 'target'): Promise<(string | null)[]> =>
    page.locator(`.chart path.${line}`).evaluateAll(all => all.map(one => one.getAttribute('d')))
  const seen = async () => ({
    ...{ phase: await phase(), happened: await happened(), lit: await lit(), drawn: await drawn('true') },
  })

  const list = (): Locator => panel.getByRole('textbox', { name: 'List of events' })
  async function run(text: string): Promise<void> {
    if (!(await list().isVisible())) await panel.getByText('This run as a list of events').click()
    await list().fill(text)
    await press('Run this list')
  }
  async function hold(): Promise<void> {
    await run(HOLD)
    expect(await phase()).toBe('warm-up 1 of 2: holding')
  }

  test('opens from a file without a network, and every section that its contents name is there', async () => {
    const targets = await page
      .getByRole('navigation')
      .getByRole('link')
      .evaluateAll(all => all.map(one => one.getAttribute('href')!.slice(1)))
    expect(targets).toEqual(
      expect.arrayContaining(['live', 'diagrams', 'matrices', 'limits', 'hazards', 'exploration', 'results', 'trace']),
    )
    for (const id of targets)
      expect((await page.locator(`[id="${id}"]`).textContent())!.length, id).toBeGreaterThan(100)
    const links = await page.locator('main a').evaluateAll(all => all.map(one => one.getAttribute('href')!))
    const places = await page.locator('[id]').evaluateAll(all => all.map(one => `#${one.id}`))
    expect(links.length).toBeGreaterThan(10)
    expect(links.filter(link => !places.includes(link))).toEqual([])
    expect(await page.locator('html').evaluate(one => one.scrollWidth)).toBeLessThanOrEqual(1280)
  })

  test('may load nothing, even if something in it tried to', async () => {
    const blocked = await page.locator('body').evaluate(async ({ ownerDocument: document }) => {
      const directives: string[] = []
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }: { effectiveDirective: string }) =>
        directives.push(effectiveDirective),
      )
      await fetch('data:text/plain,x').catch(() => {})
      const image = document.createElement('img')
      const refused = new Promise(resolve => image.addEventListener('error', resolve))
      image.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='
      document.body.append(image)
      await refused
      const script = document.createElement('script')
      script.textContent = 'document.title = "owned"'
      document.body.append(script)
      return { directives, title: document.title }
    })
    expect(blocked.directives).toEqual(expect.arrayContaining(['connect-src', 'img-src']))
    expect(blocked.title).toContain('review dossier')
    expect(complaints.every(one => one.includes('Content Security Policy'))).toBe(true)
    complaints = []
  })

  test('by its buttons into a hold: the state is lit and the pressure drawn; Release now releases in the same step', async () => {
    for (let i = 0; i < 4; i++) await press('+1 s')
    const flat = await drawn('true')
    await press(/^Confirm all/)
    await press('START')
    for (let i = 0; i < 9 && !(await phase()).includes('holding'); i++) await press('Next change')
    expect(await phase()).toBe('warm-up 1 of 2: holding')
    expect(await lit()).toContain('session.flow.running.cycles.warmUp.pressing.holding')
    for (const line of ['true', 'shown', 'target'] as const) expect(await drawn(line)).toHaveLength(2)
    const heightOf = (path: string | null) => Math.min(...[...path!.matchAll(/ ([\d.]+)/g)].map(one => Number(one[1])))
    for (const [i, path] of (await drawn('true')).entries()) expect(heightOf(path)).toBeLessThan(heightOf(flat[i]!))
    await press(/^Release now/)
    expect(await phase()).toBe('RELEASING')
    expect(await lit()).toContain('session.flow.releasing')
    expect(await lit()).not.toContain('session.flow.running.cycles.warmUp.pressing.holding')
    expect(await happened()).toContain('release byte 0x18')
    for (let i = 0; i < 5; i++) await press('+1 s')
    expect(await phase()).toBe('stopped')
  })

  test('Space and Esc release whatever button has the focus, and when nothing has it; in a field Space is a character', async () => {
    await hold()
    await panel.getByLabel('Other values').focus()
    await page.keyboard.press('Space')
    expect(await phase()).toContain('holding')
    await button('+1 s').focus()
    await page.keyboard.press('Space')
    expect(await phase()).toBe('RELEASING')
    await hold()
    await panel.getByRole('status').click()
    await page.keyboard.press('Escape')
    expect(await phase()).toBe('RELEASING')
  })

  test('by the keyboard alone a fault is given, and its alarm stands in words; a step back takes it away', async () => {
    await hold()
    await panel.getByText('Line', { exact: true }).focus()
    await page.keyboard.press('Enter')
    await button('link.cut').focus()
    await page.keyboard.press('Enter')
    expect(await button('link.cut').getAttribute('aria-pressed')).toBe('true')
    await press('+1 s')
    expect(await alarms()).toMatch(/!!! .*Look at the limb/)
    expect(await lit()).toContain('session.flow.releasing')
    await press('Step back')
    await press('Step back')
    expect(await button('link.cut').getAttribute('aria-pressed')).toBe('false')
    expect(await phase()).toContain('holding')
  })

  test('a step back is where the run was, one act and one time after the other', async () => {
    await hold()
    const held = await seen()
    await press('Refill good')
    const looked = await seen()
    await press('+1 s')
    expect(await seen()).not.toEqual(looked)
    await press('Step back')
    expect(await seen()).toEqual(looked)
    await press('Step back')
    expect(await seen()).toEqual(held)
  })

  test('each invariant has a row that says whether it holds, and is asked in each step', async () => {
    await hold()
    const judged = panel.getByRole('region', { name: /Invariants/ })
    const texts = await judged.getByRole('row').allInnerTexts()
    expect(texts.length).toBeGreaterThan(12)
    expect(texts.every(text => /^I-\d+\tholds\t/.test(text))).toBe(true)
    const asked = async () => Number(/asked in (\d+) steps/.exec(await judged.first().innerText())?.[1])
    const before = await asked()
    await press('Refill good')
    expect(await asked()).toBe(before + 1)
    // Ten reports a second.
    await press('+1 s')
    expect(await asked()).toBeGreaterThanOrEqual(before + 11)
  })

  test('its list of events gives the same run again; one that cannot be read is refused with its reason', async () => {
    await hold()
    await press('Refill good')
    const [before, text] = [await seen(), await list().inputValue()]
    await press(/^Release now/)
    await run(text)
    expect(await seen()).toEqual(before)
    expect(await list().inputValue()).toBe(text)
    await run(text.replace('start', '<b>x</b>'))
    expect(await page.locator('.problem').innerText()).toBe('"<b>x</b>" is nothing that can be done here')
    expect(await seen()).toEqual(before)
  })

  test('a verdict that does not fit shuts the gate, with the reason', async () => {
    await panel.getByLabel('Verdict').selectOption('another-person')
    await press('Begin')
    for (let i = 0; i < 4; i++) await press('+1 s')
    expect(await phase()).toBe('refused')
    expect(await alarms()).toContain('GATE-PERSON')
  })

  test('time is played, and paused', async () => {
    await press('Play 10×')
    await panel.getByRole('status').getByText('fitting').waitFor()
    await press('Play 10×')
    const at = page.locator('.times b')
    const paused = await at.innerText()
    expect(Number.parseFloat(paused)).toBeGreaterThan(0.5)
    await press('Whole diagram')
    expect(await at.innerText()).toBe(paused)
  })

  test('what is folded away is printed', async () => {
    expect(await page.locator('details:not([open])').count()).toBeGreaterThan(3)
    await page.pdf({ pageRanges: '1' })
    expect(await page.locator('details:not([open])').count()).toBe(0)
  })
})
