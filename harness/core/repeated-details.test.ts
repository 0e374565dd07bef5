import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MessageDetails } from './message-details.ts'
import { RepeatedDetails, resolveDetails } from './repeated-details.ts'
import { observeRequest } from './request-event.ts'
import { observeResponse } from './response-event.ts'

const poll = { method: 'GET', path: '/changes', headers: { accept: 'application/json' } }
const nothingNew = { status: 200, headers: { etag: 'e1' }, body: '[]' }

describe('repeated details', () => {
  it('of idle polls are left out', () => {
    const repeated = new RepeatedDetails()
    const first = observeRequest('r1', poll)
    expect(repeated.request(first)).toBe(first)
    expect(repeated.response(observeResponse('r1', nothingNew), first).body).toBe('[]')
    const second = observeRequest('r2', poll)
    expect(repeated.request(second)).toEqual({ ...observeRequest('r2', { ...poll, headers: {} }) })
    const answer = repeated.response(observeResponse('r2', nothingNew), second)
    expect(answer).not.toHaveProperty('headers')
    expect(answer).not.toHaveProperty('body')
  })

  it('of a response that is no success are kept: each may have another Retry-After', () => {
    const repeated = new RepeatedDetails()
    const busy = { status: 503, headers: { 'retry-after': '5' }, body: '' }
    for (const requestId of ['r1', 'r2']) {
      const { headers } = repeated.response(observeResponse(requestId, busy), poll)
      expect(headers).toEqual({ 'retry-after': '5' })
    }
  })

  it('are found again for each request and response, across restarts', () => {
    const oneOf = <Value>(...values: Value[]) => fc.constantFrom(...values)
    const headers = oneOf({}, { a: '1' }, { a: '2' }, { b: '1' })
    const exchange = fc.record({
      method: oneOf('GET', 'POST'),
      path: oneOf('/a', '/b'),
      headers,
      body: oneOf('', '{}', '[1]'),
      status: oneOf(200, 503),
      responseHeaders: headers,
      responseBody: oneOf('', '{}'),
      restart: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(exchange), (exchanges) => {
        let repeated = new RepeatedDetails()
        const recorded: Parameters<typeof resolveDetails>[0][number][] = []
        const whole = new Map<number, unknown>()
        const record = (event: Parameters<typeof recorded.push>[0], details: object) => {
          whole.set(recorded.length, details)
          recorded.push(event)
        }
        for (const [i, sent] of exchanges.entries()) {
          const at = () => ({ seq: recorded.length, node: 'ana' })
          if (sent.restart) {
            repeated = new RepeatedDetails()
            recorded.push({ ...at(), type: 'start', incarnation: i })
          }
          const request = observeRequest(`r${i}`, sent)
          const { responseHeaders, responseBody, status } = sent
          const response = observeResponse(`r${i}`, {
            status,
            headers: responseHeaders,
            body: responseBody,
          })
          record({ ...at(), ...repeated.request(request) }, detailsOf(request))
          record({ ...at(), ...repeated.response(response, request) }, detailsOf(response))
        }
        expect(new Map(resolveDetails(recorded))).toEqual(whole)
      }),
    )
  })
})

const detailsOf = ({ headers, body }: MessageDetails) => ({
  ...(headers && { headers }),
  ...(body !== undefined && { body }),
})
