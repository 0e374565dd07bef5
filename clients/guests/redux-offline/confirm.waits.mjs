// The default effect has no deadline: a request without a response holds the outbox. And the
// default schedule of retries waits longer after each failure, at last an hour.
import { createServer } from 'node:http'
import { conclude } from '../lossy-server.mjs'
import { openStore } from './store.mjs'

let requests = 0
const server = createServer(() => {
  requests += 1 // and never a response
})
await new Promise((resolve) => server.listen(0, resolve))
const { seen, send, outbox } = await openStore()
send(`http://127.0.0.1:${server.address().port}/messages`, 'POST', { text: 'One' })
send(`http://127.0.0.1:${server.address().port}/messages`, 'POST', { text: 'Two' })
await new Promise((resolve) => setTimeout(resolve, 90_000))
const { default: retry } = await import('@redux-offline/redux-offline/lib/defaults/retry.js')
const waits = Array.from({ length: 10 }, (_, retries) => retry.default({}, retries) / 1000)
conclude(
  requests === 1 && outbox().length === 2 && waits.at(-1) === 3600,
  `after 90 s: requests ${requests}, in the outbox ${outbox().length}, actions ${seen.join(', ')}`,
  `seconds before each retry: ${waits.join(', ')}`,
)
