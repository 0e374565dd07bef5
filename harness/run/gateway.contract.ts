import { describe, expect, it } from 'vitest'
import { at, during, type ScenarioDraft } from '../core/build.ts'
import type { EffectSpec, Fault } from '../core/fault.ts'
import type { History } from '../core/history.ts'
import acksLost from '../effects/acks-lost.ts'
import deviceCrash from '../effects/device-crash.ts'
import httpDelay from '../effects/http-delay.ts'
import httpReset from '../effects/http-reset.ts'
import httpResponse from '../effects/http-response.ts'
import serverCrash from '../effects/server-crash.ts'
import { serverDown } from '../faults/server-down.ts'
import { send } from '../workload/chat.ts'
import { MEASURES } from './measure.ts'

type Run = (steps: ScenarioDraft['steps'], healAt?: string, scale?: number) => Promise<History>

const fault = (...effects: EffectSpec[]): Fault => ({
  name: 'gateway',
  caption: 'the gateway acts',
  nodes: ['server'],
  effects,
})
const refresh = (device: string) => ({ device, type: 'refresh' }) as const

/** Returns what the tiny client noted of responses that are not its server's. */
const notes = (history: History) => history.of('note').map(({ text }) => text)
const requestsOf = (history: History, method: string) =>
  history.requests.filter(({ request }) => request.method === method)
const posts = (history: History) => requestsOf(history, 'POST')

/**
 * Tests that a world carries out every act of the gateway (harness/gateway/), with the tiny client
 * and server.
 *
 * @param slow the greatest time scale at which a busy machine keeps a deadline of some seconds
 */
