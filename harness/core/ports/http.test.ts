import { expect, it, vi } from 'vitest'
import { HttpError } from './http.ts'

it('recognises an HttpError of another copy of the module', async () => {
  vi.resetModules()
  const copy = await import('./http.ts')
  expect(copy.HttpError).not.toBe(HttpError)
  expect(new HttpError('refused')).toBeInstanceOf(copy.HttpError)
})

it.each([new Error('refused'), { name: 'HttpError', failure: 'refused' }, 'refused', undefined])(
  '%s is no HttpError',
  (value) => {
    expect(value instanceof HttpError).toBe(false)
  },
)
