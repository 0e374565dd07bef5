import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalog } from '../../../cli/catalog/catalog.ts'
import { pickClient } from '../../../cli/catalog/pick-client.ts'
import { pickServer } from '../../../cli/catalog/pick-server.ts'
import { openWire } from '../../../cli/execute/open-wire.ts'
import { killRun } from '../../../cli/testing/kill-run.ts'
import { at, during, scenario } from '../../../core/build.ts'
import type { ClientDefinition } from '../../../core/client.ts'
import type { History } from '../../../core/history.ts'
import type { Scenario } from '../../../core/scenario.ts'
import type { ServerDefinition } from '../../../core/server.ts'
import type { LogLine, World } from '../../../core/world.ts'
import offline from '../../../effects/offline.ts'
import { killed } from '../../../faults/killed.ts'
import { runScenario } from '../../../run/run.ts'
import { send } from '../../../workload/chat.ts'

const path = (name: string) => fileURLToPath(new URL(`./testing/${name}`, import.meta.url))
const DEVICE = `browser:${path('pwa-device.ts')}`
const SERVER = path('pwa-server.ts')

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium'
const required = process.env.TUNNELPROOF_REQUIRE?.includes('chromium')
if (!existsSync(chromium) && !required)
  console.warn(`SKIPPED: no Chromium at ${chromium}; set CHROMIUM to its path to test browsers`)

/** Browsers need a machine's cores: on a busy one they wait for them. */
const timeout = 120_000

