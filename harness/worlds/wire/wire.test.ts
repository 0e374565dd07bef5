import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPython } from '../../../reports/testing/xml.ts'
import type { ClientDefinition } from '../../core/client.ts'
import type { ServerDefinition } from '../../core/server.ts'
import { TRACE_CHANNELS, type Trace } from '../../core/trace.ts'
import type { LogLine, Stage, World } from '../../core/world.ts'
import { allEffects } from '../../effects/testing/effects.ts'
import { handDriven, markedMessage, waitFor } from '../../testing/by-hand.ts'
import tinyClient from '../../testing/tiny-client.ts'
import tinyServer from '../../testing/tiny-server.ts'
import { recordedTrace } from '../../testing/trace.ts'
import { wireWorld } from './index.ts'
import { directProxy } from './testing/direct-proxy.ts'
import noisyClient from './testing/noisy-client.ts'
import { TRANSPORT } from './testing/transport.ts'

const PYTHON_DEVICE = ['python3', fileURLToPath(new URL('./testing/chatty.py', import.meta.url))]

const tempFolder = mkdtempSync(join(tmpdir(), 'tunnelproof-test-'))
const effects = await allEffects()
let world: World
beforeAll(async () => {
  world = await wireWorld({ openProxy: directProxy, transport: TRANSPORT, effects, tempFolder })
})
afterAll(async () => {
  await world.close()
  rmSync(tempFolder, { recursive: true })
})

/** Opens a stage, has `act` drive it, and closes it. */
async function play(
  act: (stage: Stage) => Promise<void>,
  {
    client = tinyClient,
    server = tinyServer,
    timeScale = 40,
    trace,
    log,
  }: {
    client?: ClientDefinition
    server?: ServerDefinition
    timeScale?: number
    trace?: Trace
    log?: (line: LogLine) => void
  } = {},
): Promise<void> {
  const setting = { scenario: handDriven, client, server, seed: 1, timeScale }
  const stage = await world.open({ ...setting, ...(trace && { trace }), ...(log && { log }) })
  try {
    await act(stage)
  } finally {
    await stage.close()
  }
}

