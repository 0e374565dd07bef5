// The ack of a POST is lost. The retry that the guide recommends sends the message once more.
import { MutationObserver, QueryClient } from '@tanstack/query-core'
import { conclude, lossyServer } from '../lossy-server.mjs'

const stored = []
const server = await lossyServer((_, __, body) => stored.push(body))
server.loseNextAck()

const mutation = new MutationObserver(new QueryClient(), {
  mutationFn: async (message) => {
    const response = await fetch(server.url, { method: 'POST', body: JSON.stringify(message) })
    return response.json()
  },
  retry: 3,
})
await mutation.mutate({ text: 'Hello' })

conclude(
  stored.length === 2,
  'The app sent "Hello" once, and its mutation succeeded.',
  `The server holds: ${JSON.stringify(stored)}`,
)
