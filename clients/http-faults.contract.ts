import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ClientDefinition } from '../harness/core/client.ts'
import type { HttpResponse } from '../harness/core/ports/http.ts'
import { VirtualClock } from '../harness/core/ports/virtual-clock.ts'
import { message, refresh } from '../harness/testing/actions.ts'
import { LocalServer } from '../harness/testing/local-server.ts'
import { healthy, json, type Network } from '../harness/testing/network.ts'
import { MINUTE, Phone, SECOND } from '../harness/testing/phone.ts'
import dedup from '../server-stub/variants/dedup.ts'
import { httpFaults } from './testing/http-faults.ts'

/** The most requests of a phone in a fault of three minutes: more would be a storm. */
const REQUESTS_MAX = 60

/**
 * The contract of correct clients under faults of HTTP: whatever responds, no write is lost, sent
 * twice to an effect, shown as sent too early or reported as failed.
 *
 * @param options.hasDeadline false: it waits as long as it takes, so no response is too late
 */
export function httpFaultsContract(
  definition: ClientDefinition,
  { hasDeadline }: { readonly hasDeadline: boolean },
): void {
  const { recovery: recoveryMs } = definition.capabilities
  async function setUp() {
    const clock = new VirtualClock()
    const server = new LocalServer(dedup, { clock })
    const ana = new Phone(definition, { server })
    const ben = new Phone(definition, { server, name: 'ben' })
    await Promise.all([ana.start(), ben.start()])
    await clock.advance(SECOND)
    ana.perform(message('old'))
    await clock.advance(10 * SECOND)
    return { clock, server, ana, ben }
  }
  const textsOf = (server: LocalServer) =>
    server
      .dump()
      .rows.map(({ content }) => content?.text)
      .sort()

  describe(`'${definition.name}' under HTTP faults`, () => {
    const names = [...httpFaults(new VirtualClock()).keys()]
    it.each(names.filter((name) => hasDeadline || !name.includes('later')))(
      'outlasts %s',
      async (name) => {
        const { clock, server, ana, ben } = await setUp()
        ana.network = httpFaults(clock).get(name) as Network
        const sentBefore = ana.requests.length
        const outcomes: unknown[] = []
        for (const opId of ['a', 'b']) {
          ana.perform(message(opId)).settled.then((settled) => outcomes.push(settled.outcome))
          await clock.advance(10)
        }
        await clock.advance(3 * MINUTE)
        expect(await ana.screen()).toEqual(['old sent', 'a pending', 'b pending'])
        expect(outcomes).toEqual([])
        expect(ana.events.filter(({ type }) => type === 'ackApplied').length).toBeLessThanOrEqual(1)
        expect(ana.requests.length - sentBefore).toBeLessThan(REQUESTS_MAX)
        expect(ana.requests.length - sentBefore).toBeGreaterThan(1)
        ana.network = healthy
        await clock.advance(recoveryMs)
        expect(await ana.screen()).toEqual(['old sent', 'a sent', 'b sent'])
        await clock.advance(20 * MINUTE)
        expect(await ben.screen()).toEqual(['old sent', 'a sent', 'b sent'])
        expect(textsOf(server)).toEqual(['a', 'b', 'old'])
        expect(server.commits()).toHaveLength(3)
      },
    )

    it.each([429, 503])('obeys Retry-After of a %i to a write', async (status) => {
      const { clock, ana } = await setUp()
      let askedAt: number | undefined
      ana.network = (request, forward) => {
        if (request.method === 'GET' || askedAt !== undefined) return forward()
        askedAt = clock.now()
        return json(status, { error: 'busy' }, { 'retry-after': '100' })
      }
      ana.perform(message('a'))
      await clock.advance(10 * SECOND)
      expect(askedAt).toBeDefined()
      const sent = ana.requests.length
      ana.perform(refresh('r'))
      ana.perform(message('b'))
      ana.connectivity.set({ online: false })
      ana.connectivity.set({ online: true })
      await clock.until((askedAt ?? 0) + 99 * SECOND)
      expect(ana.requests).toHaveLength(sent)
      expect(await ana.screen()).toEqual(['old sent', 'a pending', 'b pending'])
      await clock.advance(recoveryMs)
      expect(await ana.screen()).toEqual(['old sent', 'a sent', 'b sent'])
    })

    it('reads on after the Retry-After of a read', async () => {
      const { clock, ana, ben } = await setUp()
      let asked = 0
      ana.network = (request, forward) =>
        request.method === 'GET' && asked++ === 0
          ? json(503, { error: 'busy' }, { 'retry-after': '20' })
          : forward()
      ben.perform(message('a'))
      await clock.advance(recoveryMs)
      const sent = ana.requests.length
      await clock.advance(20 * SECOND + recoveryMs)
      expect(ana.requests.length).toBeGreaterThan(sent)
      expect(await ana.screen()).toEqual(['old sent', 'a sent'])
    })

    it('keeps every write, whatever responds to its requests', { timeout: 60_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyAnswer, { minLength: 1, maxLength: 12 }), async (answers) => {
          const { clock, server, ana } = await setUp()
          let requests = 0
          ana.network = async (_request, forward) => {
            const answer = answers[requests++ % answers.length]
            const own = answer?.moment === 'before' ? undefined : await forward()
            return answer ? answeredBy(answer, own) : forward()
          }
          ana.perform(message('a'))
          await clock.advance(20 * SECOND)
          const saved = await ana.perform(message('b')).saved
          expect(saved).toEqual({ durable: true })
          await clock.advance(3 * MINUTE)
          expect((await ana.view()).rows.map(({ content }) => content.text)).toEqual([
            'old',
            'a',
            'b',
          ])
          ana.network = healthy
          await clock.advance(RETRY_AFTER_MAX_SECONDS * SECOND + recoveryMs)
          expect(await ana.screen()).toEqual(['old sent', 'a sent', 'b sent'])
          expect(textsOf(server)).toEqual(['a', 'b', 'old'])
          expect(server.commits()).toHaveLength(3)
        }),
        { numRuns: 60 },
      )
    })
  })
}

