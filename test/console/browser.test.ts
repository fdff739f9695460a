import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LEFT_OUT } from '../support/chromium.ts'
import { whenFinished } from '../support/sideBySide.ts'
import { PICTURES, type Served, startBrowser, startConsole, Tab } from './desk.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe.skipIf(LEFT_OUT)('REQ-CONSOLE: the console in a real browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser?.close())

  async function opened(served: Served, options: BrowserContextOptions = {}): Promise<Tab> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    whenFinished(() => context.close())
    const tab = new Tab(await context.newPage())
    await tab.page.goto(served.address())
    await tab.button('Take control').or(tab.page.getByText('This page holds control')).first().waitFor()
    return tab
  }

  async function holding(options: BrowserContextOptions = {}): Promise<{ served: Served; tab: Tab; since: number }> {
    const served = await startConsole()
    const tab = await opened(served, options)
    await tab.toPlan(served)
    await tab.toStart()
    await tab.toHold()
    return { served, tab, since: served.unit.events().length }
  }

  /** What axe finds wrong with the page as it stands: rule and element. */
  async function blemishes({ page }: Tab): Promise<string[]> {
    // The page's own policy lets no script in; the test's browser is asked to run this one beside it.
    await page.evaluate(AXE)
    return page.evaluate(async () => {
      const { violations } = await (
        globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
        }
      ).axe.run()
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`))
    })
  }

  test('the whole way: unit, verdict, plan, checklist, START held down, session, questions, summary; each step readable', async () => {
    const served = await startConsole()
    const tab = await opened(served)
    const look = async (name: string) => {
      await tab.page.screenshot({ path: `${PICTURES}/${name}.png` })
      expect([name, await blemishes(tab)]).toEqual([name, []])
    }
    await look('1-unit')
    await tab.toPlan(served)
    await look('2-plan')
    await tab.toStart()
    await look('3-checklist')
    await tab.button(/^START/).click()
    await tab.button(/^START/).click()
    expect(served.unit.events().some(one => one.type === 'target')).toBe(false)
    await tab.toHold()
    await tab.button('Yes, within 3 s').click()
    await look('4-session')
    await tab.button('dizzy').click()
    for (let i = 1; i <= 4; i++) {
      await tab.page.getByRole('heading', { name: `After the session ${i}/4` }).waitFor()
      if (i === 1) await look('5-after')
      await tab.button('not known').click()
    }
    await tab.page.getByRole('heading', { name: 'Summary' }).waitFor()
    await look('6-summary')
    const told = await tab.page.getByRole('main').innerText()
    expect(told).toContain('released (dizzy)')
    expect(told).toMatch(/head\s+\d+ [0-9a-f]{64}/)
    expect(tab.complaints).toEqual([])
    const [file] = await Promise.all([
      tab.page.waitForEvent('download'),
      tab.page.getByRole('link', { name: 'Report as a file' }).click(),
    ])
    const report = readFileSync(await file.path(), 'utf8')
    expect(report).toMatch(/^<!doctype html>/)
    expect(report).toContain('dizzy')
    await tab.button('Another session').click()
    await tab.page.getByRole('heading', { name: 'A verdict file' }).waitFor()
    expect(served.program.err.all).toEqual([])
  })

  test('REQ-KEY (F72): a click on the bar in a hold releases', async () => {
    const { served, tab, since } = await holding()
    await tab.button(/^Release now/).click()
    await served.unit.until('release', since)
    await tab.page.getByText('Cause: Release now, in the console').waitFor()
    await served.unit.until('vented', since)
  })

  test('REQ-KEY (F72): Esc releases before START too, and the session is over', async () => {
    const served = await startConsole()
    const tab = await opened(served)
    await tab.toPlan(served)
    await tab.button('Connect, and fit the cuffs').click()
    await tab.button('Confirmed').click()
    const since = served.unit.events().length
    await tab.page.keyboard.press('Escape')
    await served.unit.until('release', since)
    await tab.page.getByRole('heading', { name: 'Summary' }).waitFor()
  })

  test('REQ-KEY (F72): a touch of the bar releases, on a tablet too, and before START', async () => {
    const served = await startConsole()
    const tab = await opened(served, { viewport: { width: 820, height: 1180 }, hasTouch: true })
    await tab.toPlan(served)
    await tab.toStart()
    const since = served.unit.events().length
    await tab.button(/^Release now/).tap()
    await served.unit.until('release', since)
    await tab.page.getByRole('heading', { name: 'Summary' }).waitFor()
    await tab.page.screenshot({ path: `${PICTURES}/7-tablet.png` })
  })

  test('REQ-CONSOLE (F79, F80): a second page looks on, and confirms and starts nothing; once the page that holds control is closed the session is released after its grace of 30 s', async () => {
    const { served, tab } = await holding()
    const other = await opened(served)
    await other.phase.filter({ hasText: 'holding' }).waitFor()
    await other.button('Take control').click()
    await other.page.getByText('Another page holds control').waitFor()
    expect(await other.button('Yes, within 3 s').isDisabled()).toBe(true)
    await tab.button('Yes, within 3 s').click()
    const since = served.unit.events().length
    await tab.page.close()
    await other.page.getByText('The page that holds control is gone').waitFor()
    const release = await served.unit.until('release', since)
    expect(release.t_ms - served.unit.events()[since]!.t_ms).toBeGreaterThan(25_000)
    await other.page.getByText('Cause: the page that held control is gone').waitFor()
  })

  test('REQ-CONSOLE (F80): a page that only looks on releases, with Space', async () => {
    const served = await startConsole()
    const tab = await opened(served)
    await tab.toPlan(served)
    await tab.button('Connect, and fit the cuffs').click()
    await tab.button('Confirmed').waitFor()
    const [other, since] = [await opened(served), served.unit.events().length]
    await other.page.getByText('This page looks on').waitFor()
    await other.page.keyboard.press(' ')
    await served.unit.until('release', since)
    await tab.page.getByRole('heading', { name: 'Summary' }).waitFor()
  })

  test('a reload in a hold comes back to the same session, in control, with the whole curve, and releases nothing; Space does, with the focus on another button (F72)', async () => {
    const { served, tab, since } = await holding()
    await tab.page.reload()
    await tab.phase.filter({ hasText: 'holding' }).waitFor()
    await tab.page.getByText('This page holds control').waitFor()
    expect(
      served.unit
        .events()
        .slice(since)
        .some(one => one.type === 'release'),
    ).toBe(false)
    expect(await tab.page.locator('#curve canvas').count()).toBe(1)
    await tab.button('English').focus()
    await tab.page.keyboard.press(' ')
    await served.unit.until('release', since)
  })

  test('REQ-CONSOLE (F81): while nothing newer comes no pressure is shown for longer than a second; a program that dies is said, and the unit is released', async () => {
    const { served, tab, since } = await holding()
    const pid = served.program.child.pid!
    process.kill(pid, 'SIGSTOP')
    await tab.page.locator('.measured b').filter({ hasText: '—' }).first().waitFor()
    expect(await tab.phase.innerText()).toBe('—')
    await served.unit.until('release', since)
    process.kill(pid, 'SIGKILL')
    await tab.page.getByText('The program does not answer').waitFor()
    expect(await tab.page.locator('.measured b').allInnerTexts()).toEqual(['—', '—'])
  })
})
