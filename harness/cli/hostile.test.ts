import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { hasPython, parseXml } from '../../reports/testing/xml.ts'
import { at, during, scenario } from '../core/build.ts'
import { payloadHash } from '../core/hash.ts'
import { History } from '../core/history.ts'
import { isWrite } from '../core/operation.ts'
import { isAction } from '../core/scenario.ts'
import { tunnel } from '../faults/tunnel.ts'
import { send } from '../workload/chat.ts'
import { tunnelproof } from './testing/run-command.ts'

const browser = process.env.CHROMIUM ?? '/usr/bin/chromium'
const required = process.env.TUNNELPROOF_REQUIRE ?? ''
const inBrowser = existsSync(browser) || required.includes('chromium')
const inPython = hasPython || required.includes('python')
if (!inBrowser)
  console.warn(
    `SKIPPED: no Chromium at ${browser}, which opens the hostile page; CHROMIUM names another path`,
  )
if (!inPython) console.warn('SKIPPED: no python3, whose XML parser reads the hostile JUnit file')

const folder = mkdtempSync(join(tmpdir(), 'tunnelproof-hostile-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const bodies = [
  '</script><img src=x onerror="globalThis.attacked=true;alert(1)">',
  'controls \u0000\u0001\u0007\u001b[31m\u0085\u2028 end',
  'lone \ud83d and \udc00 surrogates, \u202eright to left\u202c, ]]> &amp; \ufffe',
  `a megabyte: ${'long '.repeat(210_000)}`,
]
const story = scenario({
  title: 'Hostile content',
  story: 'Ana sends what no program likes, from a tunnel.',
  devices: ['ana', 'ben'],
  steps: [
    during('5s', '40s', tunnel('ana')),
    bodies.map((body, i) => at(`${10 + 5 * i}s`, send('ana', body))),
  ],
  exercised: { actionsUnderFault: bodies.length },
})
const file = join(folder, 'hostile.json')
writeFileSync(file, JSON.stringify(story))

const written = story.steps.flatMap((step) =>
  isAction(step) && isWrite(step.action) && step.action.type !== 'delete'
    ? [payloadHash(step.action.content)]
    : [],
)
const run = (out: string, ...more: string[]) =>
  tunnelproof(folder, 'run', file, '--out', out, '--toxiproxy', 'embedded', ...more)
const historyOf = (out: string, world: string) => {
  const path = (
    JSON.parse(readFileSync(join(folder, out, 'result.json'), 'utf8')).results as {
      world: string
      history: string
    }[]
  ).find((result) => result.world === world)
  return History.parse(readFileSync(join(folder, out, path?.history ?? ''), 'utf8'), world)
}

describe('hostile', () => {
  it('hostile content passes client, server and history unchanged, in both worlds', async () => {
    const { exitCode, out, err } = await run('passed')
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
    expect(out).toContain('2 passed')
    for (const world of ['sim', 'wire']) {
      const history = historyOf('passed', world)
      for (const hashes of [
        history.of('serverCommit').map(({ hash }) => hash),
        history.serverState?.rows.map(({ hash }) => hash),
        history.lastView('ben')?.view.rows.map(({ hash }) => hash),
      ]) {
        expect(new Set(hashes)).toEqual(new Set(written))
      }
    }
  }, 60_000)

  it('hostile content stays data in every report of a failure', async () => {
    const { exitCode, out } = await run('failed', '--client', 'interview/naive', '--world', 'sim')
    expect(exitCode).toBe(1)
    // No control, direction mark, surrogate or noncharacter: newlines only.
    expect(out).not.toMatch(/[^\P{C}\n]/u)
    expect(out).toContain('</script><img')
    if (!inPython) return
    const [parsed] = parseXml([readFileSync(join(folder, 'failed', 'junit.xml'), 'utf8')])
    expect(parsed?.error).toBeUndefined()
    expect(JSON.stringify(parsed?.found)).toContain('</script><img src=x onerror=')
  })

  it.runIf(inBrowser)('hostile content is shown in the page, and not executed', async () => {
    const instance = await chromium.launch({
      executablePath: browser,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
    try {
      const page = await instance.newPage()
      const alarms: string[] = []
      page.on('dialog', (dialog) => {
        alarms.push(`dialog ${dialog.message()}`)
        void dialog.dismiss()
      })
      page.on('console', (message) => alarms.push(`console ${message.text()}`))
      page.on('pageerror', (error) => alarms.push(`error ${error.message}`))
      page.on(
        'request',
        (request) => request.url().startsWith('file:') || alarms.push(`request ${request.url()}`),
      )
      await page.goto(pathToFileURL(join(folder, 'failed', 'report.html')).href)
      expect(await page.locator('body').innerText()).toContain('</script><img src=x onerror=')
      expect(await page.evaluate(() => 'attacked' in globalThis)).toBe(false)
      expect(alarms).toEqual([])
    } finally {
      await instance.close()
    }
  })
})
