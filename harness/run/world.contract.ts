import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, during, type ScenarioDraft, scenario } from '../core/build.ts'
import { History } from '../core/history.ts'
import type { ServerDefinition } from '../core/server.ts'
import type { World } from '../core/world.ts'
import { allEffects } from '../effects/testing/effects.ts'
import { clockSkew } from '../faults/clock-skew.ts'
import { killed } from '../faults/killed.ts'
import { lieFi } from '../faults/lie-fi.ts'
import { lostAck } from '../faults/lost-ack.ts'
import { partition } from '../faults/partition.ts'
import { serverCrash } from '../faults/server-crash.ts'
import { serverDown } from '../faults/server-down.ts'
import { tunnel } from '../faults/tunnel.ts'
import { wifiToMobile } from '../faults/wifi-to-mobile.ts'
import tinyBrowserClient from '../testing/tiny-browser-client.ts'
import tinyClient, { type Misbehaviour } from '../testing/tiny-client.ts'
import tinyServer from '../testing/tiny-server.ts'
import tinySilentServer, { type DumpTrouble, SLOW_DUMP } from '../testing/tiny-silent-server.ts'
import tinyStreamClient from '../testing/tiny-stream-client.ts'
import tinyStreamServer from '../testing/tiny-stream-server.ts'
import { send } from '../workload/chat.ts'
import { gatewayContract } from './gateway.contract.ts'
import { MEASURES } from './measure.ts'
import { play } from './play.ts'
import { streamContract } from './stream.contract.ts'

const effects = await allEffects()
const IN_TINY_CLIENT = expect.stringMatching(/^tiny-client[.]ts:\d+:\d+$/)

/**
 * Tests that a world fulfils the contract of {@link World}: the same scenarios, played with the
 * tiny client and server, have the same effects in every world.
 */
