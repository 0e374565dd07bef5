import { describe, expect, it } from 'vitest'
import { observeDetails } from './message-details.ts'

describe('the details of a message', () => {
  it('are its headers in lower case and its body', () => {
    expect(observeDetails({ headers: { 'Retry-After': '5' }, body: '{"a":1}' })).toEqual({
      headers: { 'retry-after': '5' },
      body: '{"a":1}',
    })
  })

  it('are absent if there are none', () => {
    expect(observeDetails({})).toEqual({})
    expect(observeDetails({ headers: {}, body: '' })).toEqual({})
  })

  it('contain no credentials, and not our own headers', () => {
    const headers = { Authorization: 'Bearer a1', 'X-Session-Id': 's1', 'Tunnelproof-User': 'ana' }
    expect(observeDetails({ headers, body: '{"token":"a1"}' })).toEqual({
      headers: { authorization: '[redacted]', 'x-session-id': '[redacted]' },
      body: '{"token":"[redacted]"}',
    })
    expect(observeDetails({ headers: { 'tunnelproof-device': 'ana' } })).toEqual({})
  })

  it('are bounded in size, without half a character at the end of a body', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x-${i}`, '1']))
    const { headers = {}, body } = observeDetails({
      headers: { ...many, 'x-0': 'y'.repeat(500) },
      body: `${'z'.repeat(999)}\u{1f600}`,
    })
    expect(Object.keys(headers)).toHaveLength(40)
    expect(headers['x-0']).toBe(`${'y'.repeat(200)}…`)
    expect(body).toBe(`${'z'.repeat(999)}…`)
  })
})
