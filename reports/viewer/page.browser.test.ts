import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReportInput } from '../../harness/core/report.ts'
import html from '../html.ts'
import { attacked, everything } from '../testing/run.ts'
import { HOSTILE } from '../testing/stories.ts'
import { sanitizeText } from '../words/sanitize.ts'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const found = existsSync(executablePath)
if (!found)
  console.warn(
    `expected Chromium at ${executablePath} (set CHROMIUM): the page is NOT tested in a browser`,
  )

describe.skipIf(!found)('the page in Chromium', () => {
  let folder: string
  let browser: Browser
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tunnelproof-page-'))
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true })
  })

  /** Opens the page from a file and collects everything that it should never do. */
  async function opened(input: ReportInput, width = 1280, hash = '') {
    const file = join(folder, 'report.html')
    writeFileSync(file, html.render(input))
    const page = await browser.newPage({ viewport: { width, height: 900 } })
    const alarms: string[] = []
    page.on('dialog', (dialog) => {
      alarms.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('console', (message) => alarms.push(`console: ${message.text()}`))
    page.on('pageerror', (error) => alarms.push(`error: ${error.message}`))
    page.on('request', (request) => {
      if (!request.url().startsWith(pathToFileURL(file).href))
        alarms.push(`request: ${request.url()}`)
    })
    await page.goto(`${pathToFileURL(file).href}${hash}`)
    return { page, alarms }
  }

  it('the page shows an attack as data and executes nothing of it', async () => {
    const { page, alarms } = await opened(attacked())
    await page.locator('.more > summary').click()
    expect(alarms).toEqual([])
    expect(await page.locator('img, iframe, object').count()).toBe(0)
    expect(await page.locator('script').count()).toBe(1)
    expect(await page.locator('.screen li bdi').first().textContent()).toBe(sanitizeText(HOSTILE))
    expect(await page.locator('.breach p').textContent()).toContain(sanitizeText(HOSTILE))
    await page.close()
  })

  it('the content security policy of the page refuses an injected script and image', async () => {
    const { page, alarms } = await opened(attacked())
    await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = "document.title = 'executed'"
      const image = document.createElement('img')
      image.src = 'https://example.org/x.png'
      document.body.append(script, image)
    })
    expect(await page.title()).not.toBe('executed')
    expect(alarms.filter((alarm) => /Content Security Policy/.test(alarm))).toHaveLength(2)
    await page.close()
  })

  it('a link from a finding to the diagram opens closed sections of the page', async () => {
    const { page, alarms } = await opened(everything(), 1280, '#r5')
    const link = page.locator('#r5 .evidence a').nth(1)
    const target = (await link.getAttribute('href')) ?? ''
    await page.evaluate(() => {
      for (const each of document.querySelectorAll('details')) each.open = false
    })
    await page.evaluate((hash) => {
      location.hash = hash
    }, target)
    await page.waitForFunction(
      () => document.querySelector(':target')?.closest('details')?.open === true,
    )
    expect(await page.locator(':target').count()).toBe(1)
    await page.locator(':target').scrollIntoViewIfNeeded()
    expect(alarms).toEqual([])
    await page.close()
  })

  it.each([390, 1280])(
    'the page fits a screen of %i pixels without scrolling sideways',
    async (width) => {
      const { page } = await opened(everything(), width)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      await page.close()
    },
  )

  it('the keyboard reaches links, sections, diagram and buttons of the page', async () => {
    const { page } = await opened(everything())
    const reached = new Set<string>()
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab')
      reached.add(
        await page.evaluate(
          () =>
            `${document.activeElement?.tagName.toLowerCase()}.${document.activeElement?.className}`,
        ),
      )
    }
    expect([...reached]).toEqual(
      expect.arrayContaining(['a.', 'summary.', 'section.diagram', 'button.copy']),
    )
    await page.close()
  })
})