describe.skipIf(!existsSync(chromium) && !required)('an app in Chromium', { timeout }, () => {
  let world: World
  let client: ClientDefinition
  let server: ServerDefinition
  let scenarios: readonly Scenario[]
  const temp = mkdtempSync(join(tmpdir(), 'tp-'))
  beforeAll(async () => {
    process.env.TMPDIR = temp
    const [toxics, effects] = [await catalog.toxics(), await catalog.effects()]
    world = await openWire({ toxics, effects, toxiproxy: 'embedded', subjects: [] })
    client = (await pickClient(DEVICE, '.')).definition
    server = (await pickServer(SERVER, '.')).definition
    scenarios = await catalog.scenarios()
  })
  afterAll(async () => {
    await world?.close()
    // No browser outlives the incarnations and the runs.
    expect(commands().filter((command) => command.includes(temp))).toEqual([])
    expect(readdirSync(temp).filter((file) => !file.startsWith('tsx-'))).toEqual([])
    rmSync(temp, { recursive: true })
  })

  async function play(story: Scenario, changed: Partial<ClientDefinition> = {}) {
    const lines: LogLine[] = []
    const { result, history } = await runScenario({
      ...{ world, scenario: story, server, seed: 1 },
      client: { ...client, ...changed },
      invariants: await catalog.invariants(),
      effects: await catalog.effects(),
      newLog: () => {
        lines.length = 0
        return (line) => lines.push(line)
      },
    })
    return { result, history, lines }
  }

  const textsOf = (history: History, node: string) =>
    history.of('log', node).map(({ text }) => text)

  it.concurrent.each(['tunnel', 'tunnel-app-killed', 'lost-ack'])(
    'passes a scenario if it is correct: %s',
    async (name) => {
      const story = scenarios.find((each) => each.name === name)
      const { result, history, lines } = await play(story as Scenario)
      expect(result).toMatchObject({ verdict: 'pass', timeScale: 20 })
      // Every request that the server had is one that the device's relay saw.
      const ids = new Set(history.requests.map(({ requestId }) => requestId))
      expect(history.of('serverReceived').filter((event) => !ids.has(event.requestId))).toEqual([])
      // The app was installed before scenario time, by its service worker too.
      const installing = history.of('request', 'ben').filter(({ t }) => t === 0)
      expect(installing.map(({ path }) => path)).toContain('/sw.js')
      // A picture of each screen was taken at the end.
      const pictures = lines.filter(({ picture }) => picture !== undefined)
      expect(pictures.map(({ node }) => node)).toEqual(['ana', 'ben'])
      expect(Buffer.from(pictures[0]?.picture ?? []).toString('latin1', 1, 4)).toBe('PNG')
    },
  )

  it.concurrent('has one origin and one profile over all incarnations', async () => {
    const story = scenario({
      title: 'Killed twice',
      story: 'The app is killed twice with a message in its outbox.',
      devices: ['ana'],
      exercised: {},
      steps: [
        during('1s', '150s', { ...killed('ana'), effects: [offline.spec({ device: 'ana' })] }),
        at('10s', send('ana', 'Still here')),
        during('20s', '25s', killed('ana')),
        during('80s', '85s', killed('ana')),
      ],
    })
    const { result, history } = await play(story)
    expect(result.verdict).toBe('pass')
    const opened = textsOf(history, 'ana').filter((text) => text.startsWith('opened at'))
    expect(history.of('start', 'ana').length).toBe(3)
    expect(opened.length).toBe(3)
    const origins = opened.map((text) => text.replace(/, .*/, ''))
    expect(new Set(origins).size).toBe(1)
    expect(opened[0]).toMatch(/^opened at http:\/\/127\.0\.0\.1:\d+, online: true$/)
  })

  it.concurrent('requests nothing while its phone reports no network, then syncs', async () => {
    const story = scenario({
      title: 'Wrongly offline',
      story: 'The phone reports no network, though there is one.',
      devices: ['ana'],
      exercised: {},
      steps: [
        during('5s', '30s', {
          name: 'offline',
          caption: 'ana is offline',
          nodes: ['ana'],
          effects: [offline.spec({ device: 'ana' })],
        }),
        at('15s', send('ana', 'Nobody hears me')),
      ],
    })
    const { result, history } = await play(story)
    expect(result.verdict).toBe('pass')
    const [wentOffline, wentOnline] = history.of('connectivity', 'ana')
    const [sent, ...again] = history.of('request', 'ana').filter(({ opIds }) => opIds.length > 0)
    expect(again).toEqual([])
    expect(sent?.seq).toBeGreaterThan(wentOnline?.seq ?? Number.POSITIVE_INFINITY)
    const told = history.of('log', 'ana').filter(({ seq }) => seq > (wentOffline?.seq ?? 0))
    const texts = told.map(({ text }) => text.replace(/, online: .*/, ''))
    const isOfWorker = (text: string) => text === 'sync in the worker'
    // Page and worker learn of the network each for itself, in any order.
    expect(texts.filter((text) => !isOfWorker(text))).toEqual(['went offline', 'went online'])
    expect(texts.filter(isOfWorker)).toHaveLength(1)
  })

  it.concurrent('records errors and rejections of the page, and its crash', async () => {
    const story = scenario({
      title: 'Trouble',
      story: 'The page throws, rejects, and crashes.',
      devices: ['ana'],
      exercised: {},
      steps: [
        at('1s', send('ana', 'Throw')),
        at('3s', send('ana', 'Reject')),
        at('10s', send('ana', 'Crash')),
      ],
    })
    const { history } = await play(story)
    const messages = history.of('error', 'ana').map(({ message }) => message)
    expect(messages).toContain('Error: as asked')
    expect(messages).toContain('Uncaught (in promise): Error: later')
    expect(history.of('crash', 'ana')[0]).toMatchObject({
      by: 'itself',
      message: 'the page has crashed',
    })
  })

  it.concurrent('is not played if its page does not open', async () => {
    const broken: ServerDefinition = {
      ...server,
      module: new URL('./testing/no-pages.ts', import.meta.url).href,
    }
    const story = scenario({ title: 'A', story: 'B', devices: ['ana'], steps: [], exercised: {} })
    const run = runScenario({
      ...{ world, scenario: story, client, server: broken, seed: 1, invariants: [] },
      effects: new Map(),
    })
    await expect(run).rejects.toThrow(
      'the app of ana is not installed: the page /?speed=20 does not open: status 404',
    )
  })

  it.concurrent.each([
    ['SIGKILL', 'playing'],
    ['SIGINT', 'opening'],
  ] as const)('leaves no process and no file behind after %s', async (signal, moment) => {
    const left = await killRun({
      ...{ signal, toxiproxy: 'embedded', client: DEVICE, server: SERVER },
      moment: moment === 'playing' ? 4000 : moment,
    })
    expect(left).toMatchObject({ processes: [], files: [] })
  })
})

/** Returns the command lines of all processes, where the system has them as files. */
function commands(): string[] {
  if (!existsSync('/proc')) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandOf)
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