export function worldContract(name: string, open: () => Promise<World>, timeScale: number): void {
  // Wire scenarios mostly wait. In the sim console and globals belong to one stage at a time.
  const concurrent = timeScale > 1
  describe(`world contract: ${name}`, { concurrent }, () => {
    let world: World
    beforeAll(async () => {
      world = await open()
    })
    afterAll(() => world?.close())

    const run = async (
      steps: ScenarioDraft['steps'],
      healAt = '40s',
      scale = timeScale,
      client = tinyClient,
      server: ServerDefinition = tinyServer,
    ) => {
      const story = scenario({
        title: 'Contract',
        story: 'A world is tried.',
        devices: ['ana', 'ben'],
        steps,
        healAt,
        settle: '20s',
        exercised: {},
      })
      const stage = await world.open({
        scenario: story,
        client,
        server,
        seed: 1,
        timeScale: scale,
      })
      try {
        const history = await play(stage, story, {
          effects,
          recovery: tinyClient.capabilities.recovery,
        })
        expect(History.parse(history.toJsonl(), 'the history').all).toEqual(
          JSON.parse(JSON.stringify(history.all)),
        )
        return history
      } finally {
        await stage.close()
      }
    }

    /** So slow that a busy machine meets a deadline of some seconds. */
    const slow = Math.min(timeScale, 10)

    it('carries an action to the server and the response back, recorded in order', async () => {
      const history = await run([at('5s', send('ana', 'hello'))], '15s', slow)
      const [operation] = history.operations
      expect(operation?.saved?.durable).toBe(true)
      expect(operation?.localCommit?.key).toBe('key-ana-1')
      expect(operation?.commits).toHaveLength(1)
      expect(operation?.acks).toHaveLength(1)
      expect(operation?.requests).toHaveLength(1)
      const [request] = operation?.requests ?? []
      expect(request?.received).toBeDefined()
      expect(request?.responded?.status).toBe(201)
      expect(request?.response?.status).toBe(201)
      expect(history.lastView('ana')?.view.rows).toMatchObject([
        { record: 'm1', opId: 'ana-1', status: 'sent', text: 'hello' },
      ])
      expect(history.serverState?.rows).toMatchObject([{ record: 'm1', opId: 'ana-1' }])
      expect(history.of('phase').map(({ phase }) => phase)).toEqual([
        'act',
        'heal',
        'settle',
        'read',
        'end',
      ])
      expect(history.all.map(({ seq }) => seq)).toEqual(history.all.map((_, i) => i))
      for (const node of ['ana', 'ben', 'server', 'harness']) {
        const times = history.all.filter((event) => event.node === node).map(({ t }) => t)
        expect(times).toEqual([...times].sort((a, b) => a - b))
      }
    })

    it('refuses connections in a tunnel, and the phone reports that it is offline', async () => {
      const history = await run([
        during('5s', '25s', tunnel('ana')),
        at('10s', send('ana', 'inside')),
        at('12s', send('ben', 'outside')),
      ])
      expect(MEASURES.refusedRequests(history)).toBeGreaterThan(0)
      expect(
        history.operation('ana-1')?.requests.every(({ response }) => response !== undefined),
      ).toBe(true)
      expect(history.of('view', 'ana').some(({ view }) => view.allSynced === false)).toBe(true)
      expect(history.of('view', 'ben').some(({ view }) => view.allSynced === false)).toBe(false)
      expect(history.operations.map(({ commits }) => commits.length)).toEqual([1, 1])
    })

    it('refuses connections in a partition, while the phone stays online', async () => {
      const history = await run([
        during('5s', '25s', partition('ana')),
        at('10s', send('ana', 'inside')),
      ])
      expect(MEASURES.refusedRequests(history)).toBeGreaterThan(0)
      expect(history.of('view', 'ana').some(({ view }) => view.allSynced === false)).toBe(false)
    })

    it('delivers nothing under lie-fi: requests time out at their own deadline', async () => {
      const history = await run([
        during('5s', '25s', lieFi('ana')),
        at('10s', send('ana', 'inside')),
      ])
      expect(
        history.requests.some(
          ({ received, response }) => !received && response?.outcome === 'timeout',
        ),
      ).toBe(true)
      expect(history.operation('ana-1')?.commits).toHaveLength(1)
    })

    it('loses an ack after the commit, and delivers the retry', async () => {
      const history = await run([
        during('5s', '25s', lostAck('ana')),
        at('10s', send('ana', 'once')),
      ])
      expect(MEASURES.serverCommits(history)).toBe(1)
      expect(MEASURES.lostAcks(history)).toBeGreaterThan(0)
      expect(history.operation('ana-1')?.requests.length).toBeGreaterThan(1)
    })

    it('kills a device and starts it on the same disk; a dead device refuses actions', async () => {
      const history = await run([
        during('5s', '35s', tunnel('ana')),
        at('10s', send('ana', 'kept')),
        during('15s', '25s', killed('ana')),
        at('20s', send('ana', 'nobody there')),
      ])
      expect(history.of('start', 'ana').map(({ incarnation }) => incarnation)).toEqual([1, 2])
      expect(history.of('crash', 'ana').map(({ by }) => by)).toEqual(['scenario'])
      expect(history.operation('ana-1')?.commits).toHaveLength(1)
      expect(history.operation('ana-2')?.refused).toBeDefined()
    })

    it('restarts the server on the same disk', async () => {
      const history = await run([
        at('5s', send('ana', 'before')),
        during('10s', '25s', serverDown()),
        at('15s', send('ana', 'while it is down')),
      ])
      expect(history.of('serverCommit').map(({ record }) => record)).toEqual(['m1', 'm2'])
      expect(history.of('start', 'server')).toHaveLength(2)
      expect(history.serverState?.rows).toHaveLength(2)
    })

    it.each([
      ['after-commit', true],
      ['before-commit', undefined],
    ] as const)(
      'kills the server %s, and records at its restart what it had committed',
      async (point, recovered) => {
        const history = await run([
          during('5s', '25s', serverCrash(point)),
          at('10s', send('ana', 'stored once')),
        ])
        expect(history.of('crash', 'server')).toHaveLength(1)
        expect(history.of('serverCommit').map((commit) => [commit.opId, commit.recovered])).toEqual(
          [['ana-1', recovered]],
        )
        expect(history.operation('ana-1')?.requests[0]?.response?.outcome).not.toBe('response')
      },
    )

    it('crashes the server once in each of two overlapping windows', async () => {
      const history = await run([
        during('5s', '25s', serverCrash('before-commit')),
        during('8s', '38s', serverCrash('after-commit')),
        at('10s', send('ana', 'stored once')),
      ])
      expect(history.of('crash', 'server').map(({ by }) => by)).toEqual(['scenario', 'scenario'])
      const [, second, third] = history.of('start', 'server')
      expect(second?.t).toBeGreaterThanOrEqual(25_000)
      expect(third?.t).toBeGreaterThanOrEqual(38_000)
      expect(history.operation('ana-1')?.commits).toMatchObject([{ recovered: true }])
    })

    it.each([
      ['a crash window', serverCrash('before-commit')],
      ['a server-dead', serverDown()],
    ])('keeps the server down after a crash when %s ends inside its window', async (_, inner) => {
      const history = await run([
        during('5s', '38s', serverCrash('after-commit')),
        at('8s', send('ana', 'stored once')),
        during('20s', '25s', inner),
      ])
      expect(history.of('crash', 'server')).toHaveLength(1)
      const [, second, ...more] = history.of('start', 'server')
      expect(second?.t).toBeGreaterThanOrEqual(38_000)
      expect(more).toEqual([])
    })

    it('keeps a crash point that is set on a dead server until the next push', async () => {
      const history = await run([
        during('5s', '12s', serverDown()),
        during('8s', '25s', serverCrash('after-commit')),
        at('14s', send('ana', 'stored once')),
      ])
      expect(history.of('crash', 'server').map(({ by }) => by)).toEqual(['scenario', 'scenario'])
      expect(history.of('start', 'server').map(({ incarnation }) => incarnation)).toEqual([1, 2, 3])
      expect(history.operation('ana-1')?.commits).toHaveLength(1)
    })

    it('skews a wall clock, and corrects it again', async () => {
      const history = await run([
        at('5s', send('ana', 'right')),
        during('8s', '20s', clockSkew('ana', 'ahead', '1d')),
        at('10s', send('ana', 'a day ahead')),
        at('25s', send('ana', 'right again')),
      ])
      const days = history
        .of('invoke', 'ana')
        .map(({ wall, t }) => Math.round((wall - t) / 86_400_000))
      expect(days.map((day) => day - (days[0] ?? 0))).toEqual([0, 1, 0])
    })

    it('breaks connections when Wi-Fi changes to mobile data and back', async () => {
      // Lie-fi keeps each request in flight for 5 s. Both changes come in the middle of one.
      const history = await run([
        during('5s', '33s', lieFi('ana')),
        at('10s', send('ana', 'on the way to the bus')),
        during('14.5s', '20s', wifiToMobile('ana')),
        during('25.5s', '31s', wifiToMobile('ana')),
      ])
      expect(history.requests.map(({ response }) => response?.outcome)).toContain('reset')
      expect(
        history.of('connectivity', 'ana').map(({ online, metered }) => ({ online, metered })),
      ).toEqual([
        { online: true, metered: true },
        { online: true, metered: false },
        { online: true, metered: true },
        { online: true, metered: false },
      ])
      expect(history.operation('ana-1')?.commits).toHaveLength(1)
      expect(history.of('view', 'ana').some(({ view }) => view.allSynced === false)).toBe(false)
    })

    gatewayContract(run, slow)
    streamContract(run, slow)
    // The relays of the wire have quicker tests of their own.
    if (timeScale === 1)
      describe('on connections of bytes', () => {
        gatewayContract(
          (steps, healAt) => run(steps, healAt, 1, tinyStreamClient, tinyStreamServer),
          slow,
        )
      })

    describe('the host of a server', () => {
      it('responds 500 when the handler fails, and lives on', async () => {
        const history = await run(
          [at('2s', send('ana', 'break')), at('3s', send('ben', 'I am fine'))],
          '10s',
        )
        expect(history.of('error', 'server')[0]?.message).toContain('break, as asked')
        expect(history.of('serverResponded').map(({ status }) => status)).toContain(500)
        expect(history.of('crash', 'server')).toEqual([])
        expect(history.operation('ben-1')?.commits).toHaveLength(1)
      })

      it('ends the server when a timer of it fails', async () => {
        const history = await run([at('2s', send('ana', 'break in a timer'))], '10s', slow)
        const message = 'break, as asked'
        expect(history.of('error', 'server')[0]).toMatchObject({ message })
        expect(history.of('crash', 'server')[0]).toMatchObject({
          incarnation: 1,
          by: 'itself',
          message,
          frame: expect.stringMatching(/^tiny-server[.]ts:\d+:\d+$/),
        })
        expect(history.of('start', 'server')).toHaveLength(2)
      })

      it('ends the server when it fails at a restart, each time', async () => {
        const history = await run(
          [at('2s', send('ana', 'break at the next start')), during('5s', '8s', serverDown())],
          '10s',
          slow,
        )
        expect(history.of('crash', 'server')).toMatchObject([
          { incarnation: 1, by: 'scenario' },
          { incarnation: 2, by: 'itself', message: 'break, as asked' },
          { incarnation: 3, by: 'itself', message: 'break, as asked' },
        ])
        expect(history.serverState).toBeUndefined()
      })
    })

    describe('the host of a server that tells holdings only', () => {
      const runSilent = (steps: ScenarioDraft['steps'], healAt = '20s') =>
        run(steps, healAt, slow, tinyClient, tinySilentServer)

      it('derives a commit from a late dump, before the response leaves', async () => {
        const history = await runSilent([
          at('2s', send('ana', 'one')),
          at('8s', send('ana', 'two')),
        ])
        expect(history.head.server.tells).toBe('holdings')
        expect(
          history.of('serverCommit').map(({ opId, position, derived, recovered }) => ({
            ...{ opId, position, derived, recovered },
          })),
        ).toEqual([
          { opId: 'ana-1', position: 1, derived: true, recovered: undefined },
          { opId: 'ana-2', position: 2, derived: true, recovered: undefined },
        ])
        const [operation] = history.operations
        const responded = operation?.requests[0]?.responded
        expect(operation?.commits[0]?.seq).toBeLessThan(responded?.seq ?? 0)
        expect(history.serverState?.rows).toHaveLength(2)
        expect(MEASURES.serverCommits(history)).toBe(2)
      })

      it('knows after a crash what was held before, and finds the rest', async () => {
        const history = await runSilent([
          at('2s', send('ana', 'before')),
          at('8s', send('ana', `${SLOW_DUMP}, so that nobody sees the commit`)),
          during('10s', '15s', serverDown()),
        ])
        expect(history.of('crash', 'server')).toHaveLength(1)
        expect(history.of('serverCommit').map(({ opId, recovered }) => [opId, recovered])).toEqual([
          ['ana-1', undefined],
          ['ana-2', true],
        ])
      })

      it.each<DumpTrouble>(['dump throws', 'dump rejects', 'dump never comes', 'dump is wrong'])(
        'records an invalid report if the %s, and responds',
        async (trouble) => {
          const history = await runSilent([at('2s', send('ana', trouble))])
          const [invalid] = history.of('invalid', 'server')
          expect(invalid?.what).toBe('its dump')
          const [trip] = history.operation('ana-1')?.requests ?? []
          expect(trip?.responded?.status).toBe(201)
          expect(history.of('crash', 'server')).toEqual([])
          expect(history.serverState).toBeUndefined()
        },
      )
    })

    describe('the host of a client', () => {
      it.each<Misbehaviour>([
        'throws in perform',
        'rejects saved',
        'rejects settled',
        'throws in view',
        'throws in a timer',
        'leaves a rejection unhandled',
      ])(
        'records an error and a crash when a client %s, without effect on other devices',
        async (how) => {
          const history = await run(
            [at('5s', send('ana', how)), at('8s', send('ben', 'I am fine'))],
            // Time for the crash to come before everything is healed, on a busy machine too.
            '30s',
            Math.min(timeScale, 20),
          )
          const message = `${how}, as asked`
          expect(history.of('error', 'ana')).toMatchObject([{ message }])
          expect(history.of('crash', 'ana')).toMatchObject([
            { incarnation: 1, by: 'itself', message, frame: IN_TINY_CLIENT },
          ])
          expect(history.of('start', 'ana').map(({ incarnation }) => incarnation)).toEqual([1, 2])
          expect(history.of('crash', 'ben')).toEqual([])
          expect(history.operation('ben-1')?.commits).toHaveLength(1)
        },
      )

      it.each<Misbehaviour>(['throws in create', 'rejects start'])(
        'records an error and a crash when a client %s, at each start',
        async (how) => {
          const history = await run(
            [at('2s', send('ana', how)), during('5s', '10s', killed('ana'))],
            '15s',
          )
          const message = `${how}, as asked`
          const [first, ...later] = history.of('crash', 'ana')
          expect(first).toMatchObject({ incarnation: 1, by: 'scenario' })
          expect(later.slice(0, 2)).toMatchObject([
            { incarnation: 2, by: 'itself', message, frame: IN_TINY_CLIENT },
            { incarnation: 3, by: 'itself', message, frame: IN_TINY_CLIENT },
          ])
          expect(history.of('error', 'ana')[0]).toMatchObject({ message })
        },
      )

      it.each<[Misbehaviour, string, string, string]>([
        [
          'shows a wrong status',
          'a view',
          'rows.0.status: "delivered"',
          'one of pending, sent, failed',
        ],
        ['saves with a wrong claim', 'saved of ana-1', 'durable: "yes"', 'true or false'],
        [
          'reports a wrong event',
          'an event',
          'type: "delivered"',
          'one of localCommit, ackApplied, cursorSaved, note',
        ],
      ])(
        'records an invalid report when a client %s, and plays on',
        async (how, what, received, expected) => {
          const history = await run([at('5s', send('ana', how))], '15s')
          expect(history.of('invalid', 'ana')[0]).toMatchObject({ what, received, expected })
          expect(history.of('crash', 'ana')).toEqual([])
          expect(history.operation('ana-1')?.commits).toHaveLength(1)
          expect(history.of('view', 'ana').length).toBeGreaterThan(0)
        },
      )

      it('refuses an action on a dead device', async () => {
        const history = await run(
          [during('2s', '10s', killed('ana')), at('5s', send('ana', 'nobody there'))],
          '15s',
        )
        const operation = history.operation('ana-1')
        expect(operation?.refused?.reason).toBe('the app is not running')
        expect(operation?.saved).toBeUndefined()
        expect(operation?.requests).toEqual([])
      })

      it('ignores all activity of a dead incarnation', async () => {
        const history = await run(
          [
            during('1s', '15s', lieFi('ana')),
            at('2s', send('ana', 'on its way')),
            during('4s', '15s', killed('ana')),
          ],
          '20s',
          // The kill must precede the request's deadline on a busy machine too.
          slow,
        )
        const events = history.all.filter(({ node }) => node === 'ana')
        const types = events.map(({ type }) => type)
        // The request's deadline expires at 7 s.
        const [request] = history.operation('ana-1')?.requests ?? []
        expect(request?.response).toBeUndefined()
        expect(types.slice(types.indexOf('crash'), types.lastIndexOf('start'))).toEqual(['crash'])
        expect(history.operation('ana-1')?.settled).toBeUndefined()
      })

      it('lets time pass while view() waits, and records when it was asked', async () => {
        const history = await run([at('2s', send('ana', 'answers view late'))], '10s')
        const read = history.phase('read')?.seq ?? 0
        const last = history.lastView('ana')
        expect(last?.seq).toBeGreaterThan(read)
        expect(last?.view.rows).toMatchObject([{ opId: 'ana-1', status: 'sent' }])
        const asked = history
          .of('viewRequested', 'ana')
          .find(({ request }) => request === last?.request)
        expect(asked?.seq).toBeGreaterThan(read)
        expect((last?.t ?? 0) - (asked?.t ?? 0)).toBeGreaterThanOrEqual(500)
        // A client that answers at once is not asked.
        expect(history.of('viewRequested', 'ben')).toEqual([])
        expect(history.of('freeze')).toEqual([])
        expect(history.phase('end')).toBeDefined()
      })

      it('never goes back in time when answers of view() overtake each other', async () => {
        const history = await run(
          [at('2s', send('ana', 'answers view late')), at('2.1s', send('ana', 'meanwhile'))],
          '10s',
        )
        const answered = history.of('view', 'ana').flatMap(({ request }) => request ?? [])
        expect(answered).toEqual([...answered].sort((a, b) => a - b))
      })

      it('records a freeze when view() is never answered', async () => {
        const history = await run([at('2s', send('ana', 'never answers view'))], '10s')
        expect(history.of('freeze')).toMatchObject([
          {
            node: 'ana',
            incarnation: 1,
            doing: 'view()',
            sign: 'no answer for 1 m',
            opId: 'ana-1',
          },
        ])
        expect(history.operation('ana-1')?.commits).toHaveLength(1)
        expect(history.phase('end')).toBeDefined()
      })

      it('records no view while the app shows nothing', async () => {
        const history = await run([at('2s', send('ana', 'shows nothing'))], '10s')
        const invoke = history.operation('ana-1')?.invoke.seq ?? 0
        expect(history.of('view', 'ana').filter(({ seq }) => seq > invoke)).toEqual([])
        expect(history.of('freeze')).toEqual([])
        expect(history.operation('ana-1')?.commits).toHaveLength(1)
      })

      it('goes on when saved is never resolved', async () => {
        const history = await run(
          [at('2s', send('ana', 'never saves')), at('3s', send('ben', 'I am fine'))],
          '10s',
        )
        expect(history.operation('ana-1')?.saved).toBeUndefined()
        expect(history.operations.map(({ commits }) => commits.length)).toEqual([1, 1])
      })

      it('goes on when start is never resolved', async () => {
        const history = await run(
          [
            at('2s', send('ana', 'never starts')),
            during('5s', '8s', killed('ana')),
            at('10s', send('ana', 'in spite of it')),
          ],
          '15s',
        )
        expect(history.of('start', 'ana')).toHaveLength(2)
        expect(history.operation('ana-2')?.commits).toHaveLength(1)
      })

      it('notes an unhandled rejection that does not end an app in a browser', async () => {
        const history = await run(
          [at('2s', send('ana', 'leaves a rejection unhandled'))],
          '10s',
          timeScale,
          tinyBrowserClient,
        )
        const message = 'leaves a rejection unhandled, as asked'
        expect(history.of('error', 'ana')).toMatchObject([{ message }])
        expect(history.of('crash')).toEqual([])
        expect(history.operation('ana-1')?.commits).toHaveLength(1)
      })

      it('records what a client prints to its console', async () => {
        const history = await run(
          [at('2s', send('ana', 'chatters')), at('3s', send('ben', 'is silent'))],
          '10s',
        )
        expect(history.of('log')).toMatchObject([
          { node: 'ana', level: 'info', text: 'ana says 100 % { chatters: true }' },
          { node: 'ana', level: 'error', text: 'Error: chatters, as asked' },
        ])
      })

      it('coalesces the screen hints of one turn into one view', async () => {
        const history = await run([at('2s', send('ana', 'flickers'))], '10s')
        const badges = history.of('view', 'ana').map(({ view }) => view.pending)
        expect(new Set(badges)).toEqual(new Set([undefined, 5]))
      })

      it('records a view once while the screen stays the same', async () => {
        const history = await run([at('2s', send('ana', 'repeats itself'))], '10s')
        const read = history.of('phase').find(({ phase }) => phase === 'read')?.seq ?? 0
        const views = history
          .of('view', 'ana')
          .filter(({ seq }) => seq < read)
          .map(({ view }) => JSON.stringify(view))
        expect(views.filter((view, i) => view === views[i - 1])).toEqual([])
        expect(views.length).toBeGreaterThan(1)
      })
    })
  })
}
