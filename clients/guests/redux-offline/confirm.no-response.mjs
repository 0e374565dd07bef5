// A request that gets no response: the default `discard` takes the error of fetch, which has no
// `status`, for a permanent one. The write leaves the outbox after one attempt and is rolled back.
import { conclude, lossyServer, until } from '../lossy-server.mjs'
import { openStore } from './store.mjs'

const server = await lossyServer(() => ({}))
const { seen, send, outbox } = await openStore()
server.loseNextAck()
send(`${server.url}/messages`, 'POST', { text: 'Hello' })
await until(() => seen.includes('ROLLED_BACK') || seen.includes('SENT'))
await new Promise((resolve) => setTimeout(resolve, 3000)) // a retry would come after 1 s
conclude(
  seen.includes('ROLLED_BACK') && outbox().length === 0 && server.requests() === 1,
  `actions: ${seen.join(', ')}; attempts: ${server.requests()}; in the outbox: ${outbox().length}`,
)
