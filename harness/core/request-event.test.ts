import { describe, expect, it } from 'vitest'
import { marksInRequest, observeRequest } from './request-event.ts'

describe('a request as a history keeps it', () => {
  it('names the operations in its body and in its path, each once', () => {
    const body = '{"text":"Hi \\u27e6m1 ana-1\\u27e7"}'
    const path = '/notes?text=%E2%9F%A6m1+ana-1%E2%9F%A7%E2%9F%A6n1+ana-2%E2%9F%A7'
    expect(marksInRequest({ path: '/notes', body })).toEqual(['ana-1'])
    expect(marksInRequest({ path })).toEqual(['ana-1', 'ana-2'])
    const request = { method: 'PUT', path, body }
    expect(observeRequest('r1', request).opIds).toEqual(['ana-1', 'ana-2'])
  })

  it('has no credentials in its path', () => {
    const path = '/changes?after=4&access_token=a1'
    expect(observeRequest('r1', { method: 'GET', path }).path).toBe(
      '/changes?after=4&access_token=[redacted]',
    )
  })
})
