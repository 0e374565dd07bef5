import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { mswHandlers } from './adapters/msw.ts'
import { standalone } from './adapters/standalone.ts'
import dedup from './variants/dedup.ts'

const API = 'https://api.example.com'
const sync = standalone(dedup)
const network = setupServer(...mswHandlers(API, sync.handle))
beforeAll(() => network.listen())
afterAll(() => network.close())

/** Your own client; this one retries with the same id. */
async function sendMessage(text: string): Promise<void> {
  const body = JSON.stringify({ id: crypto.randomUUID(), conversation: 'tunnel', text })
  for (let sent = false; !sent; ) {
    const response = await fetch(`${API}/messages`, { method: 'POST', body }).catch(() => undefined)
    sent = response?.status === 201
  }
}

it('sends a message once, even if the response to the first attempt is lost', async () => {
  network.use(
    http.post(
      `${API}/messages`,
      async ({ request }) => {
        await sync.handle({ method: 'POST', path: '/messages', body: await request.text() })
        return HttpResponse.error()
      },
      { once: true },
    ),
  )
  await sendMessage('In the tunnel now')
  expect(sync.dump().rows).toMatchObject([{ content: { text: 'In the tunnel now' } }])
})
