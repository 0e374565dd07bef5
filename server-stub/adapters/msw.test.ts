import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { expect, it } from 'vitest'
import dedup from '../variants/dedup.ts'
import { adapterContract, sendByFetch } from './adapter.contract.ts'
import { mswHandlers } from './msw.ts'
import { standalone } from './standalone.ts'

const API = 'https://api.example.com/v1/'

adapterContract('msw', async (handle) => {
  const server = setupServer(...mswHandlers(API, handle))
  server.listen({ onUnhandledRequest: 'error' })
  return { send: sendByFetch('https://api.example.com/v1'), close: async () => server.close() }
})

it('leaves requests outside its base URL to other handlers', async () => {
  const rest = http.all('*', () => new HttpResponse('mine', { status: 418 }))
  const server = setupServer(...mswHandlers(API, standalone(dedup).handle), rest)
  server.listen()
  for (const url of [
    'https://api.example.com/v2/changes',
    'https://api.example.com/v10/changes',
    'https://other.example.com/v1/changes',
  ]) {
    expect((await fetch(url)).status).toBe(418)
  }
  server.close()
})
