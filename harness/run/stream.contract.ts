import { describe, expect, it } from 'vitest'
import { at, during, type ScenarioDraft } from '../core/build.ts'
import type { ClientDefinition } from '../core/client.ts'
import type { History } from '../core/history.ts'
import type { ServerDefinition } from '../core/server.ts'
import { killed } from '../faults/killed.ts'
import { lostAck } from '../faults/lost-ack.ts'
import { partition } from '../faults/partition.ts'
import { serverDown } from '../faults/server-down.ts'
import tinyClient from '../testing/tiny-client.ts'
import tinyServer from '../testing/tiny-server.ts'
import tinySilentSocketServer from '../testing/tiny-silent-socket-server.ts'
import tinySilentStreamServer from '../testing/tiny-silent-stream-server.ts'
import tinySocketClient from '../testing/tiny-socket-client.ts'
import tinySocketServer from '../testing/tiny-socket-server.ts'
import tinyStreamClient from '../testing/tiny-stream-client.ts'
import tinyStreamServer from '../testing/tiny-stream-server.ts'
import { send } from '../workload/chat.ts'
import { MEASURES } from './measure.ts'

type Run = (
  steps: ScenarioDraft['steps'],
  healAt: string,
  scale: number,
  client: ClientDefinition,
  server: ServerDefinition,
) => Promise<History>

const isSentAtTheEnd = (history: History) =>
  history.lastView('ana')?.view.rows.every(({ status }) => status === 'sent')

/**
 * Tests that a world carries connections of bytes: HTTP/1.1 and WebSocket on them are recorded and
 * meet the same faults as the requests of the small port.
 *
 * @param slow the greatest time scale at which a busy machine keeps a deadline of some seconds
 */
export function streamContract(run: Run, slow: number): void {
  describe('connections of bytes', () => {
    it.each([
      ['that handles requests', tinyServer],
      ['that serves the bytes', tinyStreamServer],
      ['that serves the bytes and shows only what it holds', tinySilentStreamServer],
    ])('carry HTTP/1.1 to a server %s, recorded as requests', async (_, server) => {
      const steps = [at('5s', send('ana', 'one')), at('7s', send('ana', 'two'))]
      const history = await run(steps, '15s', slow, tinyStreamClient, server)
      for (const { requests, commits, acks } of history.operations) {
        expect([requests.length, commits.length, acks.length]).toEqual([1, 1, 1])
        const [trip] = requests
        expect(trip?.request.method).toBe('POST')
        expect([trip?.received?.type, trip?.responded?.status]).toEqual(['serverReceived', 201])
        expect(trip?.response).toMatchObject({ outcome: 'response', status: 201, bytes: 2 })
        expect(trip?.responded?.seq).toBeGreaterThan(commits[0]?.seq ?? 0)
      }
      expect(isSentAtTheEnd(history)).toBe(true)
    })

    it('do not concern a client of the small port: its requests are handled', async () => {
      const steps = [at('5s', send('ana', 'handled'))]
      const history = await run(steps, '15s', slow, tinyClient, tinyStreamServer)
      expect(history.operation('ana-1')?.requests[0]?.response?.status).toBe(201)
    })

    it('are refused in a partition, and break when it begins', async () => {
      const steps = [
        at('3s', send('ana', 'before')),
        during('5s', '25s', partition('ana')),
        at('10s', send('ana', 'inside')),
      ]
      const history = await run(steps, '40s', slow, tinyStreamClient, tinyStreamServer)
      expect(MEASURES.refusedRequests(history)).toBeGreaterThan(0)
      expect(history.operations.map(({ commits }) => commits.length)).toEqual([1, 1])
    })

    it('lose an ack after the commit, also of a server that shows only what it holds', async () => {
      for (const server of [tinyStreamServer, tinySilentStreamServer]) {
        const steps = [during('5s', '25s', lostAck('ana')), at('10s', send('ana', 'once'))]
        const history = await run(steps, '40s', slow, tinyStreamClient, server)
        expect(MEASURES.lostAcks(history)).toBeGreaterThan(0)
        expect(history.operation('ana-1')?.commits).toHaveLength(1)
        expect(history.operation('ana-1')?.requests[0]?.response?.outcome).toBe('reset')
      }
    })

    it('carry WebSocket messages, recorded as sent', async () => {
      const steps = [at('5s', send('ana', 'one')), at('7s', send('ana', 'two'))]
      const history = await run(steps, '15s', slow, tinySocketClient, tinySocketServer)
      const upgrades = history.requests.filter(({ request }) => request.method === 'GET')
      expect(upgrades.map(({ response }) => [response?.status, response?.goesOn])).toEqual([
        [101, true],
      ])
      const upgradeId = upgrades[0]?.requestId
      expect(history.operations.map(({ requests }) => requests[0]?.request)).toMatchObject(
        [1, 2].map((n) => ({
          ...{ requestId: `${upgradeId}/${n}`, method: 'MESSAGE', messageOf: upgradeId },
        })),
      )
      for (const { requests, commits, acks } of history.operations) {
        expect(requests[0]?.response?.outcome).toBe('sent')
        expect(requests[0]?.received?.seq).toBeLessThan(commits[0]?.seq ?? 0)
        expect([requests.length, commits.length, acks.length]).toEqual([1, 1, 1])
      }
      expect(MEASURES.failedRequests(history)).toBe(0)
      expect(isSentAtTheEnd(history)).toBe(true)
    })

    it('lose everything that follows a message with a write, until they break', async () => {
      for (const server of [tinySocketServer, tinySilentSocketServer]) {
        const steps = [
          at('3s', send('ana', 'opens the connection')),
          during('5s', '25s', lostAck('ana')),
          at('10s', send('ana', 'once')),
        ]
        const history = await run(steps, '40s', slow, tinySocketClient, server)
        expect(MEASURES.lostAcks(history)).toBeGreaterThan(0)
        const operation = history.operation('ana-2')
        expect(operation?.commits).toHaveLength(1)
        expect(operation?.requests.length).toBeGreaterThan(1)
        expect(operation?.acks[0]?.t).toBeGreaterThan(25_000)
      }
    })

    it('break when the server dies, and are made again', async () => {
      const steps = [
        at('3s', send('ana', 'before')),
        during('5s', '15s', serverDown()),
        at('8s', send('ana', 'nobody listens')),
      ]
      const history = await run(steps, '30s', slow, tinySocketClient, tinySocketServer)
      expect(history.operations.map(({ commits }) => commits.length)).toEqual([1, 1])
      expect(history.of('response').some(({ status }) => status === 101)).toBe(true)
      const upgrades = history.requests.filter(({ request }) => request.method === 'GET')
      expect(upgrades.length).toBeGreaterThan(1)
    })

    it('end with the app that has made them', async () => {
      const steps = [
        at('3s', send('ana', 'before')),
        during('5s', '15s', killed('ana')),
        at('20s', send('ana', 'after')),
      ]
      const history = await run(steps, '30s', slow, tinySocketClient, tinySocketServer)
      expect(history.operations.map(({ acks }) => acks.length)).toEqual([1, 1])
      const [before, after] = history.operations.map(({ requests }) => requests[0]?.request)
      expect(after?.messageOf).not.toBe(before?.messageOf)
    })
  })
}