export function gatewayContract(run: Run, slow: number): void {
  describe('the gateway', () => {
    it('loses responses to marked writes and leaves polls alone', async () => {
      const history = await run([
        during('5s', '25s', fault(acksLost.spec({ device: 'ana' }))),
        at('10s', send('ana', 'once')),
        at('11s', refresh('ana')),
        at('12s', send('ben', 'not affected')),
      ])
      expect(requestsOf(history, 'GET').map(({ response }) => response?.status)).toEqual([200])
      expect(MEASURES.lostAcks(history)).toBeGreaterThan(0)
      const lost = new Set(history.of('intercepted').map(({ requestId }) => requestId))
      const [first] = history.operation('ana-1')?.requests ?? []
      expect(first?.responded?.status).toBe(201)
      expect(first?.response?.outcome).not.toBe('response')
      expect(lost).toContain(first?.requestId)
      expect(history.of('intercepted').every(({ act }) => act === 'lose-response')).toBe(true)
      expect(history.operation('ben-1')?.requests.some((r) => lost.has(r.requestId))).toBe(false)
      expect(history.operations.map(({ commits }) => commits.length)).toEqual([1, 0, 1])
    })

    it('responds before the server sees the request, with Retry-After', async () => {
      const spec = httpResponse.spec({
        ...{ device: 'ana', moment: 'before', status: 503 },
        ...{ retryAfter: 9000, body: 'empty' },
      })
      const history = await run([
        during('5s', '20s', fault(spec)),
        at('10s', send('ana', 'refused at first')),
        at('12s', send('ben', 'not affected')),
      ])
      const [first] = history.operation('ana-1')?.requests ?? []
      expect(first?.response).toMatchObject({ outcome: 'response', status: 503, bytes: 0 })
      expect(first?.received).toBeUndefined()
      expect(notes(history)[0]).toBe('POST got 503, retry after 9: ')
      expect(history.of('intercepted')[0]).toMatchObject({
        ...{ requestId: first?.requestId, act: 'respond', moment: 'before', status: 503 },
      })
      expect(history.operation('ana-1')?.commits[0]?.t).toBeGreaterThanOrEqual(20_000)
      expect(history.operation('ben-1')?.requests[0]?.response?.status).toBe(201)
    })

    it.each([
      ['kept', 'POST got 502: {}'],
      ['cut', 'POST got 502: {'],
      ['empty', 'POST got 502: '],
      ['html', expect.stringMatching(/^POST got 502: <!doctype html>.*Sign in/)],
    ] as const)(
      'responds after the server has acted, with a body that is %s',
      async (body, note) => {
        const spec = httpResponse.spec({ moment: 'after', status: 502, body })
        const history = await run([
          during('5s', '20s', fault(spec)),
          at('10s', send('ana', 'stored at once')),
        ])
        const [first] = posts(history)
        expect(first?.responded?.status).toBe(201)
        expect(first?.response?.status).toBe(502)
        expect(first?.interceptions).toMatchObject([{ act: 'respond', status: 502, body }])
        expect(notes(history)[0]).toEqual(note)
        expect(history.operation('ana-1')?.commits).toHaveLength(1)
        expect(history.operation('ana-1')?.commits[0]?.t).toBeLessThan(20_000)
        expect(history.operation('ana-1')?.acks).toHaveLength(1)
      },
    )

    it('stops for a device when the server has answered a certain request of it', async () => {
      const until = { method: 'GET' }
      const history = await run([
        during('5s', '39s', fault(httpResponse.spec({ ...unauthorised, until }))),
        at('8s', send('ana', 'not signed in')),
        at('8s', send('ben', 'never signs in')),
        at('20s', refresh('ana')),
      ])
      const [first] = history.operation('ana-1')?.requests ?? []
      expect(first?.response?.status).toBe(401)
      expect(requestsOf(history, 'GET')[0]?.response?.status).toBe(200)
      const commitAt = (opId: string) => history.operation(opId)?.commits[0]?.t
      expect(commitAt('ana-1')).toBeGreaterThan(20_000)
      expect(commitAt('ana-1')).toBeLessThan(39_000)
      expect(commitAt('ben-1')).toBeGreaterThanOrEqual(39_000)
    })

    it('intercepts only the nth request that matches', async () => {
      const nth = httpResponse.spec({ ...unauthorised, method: 'POST', nth: 2 })
      const history = await run([
        during('2s', '39s', fault(nth)),
        at('5s', send('ana', 'first')),
        at('10s', refresh('ana')),
        at('15s', send('ana', 'second')),
        at('25s', send('ana', 'third')),
      ])
      expect(posts(history).map(({ response }) => response?.status)).toEqual([201, 401, 201, 201])
    })

    it.each(['before', 'after'] as const)('delays %s the server acts', async (moment) => {
      const history = await run(
        [
          during('2s', '12s', fault(httpDelay.spec({ device: 'ana', moment, ms: 2500 }))),
          at('4s', send('ana', 'slow')),
        ],
        '15s',
        slow,
      )
      const [trip] = history.operation('ana-1')?.requests ?? []
      const sentAt = trip?.request.t ?? 0
      expect(trip?.response?.status).toBe(201)
      expect((trip?.response?.t ?? 0) - sentAt).toBeGreaterThanOrEqual(2500)
      if (moment === 'before')
        expect((trip?.received?.t ?? 0) - sentAt).toBeGreaterThanOrEqual(2500)
      else expect((trip?.response?.t ?? 0) - (trip?.responded?.t ?? 0)).toBeGreaterThan(2400)
      expect(history.of('intercepted')).toMatchObject([{ act: 'delay', moment, ms: 2500 }])
    })

    it.each([
      ['before', undefined],
      ['after', 201],
    ] as const)('breaks a connection %s the server acts', async (moment, status) => {
      const history = await run([
        during('5s', '20s', fault(httpReset.spec({ device: 'ana', moment }))),
        at('10s', send('ana', 'broken')),
      ])
      const [first] = history.operation('ana-1')?.requests ?? []
      expect(first?.responded?.status).toBe(status)
      expect(first?.received === undefined).toBe(status === undefined)
      expect(first?.response?.outcome).toBe('reset')
      expect(history.operation('ana-1')?.commits).toHaveLength(1)
    })

    it.each(['received', 'responding'] as const)(
      'kills a device once when its request is at the point: %s',
      async (point) => {
        const crash = deviceCrash.spec({ device: 'ana', marked: true, point })
        const steps = [
          during('5s', '38s', fault(crash)),
          at('8s', refresh('ana')),
          at('10s', send('ana', 'sent by a dead app')),
          // Late enough that the kill is over on a busy machine too.
          at('30s', send('ana', 'nobody there')),
        ]
        const history = await run(steps, '40s', slow)
        expect(history.of('crash')).toMatchObject([{ node: 'ana', by: 'scenario' }])
        expect(history.of('start', 'ana').map(({ incarnation }) => incarnation)).toEqual([1, 2])
        expect(history.of('start', 'ana')[1]?.t).toBeGreaterThanOrEqual(38_000)
        const [first, ...later] = history.operation('ana-2')?.requests ?? []
        expect(first?.responded?.status).toBe(201)
        expect(first?.response).toBeUndefined()
        expect(later.map(({ response }) => response?.status)).toEqual([200])
        expect(history.operation('ana-2')?.commits).toHaveLength(1)
        expect(history.operation('ana-3')?.refused).toBeDefined()
      },
    )

    it.each([
      ['received', 0],
      ['responding', 1],
    ] as const)(
      'kills the server once when a request is at the point: %s',
      async (point, commitsBefore) => {
        const history = await run([
          during('5s', '25s', fault(serverCrash.spec({ point, method: 'POST' }))),
          at('8s', refresh('ben')),
          at('10s', send('ana', 'stored once')),
        ])
        const crashes = history.of('crash')
        expect(crashes).toMatchObject([{ node: 'server', by: 'scenario' }])
        expect(history.of('start', 'server')).toHaveLength(2)
        expect(history.of('start', 'server')[1]?.t).toBeGreaterThanOrEqual(25_000)
        const [first] = history.operation('ana-1')?.requests ?? []
        expect(first?.received === undefined).toBe(point === 'received')
        expect(first?.response?.outcome).toBe('reset')
        const commits = history.of('serverCommit')
        expect(commits).toHaveLength(1)
        const crashedAt = crashes[0]?.seq ?? 0
        expect(commits.filter(({ seq }) => seq < crashedAt)).toHaveLength(commitsBefore)
        expect(history.operation('ana-1')?.acks).toHaveLength(1)
      },
    )

    it('answers as a captive portal while the server is dead', async () => {
      const portal = httpResponse.spec({ moment: 'before', status: 200, body: 'html' })
      const history = await run([
        during('5s', '25s', serverDown()),
        during('8s', '20s', fault(portal)),
        at('10s', send('ana', 'not fooled')),
      ])
      const [first] = history.operation('ana-1')?.requests ?? []
      expect(first?.response).toMatchObject({ outcome: 'response', status: 200 })
      expect(notes(history)[0]).toMatch(/^POST got 200: <!doctype html>/)
      const meanwhile = posts(history).filter(({ request: { t } }) => t > 20_000 && t < 24_000)
      expect(meanwhile.map(({ response }) => response?.outcome)).toContain('reset')
      expect(history.operation('ana-1')?.commits).toHaveLength(1)
    })
  })
}

const unauthorised = { moment: 'before', status: 401, body: 'empty' } as const