describe('a stage on real processes', () => {
  it('carries an action to the server and the response back, recorded in order', () =>
    play(
      async (stage) => {
        const action = markedMessage('ana', 'hello')
        stage.device('ana').perform(action)
        await waitFor(stage, (history) => history.operation(action.opId)?.settled)
        await stage.server.dump()
        const history = await stage.history()
        const [trip] = history.requests
        expect(trip?.request.opIds).toEqual([action.opId])
        expect(trip?.received?.node).toBe('server')
        expect(trip?.responded?.status).toBe(201)
        expect(trip?.response?.status).toBe(201)
        expect(history.operation(action.opId)?.commits).toHaveLength(1)
        expect(
          history.of('view', 'ana').map(({ view }) => view.rows.map(({ status }) => status)),
        ).toEqual([[], ['pending'], ['sent']].slice(-history.of('view', 'ana').length))
        expect(history.serverState?.rows).toMatchObject([
          { record: action.record, opId: action.opId },
        ])
        const own = history.all
          .filter(({ node, type }) => node === 'ana' && type !== 'view')
          .map(({ type }) => type)
        expect(own).toEqual([
          'start',
          'invoke',
          'localCommit',
          'saved',
          'request',
          'response',
          'ackApplied',
          'settled',
        ])
        expect(history.all.map(({ t }) => t)).toEqual(
          history.all.map(({ t }) => t).sort((a, b) => a - b),
        )
        expect(history.all.map(({ seq }) => seq)).toEqual(history.all.map((_, i) => i))
      },
      // Slow enough that no request meets its deadline on a busy machine.
      { timeScale: 4 },
    ))

  it('restarts a killed device on its files, with the current signals', () =>
    play(async (stage) => {
      const ana = stage.device('ana')
      await stage.link('ana').enable(false)
      const action = markedMessage('ana', 'in the tunnel')
      ana.perform(action)
      await waitFor(stage, (history) =>
        history.of('response').some(({ outcome }) => outcome === 'refused'),
      )
      await ana.kill()
      await ana.kill()
      ana.perform(markedMessage('ana', 'to a dead device'))
      ana.set({ online: false })
      await stage.link('ana').enable(true)
      await ana.start()
      await ana.start()
      const history = await waitFor(stage, (so) => so.operation(action.opId)?.commits.length === 1)
      expect(history.of('start', 'ana').map(({ incarnation }) => incarnation)).toEqual([1, 2])
      expect(history.of('crash', 'ana')).toMatchObject([{ incarnation: 1, by: 'scenario' }])
      expect(history.operations[1]?.refused?.reason).toContain('not running')
      await ana.view()
      expect((await stage.history()).lastView('ana')?.view).toMatchObject({
        allSynced: false,
        rows: [{ text: 'in the tunnel' }],
      })
    }))

  it.each([
    ['before-commit', undefined],
    ['after-commit', true],
  ] as const)('kills the server %s, and restarts it on its port and file', (point, recovered) =>
    play(async (stage) => {
      stage.server.set({ crashes: [{ window: 'w', at: point, fired: false }] })
      const action = markedMessage('ana', 'mid-push')
      stage.device('ana').perform(action)
      await waitFor(stage, (history) => history.of('crash', 'server').length === 1)
      expect((await stage.server.state()).crashes).toMatchObject([{ window: 'w', fired: true }])
      await stage.server.start()
      const history = await waitFor(stage, (so) => so.operation(action.opId)?.settled)
      expect(history.of('crash', 'server')).toMatchObject([{ by: 'scenario' }])
      expect(history.requests[0]?.response?.outcome).toBe('reset')
      expect(history.operation(action.opId)?.commits[0]?.recovered).toBe(recovered)
    }),
  )

  it('disarms a crash point', () =>
    play(async (stage) => {
      stage.server.set({ crashes: [{ window: 'w', at: 'before-commit', fired: false }] })
      stage.server.set({ crashes: [] })
      await stage.server.start()
      const action = markedMessage('ana', 'unharmed')
      stage.device('ana').perform(action)
      const history = await waitFor(stage, (so) => so.operation(action.opId)?.settled)
      expect(history.of('crash')).toEqual([])
    }))

  it('skews a wall clock, for the client and in the history', () =>
    play(async (stage) => {
      const day = 86_400_000
      stage.device('ana').set({ skew: day, dozing: true })
      const action = markedMessage('ana', 'tomorrow')
      stage.device('ana').perform(action)
      const history = await waitFor(stage, (so) => so.operation(action.opId)?.settled)
      const { invoke, saved } = history.operation(action.opId) ?? {}
      const ahead = (invoke?.wall ?? 0) - Date.UTC(2026, 0, 1, 8) - (invoke?.t ?? 0)
      expect(Math.abs(ahead - day)).toBeLessThan(2)
      expect(saved?.durable).toBe(true)
      expect(history.of('clock', 'ana')).toMatchObject([{ by: day }])
      expect(history.of('doze', 'ana')).toMatchObject([{ dozing: true }])
    }))

  it('lets scenario time pass, and measures how far the machine fell behind', () =>
    play(async (stage) => {
      await stage.until(4000)
      stage.emit({ type: 'phase', phase: 'act' })
      const [phase] = (await stage.history()).of('phase', 'harness')
      expect(phase?.t).toBeGreaterThanOrEqual(4000)
      expect(stage.strain()).toBeGreaterThan(0)
    }))

  it('records invalid lines on stdout as invalid, and continues', () =>
    play(
      async (stage) => {
        const action = markedMessage('ana', 'loud')
        stage.device('ana').perform(action)
        const history = await waitFor(stage, (so) => so.operation(action.opId)?.settled)
        expect(history.of('invalid', 'ana')).toMatchObject([
          { what: 'a line on stdout', received: 'type: "crash"' },
          { what: 'a line on stdout', received: '"hello world"' },
        ])
        expect(history.of('crash', 'ana')).toEqual([])
      },
      { client: noisyClient },
    ))

  it('restarts a client that has crashed by itself', () =>
    play(async (stage) => {
      const ana = stage.device('ana')
      ana.perform(markedMessage('ana', 'leaves a rejection unhandled'))
      const history = await waitFor(stage, (so) => so.of('crash', 'ana').length === 1)
      expect(history.of('crash', 'ana')).toMatchObject([
        { by: 'itself', message: expect.stringContaining('unhandled, as asked') },
      ])
      await ana.start()
      const after = markedMessage('ana', 'again')
      ana.perform(after)
      await waitFor(stage, (so) => so.operation(after.opId)?.settled)
    }))

  it('records a client that does not come back from perform as frozen, and kills it', () =>
    play(async (stage) => {
      const [ana, action] = [stage.device('ana'), markedMessage('ana', 'hangs')]
      ana.perform(action)
      const history = await waitFor(stage, (so) => so.of('crash').length === 1)
      const { opId } = action
      expect(history.of('freeze')).toMatchObject([
        {
          node: 'ana',
          incarnation: 1,
          doing: `perform(${opId})`,
          sign: 'no answer for 5 s of real time',
          opId,
        },
      ])
      const [invoke, freeze] = [history.of('invoke')[0], history.of('freeze')[0]]
      expect(freeze?.since).toBeGreaterThanOrEqual(invoke?.t ?? Number.NaN)
      expect(freeze?.since).toBeLessThan(freeze?.t ?? 0)
      expect(history.of('crash')).toMatchObject([{ node: 'ana', by: 'harness' }])
      expect(history.of('error')).toEqual([])
      await ana.start()
      await waitFor(stage, (so) => so.of('start', 'ana').length === 2)
    }))

  it('responds with 500 for a server that throws', () =>
    play(async (stage) => {
      stage.device('ben').perform(markedMessage('ben', 'break'))
      const history = await waitFor(stage, (so) => so.of('response', 'ben').length > 0)
      expect(history.of('error', 'server')[0]?.message).toContain('break, as asked')
      expect(history.of('response', 'ben')[0]?.status).toBe(500)
    }))

  it('records a crash if the client cannot be loaded', () =>
    play(
      async (stage) => {
        stage.device('ana').perform(markedMessage('ana', 'not received'))
        const history = await stage.history()
        expect(history.of('crash', 'ana')).toMatchObject([
          { by: 'itself', message: expect.stringContaining('no-such-client') },
        ])
        expect(history.operations[0]?.refused).toBeDefined()
      },
      {
        client: {
          ...tinyClient,
          module: new URL('./testing/no-such-client.ts', import.meta.url).href,
        },
      },
    ))

  it('rejects in one line if the server does not start, and leaves nothing behind', async () => {
    const server = {
      ...tinyServer,
      module: new URL('./testing/no-such-server.ts', import.meta.url).href,
    }
    await expect(play(async () => {}, { server })).rejects.toThrow(
      /the server does not start: .*no-such-server/,
    )
  })

  it.runIf(hasPython)('drives a client in another language', () =>
    play(
      async (stage) => {
        const ana = stage.device('ana')
        const action = markedMessage('ana', 'from Python')
        ana.perform(action)
        await waitFor(stage, (history) => history.operation(action.opId)?.saved)
        await ana.kill()
        await ana.start()
        await ana.view()
        const history = await stage.history()
        expect([...history.of('error'), ...history.of('invalid')]).toEqual([])
        expect(history.lastView('ana')?.view.rows).toMatchObject([
          { opId: action.opId, text: 'from Python' },
        ])
      },
      { client: { ...tinyClient, command: PYTHON_DEVICE } },
    ),
  )

  it('records a crash if a program prints invalid lines and exits, and logs its output', () => {
    const lines: LogLine[] = []
    return play(
      async (stage) => {
        const history = await stage.history()
        expect(history.of('invalid', 'ana')[0]?.received).toContain('bonjour')
        expect(history.of('crash', 'ana')).toMatchObject([
          { by: 'itself', message: expect.stringMatching(/exit code 3: au revoir/) },
        ])
        const ofAna = { node: 'ana', incarnation: 1, t: expect.any(Number) }
        const logged = lines.filter(({ node }) => node === 'ana')
        expect(logged).toHaveLength(2)
        expect(logged).toContainEqual({ ...ofAna, text: 'bonjour' })
        expect(logged).toContainEqual({ ...ofAna, text: '  au revoir' })
      },
      {
        log: (line) => lines.push(line),
        client: {
          ...tinyClient,
          command: ['sh', '-c', 'echo bonjour; echo "  au revoir" >&2; exit 3'],
        },
      },
    )
  })

  it('traces one message on every channel', async () => {
    const trace = recordedTrace(...TRACE_CHANNELS)
    await play(
      async (stage) => {
        await stage.link('ana').enable(false)
        await stage.link('ana').enable(true)
        const action = markedMessage('ana', 'hello')
        stage.device('ana').perform(action)
        await waitFor(stage, (history) => history.operation(action.opId)?.settled)
      },
      // Slow enough that the one attempt does not meet its deadline on a busy machine.
      { trace, timeScale: 4 },
    )
    const linesOf = (prefix: RegExp) =>
      trace.lines.filter((line) => prefix.test(line)).map((line) => line.replace(/, \d+ b.*/, ''))
    expect(linesOf(/^(http|db) ana/)).toEqual([
      'db ana committed: put into drafts',
      'http ana ana.1.1 sent: POST /items',
      'http ana ana.1.1 ended: 201',
      'db ana committed: put into drafts',
    ])
    expect(linesOf(/^(http|db) server/)).toEqual([
      'http server ana.1.1 received',
      'db server committed: put into items',
      'http server ana.1.1 answered: 201',
    ])
    expect(linesOf(/^link/)).toEqual([
      'link ana disabled: connections broken and refused',
      'link ana enabled',
    ])
    expect(linesOf(/^timers ana timer 1 /)).toEqual([
      'timers ana timer 1 set for 0 ms',
      'timers ana timer 1 fires',
    ])
  })

  it('the wire world can be closed while a stage is opening', async () => {
    const home = mkdtempSync(join(tempFolder, 'brief-'))
    const brief = await wireWorld({
      openProxy: directProxy,
      transport: TRANSPORT,
      effects,
      tempFolder: home,
    })
    const opening = brief.open({
      scenario: handDriven,
      client: tinyClient,
      server: tinyServer,
      seed: 1,
      timeScale: 40,
    })
    const failed = expect(opening).rejects.toThrow()
    await brief.close()
    await brief.close()
    await failed
    expect(readdirSync(home)).toEqual([])
  })

  it('a stage removes its folder when it is closed', async () => {
    const before = readdirSync(tempFolder)
    await play(async (stage) => {
      stage.device('ana').perform(markedMessage('ana', 'on disk'))
      expect(readdirSync(tempFolder)).toHaveLength(before.length + 1)
    })
    expect(readdirSync(tempFolder)).toEqual(before)
  })
})
