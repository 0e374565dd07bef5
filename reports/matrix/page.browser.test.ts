import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Matrix } from '../../harness/core/matrix.ts'
import { everyCell, hostileMatrix } from '../testing/matrix.ts'
import { matrixPage } from './page.tsx'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

describe.skipIf(!existsSync(executablePath))('the page of a matrix in Chromium', () => {
  let folder: string
  let browser: Browser
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tunnelproof-matrix-page-'))
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true })
  })

  async function opened(matrix: Matrix, width: number, colorScheme: 'light' | 'dark') {
    const file = join(folder, 'matrix.html')
    writeFileSync(file, matrixPage(matrix))
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
    const alarms: string[] = []
    page.on('console', (message) => alarms.push(message.text()))
    page.on('pageerror', (error) => alarms.push(error.message))
    await page.goto(pathToFileURL(file).href)
    return { page, alarms }
  }

  it.each([
    [320, everyCell()],
    [1280, everyCell()],
    [320, hostileMatrix()],
    [320, manyScenarios()],
  ])('the page is not scrolled sideways, %i wide', async (width, matrix) => {
    const { page, alarms } = await opened(matrix, width, 'light')
    expect(alarms).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    await page.close()
  })

  it('a sign leads to the cell that explains it', async () => {
    const { page } = await opened(everyCell(), 360, 'dark')
    await page.locator('.grid a.fail').first().click()
    const target = page.locator('.cell:target')
    expect(await target.textContent()).toContain('took effect 2 times')
    const top = () => target.evaluate((cell) => cell.getBoundingClientRect().top)
    await expect.poll(top).toBeLessThan(800)
    await page.close()
  })

  it('the colours follow the scheme', async () => {
    const ink = async (scheme: 'light' | 'dark') => {
      const { page } = await opened(everyCell(), 1280, scheme)
      const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      await page.close()
      return colour
    }
    expect(await ink('light')).not.toBe(await ink('dark'))
  })
})

/** As many columns as the real matrix has. */
function manyScenarios(): Matrix {
  const matrix = everyCell()
  const names = Array.from({ length: 15 }, (_, i) => `server-crash-mid-push-${i}`)
  const scenarios = names.map((name) => ({ name, title: name, story: name }))
  return { ...matrix, scenarios }
}