const RETRY_AFTER_MAX_SECONDS = 120

/** A response that anybody may give: the body is the server's own, half of it, or anything. */
const anyAnswer = fc.record({
  moment: fc.constantFrom('before' as const, 'after' as const),
  status: fc.oneof(
    fc.constantFrom(200, 201, 204, 301, 302, 400, 401, 403, 404, 409, 410, 413, 422),
    fc.integer({ min: 200, max: 599 }),
  ),
  type: fc.constantFrom('application/json', 'text/html', 'application/json; charset=utf-8', ''),
  retryAfter: fc.option(
    fc.oneof(fc.integer({ min: 0, max: RETRY_AFTER_MAX_SECONDS }).map(String), fc.string()),
    { nil: undefined },
  ),
  body: fc.oneof(
    fc.constantFrom('kept' as const, 'cut' as const),
    fc.record({ text: fc.oneof(fc.json(), fc.string(), fc.constant('{"error":"no"}')) }),
  ),
})
type Answer = typeof anyAnswer extends fc.Arbitrary<infer Value> ? Value : never

function answeredBy(
  { status, type, retryAfter, body }: Answer,
  own: HttpResponse | undefined,
): HttpResponse {
  const kept = own?.body ?? ''
  const text =
    typeof body === 'string' ? (body === 'kept' ? kept : kept.slice(0, kept.length / 2)) : body.text
  // Digits alone would be a wait of any length.
  const wait = retryAfter !== undefined && /^\s*\d{4,}\s*$/.test(retryAfter) ? '60' : retryAfter
  return {
    status,
    headers: { 'content-type': type, ...(wait !== undefined && { 'retry-after': wait }) },
    body: text,
  }
}
